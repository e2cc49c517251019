"""Putting a checked backup in place: a new database beside the old one, filled, looked at, then swapped."""

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pluralis import cli
from pluralis.cli.archive import tables
from pluralis.cli.archive.manifest import Manifest
from pluralis.cli.archive.reading import Backup
from pluralis.cli.database import start_embedded
from pluralis.config import instance, state
from pluralis.config.embedded import OWNER, Cluster
from pluralis.config.embedded.roles import DATABASE, ensure_database
from pluralis.config.environment import Environment

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader


@dataclass(frozen=True)
class Place:
    """Where the rows go: an address as owner and, for the embedded server, the cluster and the new name."""

    owner_url: str
    data_dir: Path
    cluster: Cluster | None = None
    name: str = ""


@dataclass(frozen=True)
class Report:
    """How many accounts wait for a look, and how many lost their keys."""

    accounts: int
    disconnected: int


@contextmanager
def new_database(environ: MutableMapping[str, str], now: datetime) -> Iterator[Place]:
    """Yield an empty database: a new one on the embedded server, else the one DATABASE_OWNER_URL names."""
    data_dir = state.data_dir_of(environ)
    if environ.get("DATABASE_URL"):
        environment = Environment.from_environ(environ)
        _refuse_unless_empty(environment.database_owner_url)
        yield Place(environment.database_owner_url, data_dir)
        return
    cluster = start_embedded(environ)
    name = f"{DATABASE}_restored_{now:%Y%m%d%H%M%S}"
    try:
        ensure_database(cluster, name)
        yield Place(cluster.url(name, OWNER), data_dir, cluster, name)
    finally:
        _drop(cluster, name)
        cluster.stop()


def fill(place: Place, backup: Backup, now: datetime) -> Report:
    """Make the tables as they were, fill the rows in, bring them up to date, and enter quarantine."""
    _set_up_django(place.owner_url)
    _migrate_to(backup.manifest)
    with psycopg.connect(place.owner_url) as connection:
        _load(connection, backup)
        _continue_numbers(connection, backup.manifest, place.data_dir)
    return _finish(backup.manifest, now)


def place_media(backup: Backup, folder: Path, now: datetime) -> int:
    """Unpack the media beside the old ones and swap the folders; the old one is kept."""
    unpacked = folder.with_name(f"media-restored-{now:%Y%m%d%H%M%S}")
    unpacked.mkdir(mode=0o700)
    count = backup.unpack_media(unpacked)
    if folder.exists() and any(folder.iterdir()):
        folder.rename(folder.with_name(f"media-before-{now:%Y%m%d%H%M%S}"))
    elif folder.exists():
        folder.rmdir()
    unpacked.rename(folder)
    return count


def swap(place: Place, now: datetime) -> str:
    """Give the new database the usual name; returns where the old one is kept."""
    if place.cluster is None:
        return "nothing, the database was empty"
    _give_up_connections()
    kept = f"{DATABASE}_before_{now:%Y%m%d%H%M%S}"
    with psycopg.connect(place.cluster.url("postgres"), autocommit=True) as connection:
        for old, new in ((DATABASE, kept), (place.name, DATABASE)):
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
    return f"the database {kept} on the embedded server, and the folder media-before-{now:%Y%m%d%H%M%S} if any"


def _give_up_connections() -> None:
    """Close Django's connections and its pool: a database with a session on it cannot be renamed."""
    from django.db import connections

    for one in connections.all(initialized_only=True):
        one.close()
        if close_pool := getattr(one, "close_pool", None):
            close_pool()


def _drop(cluster: Cluster, name: str) -> None:
    """Take away a database that was not swapped in; after a swap there is none of this name."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _refuse_unless_empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        found = tables.tables_of(connection)
    if found:
        raise cli.CommandError(
            f"The database has tables already ({found[0]}, ...). Nothing was changed. Make a new, empty database, "
            "let DATABASE_URL and DATABASE_OWNER_URL name it, and restore there."
        )


def _set_up_django(owner_url: str) -> None:
    import django

    os.environ |= {"DATABASE_URL": owner_url, "DATABASE_OWNER_URL": owner_url, "DATABASE_DIRECT_URL": owner_url}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    django.setup()


def _migrate_to(manifest: Manifest) -> None:
    """Bring the empty tables to the state that the backup had; a newer backup is refused."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    named = [(app, name) for app, names in manifest.migrations.items() for name in names]
    executor = MigrationExecutor(connection)
    unknown = [f"{app}.{name}" for app, name in named if (app, name) not in executor.loader.disk_migrations]
    if unknown:
        raise cli.CommandError(
            f"The backup is from a newer version ({unknown[0]} is unknown here). Nothing was changed. "
            "Install that version, then restore."
        )
    executor.loader = loader_for(set(named))
    executor.migrate(ends_of(executor.loader, set(named)))


def loader_for(named: set[tuple[str, str]]) -> "MigrationLoader":
    """Return the migrations that lead an empty database to the state in which it has those named, and no other.

    Django would take every squashed migration here, which leads to its last state. It is right only where a backup
    has all that it replaces, and all that those replace on which it builds; else the single ones are.
    """
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection, replace_migrations=False)
    graph, squashed = loader.graph, loader.replacements
    needed = {key: [one for one in graph.forwards_plan(key) if one in squashed] for key in squashed}
    for key, migration in squashed.items():
        if all(named.issuperset(squashed[one].replaces) for one in needed[key]):
            graph.remove_replaced_nodes(key, migration.replaces)
        else:
            graph.remove_replacement_node(key, migration.replaces)
    return loader


def ends_of(loader: "MigrationLoader", named: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those named that no other of them needs: naming an earlier one would ask to go back to it.

    A squashed one counts as named where all are that it replaces.
    """
    nodes = loader.graph.nodes.items()
    chosen = {key for key, migration in nodes if named.issuperset(migration.replaces or [key])}
    return [key for key in chosen if not any(child.key in chosen for child in loader.graph.node_map[key].children)]


def _load(connection: tables.Connection, backup: Backup) -> None:
    wanted = backup.manifest.columns
    known = tables.tables_of(connection)
    for table, columns in wanted.items():
        if table not in known or set(columns) != set(tables.columns_of(connection, table)):
            raise cli.CommandError(f"The backup's table {table!r} is not one of ours. Nothing was changed.")
    tables.empty(connection, known)
    for table in tables.in_loading_order(connection, list(wanted)):
        try:
            tables.rows_in(connection, table, wanted[table], backup.rows(table))
        except psycopg.DataError as problem:
            raise cli.CommandError(f"The rows of {table!r} are damaged ({problem}). Nothing was changed.") from None
    try:
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.IntegrityError as problem:
        raise cli.CommandError(f"The rows do not belong together ({problem}). Nothing was changed.") from None


def _continue_numbers(connection: tables.Connection, manifest: Manifest, data_dir: Path) -> None:
    """Set the sequences; attempt numbers go on after the highest one that was ever used here."""
    tables.set_sequences(connection, manifest.sequences)
    known = instance.ensure(data_dir)
    highest = max(known.highest_attempt, manifest.highest_attempt)
    tables.set_sequences(connection, {"publishing_attempt_id_seq": highest})


def _finish(manifest: Manifest, now: datetime) -> Report:
    from django.core.management import call_command

    from pluralis.publishing.actions import enter_quarantine

    call_command("migrate", interactive=False, verbosity=0)
    backup_at = datetime.fromisoformat(manifest.created_at)
    accounts = enter_quarantine(reasons=["a backup was restored"], backup_at=backup_at, now=now)
    return Report(accounts, _disconnect_without_keys())


def _disconnect_without_keys() -> int:
    """Mark the accounts whose secrets no key here opens; they can be connected again."""
    from django.utils.translation import gettext as _

    from pluralis.teams.fields import SealBroken, unseal
    from pluralis.teams.models import Account, Credential

    lost = []
    for credential in Credential.objects.only("account_id", "sealed").iterator():
        try:
            unseal(credential.account_id, bytes(credential.sealed))
        except SealBroken:
            lost.append(credential.account_id)
    reason = _("The keys that opened its credentials are not on this machine.")
    Account.objects.filter(id__in=lost).update(connected=False, disconnected_reason=reason)
    return len(lost)
