"""`pluralis upgrade`: bring the embedded database to the PostgreSQL of this version; the old folder is kept."""

import argparse
import os
from datetime import UTC, datetime
from typing import Any

NEEDS_INSTANCE = True


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("upgrade", help="bring the embedded database to this version's PostgreSQL")


def run(arguments: argparse.Namespace) -> int:
    """Run pg_upgrade with the old programs beside the data and the new ones of the wheel."""
    from pluralis import cli
    from pluralis.config import state
    from pluralis.config.embedded.upgrading import upgrade

    if os.environ.get("DATABASE_URL"):
        raise cli.CommandError("DATABASE_URL is set, so the server is not ours to upgrade. Nothing was changed.")
    data_dir = state.data_dir_of(os.environ)
    state.prepare(data_dir, os.environ)
    with state.sole_use(data_dir):
        done = upgrade(data_dir, datetime.now(UTC))
    if done is None:
        print("The database has this version's PostgreSQL already. Nothing was changed.")
    else:
        print(f"PostgreSQL {done.old} -> {done.new}. The old folder is kept: {done.kept}")
        print("When all is well for some days, remove it.")
    return 0
