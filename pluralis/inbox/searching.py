"""Searches on the networks while they run: how each is read, and when it has brought enough for a day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pluralis.inbox.metering import OVER_BUDGET, PAUSE_OVER_BUDGET, is_metered, is_over_budget
from pluralis.inbox.models import Cursor, Gap, NetworkSearch, ReadCount
from pluralis.networks.contract import Batch
from pluralis.networks.contract import Gap as Stretch
from pluralis.networks.deadline import Deadline
from pluralis.networks.hearing import Older, Searches, SearchTerms
from pluralis.teams.actions import ensure_fresh
from pluralis.teams.models import Account
from pluralis.teams.queries import access_of, network_of, public_access_of

PREFIX = "search:"
ENOUGH = "enough_today"
"""The reason of a search's cursor that has brought as many posts as it may on this UTC day."""


def stream_of(search_id: UUID) -> str:
    """Return the name of a search's stream."""
    return PREFIX + search_id.hex[-20:]


def is_search(stream: str) -> bool:
    """Say whether a stream is a search's."""
    return stream.startswith(PREFIX)


def searcher(account: Account) -> Searches | None:
    """Return the connector of an account that can search, ``None`` where none can. No query."""
    connector = network_of(account).connector
    return connector if isinstance(connector, Searches) else None


def forms_of(account: Account) -> tuple[str, ...]:
    """Return what can be looked for through an account: *words*, *hashtag*, both or nothing. No query."""
    connector = searcher(account)
    return connector.search_forms(public_access_of(account)) if connector else ()


def running(stream: str, account_id: UUID) -> NetworkSearch | None:
    """Return the search behind a stream, ``None`` when it rests or is over. One query."""
    found = NetworkSearch.objects.filter(account=account_id, stream=stream, ended_at=None, paused_at=None)
    return found.first()


def read_page(cursor: Cursor, deadline: Deadline) -> Batch:
    """Return one page of a search; nothing once it rests. Raises what the network says."""
    search, connector = running(cursor.stream, cursor.account_id), searcher(cursor.account)
    if search is None or connector is None:
        return Batch((), cursor.value)
    access = access_of(cursor.account, ensure_fresh(cursor.account))
    return connector.search(access, SearchTerms.of(search.words), cursor.value, deadline)


def read_older(gap: Gap, stretch: Stretch, place: str, deadline: Deadline) -> Older:
    """Return one page of a gap in a search; a search that rests has none left. Raises what the network says."""
    search, connector = running(gap.stream, gap.account_id), searcher(gap.account)
    if search is None or connector is None:
        return Older((), "", met=True)
    access = access_of(gap.account, ensure_fresh(gap.account))
    return connector.search_older(access, SearchTerms.of(search.words), stretch, place, deadline)


@dataclass(frozen=True, slots=True)
class Rest:
    """Why a search reads nothing now, and until when."""

    until: datetime
    reason: str


def rest_of(cursor: Cursor | Gap, now: datetime) -> Rest | None:
    """Return the rest of a search that has brought enough for today, or whose account has spent its month's budget;
    ``None`` while it may read. At most two queries, and those of the budget.

    Only where reading has its price: elsewhere a search may bring what it finds.
    """
    if not is_search(cursor.stream) or not is_metered(cursor.account):
        return None
    search = running(cursor.stream, cursor.account_id)
    if search is None:
        return None
    if is_over_budget(cursor.account):
        return Rest(now + PAUSE_OVER_BUDGET, OVER_BUDGET)
    day = now.astimezone(UTC).date()
    counted = ReadCount.objects.filter(account=cursor.account_id, stream=cursor.stream, day=day)
    if search.most_a_day is None or (counted.values_list("items", flat=True).first() or 0) < search.most_a_day:
        return None
    return Rest(datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC), ENOUGH)
