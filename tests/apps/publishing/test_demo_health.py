"""What `/healthz` says of a demo and of live pages: nothing until both have been seen to work."""

import asyncio
import time
from typing import Any

import pytest

from pluralis.publishing.queries import demo_problem
from pluralis.publishing.queries import parts as queries
from pluralis.teams.models import Account
from pluralis.web import live
from tests.apps.cast import Cast
from tests.apps.publishing.test_changes import part_in


@pytest.fixture(autouse=True)
def _nothing_known_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_sent_once", False)
    monkeypatch.setattr(live, "_changes", {})


def test_a_demo_is_not_well_while_its_posts_only_wait(cast: Cast, account: Account) -> None:
    part_in("waiting", cast, account)
    assert demo_problem() == "its first post has not gone out yet"


def test_a_demo_is_well_once_a_post_went_all_the_way(
    cast: Cast, account: Account, django_assert_num_queries: Any
) -> None:
    part_in("sent", cast, account)
    assert demo_problem() is None
    with django_assert_num_queries(0):
        assert demo_problem() is None


def test_a_process_that_never_began_to_listen_says_so() -> None:
    assert live.listener_problem() == "does not listen yet"


def test_a_listener_is_well_while_it_hears_and_not_after_it_ended(cast: Cast) -> None:
    async def listen() -> tuple[str | None, str | None, str | None]:
        reader = live.changes()
        reader.start()
        at_once = live.listener_problem()
        give_up = time.monotonic() + 10
        while live.listener_problem() and time.monotonic() < give_up:
            await asyncio.sleep(0.02)
        later, task = live.listener_problem(), reader._task
        assert task is not None
        task.cancel()
        await asyncio.wait([task])
        return at_once, later, live.listener_problem()

    assert asyncio.run(listen()) == ("does not hear of changes", None, "does not hear of changes")
