"""Quarantine at the start and its end: what a lead has looked at does not hold everything up a second time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase
from django.utils import timezone

from pluralis.config import instance
from pluralis.publishing.actions import check_instance, release_account
from pluralis.publishing.actions.quarantine import observe
from pluralis.publishing.models import Instance
from pluralis.teams.models import Account
from tests.apps.cast import Cast

NOW = timezone.now
ALREADY_SENT = 250


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    """An installation whose file knows of more attempts than its database."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data_dir=tmp_path)
    instance.raise_highest_attempt(tmp_path, ALREADY_SENT)
    return tmp_path


@pytest.fixture
def second(cast: Cast, account: Account) -> Account:
    """Another account of the team."""
    Account.objects.filter(id=account.id).update(remote_id="1")
    values = Account.objects.filter(id=account.id).values().get()
    return Account.objects.create(**values | {"id": cast.bob.id, "remote_id": "2", "handle": "second"})


@pytest.fixture
def closed_server(db: None) -> None:
    """A hosted server that tells its users neither its identifier nor its timeline."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA closed")
        cursor.execute(
            "CREATE FUNCTION closed.pg_control_system(OUT system_identifier bigint) LANGUAGE plpgsql AS "
            "'BEGIN RAISE insufficient_privilege; END'"
        )
        cursor.execute("SET LOCAL search_path = closed, pg_catalog, public")


def release(actor: Any, account: Account) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        release_account(actor=actor, account_id=account.id, now=NOW())


def test_a_released_installation_is_not_held_again_at_its_next_start(
    cast: Cast, account: Account, data_dir: Path
) -> None:
    assert check_instance(now=NOW()) == ["the database is older than what was already sent"]
    release(cast.alice, account)
    assert instance.ensure(data_dir).highest_attempt == 0
    assert check_instance(now=NOW()) == []
    assert Instance.objects.get().quarantined_at is None


def test_until_the_last_account_is_released_the_number_stays(
    cast: Cast, account: Account, second: Account, data_dir: Path
) -> None:
    check_instance(now=NOW())
    release(cast.alice, account)
    assert instance.ensure(data_dir).highest_attempt == ALREADY_SENT
    release(cast.alice, second)
    assert instance.ensure(data_dir).highest_attempt == 0


def test_attempts_after_the_release_count_from_the_database(cast: Cast, account: Account, data_dir: Path) -> None:
    instance.note_attempt(ALREADY_SENT, data_dir)
    check_instance(now=NOW())
    release(cast.alice, account)
    instance.note_attempt(3, data_dir)
    instance._log_of(data_dir).flush()
    assert instance.ensure(data_dir).highest_attempt == 3


def test_a_server_that_does_not_say_which_it_is_can_be_used(
    cast: Cast, account: Account, data_dir: Path, closed_server: None
) -> None:
    instance.accept_attempts(data_dir, 0)
    instance.remember_database(data_dir, "7001", 3)
    assert check_instance(now=NOW()) == []
    known = instance.ensure(data_dir)
    assert (known.system_identifier, known.timeline) == ("7001", 3)


def test_on_such_a_server_an_older_database_is_found_all_the_same(
    cast: Cast, account: Account, data_dir: Path, closed_server: None
) -> None:
    assert check_instance(now=NOW()) == ["the database is older than what was already sent"]


def test_the_embedded_server_says_which_it_is_to_the_role_of_the_product(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('pluralis_app', 'pg_control_system()', 'EXECUTE')")
        assert cursor.fetchone() == (True,)
    seen = observe(None)
    assert seen.system_identifier.isdigit()
    assert seen.timeline >= 1


def test_two_workers_that_start_on_a_new_database_at_once_make_one_row(
    data_dir: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Instance.objects.all().delete()

    def somebody_was_first(row: Instance | None) -> instance.Instance:
        assert row is None
        Instance.objects.create(id=1, instance_id=instance.ensure(data_dir).instance_id)
        return observe(row)

    monkeypatch.setattr("pluralis.publishing.actions.quarantine.observe", somebody_was_first)
    assert check_instance(now=NOW()) == ["the database is older than what was already sent"]
    assert Instance.objects.count() == 1
