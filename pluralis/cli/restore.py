"""`pluralis restore`: put a backup in place of what is there, and send nothing before people have looked.

The file is checked as a whole before anything is changed. Rows go into a new database whose tables our own
migrations made; no SQL comes from the file. What was there before is kept under another name.
"""

import argparse
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from pluralis import cli

NEEDS_INSTANCE = True


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("restore", help="put a backup in place; nothing is sent before people look")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--fd", type=int, help=argparse.SUPPRESS)


def before_leaving_root(arguments: argparse.Namespace) -> list[str]:
    """Open the file while we are root, since the system user may not read it."""
    descriptor = _open(arguments.file)
    os.set_inheritable(descriptor, True)
    return ["restore", "--fd", str(descriptor)]


def run(arguments: argparse.Namespace) -> int:
    """Check the file, restore it beside what is there, then swap."""
    from pluralis.config import state

    data_dir = state.data_dir_of(os.environ)
    state.prepare(data_dir, os.environ)
    descriptor = arguments.fd if arguments.fd is not None else _open(arguments.file)
    with os.fdopen(descriptor, "rb") as file, state.sole_use(data_dir):
        _restore(file, data_dir, datetime.now(UTC))
    return 0


def _restore(file: BinaryIO, data_dir: Path, now: datetime) -> None:
    from pluralis.cli.archive import placing, reading
    from pluralis.config import migrated

    backup = reading.check(file, shutil.disk_usage(data_dir).free)
    with placing.new_database(os.environ, now) as place:
        report = placing.fill(place, backup, now)
        media = placing.place_media(backup, data_dir / "media", now)
        kept = placing.swap(place, now)
    migrated.forget(data_dir)
    _say(backup.manifest, media, kept, report)


def _say(manifest: Any, media: int, kept: str, report: Any) -> None:
    print(f"Restored: the state of {manifest.created_at}, {len(manifest.columns)} tables, {media} media files.")
    print(f"What was there before is kept: {kept}.")
    print(f"{report.accounts} accounts are in quarantine: nothing is sent before a lead releases each of them.")
    if report.disconnected:
        print(
            f"{report.disconnected} accounts are disconnected, because the keys that sealed them are not here. "
            "Put the old keys back, or connect them again."
        )


def _open(path: Path | None) -> int:
    if path is None:
        raise cli.CommandError("Which file? pluralis restore FILE")
    try:
        return os.open(path, os.O_RDONLY)
    except OSError as problem:
        raise cli.CommandError(f"{path} cannot be read ({problem.strerror}). Nothing was changed.") from None
