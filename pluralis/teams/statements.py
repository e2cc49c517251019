"""Statements in SQL for what every part and every page passes, several of them in one round trip.

Everything else goes through Django's models. Each statement sees what was committed before *it* began, not before
the first of its group (PostgreSQL's READ COMMITTED), so that what is read behind a lock is what the lock protects.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

Step = tuple[str, Mapping[str, Any]]


def write(text: str, values: Mapping[str, Any]) -> "psycopg.Cursor[Any]":
    """Run one statement in the caller's transaction; returns where its rows can be read."""
    session = _session()
    with connection.wrap_database_errors:
        return psycopg.Cursor(session).execute(text, values)


def read(*steps: Step) -> dict[str, Any]:
    """Run statements in one round trip; returns the last one's row by the names of its columns, ``{}`` for none.

    The first error ends the transaction, and the statements behind it were not run.
    """
    return read_each(*steps)[-1]


def read_each(*steps: Step) -> list[dict[str, Any]]:
    """Like :func:`read`, but returns the row of every statement. One that returns no columns has ``{}``."""
    session = _session()
    with connection.wrap_database_errors:
        # In a pipeline, of one statement too, the beginning of a transaction travels with what it begins with.
        with session.pipeline():
            cursors = [psycopg.Cursor(session).execute(text, values) for text, values in steps]
        return [_row_of(cursor) for cursor in cursors]


def read_all(text: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement; returns its rows."""
    return write(text, values).fetchall()


def _row_of(cursor: "psycopg.Cursor[Any]") -> dict[str, Any]:
    if cursor.description is None:
        return {}
    row = cursor.fetchone()
    return dict(zip((column.name for column in cursor.description), row, strict=True)) if row else {}


def _session() -> "psycopg.Connection[Any]":
    """Return this thread's connection as the driver knows it, in Django's own transaction."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    session: psycopg.Connection[Any] = connection.connection
    if session.prepare_threshold is None and _may_keep_plans():
        session.prepare_threshold = 0
        # All of them find rows by key: the server need not plan the first five runs to learn that any plan is right.
        session.execute("SET plan_cache_mode = force_generic_plan")
    return session


@cache
def _may_keep_plans() -> bool:
    """Whether the server may keep our statements planned: behind a pooler the next one would meet another session.

    Planning takes longer than running any of them. Django's own queries are bound by the client and not kept.
    """
    return bool(settings.ENVIRONMENT.database_url == settings.DATABASE_DIRECT_URL)
