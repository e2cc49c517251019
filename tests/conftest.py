"""Fixtures for every test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import plugin, postgres


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Start this run's server just before pytest-django makes the worker's test database."""
    plugin.start(request.config)


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> str:
    """The address of this run's server, started; for tests that need PostgreSQL without Django."""
    plugin.start(request.config)
    return os.environ["DATABASE_URL"]


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short path that the system user can reach."""
    folder = postgres.new_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Let the direct connections (session locks, LISTEN, jobs) go to the test database too; hash passwords fast."""
    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    # Argon2 is slow on purpose, and nearly every test makes three people.
    override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]).enable()
    base, _slash, _name = settings.DATABASE_DIRECT_URL.partition("?")[0].rpartition("/")
    query = settings.DATABASE_DIRECT_URL.partition("?")[2]
    name = connection.settings_dict["NAME"]
    settings.DATABASE_DIRECT_URL = f"{base}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session", autouse=True)
def _empty_only_what_was_filled() -> None:
    """Empty the tables that a test filled, and no others.

    Django truncates every table after a test that commits, which makes a thousand files anew each time: half a
    second. Nearly all of our tables are empty then; deleting a few rows takes some milliseconds.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations

    def delete_rows(self: DatabaseOperations, style: object, tables: list[str], **options: object) -> list[str]:
        filled = _filled(self.connection, tables)
        # Rows that are never rewritten may be taken away by the owner; the engine's own rows go children first.
        allowed = "SELECT set_config('pluralis.erasing', 'on', true)"
        return [allowed, *(f'DELETE FROM "{table}"' for table in sorted(filled, key=_children_first))]

    DatabaseOperations.sql_flush = delete_rows  # type: ignore[method-assign]


def _filled(connection: object, tables: list[str]) -> list[str]:
    """Return the tables that hold rows. One query."""
    looks = ", ".join(f'EXISTS (SELECT FROM "{table}")' for table in tables)
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"SELECT ARRAY[{looks}]")
        [found] = cursor.fetchone()
    return [table for table, holds in zip(tables, found, strict=True) if holds]


def _children_first(table: str) -> int:
    return table == "procrastinate_jobs"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Forget what an earlier test left in the cache: whoever asks too often there is slowed down here."""
    from django.conf import settings
    from django.core.cache import cache

    if settings.configured:
        cache.clear()
