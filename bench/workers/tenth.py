"""A tenth of a large installation: 1,000 accounts, 100,000 waiting parts, and what the road asks takes there."""

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.cpu import Spent

ACCOUNTS, PARTS = 1_000, 100_000
SIZES = """
  SELECT relname, pg_relation_size(oid), pg_indexes_size(oid) FROM pg_class
   WHERE relname IN ('publishing_part', 'publishing_delivery', 'publishing_attempt', 'publishing_attemptresult',
                     'teams_auditentry', 'teams_change') ORDER BY relname
"""


def show_tenth(account: Any) -> None:
    """Fill the tables and print what the sweep, the wake-up, the claim and the look after doubts take in them.

    *Processor* is the time of this process and of PostgreSQL together.
    """
    _fill(account)
    print(f"\n{ACCOUNTS} accounts, {PARTS} parts over the next 30 days, beside what was sent before")
    print(f"{'what':<44}{'processor ms':>14}{'median ms':>11}{'most ms':>9}")
    for name, act in _acts().items():
        _time(act, 3)
        spent = Spent({"all": [os.getpid()]})
        spans = _time(act)
        print(f"{name:<44}{spent.per(len(spans))['all']:>14.2f}{median(spans):>11.2f}{max(spans):>9.2f}", flush=True)
    print(f"\n{'table':<28}{'rows':>9}{'MB':>8}{'indexes MB':>12}{'bytes a row':>13}")
    for name, size, indexes in _rows(SIZES):
        count = _rows(f"SELECT count(*) FROM {name}")[0][0]
        print(
            f"{name:<28}{count:>9}{size / 1e6:>8.1f}{indexes / 1e6:>12.1f}{(size + indexes) / max(count, 1):>13.0f}"
        )


def _fill(account: Any) -> None:
    """Copy one account, its keys, and a delivery with its part, as often as is wanted."""
    _run(
        "INSERT INTO teams_account SELECT (q.a).* FROM (SELECT jsonb_populate_record(a, jsonb_build_object("
        "'id', gen_random_uuid(), 'remote_id', 'tenth-' || n, 'handle', 'tenth' || n)) AS a"
        " FROM teams_account a, generate_series(1, %s) n WHERE a.id = %s) q",
        ACCOUNTS,
        account.id,
    )
    _run(
        "INSERT INTO teams_credential SELECT (q.c).* FROM (SELECT jsonb_populate_record(c, jsonb_build_object("
        "'account_id', a.id)) AS c FROM teams_credential c, teams_account a"
        " WHERE c.account_id = %s AND a.remote_id LIKE 'tenth-%%') q",
        account.id,
    )
    _run(
        "INSERT INTO publishing_delivery SELECT (q.d).* FROM (SELECT jsonb_populate_record("
        "NULL::publishing_delivery, to_jsonb(d) || jsonb_build_object("
        "'id', gen_random_uuid(), 'account_id', a.id, 'client_key', 'tenth-' || a.id || '-' || n)) AS d"
        " FROM (SELECT * FROM publishing_delivery LIMIT 1) d,"
        " (SELECT id FROM teams_account WHERE remote_id LIKE 'tenth-%%') a, generate_series(1, %s) n) q",
        PARTS // ACCOUNTS,
    )
    _run(
        "INSERT INTO publishing_part SELECT (q.p).* FROM (SELECT jsonb_populate_record("
        "NULL::publishing_part, to_jsonb(p) || jsonb_build_object("
        "'id', gen_random_uuid(), 'delivery_id', d.id, 'account_id', d.account_id, 'state', 'waiting',"
        " 'remote_id', NULL, 'token', NULL, 'woken_for', NULL, 'due_at', t.at, 'planned_at', t.at)) AS p"
        " FROM (SELECT * FROM publishing_part LIMIT 1) p, publishing_delivery d,"
        " LATERAL (SELECT now() + interval '10 minutes' + (random() * 30) * interval '1 day'"
        " + (length(d.client_key) - length(d.client_key)) * interval '1 day' AS at) t"
        " WHERE d.client_key LIKE 'tenth-%%') q",
    )
    _run("ANALYZE")


def _acts() -> dict[str, Callable[[], Any]]:
    from django.db import transaction

    from pluralis.publishing.models import Part
    from pluralis.publishing.queries import queue_page
    from pluralis.publishing.sending import due_with
    from pluralis.publishing.statements import LOCK, SITUATION
    from pluralis.publishing.tasks import look_after_doubts, wake_due_parts
    from pluralis.teams.models import Membership
    from pluralis.teams.statements import read

    ids = iter(list(Part.objects.filter(state="waiting").order_by("id").values_list("id", flat=True)[:2000]))
    alice = Membership.objects.get()

    def look() -> None:
        with transaction.atomic():
            which = {"part": next(ids), "wait": "3000ms", "lock": 1}
            read((LOCK, which), (SITUATION, which))

    return {
        "the sweep of each minute, nothing to wake": lambda: wake_due_parts(0),
        "look after doubts, every ten seconds": lambda: look_after_doubts(0),
        "what is due on an account": lambda: due_with(str(next(ids)), []),
        "lock, look and commit: a claim's questions": look,
        "first page of the queue": lambda: queue_page(alice),
    }


def _time(act: Callable[[], Any], times: int = 50) -> list[float]:
    """Return what each call took, in milliseconds."""
    spans = []
    for _number in range(times):
        began = time.perf_counter()
        act()
        spans.append((time.perf_counter() - began) * 1000)
    return spans


def _run(text: str, *values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text, values)


def _rows(text: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall()
