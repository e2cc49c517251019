"""A worker process of the bench: the product's own, plus one job that does nothing, for the raw engine."""

import asyncio
import os
import sys


def main() -> None:
    """Work until told to stop."""
    import django

    from pluralis import jobs

    jobs.task("bench_nothing", queue=jobs.PUBLISH)(nothing)
    django.setup()
    from pluralis.networks.addresses import allow_private_origins

    allow_private_origins(os.environ["BENCH_ORIGINS"].split(","))
    asyncio.run(jobs.run_worker(queues=jobs.QUEUES, concurrency=int(sys.argv[1]), name=f"bench-{os.getpid()}"))


def nothing() -> None:
    """Do nothing: what the engine costs by itself."""


if __name__ == "__main__":
    main()
