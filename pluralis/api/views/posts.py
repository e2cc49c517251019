"""Posts: write, read, save, put aside, check, put on the road; and their pictures."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.posts import (
    AccountCheckShape,
    CheckShape,
    DescriptionShape,
    DraftShape,
    MediaShape,
    PostShape,
    SaveShape,
    UploadShape,
    draft_of,
)
from pluralis.api.shapes.publishing import DeliveryShape, ScheduleShape
from pluralis.api.views.base import SeatedView
from pluralis.api.views.publishing import with_parts
from pluralis.core.delivery import MissedPolicy
from pluralis.inbox.queries.private_answers import hide_private_posts
from pluralis.posts import actions
from pluralis.posts.access import access_media, access_post
from pluralis.posts.drafts import Draft, check_draft
from pluralis.posts.models import Media, Post, PostState
from pluralis.posts.queries import post_with_words, preview
from pluralis.publishing.actions import UNDO, Plan, describe_media, edit_scheduled, schedule_post
from pluralis.publishing.checks import Confirmations
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.models import Scope


def shown(post_id: UUID) -> dict[str, Any]:
    """Return a post as its shape shows it."""
    return dict(PostShape(post_with_words(post_id)).data)


class Posts(SeatedView):
    """New posts."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="create_post", tags=["posts"], summary="Save a new post as a draft", parameters=[KEY],
        request=DraftShape, responses={201: PostShape},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        draft = draft_of(self.read(DraftShape))

        def work(key: str) -> tuple[int, Any]:
            post = actions.create_post(actor=self.actor, draft=draft, client_key=key, now=timezone.now())
            return 201, shown(post.id)

        return once(request, request.data, work)


class OnePost(SeatedView):
    """A post."""

    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @extend_schema(operation_id="read_post", tags=["posts"], summary="Read a post", responses=PostShape)
    def get(self, request: Request, post_id: UUID) -> Response:
        post = post_with_words(access_post(self.actor, post_id, Ability.VIEW).id)
        hide_private_posts(self.actor, [post], timezone.now())
        return Response(PostShape(post).data)

    @extend_schema(
        operation_id="save_post", tags=["posts"], summary="Save a changed post",
        description="`revision` is the one the change started from; an older one is refused (409). The waiting "
        "parts of a post that is already planned carry the new words, checked again; that needs the scope publish.",
        request=SaveShape, responses=PostShape,
    )  # fmt: skip
    def put(self, request: Request, post_id: UUID) -> Response:
        values = self.read(SaveShape)
        post = access_post(self.actor, post_id)
        rest = {"reply_to": post.reply_to, "message_id": post.message_id, "recipient": post.recipient}
        draft = draft_of(values, **rest)
        self._save(post, draft, values["revision"])
        return Response(shown(post.id))

    def _save(self, post: Post, draft: Draft, revision: int) -> None:
        this = {"actor": self.actor, "post_id": post.id, "draft": draft, "revision": revision, "now": timezone.now()}
        if post.state == PostState.SCHEDULED:
            self.need(Scope.PUBLISH)
            edit_scheduled(**this, confirmed=Confirmations())
        else:
            actions.save_post(**this)


class Discard(SeatedView):
    """Putting a draft aside."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="discard_post", tags=["posts"], summary="Put a draft aside", request=None, responses=PostShape
    )
    def post(self, request: Request, post_id: UUID) -> Response:
        put_aside = actions.discard_post(actor=self.actor, post_id=post_id, now=timezone.now())
        post = post_with_words(put_aside.id)
        hide_private_posts(self.actor, [post], timezone.now())
        return Response(PostShape(post).data)


class Check(SeatedView):
    """A check without saving."""

    scopes = {"POST": Scope.READ}

    @extend_schema(
        operation_id="check_draft", tags=["posts"], summary="Measure and check a draft for some accounts",
        description="Nothing is stored.", request=CheckShape, responses=AccountCheckShape(many=True),
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        require(self.actor, Ability.WRITE)
        values = self.read(CheckShape)
        draft = draft_of(values)
        check_draft(draft)
        accounts = [access_account(self.actor, each, Ability.WRITE) for each in dict.fromkeys(values["account_ids"])]
        checks = preview(draft, accounts, self._pictures(draft))
        found = [{"account_id": account.id, "segments": checks[account.id]} for account in accounts]
        return Response(AccountCheckShape(found, many=True).data)

    def _pictures(self, draft: Draft) -> dict[UUID, Media]:
        segments = [segment for version in draft.versions for segment in version.segments]
        ids = {each for segment in segments for each in segment.media_ids}
        return {each: access_media(self.actor, each) for each in ids}


class Schedule(SeatedView):
    """Putting a post on its road."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="schedule_post", tags=["posts"], summary="Put a post on its road",
        description="Refused with every reason (422), or with a question to answer first (409).",
        parameters=[KEY], request=ScheduleShape, responses={201: DeliveryShape(many=True)},
    )  # fmt: skip
    def post(self, request: Request, post_id: UUID) -> Response:
        values = self.read(ScheduleShape)

        def work(key: str) -> tuple[int, Any]:
            now = timezone.now()
            deliveries = schedule_post(
                actor=self.actor,
                post_id=post_id,
                account_ids=values["account_ids"],
                plan=plan_of(values, now),
                client_key=key,
                now=now,
            )
            return 201, DeliveryShape(with_parts(self.actor, deliveries), many=True).data

        return once(request, request.data, work)


def plan_of(values: dict[str, Any], now: datetime) -> Plan:
    """Return when and how a post goes out; with no time given it can be taken back for ten seconds."""
    return Plan(
        at=values.get("at", now + UNDO),
        zone=values.get("zone", "UTC"),
        missed_policy=MissedPolicy(values.get("missed_policy", MissedPolicy.ASK)),
        late_limit=timedelta(minutes=values.get("late_limit_minutes", 120)),
        by_hand=frozenset(values.get("by_hand_account_ids", ())),
        confirmed=Confirmations(
            same_text=values["confirm_same_text"],
            second_answer=values["confirm_second_answer"],
            override_reason=values["override_reason"].strip(),
        ),
    )


class Pictures(SeatedView):
    """New pictures and films."""

    scopes = {"POST": Scope.WRITE}
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="upload_media", tags=["media"], summary="Take a picture or film in", parameters=[KEY],
        description="Typed by its content, kept without its place of origin. Films: MP4, MOV or WebM.",
        request={"multipart/form-data": UploadShape}, responses={201: MediaShape},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        values = self.read(UploadShape)
        content = values.pop("file").file
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()

        def work(key: str) -> tuple[int, Any]:
            media = actions.add_media(actor=self.actor, content=content, now=timezone.now(), **values)
            return 201, MediaShape(media).data

        return once(request, values | {"sha256": sha256}, work)


class OnePicture(SeatedView):
    """A picture's description; the picture itself stands at the desk's address of the same id."""

    scopes = {"PUT": Scope.WRITE}

    @extend_schema(operation_id="read_media", tags=["media"], summary="Read about a picture", responses=MediaShape)
    def get(self, request: Request, media_id: UUID) -> Response:
        return Response(MediaShape(access_media(self.actor, media_id)).data)

    @extend_schema(
        operation_id="describe_media", tags=["media"], summary="Describe a picture for people who cannot see it",
        description="A post on its road with other descriptions is a changed post: its revision grows and its "
        "approval is asked for again. Refused (409) while one is being sent or is in doubt.",
        request=DescriptionShape, responses={200: MediaShape},
    )  # fmt: skip
    def put(self, request: Request, media_id: UUID) -> Response:
        values = self.read(DescriptionShape)
        done = describe_media(actor=self.actor, media_id=media_id, now=timezone.now(), **values)
        return Response(MediaShape(done.media).data)
