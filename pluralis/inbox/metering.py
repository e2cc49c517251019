"""Reading where it is paid by use: what was read, counted by day, and how long to wait before reading again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from pluralis.core.polling import HOURS, SPARING, STEPS
from pluralis.inbox.models import Cursor, Gap
from pluralis.networks.metering import PricesReads
from pluralis.publishing.spending import purse_of
from pluralis.teams.ids import new_id
from pluralis.teams.models import Account
from pluralis.teams.queries import database_now, network_of
from pluralis.teams.statements import write

POLL_PLAN = "poll_plan"
"""Where an account's settings keep the plan: ``{"zone": ..., "minutes": [168 intervals from Monday 00:00]}``."""

RELATIONS = "relations"
"""The stream under which questions are counted of how we stand to somebody, where they have their price."""

OVER_BUDGET = "over_budget"
"""The reason of a cursor that is read sparingly, or of a search that rests, because the month's budget is spent."""

PAUSE_OVER_BUDGET = timedelta(minutes=SPARING)

COUNT = """
  INSERT INTO inbox_readcount (id, team_id, account_id, day, stream, calls, items)
  VALUES (%(id)s, %(team)s, %(account)s, %(day)s, %(stream)s, %(calls)s, %(items)s)
  ON CONFLICT (account_id, day, stream)
  DO UPDATE SET calls = inbox_readcount.calls + EXCLUDED.calls, items = inbox_readcount.items + EXCLUDED.items
"""


@dataclass(slots=True)
class Tally:
    """What one poll took: calls that were answered, and messages that came with them."""

    calls: int = 0
    items: int = 0

    def add(self, items: int) -> None:
        """Count one answered call."""
        self.calls += 1
        self.items += items


@dataclass(frozen=True, slots=True)
class Stream:
    """Something that is read of an account beside its streams, for counting."""

    account: Account
    stream: str

    @property
    def team_id(self) -> UUID:
        team_id: UUID = self.account.team_id
        return team_id

    @property
    def account_id(self) -> UUID:
        account_id: UUID = self.account.id
        return account_id


def is_metered(account: Account) -> bool:
    """Say whether reading is paid by use on the account's network. No query."""
    return isinstance(network_of(account).connector, PricesReads)


def is_over_budget(account: Account) -> bool:
    """Say whether nothing is left of the month's budget, of the account or its team, for paid reading.

    No query where reading is free, one without a budget.
    """
    return is_metered(account) and purse_of(account).empty


def count_reads(cursor: Cursor | Gap | Stream, tally: Tally) -> None:
    """Add a poll to the count of its UTC day; one statement, and none where reading is free."""
    if not tally.calls or not is_metered(cursor.account):
        return
    values = {
        "id": new_id(), "team": cursor.team_id, "account": cursor.account_id, "stream": cursor.stream,
        "day": database_now().astimezone(UTC).date(), "calls": tally.calls, "items": tally.items,
    }  # fmt: skip
    with transaction.atomic():
        write(COUNT, values)


def planned_pause(account: Account, now: datetime) -> timedelta | None:
    """Return how long the account's plan waits at this hour of its week, ``None`` without a plan that can be read.

    Never past the next hour whose interval is shorter: who opens the desk finds what came before.
    """
    stored = account.settings.get(POLL_PLAN)
    try:
        zone, minutes = ZoneInfo(stored["zone"]), [int(each) for each in stored["minutes"]]
    except (TypeError, KeyError, ValueError, ZoneInfoNotFoundError):
        return None
    if len(minutes) != HOURS or not set(minutes) <= set(STEPS):
        return None
    local = now.astimezone(zone)
    hour = local.weekday() * 24 + local.hour
    wait = timedelta(minutes=minutes[hour])
    begin = now - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    for ahead in range(1, int(wait.total_seconds() // 3600) + 2):
        following = minutes[(hour + ahead) % HOURS]
        if following < minutes[hour]:
            return min(wait, begin + timedelta(hours=ahead, minutes=following) - now)
    return wait
