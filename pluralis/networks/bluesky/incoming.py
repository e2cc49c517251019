"""What others wrote to us: notifications and direct messages, read into plain values with cursors of our own.

Notifications come newest first and only backwards, sorted by a time that a late one may bring along. The cursor
therefore remembers the newest instant (``known``) and what was seen in the ten minutes before it (``seen``), so that
a late one is neither missed nor told twice; and, while a long absence is caught up, the page to go on with
(``page``) and where that look began (``top``).
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pluralis.networks.bluesky.client import Client
from pluralis.networks.bluesky.records import (
    images_of,
    moment,
    page_of,
    parent_of,
    quoted_by,
    reference,
)
from pluralis.networks.contract import Batch, Gap, Incoming, Kind, Reference, RemoteMedia, RemoteProfile
from pluralis.networks.hearing import Older
from pluralis.networks.transport import Json

Written = tuple[str, dict[str, Any]]
"""A conversation's id and one message of it."""

KINDS = frozenset({"mention", "reply", "quote"})
LATEST = 50
MOST_PAGES = 10
OVERLAP = 600_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading of notifications stands. Instants are in milliseconds since 1970; ``seen`` maps digests."""

    known: int = 0
    known_uri: str = ""
    top: int = 0
    page: str = ""
    seen: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, cursor: str | None) -> "Place":
        """Read a cursor back; one that cannot be read starts anew."""
        try:
            content = json.loads(cursor or "{}")
            seen = {str(name): int(at) for name, at in dict(content.get("seen", {})).items()}
            known, top = int(content.get("known", 0)), int(content.get("top", 0))
            return cls(known, str(content.get("uri", "")), top, str(content.get("page", "")), seen)
        except (ValueError, TypeError, AttributeError):
            return cls()

    def __str__(self) -> str:
        told = {"known": self.known, "uri": self.known_uri, "top": self.top, "page": self.page, "seen": self.seen}
        return json.dumps(told, separators=(",", ":"))


@dataclass(slots=True)
class Look:
    """What one look at the notifications brings: new items with their instants, and how far back it came."""

    place: Place
    items: dict[str, tuple[int, Json]] = field(default_factory=dict)
    page: str | None = None
    met: bool = False
    ended: bool = False

    def take(self, page: list[Json], following: str | None) -> None:
        """Add a page."""
        dated = [(at, item) for item in page if (at := _instant(item)) is not None]
        floor = self.place.known - OVERLAP
        for at, item in dated:
            digest = _digest(item)
            if at >= floor and digest not in self.place.seen:
                self.items[digest] = (at, item)
        self.met = self.met or any(at <= self.place.known for at, _ in dated)
        self.page = following
        self.ended = not following or not page or any(at < floor for at, _ in dated)


def fetch_mentions(client: Client, cursor: str | None) -> Batch:
    """Return mentions, replies and quotes since ``cursor``, oldest first; ``None`` reads the newest page only.

    Reads at most :data:`MOST_PAGES` pages; what lies further back follows with the next calls, ``more`` says so.
    """
    return gathered(client.notifications, _tried, cursor)


Turn = Callable[[str | None], tuple[list[Json], str | None]]
Read = Callable[[Json], Incoming | None]


def gathered(turn: Turn, read: Read, cursor: str | None) -> Batch:
    """Return what a list that is turned backwards, newest first, has gained since ``cursor``, oldest first."""
    look = Look(Place.parse(cursor))
    look.page = look.place.page or None
    for _ in range(MOST_PAGES if cursor else 1):
        look.take(*turn(look.page))
        if look.ended:
            break
    ordered = sorted(look.items.values(), key=lambda dated: (dated[0], str(dated[1].get("uri"))))
    messages = tuple(one for one in (read(item) for _, item in ordered) if one)
    going_on = bool(cursor) and not look.ended
    # The list ended before it came to what we knew: the network no longer gives what lay between.
    lost = look.ended and look.place.known and not look.met and ordered
    gap = Gap(look.place.known_uri or None, str(ordered[0][1].get("uri"))) if lost else None
    return Batch(messages, str(_next_place(look, going_on)), more=going_on, gap=gap)


def fetch_older(client: Client, gap: Gap, place: str) -> Older:
    """Return one page of what ``gap`` left out; ``place`` is the network's name of the page.

    The list cannot be entered in its middle: it is read from its newest page until the last known post comes.
    """
    return turned_back(client.notifications, _tried, gap, place)


def turned_back(turn: Turn, read: Read, gap: Gap, place: str) -> Older:
    """Return one page of a gap in a list that is turned backwards."""
    items, following = turn(place or None)
    uris = [str(item.get("uri")) for item in items]
    met = gap.newer_than in uris
    wanted = items[: uris.index(str(gap.newer_than))] if met else items
    messages = [one for one in map(read, reversed(wanted)) if one]
    return Older(tuple(messages), following or "", met=met, ended=not following or not items)


def _next_place(look: Look, going_on: bool) -> Place:
    place = look.place
    newest = max(look.items.values(), key=lambda dated: dated[0], default=None)
    top = max(place.top, place.known, newest[0] if newest else 0)
    everything = {**place.seen, **{digest: at for digest, (at, _) in look.items.items()}}
    if going_on:
        return Place(place.known, place.known_uri, top, look.page or "", everything)
    uri = str(newest[1].get("uri")) if newest and newest[0] >= place.known else place.known_uri
    return Place(top, uri, seen={digest: at for digest, at in everything.items() if at >= top - OVERLAP})


def _instant(item: Json) -> int | None:
    """Return the app view's own time of an item in milliseconds."""
    at = moment(item.get("indexedAt"))
    return None if at is None else int(at.timestamp() * 1000)


def _digest(item: Json) -> str:
    return hashlib.sha256(f"{item.get('uri')} {item.get('reason')}".encode()).hexdigest()[:12]


def _tried(item: Json) -> Incoming | None:
    """Read one item; a misshapen one is passed over, so that it cannot hold up the others for ever."""
    try:
        return read_notification(item)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def read_notification(item: Json) -> Incoming | None:
    """Return a notification as a message; ``None`` when it is of another kind."""
    return read_view(item, cast(Kind, item["reason"])) if item.get("reason") in KINDS else None


def read_view(item: Json, kind: Kind) -> Incoming | None:
    """Return a post with its author as a message of a kind; ``None`` when its record or its time is none."""
    record, written = item.get("record"), moment(item.get("indexedAt"))
    if not isinstance(record, dict) or written is None:
        return None
    uri, cid = str(item.get("uri", "")), str(item.get("cid", ""))
    root = reference(uri, cid, record).extra.get("root_uri")
    languages = record.get("langs")
    return Incoming(
        reference=reference(uri, cid, record),
        kind=kind,
        text=str(record.get("text", "")),
        author=read_profile(item.get("author") or {}),
        created_at=written,
        url=page_of(uri),
        in_reply_to_id=parent_of(record),
        quoted_id=quoted_by(record),
        conversation=root or uri,
        media=_media(uri, record),
        language=str(languages[0]) if isinstance(languages, list) and languages else None,
    )


def _media(uri: str, record: Mapping[str, Any]) -> tuple[RemoteMedia, ...]:
    """Return the pictures of a record; they lie at the app view's picture server, by author and cid."""
    did = uri.removeprefix("at://").partition("/")[0]
    found = []
    for image in images_of(record):
        blob = image.get("image")
        link = blob.get("ref", {}).get("$link", "") if isinstance(blob, dict) else ""
        if link:
            url = f"https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{link}@jpeg"
            found.append(RemoteMedia(url, "image/jpeg", str(image.get("alt", ""))))
    return tuple(found)


def read_profile(view: Json) -> RemoteProfile:
    """Return a profile view (basic, plain or detailed) as a profile."""
    handle = str(view.get("handle", ""))
    return RemoteProfile(
        remote_id=str(view["did"]),
        handle=handle,
        display_name=str(view.get("displayName") or ""),
        url=f"https://bsky.app/profile/{view['did']}",
        avatar_url=str(view.get("avatar") or ""),
        bio=str(view.get("description") or ""),
        followers=_count(view.get("followersCount")),
        following=_count(view.get("followsCount")),
        posts=_count(view.get("postsCount")),
        created_at=moment(view.get("createdAt")),
    )


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def fetch_messages(client: Client, service: str, own_did: str, cursor: str | None) -> Batch:
    """Return one page of direct messages from others, oldest first, from the service's log after ``cursor``."""
    if cursor is None:
        return _newest_messages(client, service, own_did)
    written, following = client.chat_query(service, "getLog", _read_log, cursor=cursor)
    messages = _read_messages(client, [entry for entry in written if entry[1]], own_did)
    return Batch(messages, following or cursor, more=bool(written) and following not in ("", cursor))


def _read_log(body: Json) -> tuple[list[Written], str]:
    """Return the log's entries, those that bring no message with an empty one, and where to go on."""
    written = []
    for log in body["logs"]:
        brings = str(log["$type"]).endswith("#logCreateMessage")
        written.append((str(log.get("convoId", "")), dict(log["message"]) if brings else {}))
    return written, str(body.get("cursor") or "")


def _newest_messages(client: Client, service: str, own_did: str) -> Batch:
    written, latest = client.chat_query(service, "listConvos", _read_convos, limit=str(LATEST))
    return Batch(_read_messages(client, written, own_did), latest)


def _read_convos(body: Json) -> tuple[list[Written], str]:
    written = [(str(convo["id"]), dict(convo.get("lastMessage") or {})) for convo in body["convos"]]
    return written, max((str(convo["rev"]) for convo in body["convos"]), default="")


def _read_messages(client: Client, written: list[Written], own_did: str) -> tuple[Incoming, ...]:
    from_others = [(convo, message) for convo, message in written if _sender(message) not in ("", own_did)]
    people = client.profiles(sorted({_sender(message) for _, message in from_others}))
    read = [_message(convo, message, people, own_did) for convo, message in from_others]
    return tuple(sorted((message for message in read if message), key=lambda message: message.created_at))


def _sender(message: Json) -> str:
    sender = message.get("sender")
    return str(sender.get("did", "")) if isinstance(sender, dict) else ""


def is_deleted(message: Json) -> bool:
    """Say whether our side of a conversation shows a message no longer: it has neither text nor use."""
    return str(message.get("$type")).endswith("#deletedMessageView")


def _message(convo: str, message: Json, people: Mapping[str, Json], own_did: str) -> Incoming | None:
    sent = moment(message.get("sentAt"))
    if sent is None or not message.get("id") or is_deleted(message):
        return None
    did = _sender(message)
    return Incoming(
        reference=Reference(str(message["id"]), {"conversation": convo}),
        kind="direct",
        text=str(message.get("text", "")),
        author=read_profile(people.get(did) or {"did": did}),
        created_at=sent,
        url=f"https://bsky.app/messages/{convo}",
        conversation=convo,
        visibility="direct",
        recipient_id=own_did,
    )
