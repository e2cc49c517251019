"""`pluralis migrate`: bring the tables up to date, as the role that owns them."""

import argparse
import os
from typing import Any

NEEDS_INSTANCE = True


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
    try:
        call_command("migrate", interactive=False, verbosity=1 if not check else 0, check_unapplied=check)
    except SystemExit:
        print("Migrations are missing. Run `pluralis migrate`.")
        return 1
    return 0
