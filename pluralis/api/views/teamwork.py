"""Working together: notes, merge and split, many at once, routing, alarms, answer times, hours."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.inbox import ConversationShape
from pluralis.api.shapes.teamwork import (
    AlarmsShape,
    BulkOutcomeShape,
    BulkShape,
    HoursShape,
    MergeShape,
    NoteShape,
    NotesShape,
    RegroupingShape,
    RulesShape,
    SplitShape,
    TextShape,
    TimesAskedShape,
    TimesShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.inbox import actions
from pluralis.inbox.access import access_conversation
from pluralis.inbox.queries import teamwork as queries
from pluralis.inbox.queries.service_times import figures
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.actions import WishedHours, set_hours
from pluralis.teams.hours import hours_rows
from pluralis.teams.models import Scope, ServiceHours

MOST_ALARMS = 500
"""How many alarms are listed, longest waiting first."""


class Notes(SeatedView):
    """Internal notes."""

    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(operation_id="list_notes", tags=["conversations"], summary="Read internal notes",
                   responses=NotesShape)  # fmt: skip
    def get(self, request: Request, conversation_id: UUID) -> Response:
        found = access_conversation(self.actor, conversation_id)
        return Response(NotesShape({"notes": queries.notes_of(found)}).data)

    @extend_schema(operation_id="add_note", tags=["conversations"], summary="Write an internal note",
                   description="It never leaves the team. `@name` tells a member.", parameters=[KEY],
                   request=TextShape, responses={201: NoteShape})  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        text = self.read(TextShape)["text"]

        def work(_key: str) -> tuple[int, Any]:
            note = actions.add_note(actor=self.actor, conversation_id=conversation_id, text=text, now=timezone.now())
            return 201, NoteShape(note).data

        return once(request, request.data, work)


class Merge(SeatedView):
    """Merging."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(operation_id="merge_conversation", tags=["conversations"], summary="Merge into another",
                   request=MergeShape, responses=RegroupingShape)  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        into = self.read(MergeShape)["into_id"]
        made = actions.merge_conversations(
            actor=self.actor, conversation_id=conversation_id, into_id=into, now=timezone.now()
        )
        return Response(RegroupingShape(made).data)


class Split(SeatedView):
    """Splitting."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(operation_id="split_conversation", tags=["conversations"],
                   summary="Move messages into a conversation of their own", request=SplitShape,
                   responses=RegroupingShape)  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        ids = self.read(SplitShape)["message_ids"]
        made = actions.split_conversation(
            actor=self.actor, conversation_id=conversation_id, message_ids=ids, now=timezone.now()
        )
        return Response(RegroupingShape(made).data)


class UndoRegrouping(SeatedView):
    """Taking back."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(operation_id="undo_regrouping", tags=["conversations"], summary="Take a merge or a split back",
                   request=None, responses=ConversationShape)  # fmt: skip
    def post(self, request: Request, regrouping_id: UUID) -> Response:
        found = actions.undo_regrouping(actor=self.actor, regrouping_id=regrouping_id, now=timezone.now())
        return Response(ConversationShape(access_conversation(self.actor, found.id)).data)


class ManyAtOnce(SeatedView):
    """One thing with many."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(operation_id="sort_conversations", tags=["conversations"], summary="Do one thing with many",
                   description="Each by itself: `refused` tells which were not done, and why.",
                   request=BulkShape, responses=BulkOutcomeShape)  # fmt: skip
    def post(self, request: Request) -> Response:
        asked = self.read(BulkShape)
        ids = asked.pop("conversation_ids")
        outcome = actions.do_many(
            actor=self.actor, conversation_ids=ids, bulk=actions.Bulk(**asked), now=timezone.now()
        )
        refused = [
            {"conversation_id": each, "code": error.code, "happened": str(error.happened)}
            for each, error in outcome.refused
        ]
        return Response(BulkOutcomeShape({"done": outcome.done, "refused": refused}).data)


class Routing(SeatedView):
    """The rules of routing."""

    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @extend_schema(operation_id="read_routing", tags=["duty"], summary="Read the rules of routing",
                   responses=RulesShape)  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        return Response(_rules(self.actor.team_id))

    @extend_schema(operation_id="replace_routing", tags=["duty"], summary="Put these rules in the place of all",
                   request=RulesShape, responses=RulesShape)  # fmt: skip
    def put(self, request: Request) -> Response:
        wished = [
            actions.WishedRule(**{**each, "member_ids": tuple(each["member_ids"])})
            for each in self.read(RulesShape)["rules"]
        ]
        actions.replace_rules(actor=self.actor, wished=wished, now=timezone.now())
        return Response(_rules(self.actor.team_id))


def _rules(team_id: UUID) -> Any:
    rules = queries.rules_of(team_id)
    for each in rules:
        each.member_ids = [one.member_id for one in each.named.all()]  # type: ignore[attr-defined]
    return RulesShape({"rules": rules}).data


class Alarms(SeatedView):
    """What rings."""

    @extend_schema(operation_id="list_alarms", tags=["duty"], summary="List who waits too long",
                   responses=AlarmsShape)  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        longer = queries.waiting_longer(self.actor, timezone.now()).count()
        ringing = queries.ringing(self.actor, MOST_ALARMS)
        return Response(AlarmsShape({"alarms": ringing, "waiting_longer": longer}).data)


class AnswerTimes(SeatedView):
    """Figures."""

    @extend_schema(operation_id="read_answer_times", tags=["duty"], summary="Read answer times in figures",
                   parameters=[TimesAskedShape], responses=TimesShape)  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        asked, now = self.read(TimesAskedShape, request.query_params), timezone.now()
        rows = figures(self.actor, asked["by"], now - timedelta(days=asked["days"]), now, now=now)
        return Response(TimesShape({"rows": rows}).data)


class Hours(SeatedView):
    """Opening hours, of the team or of an account."""

    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @extend_schema(operation_id="read_hours", tags=["duty"], summary="Read the team's opening hours",
                   responses=HoursShape)  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        return Response(_hours(hours_rows(self.actor.team_id).get(None), self.actor.team.zone))

    @extend_schema(operation_id="set_hours", tags=["duty"], summary="Set the team's opening hours",
                   request=HoursShape, responses=HoursShape)  # fmt: skip
    def put(self, request: Request) -> Response:
        wished = WishedHours(**self.read(HoursShape))
        row = set_hours(actor=self.actor, account_id=None, wished=wished, now=timezone.now())
        return Response(_hours(row, row.zone))


class AccountHours(SeatedView):
    """Opening hours of one account."""

    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @extend_schema(operation_id="read_account_hours", tags=["duty"], summary="Read what an account promises",
                   responses=HoursShape)  # fmt: skip
    def get(self, request: Request, account_id: UUID) -> Response:
        account = access_account(self.actor, account_id)
        rows = hours_rows(self.actor.team_id)
        return Response(_hours(rows.get(account.id) or rows.get(None), account.zone))

    @extend_schema(operation_id="set_account_hours", tags=["duty"], summary="Set an account's own opening hours",
                   request=HoursShape, responses=HoursShape)  # fmt: skip
    def put(self, request: Request, account_id: UUID) -> Response:
        wished = WishedHours(**self.read(HoursShape))
        row = set_hours(actor=self.actor, account_id=account_id, wished=wished, now=timezone.now())
        return Response(_hours(row, row.zone))


def _hours(row: ServiceHours | None, zone: str) -> Any:
    return HoursShape(row or ServiceHours(zone=zone)).data
