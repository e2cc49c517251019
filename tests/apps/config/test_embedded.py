"""The embedded server from the outside: what it lets in, what it keeps, what it refuses."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pluralis.config.embedded import APP, OWNER, AlreadyRunning, Cluster, OtherMajorVersion
from pluralis.config.embedded.roles import ensure_database, ensure_roles
from tests.postgres import cluster_for_tests, readable_binaries


@pytest.fixture
def cluster(short_folder: Path) -> Iterator[Cluster]:
    one = cluster_for_tests(short_folder / "pg", readable_binaries(short_folder))
    yield one
    one.stop()


@pytest.fixture
def running(cluster: Cluster) -> Cluster:
    cluster.start()
    ensure_roles(cluster)
    ensure_database(cluster)
    return cluster


def test_the_database_is_utf8_with_the_builtin_locale(running: Cluster) -> None:
    with psycopg.connect(running.url("pluralis", APP)) as connection:
        row = connection.execute(
            "SELECT current_setting('server_encoding'), datlocprovider, datlocale FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    assert row == ("UTF8", "b", "C.UTF-8")


def test_nothing_listens_on_tcp_and_the_folders_are_private(running: Cluster) -> None:
    with psycopg.connect(running.url("pluralis", APP)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert running.folder.stat().st_mode & 0o777 == 0o700
    assert running.data.stat().st_mode & 0o777 == 0o700
    assert "trust" not in (running.data / "pg_hba.conf").read_text()


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE mine (id int)", "TRUNCATE things", "DROP TABLE things", "ALTER TABLE things ADD x int"],
)
def test_the_application_may_not_change_or_empty_tables(running: Cluster, statement: str) -> None:
    with psycopg.connect(running.url("pluralis", OWNER)) as connection:
        connection.execute("CREATE TABLE things (id bigserial, name text)")
    with psycopg.connect(running.url("pluralis", APP)) as connection:
        connection.execute("INSERT INTO things (name) VALUES ('one')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_rows_survive_a_stop_and_a_second_start(running: Cluster) -> None:
    with psycopg.connect(running.url("pluralis", OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    running.stop()
    running.start()
    with psycopg.connect(running.url("pluralis", OWNER)) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_second_server_on_the_same_folder_is_refused(running: Cluster) -> None:
    second = Cluster(running.folder, running.binaries, durable=False)
    with pytest.raises(AlreadyRunning, match="Nothing was changed"):
        second.start()
    assert running.alive()


def test_another_major_version_is_refused_and_left_alone(running: Cluster) -> None:
    running.stop()
    (running.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(OtherMajorVersion, match="pluralis upgrade"):
        running.start()
    assert (running.data / "PG_VERSION").read_text() == "16\n"
