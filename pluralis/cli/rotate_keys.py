"""`pluralis rotate-keys`: seal every stored credential again with the newest key."""

import argparse
import os
from typing import Any

NEEDS_INSTANCE = True


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("rotate-keys", help="seal every stored credential again with the newest field key")


def run(arguments: argparse.Namespace) -> int:
    """Seal again, one row at a time, while everything runs; may be repeated. Old keys can go afterwards."""
    from pluralis.cli.database import database_running

    with database_running(os.environ):
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
        django.setup()
        from pluralis.teams.actions import rotate_keys

        count = rotate_keys()
    print(f"{count} secrets are sealed with the newest key. Older keys are no longer needed here.")
    return 0
