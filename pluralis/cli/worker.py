"""`pluralis worker`: sends what is due, listens to the networks, keeps house."""

import argparse
import os
import socket
from typing import Any

NEEDS_INSTANCE = True


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("worker", help="send what is due, listen to the networks, keep house")
    parser.add_argument("--queues", default="", help="publish, listen, upkeep, separated by commas; unset: all")
    parser.add_argument("--concurrency", type=int, help="jobs at the same time; unset: WORKER_CONCURRENCY")


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop; jobs on their way are finished first."""
    import asyncio

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    django.setup()
    from django.conf import settings

    from pluralis import jobs

    queues = [name for name in arguments.queues.split(",") if name] or list(jobs.QUEUES)
    concurrency = arguments.concurrency or settings.ENVIRONMENT.worker_concurrency
    asyncio.run(jobs.run_worker(queues=queues, concurrency=concurrency, name=worker_name()))
    return 0


def worker_name() -> str:
    """Return a name that tells machine and process apart."""
    return f"{socket.gethostname()}-{os.getpid()}"
