"""Open pages that keep themselves up to date: how long after a change the last of them has heard.

One server process, as in production, and so many event streams to it, spread over the members. Each change is noted
as an action notes it; what is timed is from its commit until each stream has read the event.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from typing import Any

CHANGES = 40


def follow(pages: int) -> None:
    """Print the lateness of updates over all pages."""
    from pluralis.teams.models import Membership

    members = list(Membership.objects.filter(team__name="Norlune").select_related("user", "team")[:20])
    cookies = [_cookie(member) for member in members]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "uvicorn", "pluralis.config.asgi:application", "--host", "127.0.0.1",
         "--port", str(port), "--log-level", "error", "--timeout-graceful-shutdown", "1"],
        env=os.environ | {"ALLOWED_HOSTS": "localhost,127.0.0.1"},
    )  # fmt: skip
    try:
        late = asyncio.run(_listen(port, cookies, pages, members[0]))
    finally:
        server.terminate()
        server.wait(timeout=20)
    late.sort()
    print(f"{'live updates':<44}{'pages':>8}{'heard':>9}{'p50 ms':>9}{'p99 ms':>9}{'max':>9}")
    p99 = late[int(len(late) * 0.99) - 1]
    print(f"{'from commit to each open page':<44}{pages:>8}{len(late):>9}{late[len(late) // 2]:>9.1f}{p99:>9.1f}"
          f"{late[-1]:>9.1f}", flush=True)  # fmt: skip


def _cookie(member: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(member.user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


async def _listen(port: int, cookies: list[str], pages: int, member: Any) -> list[float]:
    from asgiref.sync import sync_to_async

    from pluralis.teams.changes import note_change

    heard: dict[str, list[float]] = {}
    streams = [await _open(port, cookies[each % len(cookies)]) for each in range(pages)]
    readers = [asyncio.create_task(_read(stream, heard)) for stream in streams]
    await asyncio.sleep(2)
    late: list[float] = []
    for number in range(CHANGES):
        topic = f"bench:{number}"
        heard[topic] = []
        await sync_to_async(note_change)(member.team_id, topic)
        at = time.perf_counter()
        until = at + 10
        while len(heard[topic]) < pages and time.perf_counter() < until:
            await asyncio.sleep(0.02)
        if len(heard[topic]) < pages:
            raise SystemExit(f"only {len(heard[topic])} of {pages} pages heard in ten seconds")
        late += [max(0.0, (each - at) * 1000) for each in heard[topic]]
        await asyncio.sleep(0.1)
    for task in readers:
        task.cancel()
    return late


async def _open(port: int, cookie: str) -> asyncio.StreamReader:
    for attempt in range(100):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except OSError:
            if attempt == 99:
                raise
            await asyncio.sleep(0.3)
    writer.write(f"GET /live HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
    status = await reader.readline()
    if b"200" not in status:
        raise SystemExit(f"a stream was answered {status!r}")
    reader._kept_writer = writer  # type: ignore[attr-defined]  # or the connection is closed under the reader
    return reader


async def _read(stream: asyncio.StreamReader, heard: dict[str, list[float]]) -> None:
    while line := await stream.readline():
        if line.startswith(b"data:") and b"bench:" in line:
            topic = line.split(b'"bench:')[1].split(b'"')[0].decode()
            heard[f"bench:{topic}"].append(time.perf_counter())
