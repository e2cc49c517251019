"""`python -m bench.workers`: 1, 2 and 4 worker processes on one database, and one of them killed in the middle.

The parts are due together, over 50 accounts; the oracle is the fake network's ledger. Where it answers in 5 ms the
processor is the wall; in 250 ms, as a network far away does, each process waits most of its time. *Taken up* is how
long after the kill the last part that the killed process had on its way was put into doubt, which is when its account
goes on; *goes on* how long until every account it was working on had sent its next part.
"""

import argparse
import os
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from bench.cpu import Spent
from bench.database import bench_database
from bench.punctuality.world import (
    ACCOUNTS,
    CONCURRENCY,
    LATENCY,
    build,
    end,
    fill,
    lateness,
    schedule,
    start_worker,
    wake,
)
from bench.workers.tenth import show_tenth

World = dict[str, Any]
DISTANT = 0.25


def main() -> int:
    chosen = _options()
    with bench_database() as cluster, ExitStack() as stack:
        world = build(stack, workers=0)
        world["groups"]["postgres"] = [cluster.pid]
        print(f"{chosen.parts} parts due together, {ACCOUNTS} accounts, {CONCURRENCY} jobs a process, "
              f"{os.cpu_count()} cores for all of it")  # fmt: skip
        for seconds in chosen.latency:
            world["fakes"].ask("x", "POST", "clock", {"latency": seconds})
            _show_growth(world, chosen, seconds)
        world["fakes"].ask("x", "POST", "clock", {"latency": LATENCY})
        if chosen.kill:
            _kill_one(world, chosen.parts)
        if chosen.tenth:
            schedule(world, 1, datetime.now().astimezone() + timedelta(days=30), "Tenth")
            show_tenth(world["accounts"][0])
    return 0


def _show_growth(world: World, chosen: argparse.Namespace, seconds: float) -> None:
    names = "".join(
        f"{name:>11}" for name in ("per s", "p50 s", "p99 s", "worker ms", "pg ms", "fake ms", "sessions")
    )
    print(f"\n{f'in {seconds * 1000:.0f} ms':<10}{names}")
    for number in chosen.workers:
        _throughput(world, number, chosen.parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.workers")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--parts", type=int, default=1000)
    parser.add_argument("--latency", type=float, nargs="*", default=[LATENCY, DISTANT], help="seconds to an answer")
    parser.add_argument("--kill", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--tenth", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


def _throughput(world: World, number: int, parts: int) -> None:
    with ExitStack() as stack:
        workers = [start_worker(stack) for _each in range(number)]
        time.sleep(5)
        world["groups"]["worker"] = [worker.pid for worker in workers]
        due = wake(fill(world, parts), parts)
        _sleep_until(due)
        spent = Spent(world["groups"])
        late, rate = lateness(world, due, time.monotonic() + 120 + parts / 5)
        ms = spent.per(parts)
        sessions = _one("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        print(f"{number:<10}{rate:>11.0f}{late[len(late) // 2]:>11.2f}{late[int(len(late) * 0.99)]:>11.2f}"
              f"{ms['worker']:>11.1f}"
              f"{ms['postgres']:>11.1f}{ms['fake']:>11.1f}{sessions:>11}", flush=True)  # fmt: skip


def _kill_one(world: World, parts: int) -> None:
    """Kill one of two workers when a third of the burst is out, and follow what it had on its way."""
    with ExitStack() as stack:
        victim, _other = start_worker(stack), start_worker(stack)
        time.sleep(5)
        due = wake(fill(world, parts), parts)
        _sleep_until(due)
        while _one("SELECT count(*) FROM publishing_part WHERE state = 'sent' AND due_at = %s", _at(due)) < parts / 3:
            time.sleep(0.05)
        victim.kill()
        victim.wait()
        killed_at, began = _one("SELECT clock_timestamp()"), time.monotonic()
        orphans = _orphans(victim.pid)
        taken_up = _until(lambda: not _orphans(victim.pid), began)
        goes_on = _until(lambda: _gone_on(orphans, killed_at, due), began)
        settled = _until(lambda: _open(due) == 0, began, patience=420)
        _report(world, due, {"on its way": len(orphans), "taken up s": taken_up, "goes on s": goes_on,
                             "all settled s": settled})  # fmt: skip
        end(victim)


def _report(world: World, due: dict[str, datetime], found: dict[str, float]) -> None:
    texts = [entry["detail"].get("text", "") for entry in world["fakes"].sent("x") if entry["detail"]["text"] in due]
    doubled, lost = len(texts) - len(set(texts)), len(due) - len(set(texts))
    figures = ", ".join(
        f"{name} {value:.1f}" if isinstance(value, float) else f"{name} {value}" for name, value in found.items()
    )
    print(f"one of two killed in the middle of {len(due)}: {figures}, doubled {doubled}, lost {lost}", flush=True)


def _orphans(pid: int) -> list[tuple[Any, Any]]:
    """The parts, with their accounts, that the process had claimed and nobody has put into doubt yet."""
    return _all(
        "SELECT p.id, p.account_id FROM publishing_part p JOIN publishing_attempt a ON a.token = p.token"
        " WHERE p.state = 'sending' AND a.worker LIKE %s", f"%:{pid}",
    )  # fmt: skip


def _gone_on(orphans: list[tuple[Any, Any]], since: datetime, due: dict[str, datetime]) -> bool:
    """Whether every account of the orphans has sent again since the kill, or has nothing left to send."""
    accounts = [account for _part, account in orphans]
    waiting = _all(
        "SELECT a.id FROM teams_account a WHERE a.id = ANY (%s)"
        " AND NOT EXISTS (SELECT FROM publishing_part p WHERE p.account_id = a.id AND p.due_at = %s"
        " AND p.state = 'sent' AND p.claimed_at > %s)"
        " AND EXISTS (SELECT FROM publishing_part p WHERE p.account_id = a.id AND p.due_at = %s"
        " AND p.state = 'waiting')", accounts, _at(due), since, _at(due),
    )  # fmt: skip
    return not waiting


def _open(due: dict[str, datetime]) -> int:
    return int(_one("SELECT count(*) FROM publishing_part WHERE planned_at = %s AND state <> 'sent'", _at(due)))


def _until(done: Any, began: float, patience: float = 120) -> float:
    """Wait until ``done()``; returns the seconds since ``began``."""
    while not done():
        if time.monotonic() > began + patience:
            return float("inf")
        time.sleep(0.2)
    return time.monotonic() - began


def _sleep_until(due: dict[str, datetime]) -> None:
    time.sleep(max(0.0, (_at(due) - datetime.now().astimezone()).total_seconds() - 0.2))


def _at(due: dict[str, datetime]) -> datetime:
    return next(iter(due.values()))


def _all(text: str, *values: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def _one(text: str, *values: Any) -> Any:
    return _all(text, *values)[0][0]


if __name__ == "__main__":
    sys.exit(main())
