"""Live pages: one LISTEN connection per process, ids only, nothing lost on reconnect.

The change log is replayed by transaction id, not by row id: a row with a lower id may be committed later. A feed
delivers every row it can see, once, and its cursor is the oldest transaction that was still running, so that a
late commit is read again behind it. What a page hears twice costs it one more reading, what it never hears is
wrong for ever.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from pluralis.teams.changes import CHANNEL
from pluralis.teams.models import Membership

log = logging.getLogger(__name__)

STREAM_SECONDS = 15 * 60
MEMBERSHIP_SECONDS = 30.0
HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2000
MOST_TOPICS = 500
REPLAY_ROWS = 5_000

_READ = """
  SELECT id, topics FROM teams_change WHERE team_id = %s AND xid >= %s ORDER BY id LIMIT %s
"""
_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_OLDEST = "SELECT coalesce(min(xid), 0) FROM teams_change"


@dataclass
class Feed:
    """What one team's pages in this process hear. ``seen`` are rows delivered but not yet behind the cursor."""

    team_id: UUID
    cursor: int
    seen: set[int] = field(default_factory=set)
    listeners: set[asyncio.Queue[tuple[int, list[str]]]] = field(default_factory=set)


class Changes:
    """The change log as this process reads it: one connection that listens, one that reads."""

    def __init__(self) -> None:
        self._feeds: dict[UUID, Feed] = {}
        self._task: asyncio.Task[None] | None = None
        self._reader: psycopg.AsyncConnection | None = None
        self._reading = asyncio.Lock()
        self._listening = False

    def start(self) -> None:
        """Begin to listen, if it is not done yet; on the event loop of the server."""
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._listen())

    def problem(self) -> str | None:
        """Return what `/healthz` says of this: None while notifications are heard."""
        hears = self._listening and self._task is not None and not self._task.done()
        return None if hears else "does not hear of changes"

    async def follow(self, team_id: UUID) -> tuple[Feed, asyncio.Queue[tuple[int, list[str]]]]:
        """Join a team's feed, starting the listener if it does not run."""
        self.start()
        feed = self._feeds.get(team_id)
        if feed is None:
            # Somebody else may have opened the feed during the wait: two of one team would leave one unheard.
            feed = self._feeds.setdefault(team_id, Feed(team_id, await self.horizon()))
        queue: asyncio.Queue[tuple[int, list[str]]] = asyncio.Queue(maxsize=1000)
        feed.listeners.add(queue)
        return feed, queue

    def leave(self, feed: Feed, queue: asyncio.Queue[tuple[int, list[str]]]) -> None:
        """Leave a feed; the last one closes it."""
        feed.listeners.discard(queue)
        if not feed.listeners and self._feeds.get(feed.team_id) is feed:
            self._feeds.pop(feed.team_id, None)

    async def horizon(self) -> int:
        """Return the oldest transaction that was still running: everything before it is settled."""
        return int((await self._query(_HORIZON))[0][0])

    async def replay(self, team_id: UUID, cursor: int) -> tuple[int, list[str]] | None:
        """Return what changed since ``cursor`` and the new cursor; ``None`` when the log no longer reaches back."""
        if cursor < int((await self._query(_OLDEST))[0][0]):
            return None
        horizon = await self.horizon()
        rows = await self._query(_READ, team_id, cursor, REPLAY_ROWS)
        if len(rows) == REPLAY_ROWS:
            return None
        return horizon, _topics(rows)

    async def _listen(self) -> None:
        """Hear notifications for as long as somebody follows; a lost connection is made again."""
        while True:
            try:
                async with await _connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._listening = True
                    await self._tell_all()
                    async for notification in connection.notifies():
                        await self._tell(notification.payload)
            except (psycopg.OperationalError, OSError) as problem:
                log.warning("live pages lost the database: %s", problem)
                self._reader = None
                self._listening = False
                await asyncio.sleep(1)

    async def _tell_all(self) -> None:
        for team_id in list(self._feeds):
            await self._tell(str(team_id))

    async def _tell(self, payload: str) -> None:
        feed = self._feeds.get(UUID(payload))
        if feed is None:
            return
        horizon = await self.horizon()
        found = await self._query(_READ, feed.team_id, feed.cursor, REPLAY_ROWS)
        rows = [row for row in found if row[0] not in feed.seen]
        if horizon > feed.cursor:
            feed.cursor, feed.seen = horizon, set()
        feed.seen |= {row[0] for row in rows}
        if rows:
            self._hand_out(feed, (feed.cursor, _topics(rows)))

    def _hand_out(self, feed: Feed, event: tuple[int, list[str]]) -> None:
        for queue in feed.listeners:
            # A page that does not read is told to read everything again when it does.
            if queue.full():
                queue.get_nowait()
                event = (event[0], [])
            queue.put_nowait(event)

    async def _query(self, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        async with self._reading:
            if self._reader is None or self._reader.closed:
                self._reader = await _connect()
            cursor = await self._reader.execute(sql, values)
            return await cursor.fetchall()


async def _connect() -> psycopg.AsyncConnection:
    return await psycopg.AsyncConnection.connect(
        settings.DATABASE_DIRECT_URL, autocommit=True, application_name="pluralis live"
    )


def _topics(rows: list[tuple]) -> list[str]:  # type: ignore[type-arg]
    found = sorted({topic for _id, topics in rows for topic in topics})
    return found if len(found) <= MOST_TOPICS else []


_changes: dict[int, Changes] = {}


def changes() -> Changes:
    """Return the reader of the running event loop."""
    return _changes.setdefault(id(asyncio.get_running_loop()), Changes())


def listener_problem() -> str | None:
    """Return what is wrong with this process's listener, for `/healthz`; None when it hears."""
    said = [reader.problem() for reader in _changes.values()] or ["does not listen yet"]
    return next((problem for problem in said if problem), None)


async def live(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Stream what changes in the person's team, from ``Last-Event-ID`` on.

    204 tells the browser not to ask again: nobody is signed in, or the seat is gone. Other sites may not listen.
    """
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return HttpResponse(status=204)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return HttpResponse(status=403)
    last = request.headers.get("Last-Event-ID", "")
    response = StreamingHttpResponse(
        _events(membership, int(last) if last.isdecimal() and len(last) < 19 else None),
        content_type="text/event-stream",
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _events(membership: Membership, last: int | None) -> AsyncIterator[str]:
    # Signing in took a connection of the pool; a stream that kept it would stop all others at the pool's size.
    await _give_back()
    log_reader = changes()
    feed, queue = await log_reader.follow(membership.team_id)
    ends_at = time.monotonic() + STREAM_SECONDS
    checked_at = time.monotonic()
    try:
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        yield await _first(log_reader, membership.team_id, last)
        while time.monotonic() < ends_at:
            yield await _next(queue)
            if time.monotonic() - checked_at >= MEMBERSHIP_SECONDS:
                checked_at = time.monotonic()
                if not await _still_seated(membership):
                    return
    finally:
        log_reader.leave(feed, queue)


async def _next(queue: asyncio.Queue[tuple[int, list[str]]]) -> str:
    """Return the next event, or a sign of life when nothing happens."""
    try:
        return _event(*await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS))
    except TimeoutError:
        return ": here\n\n"


async def _first(log_reader: Changes, team_id: UUID, last: int | None) -> str:
    """Return what a page missed; a page that comes for the first time has just read everything."""
    if last is None:
        return f"id: {await log_reader.horizon()}\nevent: hello\ndata: {{}}\n\n"
    missed = await log_reader.replay(team_id, last)
    if missed is None:
        return f"id: {await log_reader.horizon()}\nevent: again\ndata: {{}}\n\n"
    cursor, topics = missed
    return _event(cursor, topics) if topics else f"id: {cursor}\nevent: hello\ndata: {{}}\n\n"


def _event(cursor: int, topics: list[str]) -> str:
    """Return one event; no topics means too many to name: read everything again."""
    kind = "change" if topics else "again"
    return f"id: {cursor}\nevent: {kind}\ndata: {json.dumps({'topics': topics})}\n\n"


@sync_to_async
def _still_seated(membership: Membership) -> bool:
    try:
        return Membership.objects.filter(
            id=membership.id, user__is_active=True, team_id=membership.team_id, role=membership.role
        ).exists()
    finally:
        connection.close()


@sync_to_async
def _give_back() -> None:
    connection.close()
