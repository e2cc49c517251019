"""Is a part there? Our own posts and messages since an instant, read to the end.

The instant is of our clock, the posts are dated by X's. Where X's clock (its Date header) is behind ours, the
window begins earlier by as much and what is found is dated on our clock: a window that begins too late would
"prove" that a post is absent which is there. Where it is ahead nothing is done: the window is then too wide, which
is harmless.
"""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pluralis.core.matching import WINDOW
from pluralis.networks.contract import Access, Outgoing, Reference, RemotePost, Search
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.x.client import XClient
from pluralis.networks.x.dialect import Row
from pluralis.networks.x.polling import Pages, read_pages
from pluralis.networks.x.reading import MISSHAPEN, read_instant, read_own_post, web_origin

PAGE = 100
MOST_PAGES = 64  # X shows 3,200 posts, and may give fewer a page than asked
MESSAGE_PAGES = 5  # X allows 15 such requests in 15 minutes
TOLERATED = timedelta(minutes=1)
NONE = timedelta(0)


def find_post(client: XClient, outgoing: Outgoing, since: datetime) -> Search:
    """Return our own posts since five minutes before ``since``."""
    pages = _read_posts(client, since - WINDOW)
    behind = _behind(pages)
    if behind:
        pages = _read_posts(client, since - WINDOW - behind)
    access = client.access
    try:
        posts = [read_own_post(row, access.host, access.handle, outgoing.text) for row in pages.rows]
    except MISSHAPEN as odd:
        raise NotNow("X showed a post in a way that we cannot read") from odd
    return Search(tuple(_on_our_clock(post, behind) for post in posts), pages.complete)


def _read_posts(client: XClient, start: datetime) -> Pages:
    asked = {"max_results": str(PAGE), "start_time": start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    path = f"/2/users/{client.access.profile_id}/tweets"
    return read_pages(client, path, asked | client.dialect.own_posts, most=MOST_PAGES)


def find_message(client: XClient, outgoing: Outgoing, since: datetime) -> Search:
    """Return our messages to the recipient since five minutes before ``since``: X takes no time here."""
    recipient = outgoing.recipient or ""
    if not re.fullmatch(r"[0-9]{1,19}", recipient):
        raise Refused("A private message needs somebody to go to", {"recipient": "is needed"})
    start = since - WINDOW
    pages = _read_messages(client, recipient, start)
    behind = _behind(pages)
    if behind:
        start -= behind
        pages = _read_messages(client, recipient, start)
    access = client.access
    ours = [row for row in pages.rows if str(row.get("sender_id")) == access.profile_id]
    try:
        posts = [_own_message(row, access) for row in ours if not _is_older(row, start)]
    except MISSHAPEN as odd:
        raise NotNow("X showed a message in a way that we cannot read") from odd
    return Search(tuple(_on_our_clock(post, behind) for post in posts), pages.complete)


def _read_messages(client: XClient, recipient: str, start: datetime) -> Pages:
    asked = {"max_results": str(PAGE)} | client.dialect.messages
    path = f"/2/dm_conversations/with/{recipient}/dm_events"
    return read_pages(client, path, asked, most=MESSAGE_PAGES, until=lambda row: _is_older(row, start))


def _behind(pages: Pages) -> timedelta:
    """Return how far X's clock is behind ours; nothing when it is ahead, about right or not told."""
    if pages.told_at is None:
        return NONE
    behind = datetime.now(UTC) - pages.told_at
    return behind if behind > TOLERATED else NONE


def _on_our_clock(post: RemotePost, behind: timedelta) -> RemotePost:
    return replace(post, created_at=post.created_at + behind) if post.created_at else post


def _is_older(row: Row, start: datetime) -> bool:
    try:
        at = read_instant(row.get("created_at"))
    except MISSHAPEN as odd:
        raise NotNow("X showed a message in a way that we cannot read") from odd
    return at is not None and at < start


def _own_message(row: Row, access: Access) -> RemotePost:
    return RemotePost(
        reference=Reference(str(row["id"]), {"own": "yes"}),
        url=f"{web_origin(access.host)}/messages",
        text=html.unescape(str(row.get("text") or "")),
        created_at=read_instant(row.get("created_at")),
        media_count=len((row.get("attachments") or {}).get("media_keys") or ()),
        visibility="direct",
    )
