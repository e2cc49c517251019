"""What is read about searches on the networks: what they look for, how far they are, what they brought and cost."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count, Sum

from pluralis.inbox.metering import is_metered
from pluralis.inbox.models import Conversation, Cursor, NetworkSearch, ReadCount
from pluralis.inbox.searching import forms_of
from pluralis.networks.contract import Price
from pluralis.networks.metering import PricesReads
from pluralis.publishing.queries.costs import month_of
from pluralis.teams.access import accounts_of
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of, public_access_of


@dataclass(frozen=True, slots=True)
class RunningSearch:
    """A search with where it stands. ``found`` counts conversations, ``items`` the posts read this month.

    ``price`` is what this month's posts cost at most, ``None`` where reading is free or its contract is not known.
    """

    search: NetworkSearch
    seen_until: datetime | None
    reason: str
    found: int
    items: int
    price: Price | None


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """An account that a search could read through: what it can look for, and what a hundred posts cost there."""

    account: Account
    forms: tuple[str, ...]
    price: Price | None

    @property
    def has_price(self) -> bool:
        """Whether reading is paid by use here."""
        return is_metered(self.account)


def searches_of(actor: Membership, now: datetime) -> list[RunningSearch]:
    """Return the team's searches that have not ended, oldest first. Four queries."""
    rows = NetworkSearch.objects.filter(team=actor.team_id, ended_at=None, account__in=accounts_of(actor))
    searches = list(rows.select_related("account", "made_by__user").order_by("made_at", "id"))
    streams = [each.stream for each in searches]
    cursors = {each.stream: each for each in Cursor.objects.filter(team=actor.team_id, stream__in=streams)}
    counted = Conversation.objects.filter(found_by__in=searches).order_by().values("found_by")
    found = {row["found_by"]: row["number"] for row in counted.annotate(number=Count("id"))}
    items = _items(actor.team_id, streams, now)
    return [
        RunningSearch(
            each,
            cursors[each.stream].seen_until if each.stream in cursors else None,
            cursors[each.stream].reason if each.stream in cursors else "",
            found.get(each.id, 0),
            items.get(each.stream, 0),
            price_of(each.account, each.stream, items.get(each.stream, 0)),
        )
        for each in searches
    ]


def _items(team_id: UUID, streams: list[str], now: datetime) -> dict[str, int]:
    begin, end = (each.astimezone(UTC).date() for each in month_of(now))
    counts = ReadCount.objects.filter(team=team_id, stream__in=streams, day__gte=begin, day__lt=end)
    return {row["stream"]: row["came"] for row in counts.values("stream").annotate(came=Sum("items"))}


def places_of(actor: Membership) -> list[SearchPlace]:
    """Return the actor's connected accounts with what each can look for, by handle. One query."""
    accounts = [each for each in accounts_of(actor) if each.connected]
    places = [SearchPlace(each, forms_of(each), price_of(each, "search:", 100)) for each in accounts]
    return sorted(places, key=lambda place: place.account.handle.casefold())


def price_of(account: Account, stream: str, items: int) -> Price | None:
    """Return what posts that a search brings cost at most, ``None`` where nothing is known of a price. No query."""
    connector = network_of(account).connector
    if not isinstance(connector, PricesReads):
        return None
    return connector.price_of_reads(public_access_of(account), stream, items)


def searches_named(team_id: UUID) -> list[tuple[str, str]]:
    """Return the id and the words of every search that stands, for choosing. One query."""
    rows = (
        NetworkSearch.objects.filter(team=team_id, ended_at=None).select_related("account").order_by("made_at", "id")
    )
    return [(str(each.id), f"{each.words} · @{each.account.handle}") for each in rows]


def search_named(actor: Membership, search_id: UUID) -> NetworkSearch:
    """Return a search on an account the actor may see, ended or not. Raises NotFound. One query."""
    found = NetworkSearch.objects.filter(id=search_id, team=actor.team_id, account__in=accounts_of(actor)).first()
    if found is None:
        raise NotFound("search")
    return found
