"""`python -m bench.punctuality`: how late parts stand on the network, and the raw engine in the same run.

Lateness is the instant the fake network accepted a part (its ledger) less the instant it was due. The raw engine
is the same number of jobs that do nothing, deferred at once, with the same workers. Two workers share two cores
with PostgreSQL and the fake network, which answers in 5 ms. The last columns are processor time (user and system)
for one part, of all workers, PostgreSQL and the fake: the figures that other work on the machine hardly changes.
"""

import argparse
import os
import random
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from bench.cpu import Spent
from bench.database import bench_database
from bench.punctuality.world import ACCOUNTS, CONCURRENCY, LATENCY, build, fill, lateness, schedule, wake

WORKERS = 2


def main() -> int:
    chosen = _options()
    with bench_database() as cluster, ExitStack() as stack:
        world = build(stack, WORKERS)
        world["groups"]["postgres"] = [cluster.pid]
        print(f"{WORKERS} workers x {CONCURRENCY}, {ACCOUNTS} accounts, fake answers in {LATENCY * 1000:.0f} ms, "
              f"{os.cpu_count()} cores, {chosen.future} more parts planned for next month")  # fmt: skip
        print(f"{'case':<24}{'parts':>7}{'p50 s':>8}{'p99 s':>8}{'max s':>8}{'per s':>7}{'raw/s':>7}{'ratio':>7}"
              f"{'worker ms':>11}{'pg ms':>7}{'fake ms':>9}{'raw ms':>8}")  # fmt: skip
        _plan_ahead(world, chosen.future)
        if chosen.lone:
            _print("a lone part", _lone(world, chosen.lone))
        for count in chosen.bursts:
            before = _raw_rate(world, min(count, 2000))
            burst = _burst(world, count)
            # Before and after: what else the machine does changes from one minute to the next.
            after = _raw_rate(world, min(count, 2000))
            _print(f"{count} due together", burst, ((before[0] + after[0]) / 2, (before[1] + after[1]) / 2))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.punctuality")
    parser.add_argument("--lone", type=int, default=60)
    parser.add_argument("--bursts", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--future", type=int, default=20_000)
    return parser.parse_args()


def _plan_ahead(world: dict[str, Any], count: int) -> None:
    """Fill the table with parts of next month: they must not slow down what is due now."""
    from django.db import connection

    if not count:
        return
    schedule(world, 1, datetime.now().astimezone() + timedelta(days=30), "Next month")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO publishing_delivery SELECT (p.d).* FROM (SELECT jsonb_populate_record(d, jsonb_build_object("
            "'id', gen_random_uuid(), 'client_key', 'ahead-' || n)) AS d FROM publishing_delivery d,"
            " generate_series(1, %s) n) p",
            [count],
        )
        cursor.execute(
            "INSERT INTO publishing_part SELECT (q.p).* FROM (SELECT jsonb_populate_record(p, jsonb_build_object("
            "'id', gen_random_uuid(), 'delivery_id', d.id)) AS p FROM publishing_part p, publishing_delivery d"
            " WHERE d.client_key LIKE 'ahead-%%') q"
        )
        cursor.execute("ANALYZE")


def _lone(world: dict[str, Any], count: int) -> tuple[list[float], float]:
    chance = random.Random(5)
    late = []
    for _number in range(count):
        time.sleep(1 + chance.random())
        at = datetime.now().astimezone() + timedelta(seconds=1.5 + chance.random())
        late += lateness(world, schedule(world, 1, at, "Lone"), time.monotonic() + 30)[0]
    return sorted(late), 0.0


def _burst(world: dict[str, Any], count: int) -> tuple[list[float], float, dict[str, float]]:
    """All due at one instant; they were there before it."""
    due = wake(fill(world, count), count)
    left = (next(iter(due.values())) - datetime.now().astimezone()).total_seconds()
    if left < 1:
        raise SystemExit("waking took longer than the time before the burst")
    time.sleep(left - 0.5)
    spent = Spent(world["groups"])
    late, rate = lateness(world, due, time.monotonic() + 60 + count / 10)
    return late, rate, spent.per(count)


def _raw_rate(world: dict[str, Any], count: int) -> tuple[float, float]:
    """Return how many jobs that do nothing the same workers finish per second, and what one costs in milliseconds."""
    from django.db import connection, transaction

    from pluralis import jobs

    jobs.task("bench_nothing", queue=jobs.PUBLISH)
    left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'bench_nothing' AND status IN ('todo', 'doing')"
    with transaction.atomic():
        jobs.defer_many("bench_nothing", queue=jobs.PUBLISH, at=None, arguments=({} for _number in range(count)))
        spent = Spent(world["groups"])
    began = time.monotonic()
    while True:
        with connection.cursor() as cursor:
            cursor.execute(left)
            if not cursor.fetchone()[0]:
                return count / (time.monotonic() - began), sum(spent.per(count).values())
        time.sleep(0.1)


def _print(name: str, found: tuple[Any, ...], raw: tuple[float, float] | None = None) -> None:
    late, rate, spent = (*found, None)[:3]
    p50, p99 = late[len(late) // 2], late[min(len(late) - 1, int(len(late) * 0.99))]
    tail = ""
    if raw and spent:
        tail = f"{rate:>7.0f}{raw[0]:>7.0f}{rate / raw[0]:>7.2f}"
        tail += f"{spent['worker']:>11.1f}{spent['postgres']:>7.1f}{spent['fake']:>9.1f}{raw[1]:>8.1f}"
    print(f"{name:<24}{len(late):>7}{p50:>8.2f}{p99:>8.2f}{late[-1]:>8.2f}{tail}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
