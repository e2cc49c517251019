"""The world of a burst: a fake X that answers in 5 ms, 50 accounts, parts that are due at one instant, workers."""

import os
import random
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

CONCURRENCY, ACCOUNTS = 10, 50
LATENCY = 0.005
AHEAD = timedelta(seconds=25)
"""How long before its time a burst is woken."""


def build(stack: ExitStack, workers: int) -> dict[str, Any]:
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
    started = [start_worker(stack) for _number in range(workers)]
    time.sleep(5)
    groups = {"worker": [worker.pid for worker in started], "fake": [fakes.process.pid]}
    return {"fakes": fakes, "alice": alice, "accounts": accounts, "groups": groups}


def start_worker(stack: ExitStack) -> "subprocess.Popen[bytes]":
    worker = subprocess.Popen([sys.executable, "-m", "bench.punctuality.worker", str(CONCURRENCY)])
    stack.callback(end, worker)
    return worker


def end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(timeout=30)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def schedule(world: dict[str, Any], count: int, at: datetime, label: str) -> dict[str, datetime]:
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
                text = f"{label}: {word(number)}"
                draft = Draft((DraftVersion((DraftSegment(text),)),), language="en")
                post = create_post(actor=world["alice"], draft=draft, client_key=str(uuid4()), now=now)
                account = world["accounts"][number % ACCOUNTS]
                schedule_post(
                    actor=world["alice"], post_id=post.id, account_ids=[account.id], client_key=str(uuid4()), now=now,
                    plan=Plan(at=at, confirmed=Confirmations(same_text=True)),
                )  # fmt: skip
                due[text] = at
    return due


def word(number: int) -> str:
    """Return a word of letters that no other part has: digits would look like somebody's number."""
    chance = random.Random(f"{number} {uuid4()}")
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=18))


def fill(world: dict[str, Any], count: int) -> str:
    """Schedule one part of each account and copy them until there are ``count``; returns how their texts begin.

    Scheduling takes longer than sending, so the rest is copied within the database, not yet woken.
    """
    from django.db import connection

    label = f"Burst {word(0)}"
    schedule(world, ACCOUNTS, datetime.now().astimezone() + timedelta(days=1), label)
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


def wake(label: str, count: int) -> dict[str, datetime]:
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


def lateness(world: dict[str, Any], due: dict[str, datetime], until: float) -> tuple[list[float], float]:
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
