"""Settings come from the environment alone, and a wrong one stops the start with all problems at once."""

from pathlib import Path

import pytest

from pluralis.config.environment import Environment, SettingsError, database_settings, declared
from pluralis.config.keys import Keys, new_field_key

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    return {"PLURALIS_DATA_DIR": str(tmp_path), "SECRET_KEY": "s" * 40, "FIELD_KEYS": new_field_key()}


def test_the_embedded_database_is_used_when_none_is_named(given: dict[str, str]) -> None:
    environment = Environment.from_environ(given)
    assert environment.embedded
    assert environment.database_url.startswith("postgresql://pluralis_app@/pluralis?host=")
    assert environment.database_owner_url.startswith("postgresql://pluralis_owner@/pluralis?host=")
    assert environment.database_direct_url == environment.database_url


def test_a_named_database_serves_for_all_three_addresses(given: dict[str, str]) -> None:
    environment = Environment.from_environ(given | {"DATABASE_URL": "postgresql://u:p@db/desk"})
    assert not environment.embedded
    assert environment.database_owner_url == environment.database_direct_url == "postgresql://u:p@db/desk"


def test_addresses_follow_from_the_port(given: dict[str, str]) -> None:
    environment = Environment.from_environ(given | {"PORT": "9001"})
    assert environment.site_url == "http://localhost:9001"
    assert environment.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")


def test_the_host_of_the_site_is_answered(given: dict[str, str]) -> None:
    environment = Environment.from_environ(given | {"SITE_URL": "https://desk.example.org/"})
    assert environment.site_url == "https://desk.example.org"
    assert environment.allowed_hosts[0] == "desk.example.org"


WRONG = {
    "PORT": ["0", "70000", "eighty"],
    "DEBUG": ["maybe"],
    "DATABASE_URL": ["mysql://db/desk", "desk"],
    "SITE_URL": ["desk.example.org", "https://desk.example.org/app", "ftp://desk"],
    "LOG_LEVEL": ["LOUD"],
    "DATABASE_POOL": ["0", "-1", "many"],
    "PLURALIS_DATA_DIR": ["relative/folder"],
    "SECRET_KEY": ["short"],
    "FIELD_KEYS": ["not-a-key", ","],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_refused_by_name(given: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Environment.from_environ(given | {name: value})


def test_all_problems_are_told_at_once(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        Environment.from_environ(given | {"PORT": "x", "DEBUG": "x", "SITE_URL": "x"})
    assert len(refused.value.problems) == 3


def test_a_demo_on_an_open_address_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="loopback"):
        Environment.from_environ(given | {"DEMO": "1", "BIND": "0.0.0.0"})


def test_without_secrets_and_without_their_file_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="pluralis up"):
        Environment.from_environ({"PLURALIS_DATA_DIR": str(tmp_path)})


def test_secrets_come_from_the_file_of_the_first_start(tmp_path: Path) -> None:
    keys = Keys.ensure(tmp_path)
    environment = Environment.from_environ({"PLURALIS_DATA_DIR": str(tmp_path)})
    assert (environment.secret_key, environment.field_keys) == (keys.secret_key, keys.field_keys)


def test_a_user_without_home_must_name_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SettingsError, match="PLURALIS_DATA_DIR"):
        Environment.from_environ({"SECRET_KEY": "s" * 40, "FIELD_KEYS": new_field_key()})


ADDRESSES = {
    "postgresql://u:p%40ss@db:6432/desk?sslmode=require": {
        "USER": "u",
        "PASSWORD": "p@ss",
        "HOST": "db",
        "PORT": "6432",
        "NAME": "desk",
        "OPTIONS": {"sslmode": "require"},
    },
    "postgresql://pluralis_app@/pluralis?host=%2Fvar%2Flib%2Fp&port=5432": {
        "USER": "pluralis_app",
        "PASSWORD": "",
        "HOST": "/var/lib/p",
        "PORT": "5432",
        "NAME": "pluralis",
        "OPTIONS": {},
    },
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_becomes_djangos_settings(url: str) -> None:
    assert database_settings(url) == {"ENGINE": "django.db.backends.postgresql", **ADDRESSES[url]}


def test_the_reference_names_every_setting_with_its_words() -> None:
    page = " ".join(REFERENCE.read_text().split())
    for one in declared():
        assert f"`{one.metadata['name']}`" in page
        assert " ".join(one.metadata["about"].split()) in page, one.metadata["name"]


def test_the_reference_names_nothing_that_is_no_setting() -> None:
    table = REFERENCE.read_text().split("## What lies")[0]
    rows = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert rows == [one.metadata["name"] for one in declared()]
