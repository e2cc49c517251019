"""Repeats: set up, read, change, pause, resume, end; skip, bring back or move one of their times."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.repeats import (
    LocalShape,
    MoveLocalShape,
    NewRepeatShape,
    OrderShape,
    PreviewShape,
    RepeatRuleShape,
    RepeatShape,
    TextsShape,
    WholeRepeatShape,
    order_from,
)
from pluralis.api.views.base import SeatedView
from pluralis.core.schedule import RuleError, occurrences, parse_rule, summary
from pluralis.publishing import actions, queries
from pluralis.publishing.access_repeats import access_recurrence
from pluralis.publishing.actions.missed_times import leave_missed_times, send_missed_time
from pluralis.publishing.rule_words import refused_rule
from pluralis.teams.access import Ability, require
from pluralis.teams.models import Membership, Scope

PREVIEWED = 10


def shown(actor: Membership, recurrence_id: UUID) -> dict[str, Any]:
    """Return a repeat with its coming times as its shape shows it."""
    access_recurrence(actor, recurrence_id)
    found = queries.recurrences_of(actor).get(id=recurrence_id)
    found.coming = queries.coming_times(found, timezone.now())  # type: ignore[attr-defined]
    return dict(WholeRepeatShape(found).data)


class Repeats(SeatedView):
    """All repeats of the team."""

    scopes = {"GET": Scope.READ, "POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="list_repeats", tags=["repeats"], summary="List repeats, going ones first",
        responses=RepeatShape(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return Response(RepeatShape(queries.recurrences_of(self.actor), many=True).data)

    @extend_schema(
        operation_id="create_repeat", tags=["repeats"], summary="Let a post come again by a rule",
        description="Its first times are planned at once. Each time goes out as a post of its own.",
        parameters=[KEY], request=NewRepeatShape, responses={201: WholeRepeatShape},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        values = self.read(NewRepeatShape)

        def work(key: str) -> tuple[int, Any]:
            made = actions.repeat_post(
                actor=self.actor,
                post_id=values["post_id"],
                account_ids=values["account_ids"],
                order=order_from(values),
                client_key=key,
                now=timezone.now(),
            )
            return 201, shown(self.actor, made.id)

        return once(request, request.data, work)


class Preview(SeatedView):
    """What a rule does, before anything is stored."""

    scopes = {"POST": Scope.READ}

    @extend_schema(
        operation_id="preview_repeat", tags=["repeats"], summary="Say what a rule does, and its next times",
        request=RepeatRuleShape, responses=PreviewShape,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        require(self.actor, Ability.WRITE)
        order = order_from(self.read(RepeatRuleShape))
        try:
            said = summary(parse_rule(order.rule), order.repeat.start, get_language() or "en")
            times = occurrences(order.repeat, timezone.now(), PREVIEWED)
        except RuleError as error:
            raise refused_rule(error) from error
        return Response(PreviewShape({"summary": said, "times": times}).data)


class OneRepeat(SeatedView):
    """A repeat."""

    scopes = {"GET": Scope.READ, "PUT": Scope.PUBLISH}

    @extend_schema(
        operation_id="read_repeat", tags=["repeats"], summary="Read a repeat with its coming times",
        responses=WholeRepeatShape,
    )  # fmt: skip
    def get(self, request: Request, recurrence_id: UUID) -> Response:
        return Response(shown(self.actor, recurrence_id))

    @extend_schema(
        operation_id="change_repeat", tags=["repeats"], summary="Change all later times",
        description="What is planned and not on its way is planned anew; changes made to single times are lost.",
        request=OrderShape, responses=WholeRepeatShape,
    )  # fmt: skip
    def put(self, request: Request, recurrence_id: UUID) -> Response:
        values = self.read(OrderShape)
        actions.change_repeat(
            actor=self.actor,
            recurrence_id=recurrence_id,
            account_ids=values["account_ids"],
            order=order_from(values),
            now=timezone.now(),
        )
        return Response(shown(self.actor, recurrence_id))


class Texts(SeatedView):
    """The texts that take turns."""

    scopes = {"PUT": Scope.PUBLISH}

    @extend_schema(
        operation_id="set_repeat_texts", tags=["repeats"], summary="Replace the texts that were not used yet",
        request=TextsShape, responses=WholeRepeatShape,
    )  # fmt: skip
    def put(self, request: Request, recurrence_id: UUID) -> Response:
        texts = self.read(TextsShape)["texts"]
        actions.change_texts(actor=self.actor, recurrence_id=recurrence_id, texts=texts, now=timezone.now())
        return Response(shown(self.actor, recurrence_id))


class Pause(SeatedView):
    """A pause."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="pause_repeat", tags=["repeats"], summary="Plan nothing more, and take back what waits",
        request=None, responses=WholeRepeatShape,
    )  # fmt: skip
    def post(self, request: Request, recurrence_id: UUID) -> Response:
        actions.pause_repeat(actor=self.actor, recurrence_id=recurrence_id, now=timezone.now())
        return Response(shown(self.actor, recurrence_id))


class Resume(SeatedView):
    """Going on."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="resume_repeat", tags=["repeats"], summary="Let a repeat go on from now, in one's own name",
        request=None, responses=WholeRepeatShape,
    )  # fmt: skip
    def post(self, request: Request, recurrence_id: UUID) -> Response:
        actions.resume_repeat(actor=self.actor, recurrence_id=recurrence_id, now=timezone.now())
        return Response(shown(self.actor, recurrence_id))


class End(SeatedView):
    """The end."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="end_repeat", tags=["repeats"], summary="End a repeat for good", request=None,
        responses=WholeRepeatShape,
    )  # fmt: skip
    def post(self, request: Request, recurrence_id: UUID) -> Response:
        actions.end_repeat(actor=self.actor, recurrence_id=recurrence_id, now=timezone.now())
        return Response(shown(self.actor, recurrence_id))


class Skip(SeatedView):
    """Leaving one time out."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="skip_repeat_time", tags=["repeats"], summary="Leave one time out; the others stay",
        request=LocalShape, responses=WholeRepeatShape,
    )  # fmt: skip
    def post(self, request: Request, recurrence_id: UUID) -> Response:
        local = self.read(LocalShape)["local"]
        actions.skip_occurrence(actor=self.actor, recurrence_id=recurrence_id, local=local, now=timezone.now())
        return Response(shown(self.actor, recurrence_id))


class Unskip(SeatedView):
    """Bringing it back."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="unskip_repeat_time", tags=["repeats"], summary="Bring a skipped time back",
        request=LocalShape, responses=WholeRepeatShape,
    )  # fmt: skip
    def post(self, request: Request, recurrence_id: UUID) -> Response:
        local = self.read(LocalShape)["local"]
        actions.unskip_occurrence(actor=self.actor, recurrence_id=recurrence_id, local=local, now=timezone.now())
        return Response(shown(self.actor, recurrence_id))


class MoveTime(SeatedView):
    """Moving one time."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="move_repeat_time", tags=["repeats"], summary="Send one planned time at another instant",
        request=MoveLocalShape, responses=WholeRepeatShape,
    )  # fmt: skip
    def post(self, request: Request, recurrence_id: UUID) -> Response:
        values = self.read(MoveLocalShape)
        actions.move_occurrence(
            actor=self.actor, recurrence_id=recurrence_id, local=values["local"], to=values["at"], now=timezone.now()
        )
        return Response(shown(self.actor, recurrence_id))


class SendMissed(SeatedView):
    """Sending a time that passed unplanned."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="send_missed_repeat_time", tags=["repeats"],
        summary="Send a time now that passed while nothing could be planned",
        description="Through the same checks as any post. Its earlier missed times are left.",
        request=LocalShape, responses=WholeRepeatShape,
    )  # fmt: skip
    def post(self, request: Request, recurrence_id: UUID) -> Response:
        local = self.read(LocalShape)["local"]
        send_missed_time(actor=self.actor, recurrence_id=recurrence_id, local=local, now=timezone.now())
        return Response(shown(self.actor, recurrence_id))


class LeaveMissed(SeatedView):
    """Leaving the times that passed unplanned."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="leave_missed_repeat_times", tags=["repeats"],
        summary="Leave the times that passed unplanned: nobody is asked about them again",
        request=None, responses=WholeRepeatShape,
    )  # fmt: skip
    def post(self, request: Request, recurrence_id: UUID) -> Response:
        leave_missed_times(actor=self.actor, recurrence_id=recurrence_id, now=timezone.now())
        return Response(shown(self.actor, recurrence_id))
