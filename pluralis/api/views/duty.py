"""Duty: who is on, the roster, what differs, hand-over notes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.teamwork import (
    DutyChangesShape,
    DutyNoteShape,
    DutyNotesShape,
    DutyShape,
    NewDutyChangeShape,
    NewShiftShape,
    OnDutyShape,
    PeriodShape,
    ShiftsShape,
    TextShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.teams import actions
from pluralis.teams.access import Ability, require
from pluralis.teams.models import Scope, Shift
from pluralis.teams.queries import on_duty
from pluralis.teams.rostering import notes_of, roster_of, shifts_of

LONGEST = timedelta(days=92)


class Duty(SeatedView):
    """Who is on duty."""

    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(operation_id="read_duty", tags=["duty"], summary="Who is on duty now and when next",
                   parameters=[PeriodShape], responses=DutyShape)  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        asked = self.read(PeriodShape, request.query_params)
        start = asked.get("start") or timezone.now()
        end = asked.get("end") or start + timedelta(days=7)
        if not start < end <= start + LONGEST:
            raise serializers.ValidationError({"end": "after the start, and at most 92 days later"})
        return Response(_duty(self.actor.team_id, start, end))

    @extend_schema(operation_id="set_duty", tags=["duty"], summary="Go on duty, or off", request=OnDutyShape,
                   responses=DutyShape)  # fmt: skip
    def post(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        now = timezone.now()
        actions.set_duty(actor=self.actor, on=self.read(OnDutyShape)["on"], now=now)
        return Response(_duty(self.actor.team_id, now, now + timedelta(days=7)))


def _duty(team_id: UUID, start: Any, end: Any) -> Any:
    return DutyShape({"on_duty": on_duty(team_id), "roster": roster_of(team_id, start).spans(start, end)}).data


class Shifts(SeatedView):
    """Weekly shifts."""

    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(operation_id="list_shifts", tags=["duty"], summary="List weekly shifts", responses=ShiftsShape)
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        return Response(ShiftsShape({"shifts": shifts_of(self.actor.team_id)}).data)

    @extend_schema(operation_id="add_shifts", tags=["duty"], summary="Put a member on the roster", parameters=[KEY],
                   request=NewShiftShape, responses={201: ShiftsShape})  # fmt: skip
    def post(self, request: Request) -> Response:
        asked = self.read(NewShiftShape)
        member, days = asked.pop("member_id"), tuple(asked.pop("weekdays"))

        def work(_key: str) -> tuple[int, Any]:
            made = actions.add_shifts(
                actor=self.actor, member_id=member, weekly=actions.Weekly(days, **asked), now=timezone.now()
            )
            shown = Shift.objects.filter(id__in=[each.id for each in made]).select_related("member__user")
            return 201, ShiftsShape({"shifts": shown}).data

        return once(request, request.data, work)


class RemoveShift(SeatedView):
    """Taking one off."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(operation_id="remove_shift", tags=["duty"], summary="Take a shift off the roster", request=None,
                   responses={204: None})  # fmt: skip
    def post(self, request: Request, shift_id: UUID) -> Response:
        actions.remove_shift(actor=self.actor, shift_id=shift_id, now=timezone.now())
        return Response(status=204)


class DutyChanges(SeatedView):
    """What differs."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(operation_id="change_roster", tags=["duty"], summary="Say what differs for a stretch",
                   description="Away, on duty besides, or with `covering_id` somebody else in the member's place.",
                   parameters=[KEY], request=NewDutyChangeShape, responses={201: DutyChangesShape})  # fmt: skip
    def post(self, request: Request) -> Response:
        asked = self.read(NewDutyChangeShape)
        stretch = actions.Stretch(asked["starts_at"], asked["ends_at"])
        this: dict[str, Any] = {"actor": self.actor, "member_id": asked["member_id"], "stretch": stretch}

        def work(_key: str) -> tuple[int, Any]:
            require(self.actor, Ability.VIEW)
            now = timezone.now()
            if asked["covering_id"]:
                made = [*actions.swap_duty(**this, covering_id=asked["covering_id"], now=now)]
            else:
                made = [actions.change_duty(**this, on=asked["on"], reason=asked["reason"], now=now)]
            return 201, DutyChangesShape({"changes": made}).data

        return once(request, request.data, work)


class RemoveDutyChange(SeatedView):
    """Taking it back."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(operation_id="remove_duty_change", tags=["duty"], summary="Take back what differs", request=None,
                   responses={204: None})  # fmt: skip
    def post(self, request: Request, change_id: UUID) -> Response:
        actions.remove_duty_change(actor=self.actor, change_id=change_id, now=timezone.now())
        return Response(status=204)


class DutyNotes(SeatedView):
    """Hand-over notes."""

    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(operation_id="list_duty_notes", tags=["duty"], summary="Read hand-over notes, newest first",
                   responses=DutyNotesShape)  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        return Response(DutyNotesShape({"notes": notes_of(self.actor.team_id)}).data)

    @extend_schema(operation_id="leave_duty_note", tags=["duty"], summary="Leave a hand-over note",
                   parameters=[KEY], request=TextShape, responses={201: DutyNoteShape})  # fmt: skip
    def post(self, request: Request) -> Response:
        text = self.read(TextShape)["text"]

        def work(_key: str) -> tuple[int, Any]:
            note = actions.leave_note(actor=self.actor, text=text, now=timezone.now())
            return 201, DutyNoteShape(note).data

        return once(request, request.data, work)
