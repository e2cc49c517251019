"""What others wrote to us: notifications and direct messages, read into plain values with cursors of our own.

Notifications come newest first and only backwards. The cursor therefore remembers how far we knew (``known``),
what was newest when a look began (``top``) and the page to go on with (``page``), so that one fetch reads one page
and a long absence is caught up in many small steps, none lost when one of them fails.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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
from pluralis.networks.transport import Json

Written = tuple[str, dict[str, Any]]
"""A conversation's id and one message of it."""

KINDS = frozenset({"mention", "reply", "quote"})
LATEST = 50
MOST_PAGES = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading of notifications stands: ``stamp uri`` of two items, and the server's name of a page."""

    known: str = ""
    top: str = ""
    page: str = ""

    @classmethod
    def parse(cls, cursor: str | None) -> "Place":
        """Read a cursor back; one that cannot be read starts anew."""
        try:
            content = json.loads(cursor or "{}")
            return cls(str(content.get("known", "")), str(content.get("top", "")), str(content.get("page", "")))
        except (ValueError, AttributeError):
            return cls()

    def __str__(self) -> str:
        return json.dumps({"known": self.known, "top": self.top, "page": self.page})


def fetch_mentions(client: Client, cursor: str | None) -> Batch:
    """Return mentions, replies and quotes since ``cursor``, oldest first; ``None`` reads the newest page only.

    Reads at most :data:`MOST_PAGES` pages; what lies further back follows with the next calls, ``more`` says so.
    """
    place = Place.parse(cursor)
    found: dict[str, Json] = {}
    page, reached = place.page or None, False
    for _ in range(MOST_PAGES):
        items, page = client.notifications(page)
        found |= {mark: item for mark, item in ((_mark(item), item) for item in items) if mark > place.known}
        reached = not place.known or any(_mark(item) <= place.known for item in items)
        if reached or not page or not items:
            break
    return _batch(place, found, page, reached)


def _batch(place: Place, found: Mapping[str, Json], page: str | None, reached: bool) -> Batch:
    marks = sorted(found)
    messages = tuple(read for read in (_tried(found[mark]) for mark in marks) if read)
    top = place.top or max([place.known, *marks])
    if not reached and page:
        return Batch(messages, str(Place(place.known, top, page)), more=True)
    # The list ended before it came to what we knew: the network no longer gives what lay between.
    gap = None if reached or not marks else Gap(_uri(place.known), _uri(marks[0]))
    return Batch(messages, str(Place(top)), gap=gap)


def _mark(item: Json) -> str:
    """Return what orders notifications: the app view's own time, then the address."""
    seen = moment(item.get("indexedAt")) or datetime.min.replace(tzinfo=UTC)
    return f"{seen.isoformat(timespec='milliseconds')} {item.get('uri', '')}"


def _uri(mark: str) -> str | None:
    return mark.partition(" ")[2] or None


def _tried(item: Json) -> Incoming | None:
    """Read one item; a misshapen one is passed over, so that it cannot hold up the others for ever."""
    try:
        return read_notification(item)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def read_notification(item: Json) -> Incoming | None:
    """Return a notification as a message; ``None`` when it is of another kind."""
    kind, record = item.get("reason"), item.get("record")
    written = moment(item.get("indexedAt"))
    if kind not in KINDS or not isinstance(record, dict) or written is None:
        return None
    uri, cid = str(item.get("uri", "")), str(item.get("cid", ""))
    root = reference(uri, cid, record).extra.get("root_uri")
    languages = record.get("langs")
    return Incoming(
        reference=reference(uri, cid, record),
        kind=cast(Kind, kind),
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


def _message(convo: str, message: Json, people: Mapping[str, Json], own_did: str) -> Incoming | None:
    sent = moment(message.get("sentAt"))
    if sent is None or not message.get("id"):  # a deleted message has neither text nor use
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
