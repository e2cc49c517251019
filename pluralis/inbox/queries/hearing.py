"""How completely the accounts were heard: seen until when, and what is missing. For pages and programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from pluralis.inbox.models import Gap
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Account, Membership
from pluralis.teams.together import as_rows, read_together

GIVEN_UP_SHOWN = timedelta(days=7)

QUESTIONS = {
    "streams": """SELECT account_id, CASE WHEN bool_and(seen_until IS NOT NULL) THEN min(seen_until) END AS until,
        (array_agg(reason ORDER BY stream) FILTER (WHERE reason <> ''))[1] AS reason
      FROM inbox_cursor WHERE account_id = ANY(%(accounts)s) AND NOT starts_with(stream, 'search:')
      GROUP BY account_id""",
    "gaps": """SELECT * FROM inbox_gap WHERE account_id = ANY(%(accounts)s) AND filled_at IS NULL
      AND (given_up_at IS NULL OR given_up_at >= %(given_up_since)s) ORDER BY noticed_at DESC""",
}
"""What :func:`heard_in` is made of; gaps are told while they are open and for a week after they were given up."""


@dataclass(frozen=True, slots=True)
class HeardAccount:
    """One account: ``until`` is when its slowest stream was read to its end, ``reason`` why one cannot be now."""

    account: Account
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Heard:
    """All accounts. ``until`` is the instant up to which all were heard, ``None`` while one never was."""

    accounts: list[HeardAccount]
    gaps: list[Gap]

    @property
    def until(self) -> datetime | None:
        known = [each.until for each in self.accounts]
        return None if None in known else min((each for each in known if each), default=None)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing and every account can be read."""
        return not self.gaps and self.until is not None and not any(each.reason for each in self.accounts)


def heard(actor: Membership, now: datetime, account_id: UUID | None = None) -> Heard:
    """Return how completely the actor's connected accounts, or the chosen one, were heard. Two queries."""
    accounts = connected(list(accounts_of(actor)), account_id)
    return heard_in(read_together(QUESTIONS, asked_of(accounts, now)), accounts)


def connected(accounts: Sequence[Account], account_id: UUID | None = None) -> list[Account]:
    """Return those of the accounts that are heard at all, by handle; with ``account_id`` that one alone. No query."""
    chosen = [each for each in accounts if each.connected and account_id in (None, each.id)]
    return sorted(chosen, key=attrgetter("handle"))


def asked_of(accounts: Sequence[Account], now: datetime) -> dict[str, Any]:
    """Return the values of :data:`QUESTIONS`. No query."""
    return {"accounts": [each.id for each in accounts], "given_up_since": now - GIVEN_UP_SHOWN}


def heard_in(found: Mapping[str, list[dict[str, Any]]], accounts: Sequence[Account]) -> Heard:
    """Return what the answers to :data:`QUESTIONS` tell of connected accounts. No query."""
    rows, streams = {str(each.id): each for each in accounts}, {each["account_id"]: each for each in found["streams"]}
    gaps = as_rows(Gap, found["gaps"])
    for gap in gaps:
        gap.account = rows[str(gap.account_id)]
    return Heard([_heard_account(each, streams.get(key, {})) for key, each in rows.items()], gaps)


def _heard_account(account: Account, told: Mapping[str, Any]) -> HeardAccount:
    until = datetime.fromisoformat(told["until"]) if told.get("until") else None
    return HeardAccount(account, until, told.get("reason") or "")
