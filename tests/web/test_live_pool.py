"""Open pages listen without a connection of the pool: two hundred of them leave it to those who read and write."""

import asyncio
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connection
from django.test import Client

from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership
from pluralis.web import live
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = 200
SECONDS = 30
MOST_IN_USE = 2
"""The connections that the test itself and the page just asked for may hold."""


def cookie_of(seat: Membership) -> bytes:
    client = Client()
    client.force_login(seat.user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


async def ask(path: str, cookie: bytes) -> ApplicationCommunicator:
    """Send a request to the whole application, as the server does, and read the head of its answer."""
    from pluralis.config.asgi import application

    headers = [(b"host", b"localhost"), (b"cookie", cookie)]
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "server": ("localhost", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    asked = ApplicationCommunicator(application, scope)
    await asked.send_input({"type": "http.request", "body": b"", "more_body": False})
    head = await asked.receive_output(SECONDS)
    assert head["status"] == 200, head
    return asked


async def listen(cookie: bytes) -> ApplicationCommunicator:
    """Open a stream and read its beginning; from then on it waits."""
    page = await ask("/live", cookie)
    assert b"retry" in (await page.receive_output(SECONDS))["body"]
    assert b"hello" in (await page.receive_output(SECONDS))["body"]
    return page


def in_use() -> int:
    stats = connection.pool.get_stats()
    return int(stats["pool_size"] - stats["pool_available"])


async def open_all(cookies: list[bytes], pages: int) -> dict[str, Any]:
    """Open the pages, look what the pool has left, ask for an ordinary page, and let one change reach all."""
    live._changes.clear()
    opened = [await listen(cookies[number % len(cookies)]) for number in range(pages)]
    told: dict[str, Any] = {"in_use": in_use()}
    ordinary = await ask("/duty", cookies[0])
    told["ordinary"] = len((await ordinary.receive_output(SECONDS))["body"]) > 1000
    await ordinary.wait(SECONDS)
    await asyncio.to_thread(_change)
    told["heard"] = sum([b"pool" in (await page.receive_output(SECONDS))["body"] for page in opened])
    told["in_use_afterwards"] = in_use()
    for page in opened:
        await page.send_input({"type": "http.disconnect"})
    for page in opened:
        await page.wait(SECONDS)
    changes = live.changes()
    told["feeds"] = len(changes._feeds)
    if changes._task is not None:
        changes._task.cancel()
    return told


def _change() -> None:
    try:
        note_change(Membership.objects.get(user__name="Bob").team_id, "pool")
    finally:
        connection.close()


def test_two_hundred_open_pages_leave_the_pool_to_the_others(cast: Cast) -> None:
    assert connection.pool.max_size < PAGES
    told = asyncio.run(open_all([cookie_of(cast.alice), cookie_of(cast.bob)], PAGES))
    assert told["in_use"] <= MOST_IN_USE
    assert told["ordinary"]
    assert told["heard"] == PAGES
    assert told["in_use_afterwards"] <= MOST_IN_USE
    assert told["feeds"] == 0


def test_a_stream_that_kept_its_connection_would_be_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def keep() -> None:
        """What the stream does when nobody thinks of the pool."""

    monkeypatch.setattr(live, "_give_back", keep)
    pages = MOST_IN_USE + 5
    told = asyncio.run(open_all([cookie_of(cast.alice)], pages))
    assert told["in_use"] > MOST_IN_USE
