"""How completely the accounts were heard, for the foot of the inbox: seen until when, and what is missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pluralis.inbox.models import Cursor, Gap
from pluralis.inbox.queries import seen_until, told_gaps
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Account, Membership

GIVEN_UP_SHOWN = timedelta(days=7)


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
    """Return how completely the actor's connected accounts, or the chosen one, were heard. Three queries."""
    accounts = accounts_of(actor).filter(connected=True)
    chosen = accounts.filter(id=account_id) if account_id else accounts
    rows = {each.id: each for each in chosen.order_by("handle")}
    if not rows:
        return Heard([], [])
    cursors: dict[UUID, list[Cursor]] = {each: [] for each in rows}
    for cursor in seen_until(rows):
        cursors[cursor.account_id].append(cursor)
    told = [_heard_account(account, cursors[account.id]) for account in rows.values()]
    return Heard(told, told_gaps(rows, now - GIVEN_UP_SHOWN))


def _heard_account(account: Account, cursors: list[Cursor]) -> HeardAccount:
    known = [each.seen_until for each in cursors]
    until = None if None in known else min((each for each in known if each), default=None)
    return HeardAccount(account, until, next((each.reason for each in cursors if each.reason), ""))
