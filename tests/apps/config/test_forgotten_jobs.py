"""Jobs that ended long ago are removed at night: what waits, works or failed lately stays."""

import asyncio

import pytest
from django.db import connection

from pluralis import jobs

pytestmark = pytest.mark.django_db(transaction=True)

CASES = {
    "failed last month": ("failed", 31, False),
    "failed this month": ("failed", 29, True),
    "cancelled last month": ("cancelled", 31, False),
    "broken off last month": ("aborted", 31, False),
    "went well and was left": ("succeeded", 2, False),
    "went well today": ("succeeded", 0, True),
    "waits for long": ("todo", 400, True),
    "works for long": ("doing", 400, True),
}


def put(status: str, days: int) -> int:
    """Put a job into the engine whose last event was ``days`` ago; returns its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, priority, status, args, attempts, abort_requested) VALUES"
            " ('upkeep', 'nothing', 0, %s, '{}', 1, false) RETURNING id",
            [status],
        )
        [job] = cursor.fetchone()
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s, now() - make_interval(days => %s))",
            [job, {"todo": "deferred", "doing": "started"}.get(status, status), days],
        )
    return int(job)


def stands(job: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE id = %s", [job])
        return bool(cursor.fetchone()[0])


def clean() -> None:
    async def run() -> None:
        import procrastinate
        from django.conf import settings
        from procrastinate.contrib.django import app

        connector = procrastinate.PsycopgConnector(conninfo=settings.DATABASE_DIRECT_URL)
        with app.replace_connector(connector) as engine:
            async with engine.open_async():
                await jobs.forget(engine)

    asyncio.run(run())


def test_only_what_ended_long_ago_is_removed() -> None:
    put_in = {name: put(status, days) for name, (status, days, _stays) in CASES.items()}
    clean()
    assert {name: stands(job) for name, job in put_in.items()} == {
        name: stays for name, (_s, _d, stays) in CASES.items()
    }
    clean()


def test_the_events_of_a_removed_job_go_with_it() -> None:
    job = put("failed", 31)
    clean()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_events WHERE job_id = %s", [job])
        assert cursor.fetchone()[0] == 0
