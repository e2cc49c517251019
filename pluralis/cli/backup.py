"""`pluralis backup`: rows and media in one private file, never keys."""

import argparse
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from pluralis import cli

NEEDS_INSTANCE = True


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("backup", help="write rows and media into one private file")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("file", nargs="?", type=Path, help="a new file; unset: pluralis-DATE.backup in this folder")
    where.add_argument("--fd", type=int, help=argparse.SUPPRESS)


def before_leaving_root(arguments: argparse.Namespace) -> list[str]:
    """Open the file while we are root, since the system user may not write where root stands."""
    descriptor = _new_file(_path(arguments))
    os.set_inheritable(descriptor, True)
    return ["backup", "--fd", str(descriptor)]


def run(arguments: argparse.Namespace) -> int:
    """Write the backup, then say what it holds and where the keys are."""
    if arguments.fd is not None:
        with os.fdopen(arguments.fd, "wb") as target:
            _write(target)
        return 0
    path = _path(arguments)
    descriptor = _new_file(path)
    try:
        with os.fdopen(descriptor, "wb") as target:
            _write(target)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    print(f"Written: {path}")
    return 0


def _write(target: BinaryIO) -> None:
    from pluralis.cli.archive.writing import write_backup
    from pluralis.cli.database import database_running
    from pluralis.config.environment import Environment
    from pluralis.config.keys import FILE

    with database_running(os.environ):
        environment = Environment.from_environ(os.environ)
        try:
            manifest = write_backup(environment, target, at=datetime.now(UTC))
        except OSError as problem:
            raise cli.CommandError(
                f"The backup could not be written ({problem.strerror}). Remove the file: it is not whole. "
                "Free some space, or name a file on another disk."
            ) from None
    media = sum(name.startswith("media/") for name in manifest.members)
    size = sum(member.size for member in manifest.members.values())
    print(f"{len(manifest.columns)} tables and {media} media files, {size / 1e6:.1f} MB.")
    keys = environment.data_dir / FILE
    where = f"the file {keys}" if keys.exists() else "the variables SECRET_KEY and FIELD_KEYS"
    print(f"The keys are not in it. Keep a copy of {where} in another place; without them accounts must reconnect.")


def _path(arguments: argparse.Namespace) -> Path:
    name = f"pluralis-{datetime.now(UTC):%Y%m%d-%H%M%S}.backup"
    return Path(arguments.file) if arguments.file else Path.cwd() / name


def _new_file(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise cli.CommandError(f"{path} is already there. Nothing was written. Name a new file.") from None
    except OSError as problem:
        raise cli.CommandError(f"{path} cannot be written ({problem.strerror}). Name another place.") from None
