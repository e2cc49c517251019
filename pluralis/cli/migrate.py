"""`pluralis migrate`: bring the tables up to date, as the role that owns them."""

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

NEEDS_INSTANCE = True
LOCK_SECONDS = 3
"""How long a migration waits for a lock: whoever works on the table waits behind it meanwhile."""

TRIES = 60
PAUSE_SECONDS = 1.0


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("migrate", help="bring the tables up to date")
    parser.add_argument("--check", action="store_true", help="only say whether migrations are missing (exit 1)")


def run(arguments: argparse.Namespace) -> int:
    """Migrate with DATABASE_OWNER_URL; a running embedded server is used, else one is started for it."""
    from pluralis.cli.database import database_running
    from pluralis.config.environment import Environment

    with database_running(os.environ):
        environment = Environment.from_environ(os.environ)
        os.environ["DATABASE_URL"] = environment.database_owner_url
        return migrate(check=arguments.check)


def migrate(*, check: bool) -> int:
    """Run Django's migrations in this process, which must be connected as the owner."""
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    django.setup()
    if not check:
        apply_beside_others(lambda: call_command("migrate", interactive=False, verbosity=1))
        return 0
    try:
        call_command("migrate", interactive=False, verbosity=0, check_unapplied=True)
    except SystemExit:
        print("Migrations are missing. Run `pluralis migrate`.")
        return 1
    return 0


def apply_beside_others(apply: Callable[[], object]) -> None:
    """Apply migrations while the version before is still at work on the same tables (a rolling upgrade).

    A migration is one transaction: cut by a deadlock, or because a lock was not to be had at once, it is undone and
    tried again from there. Raises the last ``OperationalError`` when the tables stay in use.
    """
    from django.db import OperationalError, connection
    from psycopg.errors import DeadlockDetected, LockNotAvailable

    for remaining in reversed(range(TRIES)):
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        try:
            apply()
            return
        except OperationalError as problem:
            if not isinstance(problem.__cause__, DeadlockDetected | LockNotAvailable) or not remaining:
                raise
            print("The tables are in use. What was done so far is kept; trying again.", flush=True)
            connection.close()
            time.sleep(PAUSE_SECONDS)
