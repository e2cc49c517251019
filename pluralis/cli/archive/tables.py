"""Rows out of and into PostgreSQL by COPY; which tables belong to a backup."""

from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from typing import Any, LiteralString

import psycopg
from psycopg import sql

# Jobs are wake-ups that a planner makes anew; sessions and caches are nobody's data; the database keeps its
# own list of migrations.
LEFT_OUT = ("procrastinate_%", "django_session", "django_migrations")

_TABLES: LiteralString = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND NOT c.relname LIKE ANY (%s) ORDER BY c.relname
"""
# Generated columns are computed again, not copied.
_COLUMNS: LiteralString = """
    SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
    AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
_SEQUENCES: LiteralString = """
    SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences
    WHERE schemaname = 'public' AND NOT sequencename LIKE ANY (%s) ORDER BY 1
"""

# Foreign keys that are checked at once; the others wait for the end of the transaction.
_NEEDS_FIRST: LiteralString = """
    SELECT t.relname, r.relname FROM pg_constraint k
    JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
    WHERE k.contype = 'f' AND NOT k.condeferred AND k.conrelid <> k.confrelid
"""

Connection = psycopg.Connection[tuple[Any, ...]]


def tables_of(connection: Connection) -> list[str]:
    """Return the names of the tables that a backup holds."""
    return [name for (name,) in connection.execute(_TABLES, [list(LEFT_OUT)])]


def in_loading_order(connection: Connection, tables: list[str]) -> list[str]:
    """Return tables so that each comes after those its immediate foreign keys point to."""
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(tables, ()))
    for table, needed in connection.execute(_NEEDS_FIRST):
        if table in tables and needed in tables:
            sorter.add(table, needed)
    return list(sorter.static_order())


def columns_of(connection: Connection, table: str) -> list[str]:
    """Return a table's columns in their order, without computed ones."""
    return [name for (name,) in connection.execute(_COLUMNS, [f'public."{table}"'])]


def sequences_of(connection: Connection) -> dict[str, int]:
    """Return the last value of each sequence, 0 where none was drawn."""
    return dict(connection.execute(_SEQUENCES, [list(LEFT_OUT)]).fetchall())


def migrations_of(connection: Connection) -> dict[str, list[str]]:
    """Return, per app, the migrations this database has."""
    found: dict[str, list[str]] = {}
    for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, id"):
        found.setdefault(app, []).append(name)
    return found


def rows_out(connection: Connection, table: str, columns: list[str]) -> Iterator[bytes]:
    """Yield a table's rows as COPY text."""
    with connection.cursor() as cursor, cursor.copy(_copy("TO STDOUT", table, columns)) as copy:
        for block in copy:
            yield bytes(block)


def rows_in(connection: Connection, table: str, columns: list[str], blocks: Iterable[bytes]) -> None:
    """Fill rows into a table; the names must have been checked against the database before."""
    with connection.cursor() as cursor, cursor.copy(_copy("FROM STDIN", table, columns)) as copy:
        for block in blocks:
            copy.write(block)


def empty(connection: Connection, tables: list[str]) -> None:
    """Take out the rows that migrations put in, all tables together."""
    if tables:
        names = sql.SQL(", ").join(map(_table, tables))
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


def set_sequences(connection: Connection, values: dict[str, int]) -> None:
    """Set sequences that this database has; values come from a manifest, names that are unknown are passed over."""
    known = sequences_of(connection)
    for name, value in values.items():
        if name in known and value > 0:
            connection.execute("SELECT setval(%s::regclass, %s)", [f'public."{name}"', value])


def _copy(direction: LiteralString, table: str, columns: list[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(_table(table), names, sql.SQL(direction))


def _table(name: str) -> sql.Identifier:
    return sql.Identifier("public", name)
