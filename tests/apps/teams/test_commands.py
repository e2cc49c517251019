"""Commands about keys and apps, and what the role the program runs as may never do."""

import io
from contextlib import contextmanager

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from pluralis.cli import main as cli
from pluralis.networks.contract import App
from pluralis.teams.models import Account
from pluralis.teams.queries import access_of, app_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands work on the test's own database, as whoever runs the tests."""

    @contextmanager
    def running(environ):  # type: ignore[no-untyped-def]
        yield None

    monkeypatch.setattr("pluralis.cli.database.database_running", running)
    monkeypatch.setattr("pluralis.cli.privileges.running_as_root", lambda: False)


def test_an_app_is_kept_sealed_and_its_secret_is_not_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("CANARY-SECRET\n"))
    assert cli.main(["register-app", "x", "client-7"]) == 0
    assert app_of("x", "https://api.x.com") == App("client-7", "CANARY-SECRET")
    assert "CANARY" not in capsys.readouterr().out


def test_an_unknown_network_is_refused_with_the_known_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("s\n"))
    assert cli.main(["register-app", "myspace", "client-7"]) == 1
    assert "mastodon" in capsys.readouterr().err


def test_rotating_makes_older_keys_needless(account: Account, settings, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert cli.main(["rotate-keys"]) == 0
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert access_of(account).credentials
    assert "sealed with the newest key" in capsys.readouterr().out


@pytest.mark.parametrize("table", ["publishing_attempt", "publishing_attemptresult", "teams_auditentry"])
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_role_the_program_runs_as_cannot_rewrite_history(table: str, right: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'pluralis_app'")
        if cursor.fetchone() is None:
            pytest.skip("this server has one role only")
        cursor.execute("SELECT has_table_privilege('pluralis_app', %s, %s)", [table, right])
        assert cursor.fetchone()[0] is False
