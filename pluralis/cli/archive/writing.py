"""Writing a backup: one consistent view of the rows, then media, then the manifest."""

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql

import pluralis
from pluralis.cli.archive import tables
from pluralis.cli.archive.manifest import NAME, Manifest, Member, key_fingerprints
from pluralis.config import instance
from pluralis.config.environment import Environment

_BLOCK = 1 << 20


def write_backup(environment: Environment, target: BinaryIO, *, at: datetime) -> Manifest:
    """Write the whole instance to `target` and return what was written.

    Rows are read in one REPEATABLE READ transaction, so they belong together whatever is written meanwhile;
    media are added afterwards, so none that a row names can be missing.
    """
    with (
        psycopg.connect(environment.database_direct_url) as connection,
        tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        manifest = _describe(connection, environment, at)
        for table, columns in manifest.columns.items():
            blocks = tables.rows_out(connection, table, columns)
            manifest.members[f"tables/{table}.copy"] = _add(archive, f"tables/{table}.copy", blocks)
        connection.rollback()
        _add_media(archive, environment.media_dir, manifest)
        _add(archive, NAME, [manifest.dump()])
    target.flush()
    os.fsync(target.fileno())
    return manifest


def _describe(connection: tables.Connection, environment: Environment, at: datetime) -> Manifest:
    known = instance.read(environment.data_dir)
    return Manifest(
        created_at=at.astimezone(UTC).isoformat(),
        version=pluralis.__version__,
        instance_id=known.instance_id if known else "",
        highest_attempt=_highest_attempt(connection),
        keys=key_fingerprints(environment.field_keys),
        migrations=tables.migrations_of(connection),
        columns={name: tables.columns_of(connection, name) for name in tables.tables_of(connection)},
        sequences=tables.sequences_of(connection),
    )


def _highest_attempt(connection: tables.Connection) -> int:
    table = sql.Identifier("publishing_attempt")
    row = connection.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(table)).fetchone()
    return int(row[0]) if row else 0


def _add(archive: tarfile.TarFile, name: str, blocks: Iterable[bytes]) -> Member:
    """Add one member; its size must be known before it is written, so it is spooled first."""
    digest, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=8 * _BLOCK) as spool:
        for block in blocks:
            digest.update(block)
            size += spool.write(block)
        spool.seek(0)
        archive.addfile(_entry(name, size), spool)
    return Member(size, digest.hexdigest())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _add_media(archive: tarfile.TarFile, folder: Path, manifest: Manifest) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = f"media/{path.relative_to(folder).as_posix()}"
            with path.open("rb") as content:
                manifest.members[name] = _add(archive, name, _blocks(content))


def _blocks(content: BinaryIO) -> Iterator[bytes]:
    while block := content.read(_BLOCK):
        yield block
