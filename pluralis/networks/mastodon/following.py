"""Looking again at statuses of others, many at once where the server can, and reading the timeline of a hashtag."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote

from pluralis.networks.contract import Access, Batch, Gap, Incoming
from pluralis.networks.errors import Refused
from pluralis.networks.hearing import GONE, Older, SearchTerms, Standing
from pluralis.networks.mastodon.client import PAGE, MastodonClient, Unknown, order
from pluralis.networks.mastodon.incoming import START, is_after
from pluralis.networks.mastodon.reading import domain_of, moment, read_message
from pluralis.networks.transport import Json

AT_ONCE = 20  # GET /api/v1/statuses takes no more (Mastodon 4.3)
_MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError)


def look_again(client: MastodonClient, access: Access, ids: Sequence[str]) -> dict[str, Standing]:
    """Return how statuses stand. What a server leaves out of many is asked for by itself: only then is it gone."""
    try:
        told = {str(item.get("id")): item for item in client.statuses(ids)}
    except Refused:  # a server without that address: each by itself
        told = {}
    found: dict[str, Standing] = {}
    for remote_id in ids:
        try:
            found[remote_id] = _standing(told.get(remote_id) or client.status(remote_id), access)
        except Unknown:
            found[remote_id] = GONE
        except (Refused, *_MISSHAPEN):
            continue
    return found


def _standing(status: Json, access: Access) -> Standing:
    message = read_message(status, access.profile_id, domain_of(access))
    return Standing(
        text=message.text,
        media=message.media,
        language=message.language,
        edited_at=moment(status["edited_at"]) if status.get("edited_at") else None,
    )


def search(client: MastodonClient, access: Access, terms: SearchTerms, cursor: str | None) -> Batch:
    """Return one page of a hashtag's timeline after ``cursor``, oldest first; ``None`` reads the newest page.

    It is read forwards (``min_id``), as the notifications are; what a server without that leaves out is a gap.
    """
    items = _page(client, terms, **({"min_id": cursor} if cursor else {}))
    fresh = [one for one in items if is_after(str(one["id"]), cursor)]
    newest = max((str(one["id"]) for one in fresh), key=order, default=cursor or START)
    gap = None
    if cursor and len(items) >= PAGE:
        oldest = min((str(one["id"]) for one in items), key=order)
        between = _page(client, terms, since_id=cursor, max_id=oldest)
        missing = any(is_after(str(one["id"]), cursor) and is_after(oldest, str(one["id"])) for one in between)
        gap = Gap(cursor, oldest) if missing else None
    return Batch(_read(fresh, access, terms), newest, more=cursor is not None and bool(fresh), gap=gap)


def search_older(client: MastodonClient, access: Access, terms: SearchTerms, gap: Gap, place: str) -> Older:
    """Return one page of what a gap left out; ``place`` is the oldest status read so far."""
    before = place or gap.older_than or ""
    items = _page(client, terms, **({"max_id": before} if before else {}))
    further = [one for one in items if not before or order(str(one["id"])) < order(before)]
    known = gap.newer_than or START
    fresh = [one for one in further if is_after(str(one["id"]), known)]
    met = len(fresh) < len(further) or (not items and known == START)
    oldest = min((str(one["id"]) for one in further), key=order, default=before)
    return Older(_read(fresh, access, terms), oldest, met=met, ended=not items)


def _page(client: MastodonClient, terms: SearchTerms, **bounds: str) -> list[Json]:
    if terms.form != "hashtag":
        raise Refused("an instance follows hashtags only", {"words": "not a hashtag"})
    return [one for one in client.tagged(quote(terms.words, safe=""), **bounds) if one.get("id")]


def _read(items: Iterable[Json], access: Access, terms: SearchTerms) -> tuple[Incoming, ...]:
    found = []
    for item in sorted(items, key=lambda one: order(str(one["id"]))):
        try:
            message = read_message(item, access.profile_id, domain_of(access))
            to_us = _is_to_us(item, message, access)
        except _MISSHAPEN:
            continue
        if message.author.remote_id != access.profile_id:
            found.append(message if to_us else replace(message, kind=terms.kind))
    return tuple(found)


def _is_to_us(item: Json, message: Incoming, access: Access) -> bool:
    named = [str(one.get("id")) for one in item.get("mentions") or () if isinstance(one, dict)]
    return message.kind != "mention" or access.profile_id in named
