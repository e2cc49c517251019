"""Every write about business hours, holidays and promised times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.config.wiring import tell
from pluralis.core.ics import DayOff, days_off
from pluralis.core.promises import hours_of
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Membership, ServiceHours

MOST_CLOSED = 2000
LONGEST_PROMISE = 60 * 24 * 90


@dataclass(frozen=True, slots=True)
class WishedHours:
    """Hours as they are wished: ``week`` is seven lists of ``(begin, end)`` from Monday on, none for always open."""

    zone: str
    week: Sequence[Sequence[Sequence[str]]]
    answer_minutes: int | None = None
    resolve_minutes: int | None = None


@transaction.atomic
def set_hours(*, actor: Membership, account_id: UUID | None, wished: WishedHours, now: datetime) -> ServiceHours:
    """Say when an account is open and what it promises; without an account, the team. Due times follow at once."""
    row = _row(actor, account_id, now)
    try:
        hours_of(wished.zone, wished.week)
    except (ValueError, TypeError) as error:
        raise Invalid("no_such_hours", _("These hours cannot be read."),
                      fields={"week": _("Write them as 09:00-12:00, 13:00-18:00.")}) from error  # fmt: skip
    for name in ("answer_minutes", "resolve_minutes"):
        if (minutes := getattr(wished, name)) is not None and not 1 <= minutes <= LONGEST_PROMISE:
            raise Invalid("promise_out_of_range", _("A promise is between a minute and 90 days."), fields={name: ""})
    row.zone, row.week = wished.zone, [[list(opening) for opening in day] for day in wished.week]
    row.answer_minutes, row.resolve_minutes = wished.answer_minutes, wished.resolve_minutes
    return _keep(actor, row, now)


@transaction.atomic
def follow_team_hours(*, actor: Membership, account_id: UUID, now: datetime) -> None:
    """Let an account follow the team's hours again."""
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    ServiceHours.objects.filter(team=actor.team_id, account=account).delete()
    audit.note("teams.hours.followed", team_id=actor.team_id, actor=actor, about=account, now=now)
    tell("hours_changed", team_id=actor.team_id, now=now)


def close_on(*, actor: Membership, account_id: UUID | None, days: Sequence[DayOff], now: datetime) -> ServiceHours:
    """Add days on which nobody answers; a day that is there already takes the new name."""
    with transaction.atomic():
        row = _row(actor, account_id, now)
        kept = {each["day"]: each for each in row.closed}
        kept |= {each.day.isoformat(): {"day": each.day.isoformat(), "name": each.name[:120]} for each in days}
        if len(kept) > MOST_CLOSED:
            raise Invalid("too_many_days", _("These are too many days off."), kept=_("Nothing was changed."))
        row.closed = [kept[day] for day in sorted(kept)]
        return _keep(actor, row, now)


def import_days_off(
    *, actor: Membership, account_id: UUID | None, calendar: str, first: date, now: datetime
) -> tuple[ServiceHours, int]:
    """Add the whole-day events of a calendar file; returns the row, and how many days the file told."""
    try:
        days = days_off(calendar, first)
    except ValueError as error:
        raise Invalid(
            "no_calendar",
            _("This is no calendar file."),
            kept=_("Nothing was changed."),
            next_step=_("Give a file that ends in .ics, as calendars export it."),
            fields={"file": _("Give a file that ends in .ics, as calendars export it.")},
        ) from error
    return close_on(actor=actor, account_id=account_id, days=days, now=now), len(days)


@transaction.atomic
def open_on(*, actor: Membership, account_id: UUID | None, day: date, now: datetime) -> ServiceHours:
    """Take a day off back; open already is fine."""
    row = _row(actor, account_id, now)
    row.closed = [each for each in row.closed if each.get("day") != day.isoformat()]
    return _keep(actor, row, now)


def _row(actor: Membership, account_id: UUID | None, now: datetime) -> ServiceHours:
    require(actor, Ability.MANAGE_ACCOUNTS)
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS) if account_id else None
    rows = ServiceHours.objects.select_for_update().filter(team=actor.team_id, account=account)
    zone = account.zone if account else actor.team.zone
    # An account that begins to differ begins with what it followed so far.
    team = ServiceHours.objects.filter(team=actor.team_id, account=None).first() if account else None
    begun = {"zone": zone, "week": team.week, "closed": team.closed, "answer_minutes": team.answer_minutes,
             "resolve_minutes": team.resolve_minutes} if team else {"zone": zone}  # fmt: skip
    return rows.first() or ServiceHours(team_id=actor.team_id, account=account, updated_at=now, **begun)


def _keep(actor: Membership, row: ServiceHours, now: datetime) -> ServiceHours:
    row.updated_at = now
    row.save()
    audit.note("teams.hours.changed", team_id=actor.team_id, actor=actor, about=row, now=now)
    note_change(actor.team_id, "inbox")
    tell("hours_changed", team_id=actor.team_id, now=now)
    return row
