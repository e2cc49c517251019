"""`pluralis doctor`: look at everything that makes an instance fail later, and say what to do about each."""

import argparse
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NEEDS_INSTANCE = True
_LEAST_FREE = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `advice` is empty when it is well."""

    what: str
    seen: str
    advice: str = ""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("doctor", help="look for what makes an instance fail later")
    parser.add_argument("--web", type=int, default=1, help="web processes in all, on all machines")
    parser.add_argument("--workers", type=int, default=1, help="worker processes in all, on all machines")


def run(arguments: argparse.Namespace) -> int:
    """Print one line for each thing looked at; exit 1 when something needs attention."""
    from pluralis.cli.database import database_running
    from pluralis.config.environment import Environment

    with database_running(os.environ):
        environment = Environment.from_environ(os.environ)
        findings = [*look_at_machine(environment), *look_at_database(environment, arguments)]
    for finding in findings:
        print(f"{'FIX ' if finding.advice else 'well'}  {finding.what}: {finding.seen}")
        if finding.advice:
            print(f"      {finding.advice}")
    return int(any(finding.advice for finding in findings))


def look_at_machine(environment: Any) -> list[Finding]:
    """Return what is seen of the data folder, the disk, the keys and the instance file."""
    from pluralis.config import instance

    free = shutil.disk_usage(environment.data_dir).free
    mode = environment.data_dir.stat().st_mode & 0o777
    known = instance.read(environment.data_dir)
    return [
        Finding(
            "data folder",
            f"{environment.data_dir}, mode {mode:o}",
            "" if mode == 0o700 else f"Others can look in. Run: chmod 700 {environment.data_dir}",
        ),
        Finding(
            "disk",
            f"{free / 1e9:.1f} GB free",
            "" if free > _LEAST_FREE else "Less than 1 GB: PostgreSQL stops when the disk is full. Make room.",
        ),
        Finding("keys", f"readable, {len(environment.field_keys)} to open credentials with"),
        Finding("instance", known.instance_id if known else "no file yet; `pluralis up` makes one"),
    ]


def look_at_database(environment: Any, arguments: argparse.Namespace) -> list[Finding]:
    """Return what the database says of itself; one finding when it cannot be reached."""
    import psycopg

    try:
        with psycopg.connect(environment.database_direct_url, connect_timeout=10) as connection:
            findings = [look(connection) for look in _LOOKS]
            findings.append(_budget(connection, environment, arguments))
    except psycopg.OperationalError as problem:
        return [Finding("database", "not reached", str(problem).strip())]
    findings.append(_pooler(environment))
    return findings


def connections_needed(*, web: int, workers: int, pool: int, concurrency: int) -> int:
    """Return how many database connections an installation may hold at once.

    A web process: its pool and one that listens. A worker: its pool (no larger than its jobs), up to four of the
    job engine and one for the lock that shows that it lives. Four are left for people and migrations.
    """
    return web * (pool + 1) + workers * (min(pool, concurrency) + 4 + 1) + 4


def _budget(connection: Any, environment: Any, arguments: argparse.Namespace) -> Finding:
    most = int(_show(connection, "max_connections"))
    allowed = int(most * 0.8)
    needed = connections_needed(
        web=arguments.web,
        workers=arguments.workers,
        pool=environment.database_pool,
        concurrency=environment.worker_concurrency,
    )
    seen = f"{needed} of {allowed} for {arguments.web} web and {arguments.workers} worker processes"
    advice = "Lower DATABASE_POOL or WORKER_CONCURRENCY, or raise max_connections."
    return Finding("connections", seen, "" if needed <= allowed else advice)


def _version(connection: Any) -> Finding:
    major = connection.info.server_version // 10000
    return Finding(
        "PostgreSQL", str(major), "" if major >= 15 else "15 is the oldest that works. Move to a newer one."
    )


def _encoding(connection: Any) -> Finding:
    found = _show(connection, "server_encoding")
    return Finding("encoding", found, "" if found == "UTF8" else "Make a new database with ENCODING 'UTF8'.")


def _locale(connection: Any) -> Finding:
    # The column's name differs between versions, so the row is read as JSON.
    row = connection.execute(
        "SELECT r->>'datlocprovider', coalesce(r->>'datlocale', r->>'daticulocale', r->>'datcollate') "
        "FROM (SELECT to_jsonb(d) AS r FROM pg_database d WHERE datname = current_database()) AS one"
    ).fetchone()
    providers = {"b": "builtin", "c": "libc", "i": "icu"}
    return Finding("locale", f"{row[1]} ({providers.get(row[0], row[0])})")


def _commit(connection: Any) -> Finding:
    found = _show(connection, "synchronous_commit")
    advice = "A claim must be on disk before a post is sent. Set synchronous_commit = on."
    return Finding("synchronous_commit", found, "" if found not in {"off"} else advice)


def _fsync(connection: Any) -> Finding:
    found = _show(connection, "fsync")
    return Finding("fsync", found, "" if found == "on" else "A crash can lose everything. Set fsync = on.")


def _rights(connection: Any) -> Finding:
    row = connection.execute(
        "SELECT has_schema_privilege('public', 'CREATE'), rolsuper FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    few = not any(row)
    advice = (
        "The application can change tables. Use a second role for DATABASE_URL; see docs/how-to/many-machines.md."
    )
    return Finding("rights", "few, as it should be" if few else "may change tables", "" if few else advice)


def _worker(connection: Any) -> Finding:
    there = connection.execute("SELECT to_regclass('public.procrastinate_workers') IS NOT NULL").fetchone()[0]
    if not there:
        return Finding("worker", "no tables yet", "Run `pluralis migrate`.")
    row = connection.execute(
        "SELECT count(*), extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
    ).fetchone()
    if not row[0]:
        return Finding("worker", "none runs", "Start one: `pluralis worker` (or `pluralis up`).")
    late = row[1] > 30
    return Finding(
        "worker", f"{row[0]}, last heard of {row[1]:.0f} s ago", "Is it frozen? See its log." if late else ""
    )


_LOOKS: tuple[Callable[[Any], Finding], ...] = (_version, _encoding, _locale, _commit, _fsync, _rights, _worker)


def _pooler(environment: Any) -> Finding:
    """Find a pooler in transaction mode: two statements outside a transaction reach two servers' sessions.

    PgBouncer answers with another backend or forgets a session's setting; both are looked for, ten times.
    """
    import psycopg

    with psycopg.connect(environment.database_direct_url, autocommit=True) as connection:
        connection.execute("SET application_name = 'pluralis doctor'")
        look = "SELECT pg_backend_pid(), current_setting('application_name')"
        seen = {row for _ in range(10) for row in connection.execute(look)}
    kept = {name for _, name in seen} == {"pluralis doctor"} and len(seen) == 1
    advice = "A pooler stands in between: set DATABASE_DIRECT_URL to the server itself."
    return Finding("direct connection", "keeps its session" if kept else "loses its session", "" if kept else advice)


def _show(connection: Any, name: str) -> str:
    return str(connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0])
