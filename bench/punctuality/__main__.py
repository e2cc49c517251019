"""`python -m bench.punctuality`: how late parts stand on the network, and the raw engine in the same run.

Lateness is the instant the fake network accepted a part (its ledger) less the instant it was due. The raw engine
is the same number of jobs that do nothing, deferred at once, with the same workers. Two workers share two cores
with PostgreSQL and the fake network, which answers in 5 ms. The last columns are processor time (user and system)
for one part, of all workers, PostgreSQL and the fake: the figures that other work on the machine hardly changes.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bench.cpu import Spent
from bench.database import bench_database

WORKERS, CONCURRENCY, ACCOUNTS = 2, 10, 50
LATENCY = 0.005
AHEAD = timedelta(seconds=12)
"""How long before its time a burst is woken."""


def main() -> int:
    chosen = _options()
    with bench_database() as cluster, ExitStack() as stack:
        world = _build(stack)
        world["groups"]["postgres"] = [cluster.pid]
        print(f"{WORKERS} workers x {CONCURRENCY}, {ACCOUNTS} accounts, fake answers in {LATENCY * 1000:.0f} ms, "
              f"{os.cpu_count()} cores, {chosen.future} more parts planned for next month")  # fmt: skip
        print(f"{'case':<24}{'parts':>7}{'p50 s':>8}{'p99 s':>8}{'max s':>8}{'per s':>7}{'raw/s':>7}{'ratio':>7}"
              f"{'worker ms':>11}{'pg ms':>7}{'fake ms':>9}{'raw ms':>8}")  # fmt: skip
        _plan_ahead(world, chosen.future)
        if chosen.lone:
            _print("a lone part", _lone(world, chosen.lone))
        for count in chosen.bursts:
            raw = _raw_rate(world, min(count, 2000))
            _print(f"{count} due together", _burst(world, count), raw)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.punctuality")
    parser.add_argument("--lone", type=int, default=60)
    parser.add_argument("--bursts", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--future", type=int, default=20_000)
    return parser.parse_args()


def _build(stack: ExitStack) -> dict[str, Any]:
    from bench.exactly_once.world import Fakes

    fakes = Fakes.start(1.0, latency=LATENCY)
    stack.callback(fakes.stop)
    os.environ["BENCH_ORIGINS"] = ",".join(fakes.origins.values())
    import django

    django.setup()
    from django.utils import timezone

    from pluralis.networks.addresses import allow_private_origins
    from pluralis.teams.actions import Wish, connect_with_keys, found_team
    from pluralis.teams.models import User

    allow_private_origins(fakes.origins.values())
    user = User.objects.create_user(email="alice@example.org", name="Alice")
    alice = found_team(user=user, name="Norlune", language="en", zone="UTC", now=timezone.now())
    accounts = []
    for number in range(ACCOUNTS):
        keys = fakes.ask("x", "POST", "accounts", {"handle": f"brand{number}", "role": "brand"})["credentials"]
        wish = Wish("x", fakes.origins["x"])
        accounts.append(connect_with_keys(actor=alice, wish=wish, values=keys, now=timezone.now()))
    workers = [_start_worker(stack) for _number in range(WORKERS)]
    time.sleep(5)
    groups = {"worker": [worker.pid for worker in workers], "fake": [fakes.process.pid]}
    return {"fakes": fakes, "alice": alice, "accounts": accounts, "groups": groups}


def _start_worker(stack: ExitStack) -> "subprocess.Popen[bytes]":
    worker = subprocess.Popen([sys.executable, "-m", "bench.punctuality.worker", str(CONCURRENCY)])
    stack.callback(_end, worker)
    return worker


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(timeout=30)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def _schedule(world: dict[str, Any], count: int, at: datetime, label: str) -> dict[str, datetime]:
    """Put ``count`` posts on their road, spread over the accounts; returns when each text is due."""
    from django.db import transaction

    from pluralis.posts.actions import create_post
    from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
    from pluralis.publishing.actions import Plan, schedule_post
    from pluralis.publishing.checks import Confirmations
    from pluralis.teams.queries import database_now

    due = {}
    now = database_now()
    for start in range(0, count, 200):
        with transaction.atomic():
            for number in range(start, min(start + 200, count)):
                text = f"{label}: {_word(number)}"
                draft = Draft((DraftVersion((DraftSegment(text),)),), language="en")
                post = create_post(actor=world["alice"], draft=draft, client_key=str(uuid4()), now=now)
                account = world["accounts"][number % ACCOUNTS]
                schedule_post(
                    actor=world["alice"], post_id=post.id, account_ids=[account.id], client_key=str(uuid4()), now=now,
                    plan=Plan(at=at, confirmed=Confirmations(same_text=True)),
                )  # fmt: skip
                due[text] = at
    return due


def _word(number: int) -> str:
    """Return a word of letters that no other part has: digits would look like somebody's number."""
    chance = random.Random(f"{number} {uuid4()}")
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=18))


def _plan_ahead(world: dict[str, Any], count: int) -> None:
    """Fill the table with parts of next month: they must not slow down what is due now."""
    from django.db import connection

    if not count:
        return
    _schedule(world, 1, datetime.now().astimezone() + timedelta(days=30), "Next month")
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


def _fill(world: dict[str, Any], count: int) -> str:
    """Schedule one part of each account and copy them until there are ``count``; returns how their texts begin.

    Scheduling takes longer than sending, so the rest is copied within the database, not yet woken.
    """
    from django.db import connection

    label = f"Burst {_word(0)}"
    _schedule(world, ACCOUNTS, datetime.now().astimezone() + timedelta(days=1), label)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO publishing_delivery SELECT (p.d).* FROM (SELECT jsonb_populate_record(d, jsonb_build_object("
            "'id', gen_random_uuid(), 'client_key', d.id || '-' || n)) AS d FROM publishing_delivery d,"
            " generate_series(2, %s) n WHERE d.id IN (SELECT delivery_id FROM publishing_part WHERE text LIKE %s)) p",
            [count // ACCOUNTS, f"{label}%"],
        )
        cursor.execute(
            "INSERT INTO publishing_part SELECT (q.p).* FROM (SELECT jsonb_populate_record(p, jsonb_build_object("
            "'id', gen_random_uuid(), 'delivery_id', d.id,"
            " 'text', p.text || translate(md5(random()::text), '0123456789', 'ghijklmnop'))) AS p"
            " FROM publishing_part p JOIN publishing_delivery d"
            " ON starts_with(d.client_key, p.delivery_id || '-')"
            " WHERE p.text LIKE %s) q",
            [f"{label}%"],
        )
        cursor.execute("ANALYZE publishing_part, publishing_delivery")
    return label


def _wake(label: str, count: int) -> dict[str, datetime]:
    """Let the copies be due together, a moment from now, and wake them as the task of each minute does."""
    from django.db import connection

    from pluralis.publishing.tasks import MOST_AT_ONCE, wake_due_parts

    at = datetime.now().astimezone() + AHEAD
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE publishing_part SET due_at = %s, planned_at = %s WHERE text LIKE %s RETURNING text",
            [at, at, f"{label}%"],
        )
        due = {text: at for (text,) in cursor.fetchall()}
    for _sweep in range(0, count, MOST_AT_ONCE):
        wake_due_parts(0)
    return due


def _lateness(world: dict[str, Any], due: dict[str, datetime], until: float) -> tuple[list[float], float]:
    """Wait for every text in the ledger; returns how late each was, sorted, and the rate per second."""
    found: dict[str, datetime] = {}
    last = 0
    while len(found) < len(due) and time.monotonic() < until:
        for entry in world["fakes"].sent("x", last):
            last = entry["number"]
            text = entry["detail"].get("text", "")
            if text in due:
                found[text] = datetime.fromisoformat(entry["at"])
        # Seldom: what the fake tells the bench it does not tell the workers meanwhile.
        time.sleep(0.3 if len(due) == 1 else 2)
    if len(found) < len(due):
        raise SystemExit(f"only {len(found)} of {len(due)} went out in time")
    late = sorted((found[text] - due[text]).total_seconds() for text in due)
    span = (max(found.values()) - min(due.values())).total_seconds()
    return late, len(due) / span


def _lone(world: dict[str, Any], count: int) -> tuple[list[float], float]:
    chance = random.Random(5)
    late = []
    for _number in range(count):
        time.sleep(1 + chance.random())
        at = datetime.now().astimezone() + timedelta(seconds=1.5 + chance.random())
        late += _lateness(world, _schedule(world, 1, at, "Lone"), time.monotonic() + 30)[0]
    return sorted(late), 0.0


def _burst(world: dict[str, Any], count: int) -> tuple[list[float], float, dict[str, float]]:
    """All due at one instant; they were there before it."""
    due = _wake(_fill(world, count), count)
    left = (next(iter(due.values())) - datetime.now().astimezone()).total_seconds()
    if left < 1:
        raise SystemExit("waking took longer than the time before the burst")
    time.sleep(left - 0.5)
    spent = Spent(world["groups"])
    late, rate = _lateness(world, due, time.monotonic() + 60 + count / 10)
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
