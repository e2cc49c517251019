"""What others wrote to us on an instance: mentions, replies and quotes from notifications, private conversations.

Both lists are read forwards (``min_id``: what comes right after the cursor), so that a page that the server cuts
short, or a long absence, costs more polls and loses nothing. The cursor is the newest id that was read.
"""

from collections.abc import Iterable, Mapping

from pluralis.networks.contract import Access, Batch, Gap, Incoming
from pluralis.networks.hearing import Older
from pluralis.networks.mastodon.client import PAGE, MastodonClient, order
from pluralis.networks.mastodon.reading import domain_of, moment, read_message
from pluralis.networks.transport import Json

TYPES = ("mention", "quote")
MOST_PAGES = 10
START = "0"  # below every id: the cursor of a list that is still empty


def fetch_mentions(client: MastodonClient, access: Access, cursor: str | None) -> Batch:
    """Return one page of mentions, replies, quotes and private mentions, oldest first."""
    items = client.notifications(TYPES, **({"min_id": cursor} if cursor else {}))
    fresh = _fresh(items, cursor)
    gap = None
    if cursor and len(items) >= PAGE:
        fresh, gap = _fill(client, fresh, cursor)
    return _batch(_read(fresh, access), list(fresh), cursor, gap)


def fetch_older(client: MastodonClient, access: Access, gap: Gap, place: str) -> Older:
    """Return one page of what ``gap`` left out; ``place`` is the oldest notification read so far."""
    before = place or gap.older_than or ""
    items = _fresh(client.notifications(TYPES, **({"max_id": before} if before else {})), None)
    # A server that does not know max_id answers the newest page each time: nothing of it lies further back.
    further = {one: item for one, item in items.items() if not before or order(one) < order(before)}
    known = gap.newer_than or START
    fresh = {one: item for one, item in further.items() if is_after(one, known)}
    met = len(fresh) < len(further) or (not items and known == START)
    messages = tuple(message for message in _read(fresh, access) if message is not None)
    return Older(messages, min(further, key=order, default=before), met=met, ended=not items)


def _read(items: Mapping[str, Json], access: Access) -> list[Incoming | None]:
    """Read notifications that are messages, oldest first; ``None`` for what is misshapen."""
    ordered = [items[remote_id] for remote_id in sorted(items, key=order)]
    wanted = [item for item in ordered if item.get("type") in TYPES and isinstance(item.get("status"), dict)]
    return [_tried(item["status"], access, item["type"] == "quote") for item in wanted]


def _fresh(items: Iterable[Json], cursor: str | None) -> dict[str, Json]:
    return {str(item["id"]): item for item in items if item.get("id") and is_after(str(item["id"]), cursor)}


def _fill(client: MastodonClient, fresh: dict[str, Json], cursor: str) -> tuple[dict[str, Json], Gap | None]:
    """Read what lies between the cursor and a full page; a server that knows no ``min_id`` has left it out.

    Costs one request where ``min_id`` works. What still lies between after :data:`MOST_PAGES` is a gap.
    """
    for _ in range(MOST_PAGES):
        oldest = min(fresh, key=order, default=None)
        if oldest is None:
            return fresh, None
        between = _fresh(client.notifications(TYPES, since_id=cursor, max_id=oldest), cursor)
        if not between.keys() - fresh.keys():
            return fresh, None
        fresh |= between
    return fresh, Gap(cursor, min(fresh, key=order))


def fetch_messages(client: MastodonClient, access: Access, cursor: str | None) -> Batch:
    """Return what is new in the private conversations, oldest first.

    The list tells the last status of each; what others wrote between the cursor and that one stands above it.
    Notifications do not replace this: an instance may filter those of strangers away.
    """
    conversations = [item for item in client.conversations(cursor) if isinstance(item.get("last_status"), dict)]
    lasts = [item["last_status"] for item in conversations if item["last_status"].get("id")]
    fresh = [last for last in lasts if is_after(str(last["id"]), cursor)]
    statuses: dict[str, Json] = {}
    for last in fresh:
        above = client.ancestors(str(last["id"])) if cursor else []
        for status in [*above, last]:
            if _is_private_from_others(status, access.profile_id) and is_after(str(status.get("id")), cursor):
                statuses[str(status["id"])] = status
    ordered = sorted(statuses.values(), key=lambda status: order(str(status["id"])))
    messages = [_tried(status, access, False) for status in ordered]
    return _batch(messages, [str(last["id"]) for last in fresh], cursor)


def _batch(read: Iterable[Incoming | None], fresh: list[str], cursor: str | None, gap: Gap | None = None) -> Batch:
    messages = tuple(message for message in read if message is not None)
    newest = max(fresh, key=order, default=cursor or START)
    return Batch(messages, newest, more=cursor is not None and bool(fresh), gap=gap)


def is_after(remote_id: str, cursor: str | None) -> bool:
    """Say whether an id comes after a cursor."""
    return cursor is None or order(remote_id) > order(cursor)


def _is_private_from_others(status: Json, own_id: str) -> bool:
    account = status.get("account")
    author = str(account.get("id")) if isinstance(account, dict) else own_id
    return status.get("visibility") == "direct" and author != own_id and moment(status.get("created_at")) is not None


def _tried(status: Json, access: Access, quotes: bool) -> Incoming | None:
    """Read one status; a misshapen one is passed over, so that it cannot hold up the others for ever."""
    try:
        return read_message(status, access.profile_id, domain_of(access), quotes)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
