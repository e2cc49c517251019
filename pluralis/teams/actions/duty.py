"""Every write about the roster: shifts, what differs from them, hand-over notes, and following it every minute."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.config.wiring import tell
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_member, require, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.ids import new_id
from pluralis.teams.models import LANGUAGES, DutyChange, DutyNote, DutyNoteSeen, Membership, Shift
from pluralis.teams.rostering import roster_of

MOST_SHIFTS = 500
LONGEST_NOTE = 4000
LONGEST_CHANGE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Weekly:
    """A shift as it is wished: on these days of the week (Monday is 0), by the wall clock of ``zone``."""

    weekdays: tuple[int, ...]
    starts: time
    ends: time
    zone: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant until another."""

    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def add_shifts(*, actor: Membership, member_id: UUID, weekly: Weekly, now: datetime) -> list[Shift]:
    """Put a member on the roster on some days of every week; only a lead plans."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    member = access_member(actor, member_id)
    _check_weekly(weekly)
    if Shift.objects.filter(team=actor.team_id).count() + len(weekly.weekdays) > MOST_SHIFTS:
        raise Conflict("too_many_shifts", _("There are enough shifts. Remove one first."))
    values = {name: getattr(weekly, name) for name in ("starts", "ends", "zone", "valid_from", "valid_until")}
    with _settling(now, member):
        made = Shift.objects.bulk_create(
            Shift(team_id=actor.team_id, member=member, weekday=day, created_at=now, **values)
            for day in sorted(set(weekly.weekdays))
        )
    audit.note("teams.roster.shifts_added", team_id=actor.team_id, actor=actor, about=member, now=now,
               days=sorted(set(weekly.weekdays)))  # fmt: skip
    return made


@transaction.atomic
def remove_shift(*, actor: Membership, shift_id: UUID, now: datetime) -> None:
    """Take a shift off the roster."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    shift = Shift.objects.select_related("member").filter(team=actor.team_id, id=valid_id(shift_id)).first()
    if shift is None:
        raise NotFound("shift")
    member = shift.member
    with _settling(now, member):
        shift.delete()
    audit.note("teams.roster.shift_removed", team_id=actor.team_id, actor=actor, about=member, now=now)


@transaction.atomic
def change_duty(
    *, actor: Membership, member_id: UUID, on: bool, stretch: Stretch, reason: str, now: datetime
) -> DutyChange:
    """Say that a member is away, or on duty besides, for a stretch. Leads for anybody, members for themselves."""
    member = _own_or_lead(actor, member_id)
    _check_stretch(stretch, now)
    with _settling(now, member):
        change = _change(actor, member, on, stretch, now, reason=reason[:200])
    audit.note("teams.roster.changed", team_id=actor.team_id, actor=actor, about=member, now=now, on=on)
    return change


@transaction.atomic
def swap_duty(
    *, actor: Membership, member_id: UUID, covering_id: UUID, stretch: Stretch, now: datetime
) -> tuple[DutyChange, DutyChange]:
    """Let somebody else be on duty in a member's place for a stretch; who covers is told."""
    member = _own_or_lead(actor, member_id)
    covering = access_member(actor, covering_id)
    _check_stretch(stretch, now)
    if member.id == covering.id:
        raise Invalid("same_member", _("Nobody can stand in for themselves."), next_step=_("Choose somebody else."))
    swap = new_id()
    with _settling(now, member, covering):
        made = (
            _change(actor, member, False, stretch, now, swap_id=swap),
            _change(actor, covering, True, stretch, now, swap_id=swap),
        )
    audit.note(
        "teams.roster.swapped", team_id=actor.team_id, actor=actor, about=member, now=now, covering=covering.id
    )
    tell("duty_swapped", covering=covering, actor=actor, now=now)
    return made


@transaction.atomic
def remove_duty_change(*, actor: Membership, change_id: UUID, now: datetime) -> None:
    """Take back what differs; of a swap both sides. Leads, and whoever it is about."""
    change = DutyChange.objects.filter(team=actor.team_id, id=valid_id(change_id)).first()
    if change is None:
        raise NotFound("duty change")
    both = DutyChange.objects.filter(team=actor.team_id, swap_id=change.swap_id) if change.swap_id else None
    found = list((both if both is not None else DutyChange.objects.filter(id=change.id)).select_related("member"))
    if actor.id not in [each.member_id for each in found]:
        require(actor, Ability.MANAGE_ACCOUNTS)
    with _settling(now, *(each.member for each in found)):
        DutyChange.objects.filter(id__in=[each.id for each in found]).delete()
    audit.note("teams.roster.change_removed", team_id=actor.team_id, actor=actor, now=now)


@transaction.atomic
def leave_note(*, actor: Membership, text: str, now: datetime) -> DutyNote:
    """Tell those who are on duty next; it is shown to each of them until they have read it."""
    require(actor, Ability.VIEW)
    words = text.replace("\x00", "").strip()[:LONGEST_NOTE]
    if not words:
        raise Invalid(
            "nothing_to_say", _("The note is empty."), fields={"text": _("Write what the next should know.")}
        )
    note = DutyNote.objects.create(team_id=actor.team_id, author=actor, text=words, created_at=now)
    audit.note("teams.duty.note_left", team_id=actor.team_id, actor=actor, about=note, now=now)
    note_change(actor.team_id, "duty")
    return note


@transaction.atomic
def read_note(*, actor: Membership, note_id: UUID, now: datetime) -> None:
    """Say that one has read a hand-over note; its author sees who has."""
    note = DutyNote.objects.filter(team=actor.team_id, id=valid_id(note_id)).first()
    if note is None:
        raise NotFound("duty note")
    require(actor, Ability.VIEW)
    DutyNoteSeen.objects.get_or_create(team_id=actor.team_id, note=note, member=actor, defaults={"seen_at": now})
    note_change(actor.team_id, "duty")


@transaction.atomic
def change_languages(*, actor: Membership, member_id: UUID, languages: Sequence[str], now: datetime) -> Membership:
    """Say which languages a member answers in; none stated means any. Leads for anybody, members for themselves."""
    member = _own_or_lead(actor, member_id)
    known = [code for code in dict.fromkeys(each.strip().lower()[:8] for each in languages) if code]
    member.languages = known[: 2 * len(LANGUAGES) + 8]
    member.save(update_fields=["languages"])
    audit.note("teams.member.changed", team_id=actor.team_id, actor=actor, about=member, now=now, languages=known)
    note_change(actor.team_id, "team")
    return member


@transaction.atomic
def show_name(*, actor: Membership, shown: bool, now: datetime) -> Membership:
    """Agree, or no longer agree, that the public legend shows one's name beside one's initials. Nobody else may."""
    actor.legend_name = shown
    actor.save(update_fields=["legend_name"])
    audit.note("teams.member.name_shown" if shown else "teams.member.name_hidden", team_id=actor.team_id,
               actor=actor, about=actor, now=now)  # fmt: skip
    return actor


def follow_roster(*, now: datetime) -> int:
    """Bring every seat to where the roster says, at the changes of the roster; returns how many seats changed.

    What a person chose by hand after the last change stands until the next one.
    """
    teams = set(Shift.objects.values_list("team", flat=True)) | set(
        DutyChange.objects.filter(ends_at__gt=now - timedelta(days=10)).values_list("team", flat=True)
    )
    return sum(_follow(team_id, now) for team_id in teams)


@transaction.atomic
def _follow(team_id: UUID, now: datetime) -> int:
    turns = roster_of(team_id, now).turns(now)
    seats = Membership.objects.select_for_update().filter(team=team_id, id__in=list(turns)).select_related("user")
    changed = 0
    for seat in seats:
        turn = turns[seat.id]
        if seat.roster_at is not None and turn.at <= seat.roster_at:
            continue
        was_on = seat.on_duty_since is not None
        seat.roster_at, seat.on_duty_since = turn.at, ((seat.on_duty_since or now) if turn.on else None)
        seat.save(update_fields=["roster_at", "on_duty_since"])
        if was_on != turn.on:
            changed += 1
            audit.note("teams.duty.began" if turn.on else "teams.duty.ended", team_id=team_id, about=seat, now=now)
    if changed:
        note_change(team_id, "duty")
    return changed


@contextmanager
def _settling(now: datetime, *members: Membership) -> Iterator[None]:
    """Let a change of the roster count at once where it puts somebody on or off duty now.

    Where it does not, the seat stays as it stands: planning next week moves nobody today.
    """
    team_id = members[0].team_id
    before = {seat: turn.on for seat, turn in roster_of(team_id, now).turns(now).items()}
    yield
    turns = roster_of(team_id, now).turns(now)
    for seat in Membership.objects.select_for_update().filter(id__in=[each.id for each in members]):
        turn = turns.get(seat.id)
        seat.roster_at = turn.at if turn else None
        if (on := bool(turn and turn.on)) != before.get(seat.id, False):
            seat.on_duty_since = (seat.on_duty_since or now) if on else None
        seat.save(update_fields=["roster_at", "on_duty_since"])
    note_change(team_id, "duty")


def _change(
    actor: Membership, member: Membership, on: bool, stretch: Stretch, now: datetime, **more: Any
) -> DutyChange:
    return DutyChange.objects.create(
        team_id=actor.team_id, member=member, on=on, starts_at=stretch.starts_at, ends_at=stretch.ends_at,
        made_by=actor, created_at=now, **more,
    )  # fmt: skip


def _own_or_lead(actor: Membership, member_id: UUID) -> Membership:
    member = access_member(actor, member_id)
    if member.id != actor.id:
        require(actor, Ability.MANAGE_ACCOUNTS)
    return member


def _check_weekly(weekly: Weekly) -> None:
    if not weekly.weekdays or not set(weekly.weekdays) <= set(range(7)):
        raise Invalid("no_weekday", _("Choose at least one day of the week."),
                      fields={"weekdays": _("Choose at least one.")})  # fmt: skip
    try:
        ZoneInfo(weekly.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("no_such_zone", _("There is no such time zone.")) from None
    if weekly.valid_from and weekly.valid_until and weekly.valid_until < weekly.valid_from:
        raise Invalid("ends_before_it_starts", _("It ends before it starts."))


def _check_stretch(stretch: Stretch, now: datetime) -> None:
    if stretch.ends_at <= stretch.starts_at:
        raise Invalid("ends_before_it_starts", _("It ends before it starts."),
                      fields={"ends_at": _("Choose a later time.")})  # fmt: skip
    if stretch.ends_at <= now:
        raise Invalid("in_the_past", _("This time has passed."), next_step=_("Choose a later time."))
    if stretch.ends_at - stretch.starts_at > LONGEST_CHANGE:
        raise Invalid("too_long", _("This is longer than a year."), next_step=_("Change the weekly shifts instead."))
