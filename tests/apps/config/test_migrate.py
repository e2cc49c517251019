"""Migrating beside a version that is still at work: a lock that is not to be had is waited for, never for ever."""

import threading

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from pluralis.cli import migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 1)


@pytest.fixture
def reader():
    """Somebody else's open transaction, as a worker of the version before has it while it reads."""
    with psycopg.connect(settings.DATABASE_DIRECT_URL, dbname=connection.settings_dict["NAME"]) as other:
        other.execute("LOCK TABLE teams_team IN ACCESS SHARE MODE")
        yield other


def change() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE teams_team IN ACCESS EXCLUSIVE MODE")


def test_a_table_in_use_is_waited_for_and_then_changed(
    reader: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    threading.Timer(1.5, reader.rollback).start()
    migrate.apply_beside_others(change)
    assert "The tables are in use" in capsys.readouterr().out


def test_a_table_that_stays_in_use_ends_the_command_with_the_reason(
    reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TRIES", 2)
    with pytest.raises(OperationalError, match="lock timeout"):
        migrate.apply_beside_others(change)


def test_any_other_failure_is_told_at_once() -> None:
    tries = []

    def wrong() -> None:
        tries.append(1)
        raise OperationalError("disk full")

    with pytest.raises(OperationalError, match="disk full"):
        migrate.apply_beside_others(wrong)
    assert tries == [1]
