"""Reposting what somebody wrote."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.replies import (
    RepostOfShape,
    RepostShape,
    RepostWayAskedShape,
    RepostWayShape,
    TakeBackShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.inbox import actions
from pluralis.inbox.access import access_message
from pluralis.inbox.queries.reposts import reposts_of
from pluralis.teams.access import Ability
from pluralis.teams.models import Scope


class OneRepost(SeatedView):
    """A message among an account's own posts."""

    scopes = {"GET": Scope.READ, "POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="read_repost", tags=["conversations"], summary="Read how an account reposts a message",
        description="409 where it may not, with the reason. Nothing is asked of the network.",
        parameters=[RepostWayAskedShape], responses=RepostWayShape,
    )  # fmt: skip
    def get(self, request: Request, message_id: UUID) -> Response:
        asked, now = self.read(RepostWayAskedShape, request.query_params), timezone.now()
        way = actions.repost_way(actor=self.actor, message_id=message_id, account_id=asked["account"], now=now)
        found = reposts_of(access_message(self.actor, message_id, Ability.ANSWER))
        price = way.price
        told = {
            "account": way.account, "page": way.page, "price": price.amount if price else None,
            "currency": price.currency if price else "", "reposts": found,
        }  # fmt: skip
        return Response(RepostWayShape(told).data)

    @extend_schema(
        operation_id="repost_message", tags=["conversations"], summary="Repost a message from an account",
        description="Doing it twice is the same as once. 409 with the code `by_hand` where only a person may.",
        parameters=[KEY], request=RepostOfShape, responses={201: RepostShape},
    )  # fmt: skip
    def post(self, request: Request, message_id: UUID) -> Response:
        values, now = self.read(RepostOfShape), timezone.now()

        def work(_key: str) -> tuple[int, Any]:
            made = actions.repost_message(actor=self.actor, message_id=message_id, now=now, **values)
            return 201, RepostShape(made).data

        return once(request, request.data, work)


class TakeBack(SeatedView):
    """Ending a repost."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="take_back_repost", tags=["conversations"], summary="Take a repost back",
        description="Possible while everything is stopped. Twice is the same as once.",
        request=TakeBackShape, responses=RepostShape,
    )  # fmt: skip
    def post(self, request: Request, repost_id: UUID) -> Response:
        by_hand = self.read(TakeBackShape)["by_hand"]
        ended = actions.take_back_repost(actor=self.actor, repost_id=repost_id, by_hand=by_hand, now=timezone.now())
        return Response(RepostShape(ended).data)
