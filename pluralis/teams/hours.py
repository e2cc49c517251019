"""Business hours as they are stored, read into what core reckons with."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pluralis.core.promises import Hours, hours_of
from pluralis.teams.models import Account, ServiceHours


@dataclass(frozen=True, slots=True)
class Promised:
    """What an account promises: when it is open, and within how many minutes of open time it answers and resolves."""

    hours: Hours = field(default_factory=Hours)
    answer_minutes: int | None = None
    resolve_minutes: int | None = None


NOTHING = Promised()


def hours_rows(team_id: UUID) -> dict[UUID | None, ServiceHours]:
    """Return the rows of a team by account; the team's own stands under ``None``. One query."""
    return {each.account_id: each for each in ServiceHours.objects.filter(team=team_id).select_related("account")}


def promised_by(account: Account, rows: Mapping[UUID | None, ServiceHours]) -> Promised:
    """Return what an account promises: by its own row, else by the team's, else nothing. No query."""
    row = rows.get(account.id) or rows.get(None)
    return promised_of(row) if row else NOTHING


def promised_of(row: ServiceHours) -> Promised:
    """Return a row as core reckons with it; a stored week that cannot be read is always open. No query."""
    closed = []
    for each in row.closed:
        with suppress(KeyError, TypeError, ValueError):
            closed.append(date.fromisoformat(each["day"]))
    try:
        hours = hours_of(row.zone, row.week, closed)
    except (TypeError, ValueError):
        hours = Hours(row.zone)
    return Promised(hours, row.answer_minutes, row.resolve_minutes)
