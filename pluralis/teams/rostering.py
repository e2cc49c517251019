"""The roster as it is stored, read into what core decides with. Who is on duty *now* stands on the seats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from pluralis.core import duty
from pluralis.teams.models import DutyChange, DutyNote, DutyNoteSeen, Membership, Shift

NOTE_DAYS = 4


@dataclass(frozen=True, slots=True)
class Roster:
    """A team's shifts and what differs from them."""

    shifts: tuple[duty.Shift, ...]
    changes: tuple[duty.Change, ...]

    def spans(self, since: datetime, until: datetime) -> list[duty.Span]:
        """Return who is on duty between two instants; ``member`` is the id of a seat."""
        return duty.roster(self.shifts, self.changes, since, until)

    def turns(self, now: datetime) -> dict[object, duty.Turn]:
        """Return the last change of the roster for each member."""
        return {**duty.turns(self.shifts, self.changes, now)}


def roster_of(team_id: UUID, since: datetime) -> Roster:
    """Return a team's roster as far as it matters from ``since`` on. Two queries."""
    shifts = Shift.objects.filter(team=team_id).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=since - timedelta(days=10))
    )
    changes = DutyChange.objects.filter(team=team_id, ends_at__gt=since - timedelta(days=10))
    return _read(shifts, changes.order_by("created_at", "id"))


def _read(shifts: Iterable[Shift], changes: Iterable[DutyChange]) -> Roster:
    return Roster(
        tuple(
            duty.Shift(
                each.member_id, each.weekday, each.starts, each.ends, each.zone, each.valid_from, each.valid_until
            )
            for each in shifts
        ),
        tuple(duty.Change(each.member_id, each.on, each.starts_at, each.ends_at) for each in changes),
    )


def shifts_of(team_id: UUID) -> list[Shift]:
    """Return the weekly shifts of a team with their people, by day and hour. One query."""
    return list(Shift.objects.filter(team=team_id).select_related("member__user"))


def changes_of(team_id: UUID, now: datetime) -> list[DutyChange]:
    """Return what differs from now on, soonest first. One query."""
    changes = DutyChange.objects.filter(team=team_id, ends_at__gt=now)
    return list(changes.select_related("member__user", "made_by__user")[:200])


def unread_notes(actor: Membership, now: datetime) -> list[DutyNote]:
    """Return the hand-over notes of the last four days that somebody on duty has not read yet. One query.

    Who is off duty is not bothered, and nobody by their own words.
    """
    if actor.on_duty_since is None:
        return []
    seen = DutyNoteSeen.objects.filter(note=OuterRef("id"), member=actor)
    recent = DutyNote.objects.filter(team=actor.team_id, created_at__gt=now - timedelta(days=NOTE_DAYS))
    unread = recent.exclude(author=actor).filter(~Exists(seen)).select_related("author__user")
    return list(unread.order_by("created_at", "id"))


def notes_of(team_id: UUID, size: int = 20) -> list[DutyNote]:
    """Return the newest hand-over notes with who has read them. Two queries."""
    notes = DutyNote.objects.filter(team=team_id).select_related("author__user")
    return list(notes.prefetch_related("seen__member__user")[:size])
