"""The only door to the job engine: a job is a wake-up, never the truth.

Nothing else imports Procrastinate, so that another engine can take its place. Jobs have no ``lock`` and no
``queueing_lock``: engine locks run jobs of one lock in the order of their ids whatever their date, so a post
planned for next month would silence its account.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

import procrastinate
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app as _app
from procrastinate.contrib.django.django_connector import DjangoConnector

from pluralis.config.settling import set_aside

PUBLISH, LISTEN, UPKEEP = "publish", "listen", "upkeep"
QUEUES = (PUBLISH, LISTEN, UPKEEP)
POLL_SECONDS = 0.5
GRACEFUL_SECONDS = 20
KEEP_FAILED = timedelta(days=30)
"""How long a job that failed, was cancelled or broken off is kept, for whoever looks for the reason."""

_F = TypeVar("_F", bound=Callable[..., Any])
_declared: list[tuple[Callable[..., Any], str, str, str | None]] = []


def task(name: str, *, queue: str, every: str | None = None) -> Callable[[_F], _F]:
    """Declare a job function. ``every`` is a cron line for repeated upkeep (seconds stand sixth, last).

    A repeated job is called with the instant it stands for as ``timestamp`` (seconds since 1970).
    """

    def declare(function: _F) -> _F:
        _declared.append((function, name, queue, every))
        return function

    return declare


def on_app_ready(app: procrastinate.App) -> None:
    """Give the declared job functions to the engine, once Django knows its models."""
    for function, name, queue, every in _declared:
        registered = app.task(name=name, queue=queue)(_with_connection_given_back(function))
        if every is not None:
            app.periodic(cron=every, periodic_id=name)(registered)


def _with_connection_given_back(function: _F) -> _F:
    """Give the thread's connection back to the pool when a job ends: there may be more threads than connections.

    A StopIteration becomes a RuntimeError, as in a generator (PEP 479): up to Python 3.11 it cannot be carried from a
    thread to whoever waits for it, so that the job would never end and keep its place in the worker for ever.
    """
    if iscoroutinefunction(function):
        return function

    @wraps(function)
    def run(*values: Any, **named: Any) -> Any:
        try:
            return function(*values, **named)
        except StopIteration as error:
            raise RuntimeError("a job function raised StopIteration") from error
        finally:
            connection.close_if_unusable_or_obsolete()

    return cast(_F, run)


_many_jobs = True
"""Whether this process may do more jobs at the same time than it has database connections."""


def lend_connection() -> None:
    """Give the thread's connection to others while its job waits for a network, if there may be too few.

    Taking one back costs a question to the database whether it still lives.
    """
    if _many_jobs:
        connection.close_if_unusable_or_obsolete()


def defer(name: str, *, queue: str, at: datetime | None = None, **arguments: Any) -> None:
    """Put a job into the engine, in the caller's transaction; it wakes at ``at``, or when that commits."""
    _app.configure_task(name, queue=queue, schedule_at=at).defer(**arguments)


def defer_many(name: str, *, queue: str, at: datetime | None, arguments: Iterable[dict[str, Any]]) -> None:
    """Put many jobs of one kind that wake together into the engine, in the caller's transaction."""
    many = list(arguments)
    if many:
        _app.configure_task(name, queue=queue, schedule_at=at).batch_defer(*many)


class EngineConnector(procrastinate.PsycopgConnector):
    """A worker's connections: the engine's own go past a pooler, since it listens and holds session locks.

    What a job function puts into the engine goes the way of everything else it writes, in its transaction. On the
    engine's own connections it would stand there before that is committed: a wake-up that finds nothing to do yet.
    """

    def __init__(self) -> None:
        super().__init__(conninfo=settings.DATABASE_DIRECT_URL, min_size=1, max_size=4)
        self._of_job_functions = DjangoConnector()

    def get_sync_connector(self) -> DjangoConnector:
        """Return what :func:`defer` writes with; the engine itself only waits."""
        return self._of_job_functions


async def run_worker(*, queues: Iterable[str], concurrency: int, name: str) -> None:
    """Work on ``queues`` until the process is told to stop; jobs on their way are finished first."""
    global _many_jobs
    _many_jobs = concurrency >= settings.ENVIRONMENT.database_pool
    # Without this a process has as many threads for jobs as it has processors and four more, whatever was asked for.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency, thread_name_prefix="job"))
    with _app.replace_connector(EngineConnector()) as app:
        set_aside()
        async with app.open_async():
            await app.run_worker_async(
                queues=list(queues),
                concurrency=concurrency,
                name=name,
                fetch_job_polling_interval=POLL_SECONDS,
                delete_jobs="successful",
                shutdown_graceful_timeout=GRACEFUL_SECONDS,
            )


async def forget(app: procrastinate.App | None = None) -> None:
    """Remove the jobs that ended so long ago that nobody looks at them any more: see :data:`KEEP_FAILED`.

    Jobs that went well are removed as they end; one that could not be is removed a day later.
    """
    manager = (app or _app).job_manager
    await manager.delete_old_jobs(nb_hours=24)
    hours = KEEP_FAILED // timedelta(hours=1)
    await manager.delete_old_jobs(nb_hours=hours, include_failed=True, include_cancelled=True, include_aborted=True)


async def rescue(app: procrastinate.App | None = None) -> int:
    """Give back the jobs of workers that no longer live; returns how many."""
    engine = app or _app
    stalled = await engine.job_manager.get_stalled_jobs(seconds_since_heartbeat=20)
    count = 0
    for job in stalled:
        await engine.job_manager.retry_job(job)
        count += 1
    return count
