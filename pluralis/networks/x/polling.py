"""Reading X's lists: newest first, page after page, into batches that miss nothing.

X shows a mention a moment after its id was given, so a later id can be seen before an earlier one. The cursor
therefore keeps the newest id *and* the ids seen in the last half minute before it; each poll asks again from half
a minute back and leaves out what was seen.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pluralis.networks.contract import Access, Batch, Gap, Incoming
from pluralis.networks.errors import Refused
from pluralis.networks.hearing import Older
from pluralis.networks.x.client import XClient
from pluralis.networks.x.dialect import Row
from pluralis.networks.x.reading import Included, read_odd_mention, read_odd_message
from pluralis.networks.x.refusals import refusal_of_read

PAGE = 100
MENTIONS_KEPT = 800
MENTION_PAGES = 160  # X may give fewer rows than asked, at worst five a page
MESSAGE_PAGES = 5  # of 100; X allows 15 requests in 15 minutes, three polls may need to catch up
OVERLAP = 30_000 << 22  # half a minute in snowflakes (milliseconds, 22 bits)
BEGINNING = 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a stream was read to: the newest id, and the ids seen just before it."""

    newest: int
    seen: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read a stored cursor."""
        newest, _, seen = text.partition(";")
        return cls(int(newest), frozenset(filter(None, seen.split(","))))

    def __str__(self) -> str:
        return f"{self.newest};{','.join(sorted(self.seen))}" if self.seen else str(self.newest)

    @property
    def since(self) -> int:
        """The id to ask from: half a minute before the newest."""
        return max(BEGINNING, self.newest - OVERLAP)

    def after(self, ids: list[str]) -> "Cursor":
        """Return the cursor once ``ids`` were read too."""
        newest = max([self.newest, *map(int, ids)])
        seen = {one for one in (*ids, *self.seen) if int(one) > newest - OVERLAP}
        return Cursor(newest, frozenset(seen))


@dataclass(slots=True)
class Pages:
    """Rows of one or more pages, newest first, each with what its page carried.

    ``complete`` says that nothing was left behind, ``withheld`` that a page held fewer rows than it claimed;
    ``told_at`` is the network's own time of the first answer.
    """

    rows: list[Row] = field(default_factory=list)
    included: list[Included] = field(default_factory=list)
    complete: bool = True
    withheld: bool = False
    told_at: datetime | None = None


def read_pages(
    client: XClient, path: str, params: Mapping[str, str], *, most: int, until: Callable[[Row], bool] | None = None
) -> Pages:
    """Read up to ``most`` pages.

    ``until`` ends the reading after the page with the first row for which it is true. A page with fewer rows
    than it claims is not complete. Raises NotNow or Disconnected.
    """
    pages = Pages()
    asked = dict(params)
    for _ in range(most):
        answer = client.read(path, asked)
        if not answer.ok:
            raise refusal_of_read(answer, client.access)
        rows, carried, token, claimed = answer.parse(lambda body: page_of(body, client.access.host))
        pages.told_at = pages.told_at or answer.date()
        pages.rows += rows
        pages.included += [carried] * len(rows)
        pages.withheld = pages.withheld or claimed != len(rows)
        pages.complete = pages.complete and not pages.withheld
        if not token or (until and any(until(row) for row in rows)):
            return pages
        asked["pagination_token"] = token
    pages.complete = False
    return pages


def page_of(body: Row, host: str) -> tuple[list[Row], Included, str, int]:
    """Take a page apart: rows, what it carries, the token of the next, how many rows it claims."""
    meta = body["meta"]
    rows = list(body.get("data") or ())
    if not all(re.fullmatch(r"[0-9]{1,19}", row["id"]) for row in rows):
        raise ValueError("an id that is none")
    return rows, Included(body, host), str(meta.get("next_token") or ""), int(meta.get("result_count", len(rows)))


def fetch(client: XClient, stream: str, cursor: str | None) -> Batch:
    """Return all that is new in a stream, oldest first; ``cursor`` ``None`` reads the newest page only."""
    if stream not in ("mentions", "messages"):
        raise Refused(f"X has no stream {stream!r}")
    read = _fetch_mentions if stream == "mentions" else _fetch_messages
    return read(client, Cursor.parse(cursor) if cursor else None)


def _fetch_mentions(client: XClient, cursor: Cursor | None) -> Batch:
    access = client.access
    asked = {"max_results": str(PAGE)} | client.dialect.mentions
    asked |= {"since_id": str(cursor.since)} if cursor else {}
    path = f"/2/users/{access.profile_id}/mentions"
    pages = read_pages(client, path, asked, most=MENTION_PAGES if cursor else 1)
    rows = pages.rows
    messages = _mentions(access, zip(rows, pages.included, strict=True))
    # X ends its list after 800 without a word: as many as that may be all, or all that X still shows.
    lacking = len(rows) >= MENTIONS_KEPT or not pages.complete
    gap = gap_of(cursor, rows, withheld=pages.withheld) if cursor and rows and lacking else None
    return batch_of(messages, rows, cursor, gap)


def _mentions(access: Access, rows: Iterable[tuple[Row, Included]]) -> dict[str, Incoming]:
    us = {"id": access.profile_id, "handle": access.handle}
    return {
        str(row["id"]): read_odd_mention(row, carried, us)
        for row, carried in rows
        if str(row.get("author_id")) != access.profile_id
    }


def _fetch_messages(client: XClient, cursor: Cursor | None) -> Batch:
    """Private messages know no since_id: read back until half a minute before the newest known."""
    access = client.access
    asked = {"max_results": str(PAGE)} | client.dialect.messages
    since = cursor.since if cursor else None
    until = (lambda row: int(row["id"]) <= since) if since else None
    pages = read_pages(client, "/2/dm_events", asked, most=MESSAGE_PAGES if cursor else 1, until=until)
    both = zip(pages.rows, pages.included, strict=True)
    fresh = [(row, carried) for row, carried in both if int(row["id"]) > (since or 0)]
    messages = _messages(access, fresh)
    lacking = pages.rows and not pages.complete
    gap = gap_of(cursor, pages.rows, withheld=pages.withheld) if cursor and lacking else None
    return batch_of(messages, [row for row, _ in fresh], cursor, gap)


def _messages(access: Access, rows: Iterable[tuple[Row, Included]]) -> dict[str, Incoming]:
    return {
        str(row["id"]): read_odd_message(row, carried, access.profile_id)
        for row, carried in rows
        if str(row.get("sender_id")) != access.profile_id
        and row.get("event_type", "MessageCreate") == "MessageCreate"
    }


def gap_of(cursor: Cursor, rows: list[Row], *, withheld: bool) -> Gap:
    """Name what is missing: below the oldest row, or, where a page kept rows back, anywhere below the newest."""
    ids = [int(row["id"]) for row in rows]
    return Gap(newer_than=str(cursor.newest), older_than=str(max(ids) + 1 if withheld else min(ids)))


def batch_of(messages: Mapping[str, Incoming], rows: list[Row], cursor: Cursor | None, gap: Gap | None) -> Batch:
    """Return what of the messages is new since a cursor, with the cursor after it."""
    start = cursor or Cursor(BEGINNING)
    fresh = [messages[one] for one in sorted(messages, key=int) if one not in start.seen]
    return Batch(tuple(fresh), str(start.after([str(row["id"]) for row in rows])), gap=gap)


def fetch_older(client: XClient, stream: str, gap: Gap, place: str) -> Older:
    """Return one page of what ``gap`` left out; ``place`` is X's own name of the page, ``""`` for the newest.

    The newest known post is asked for too: when it comes, X still shows everything after it. Private messages know
    no bounds, so their list is read from its beginning.
    """
    known = int(gap.newer_than or BEGINNING)
    if stream == "mentions":
        path, asked = f"/2/users/{client.access.profile_id}/mentions", dict(client.dialect.mentions)
        asked |= {"until_id": gap.older_than} if gap.older_than else {}
        asked |= {"since_id": str(max(BEGINNING, known - 1))}
    else:
        path, asked = "/2/dm_events", dict(client.dialect.messages)
    asked |= {"max_results": str(PAGE)} | ({"pagination_token": place} if place else {})
    answer = client.read(path, asked)
    if not answer.ok:
        raise refusal_of_read(answer, client.access)
    rows, carried, token, _claimed = answer.parse(lambda body: page_of(body, client.access.host))
    read = _mentions if stream == "mentions" else _messages
    wanted = [(row, carried) for row in rows if within(int(row["id"]), known, gap.older_than)]
    messages = read(client.access, wanted)
    met = any(int(row["id"]) <= known for row in rows) or (known == BEGINNING and not token)
    return Older(tuple(messages[one] for one in sorted(messages, key=int)), token, met=met, ended=not token)


def within(number: int, known: int, older_than: str | None) -> bool:
    """Say whether an id lies in a gap."""
    return known < number and (not older_than or number < int(older_than))
