"""The event stream of another team stays silent, whatever Norlune does; a stranger's is refused."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.test import AsyncRequestFactory

from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership
from pluralis.web import live as pages
from tests.apps.cast import make_cast

SECRET = "conversation:zirconmark"


async def stream_of(seat: Membership | None, last: int | None = None, **headers: str) -> AsyncIterator[str]:
    headers = headers | ({"Last-Event-ID": str(last)} if last is not None else {})
    request = AsyncRequestFactory().get("/live", headers=headers)
    request.user, request.membership = seat.user if seat else AnonymousUser(), seat  # type: ignore[attr-defined]
    response = await pages.live(request)
    assert response.status_code == 200
    return aiter(response.streaming_content)  # type: ignore[attr-defined]


async def heard(stream: AsyncIterator[bytes], seconds: float) -> str:
    """Return everything a stream says within some seconds."""
    said = b""
    try:
        async with asyncio.timeout(seconds):
            async for chunk in stream:
                said += chunk if isinstance(chunk, bytes) else chunk.encode()
    except TimeoutError:
        pass
    return said.decode()


async def silence() -> None:
    """Close what this loop's streams opened, so that the test database can go."""
    reader = pages._changes.pop(id(asyncio.get_running_loop()))
    if reader._task is not None:
        reader._task.cancel()
        await asyncio.wait([reader._task])
    if reader._reader is not None:
        await reader._reader.close()
    await sync_to_async(connections.close_all)()


@pytest.mark.django_db(transaction=True)
def test_what_norlune_does_is_heard_by_alice_and_not_by_charlie() -> None:
    cast = make_cast()

    async def listen() -> tuple[str, str]:
        alice, charlie = await stream_of(cast.alice), await stream_of(cast.charlie)
        both = asyncio.gather(heard(alice, 4), heard(charlie, 4))
        await asyncio.sleep(1.5)
        await sync_to_async(note_change)(cast.alice.team_id, SECRET)
        found = await both
        await silence()
        return found[0], found[1]

    to_alice, to_charlie = asyncio.run(listen())
    assert SECRET in to_alice
    assert SECRET not in to_charlie and "event: change" not in to_charlie and "hello" in to_charlie


@pytest.mark.django_db(transaction=True)
def test_a_replay_from_long_ago_holds_nothing_of_norlune_for_charlie() -> None:
    cast = make_cast()
    note_change(cast.alice.team_id, SECRET)

    async def replay() -> tuple[str, str]:
        alice, charlie = await stream_of(cast.alice, 0), await stream_of(cast.charlie, 0)
        found = await asyncio.gather(heard(alice, 2), heard(charlie, 2))
        await silence()
        return found[0], found[1]

    to_alice, to_charlie = asyncio.run(replay())
    assert "event: again" in to_alice or SECRET in to_alice
    assert SECRET not in to_charlie


@pytest.mark.parametrize(
    ("member", "headers", "status"), [(False, {}, 204), (True, {"Sec-Fetch-Site": "cross-site"}, 403)]
)
def test_a_stranger_and_another_site_may_not_listen(
    db: None, member: bool, headers: dict[str, str], status: int
) -> None:
    seat = make_cast().alice if member else None
    request = AsyncRequestFactory().get("/live", headers=headers)
    request.membership = seat  # type: ignore[attr-defined]
    assert asyncio.run(pages.live(request)).status_code == status
