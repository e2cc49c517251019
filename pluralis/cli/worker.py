"""`pluralis worker`: sends what is due, listens to the networks, keeps house."""

import argparse
import os
from typing import Any

NEEDS_INSTANCE = True
BEAT_SECONDS = 10.0
# Longer than jobs on their way are given (20 s), shorter than the supervisor waits (25 s).
STOP_SECONDS = 23.0
# With a dead supervisor the embedded database goes too: there is little to be polite for.
ORPHAN_SECONDS = 12.0


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("worker", help="send what is due, listen to the networks, keep house")
    parser.add_argument("--queues", default="", help="publish, listen, upkeep, separated by commas; unset: all")
    parser.add_argument("--concurrency", type=int, help="jobs at the same time; unset: WORKER_CONCURRENCY")


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop; jobs on their way are finished first.

    Before the first job the database is compared with what this installation knows of itself: one that is behind
    starts in quarantine and sends nothing. Whatever hangs, the process ends `STOP_SECONDS` after the word.
    """
    import asyncio

    import django

    from pluralis.config import last_resort

    last_resort.end_with_parent(ORPHAN_SECONDS)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    django.setup()
    from django.conf import settings

    from pluralis import jobs
    from pluralis.publishing.actions import check_instance
    from pluralis.teams.queries import database_now

    for reason in check_instance(now=database_now()):
        print(f"Quarantine: {reason}. Nothing is sent until a lead releases the accounts.", flush=True)
    queues = tuple(name for name in arguments.queues.split(",") if name) or jobs.QUEUES
    concurrency = arguments.concurrency or settings.ENVIRONMENT.worker_concurrency
    last_resort.StoppingLoop.stop_seconds = STOP_SECONDS
    with asyncio.Runner(loop_factory=last_resort.StoppingLoop) as runner:
        runner.run(_work(queues, concurrency))
    return 0


async def _work(queues: tuple[str, ...], concurrency: int) -> None:
    import asyncio

    from asgiref.sync import sync_to_async

    from pluralis import __version__, jobs
    from pluralis.publishing.tasks import WORKER_NAME, beat, register_worker

    worker = await sync_to_async(register_worker)(queues, __version__)

    async def live() -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await sync_to_async(beat)(worker)

    beating = asyncio.ensure_future(live())
    try:
        await jobs.run_worker(queues=queues, concurrency=concurrency, name=WORKER_NAME)
    finally:
        beating.cancel()
