"""A wake-up that a worker puts into the engine is part of what it writes: seen with the rest, and never alone."""

import asyncio
from collections.abc import Callable

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app

from pluralis import jobs

pytestmark = pytest.mark.django_db(transaction=True)
WANTED = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'publish_part'"


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def in_a_worker(function: Callable[[], list[int]]) -> list[int]:
    """Call as a worker calls a job function: in a thread, while the engine is open."""

    def then_close() -> list[int]:
        try:
            return function()
        finally:
            connection.close()

    async def work() -> list[int]:
        with app.replace_connector(jobs.EngineConnector()) as engine:
            async with engine.open_async():
                return await asyncio.to_thread(then_close)

    return asyncio.run(work())


def seen_by_others() -> int:
    with psycopg.connect(settings.DATABASE_DIRECT_URL) as other:
        return int(other.execute(WANTED).fetchone()[0])  # type: ignore[index]


def put_in() -> None:
    jobs.defer("publish_part", queue=jobs.PUBLISH, part_id="one")
    jobs.defer_many("publish_part", queue=jobs.PUBLISH, at=None, arguments=[{"part_id": "two"}, {"part_id": "three"}])


def test_it_is_seen_once_the_transaction_is_committed() -> None:
    def work() -> list[int]:
        with transaction.atomic():
            put_in()
            before = seen_by_others()
        return [before, seen_by_others()]

    assert in_a_worker(work) == [0, 3]


def test_it_goes_with_a_transaction_that_is_taken_back() -> None:
    def work() -> list[int]:
        with transaction.atomic():
            put_in()
            transaction.set_rollback(True)
        return [seen_by_others()]

    assert in_a_worker(work) == [0]


def test_a_job_that_raises_stop_iteration_ends() -> None:
    """In a thread it would never reach whoever waits: the job would keep its place in the worker for ever."""

    def looks_for_what_is_not_there() -> list[int]:
        return [next(number for number in (1, 2) if number > 2)]

    ends = jobs._with_connection_given_back(looks_for_what_is_not_there)
    with pytest.raises(RuntimeError, match="StopIteration"):
        asyncio.run(asyncio.wait_for(_in_thread(ends), 20))


async def _in_thread(function: Callable[[], list[int]]) -> list[int]:
    return await asyncio.to_thread(function)
