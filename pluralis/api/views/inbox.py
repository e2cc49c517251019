"""Conversations: list, read, take, hand over, put off, close, answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.inbox import (
    AnswerShape,
    AssignShape,
    ClaimShape,
    ConversationPageShape,
    ConversationShape,
    FilterShape,
    MessageShape,
    SnoozeShape,
    WholeConversationShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.api.views.posts import plan_of
from pluralis.inbox import actions, queries
from pluralis.inbox.access import access_conversation
from pluralis.inbox.models import Conversation
from pluralis.inbox.queries.masked import read_conversation
from pluralis.teams.access import access_account
from pluralis.teams.models import Scope


class Conversations(SeatedView):
    """The list."""

    @extend_schema(
        operation_id="list_conversations", tags=["conversations"], summary="List conversations, newest first",
        parameters=[FilterShape], responses=ConversationPageShape,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        wanted = self.read(FilterShape, request.query_params)
        before = _place(wanted.pop("before"))
        account = wanted.pop("account", None)
        account_id = access_account(self.actor, account).id if account else None
        asked = queries.Filter(**{"state": "", **wanted}, account_id=account_id)
        page = queries.inbox_page(self.actor, asked, before)
        following = f"{page.older_than[0].isoformat()}_{page.older_than[1]}" if page.older_than else None
        return Response(ConversationPageShape({"conversations": page.conversations, "next": following}).data)


def _place(typed: str) -> tuple[datetime, UUID] | None:
    """Return the place in the list that ``next`` of a page named."""
    if not typed:
        return None
    at, _mark, last_id = typed.partition("_")
    try:
        instant, last = parse_datetime(at), UUID(last_id)
    except ValueError:
        instant = None
    if instant is None or timezone.is_naive(instant):
        raise serializers.ValidationError({"before": "not the `next` of a page"})
    return instant, last


class OneConversation(SeatedView):
    """A conversation with its messages."""

    @extend_schema(
        operation_id="read_conversation", tags=["conversations"], summary="Read a conversation",
        responses=WholeConversationShape,
    )  # fmt: skip
    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = access_conversation(self.actor, conversation_id)
        read = read_conversation(self.actor, conversation, timezone.now())
        conversation.shown_messages, conversation.hidden = read.messages, read.hidden  # type: ignore[attr-defined]
        return Response(WholeConversationShape(conversation).data)


class _Sorting(SeatedView):
    """What moves a conversation without anything going out."""

    scopes = {"POST": Scope.WRITE}

    def done(self, action: Any, conversation_id: UUID, **more: Any) -> Response:
        changed: Conversation = action(actor=self.actor, conversation_id=conversation_id, now=timezone.now(), **more)
        shown = access_conversation(self.actor, changed.id)
        return Response(ConversationShape(shown).data)


class Claim(_Sorting):
    """Taking a conversation."""

    @extend_schema(
        operation_id="claim_conversation", tags=["conversations"], summary="Take a conversation",
        description="Of two people who try at once exactly one gets it; the other reads 409.",
        request=ClaimShape, responses=ConversationShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return self.done(actions.claim_conversation, conversation_id, **self.read(ClaimShape))


class Release(_Sorting):
    """Giving it back."""

    @extend_schema(
        operation_id="release_conversation", tags=["conversations"], summary="Give a conversation back to the team",
        request=None, responses=ConversationShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return self.done(actions.release_conversation, conversation_id)


class Assign(_Sorting):
    """Handing it over."""

    @extend_schema(
        operation_id="assign_conversation", tags=["conversations"], summary="Hand a conversation over to a member",
        request=AssignShape, responses=ConversationShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        member = self.read(AssignShape)["member_id"]
        return self.done(actions.assign_conversation, conversation_id, membership_id=member)


class Snooze(_Sorting):
    """Putting it off."""

    @extend_schema(
        operation_id="snooze_conversation", tags=["conversations"], summary="Put a conversation off",
        request=SnoozeShape, responses=ConversationShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return self.done(actions.snooze_conversation, conversation_id, **self.read(SnoozeShape))


class Resolve(_Sorting):
    """Closing it."""

    @extend_schema(
        operation_id="resolve_conversation", tags=["conversations"], summary="Close until somebody writes again",
        request=None, responses=ConversationShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return self.done(actions.resolve_conversation, conversation_id)


class Reopen(_Sorting):
    """Opening it again."""

    @extend_schema(
        operation_id="reopen_conversation", tags=["conversations"], summary="Open a conversation again",
        request=None, responses=ConversationShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return self.done(actions.reopen_conversation, conversation_id)


class AnswerIt(SeatedView):
    """Answering."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="answer_conversation", tags=["conversations"], summary="Answer a message",
        description="Goes the same road as every post, with the same checks.",
        parameters=[KEY], request=AnswerShape, responses={201: MessageShape},
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        values = self.read(AnswerShape)
        given = actions.Answer(
            message_id=values["message_id"],
            text=values["text"],
            private=values["private"],
            kind=values["kind"],
            form=values["form"],
            account_id=values.get("account_id"),
            media_ids=tuple(values["media_ids"]),
            language=values["language"],
        )

        def work(key: str) -> tuple[int, Any]:
            now = timezone.now()
            kept = actions.answer(
                actor=self.actor,
                conversation_id=conversation_id,
                given=given,
                plan=plan_of(values, now),
                client_key=key,
                now=now,
            )
            return 201, MessageShape(kept).data

        return once(request, request.data, work)
