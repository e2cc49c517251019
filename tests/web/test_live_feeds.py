"""Two pages that connect at the same instant hear of the same changes."""

import asyncio
from uuid import uuid4

from pluralis.web.live import Changes


class Slow(Changes):
    """A reader whose first question to the database takes a moment, and that needs no listener."""

    def __init__(self) -> None:
        super().__init__()
        self._task = asyncio.ensure_future(asyncio.sleep(60))

    async def horizon(self) -> int:
        await asyncio.sleep(0.01)
        return 7


async def _follow_together() -> None:
    log, team = Slow(), uuid4()
    (first, one), (second, other) = await asyncio.gather(log.follow(team), log.follow(team))
    assert first is second
    log._hand_out(log._feeds[team], (8, ["inbox"]))
    assert one.qsize() == other.qsize() == 1
    log.leave(first, one)
    assert log._feeds[team].listeners == {other}
    log.leave(second, other)
    assert team not in log._feeds
    log._task.cancel()


def test_pages_that_connect_at_the_same_instant_share_one_feed() -> None:
    asyncio.run(_follow_together())
