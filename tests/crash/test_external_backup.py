"""Backup and restore where the database is a server of its own and several machines work on it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pluralis.config.embedded import OWNER, Cluster
from pluralis.config.embedded.cluster import APP
from pluralis.config.embedded.roles import ensure_database, ensure_roles
from tests import postgres
from tests.crash.test_embedded_backup import _FILL, _READ, Installation

pytestmark = pytest.mark.crash
KEYS = {"SECRET_KEY": "k" * 50, "FIELD_KEYS": "b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtbG9uZy4uLi4="}
_HIGHEST = """
from pathlib import Path
from pluralis.config import instance
instance.raise_highest_attempt(Path(os.environ["PLURALIS_DATA_DIR"]), 4200)
"""
_START = """
import json
from pluralis.publishing.actions import check_instance
print(json.dumps(check_instance(now=now)))
"""


class Machine(Installation):
    """One machine of several: a data folder of its own, the keys and the database of all."""

    def __init__(self, folder: Path, server: Cluster, database: str) -> None:
        super().__init__(folder)
        self.environ |= KEYS | {
            "DATABASE_URL": server.url(database, APP),
            "DATABASE_OWNER_URL": server.url(database, OWNER),
        }


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = postgres.new_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL that is nobody's embedded one, with a used database and an empty one beside it."""
    cluster = postgres.cluster_for_tests(folder / "pg", postgres.readable_binaries(folder))
    cluster.start()
    try:
        ensure_roles(cluster)
        for name in ("pluralis", "restored"):
            ensure_database(cluster, name)
        yield cluster
    finally:
        cluster.stop()


def machine(folder: Path, server: Cluster, name: str, database: str) -> Machine:
    place = folder / name
    place.mkdir(exist_ok=True)
    place.chmod(0o777)
    return Machine(place, server, database)


@pytest.fixture(scope="module")
def two(folder: Path, server: Cluster) -> tuple[Machine, Machine]:
    """Two machines on one database, with a team, a connected account and a picture."""
    first, second = (machine(folder, server, name, "pluralis") for name in ("a", "b"))
    first.well("migrate")
    first.python(_FILL)
    second.well("migrate")
    assert json.loads(second.python(_READ))["connected"] is True
    return first, second


@pytest.fixture(scope="module")
def backup(two: tuple[Machine, Machine]) -> Path:
    path = two[0].folder / "desk.backup"
    said = two[0].well("backup", str(path))
    assert "the variables SECRET_KEY and FIELD_KEYS" in said
    return path


def test_a_database_that_is_in_use_is_never_restored_over(two: tuple[Machine, Machine], backup: Path) -> None:
    before = two[0].python(_READ)
    answer = two[0].run("restore", str(backup))
    assert answer.returncode == 1 and "empty" in answer.stderr
    assert two[0].python(_READ) == before


@pytest.fixture(scope="module")
def restored(folder: Path, server: Cluster, two: tuple[Machine, Machine], backup: Path) -> str:
    """What the first machine says when it has put the backup into the empty database."""
    two[1].python(_HIGHEST)  # the second machine has sent on since the backup was taken
    two[0].python("Team.objects.update(name='after the backup')")
    return machine(folder, server, "a", "restored").well("restore", str(backup))


def test_every_machine_finds_the_restored_database_in_quarantine(
    folder: Path, server: Cluster, two: tuple[Machine, Machine], restored: str
) -> None:
    assert "1 accounts are in quarantine" in restored and "disconnected" not in restored
    assert "nothing, the database was empty" in restored
    first, second = (machine(folder, server, name, "restored") for name in ("a", "b"))
    for one in (first, second):
        found = json.loads(one.python(_READ))
        assert (found["team"], found["connected"]) == ("Norlune\tand\nmore", True)
        assert found["quarantined"] and found["instance_quarantined"], one.folder.name
    assert (first.data / "media" / "a1" / "b2.webp").read_bytes() == b"RIFF-picture"
    assert json.loads(two[0].python(_READ))["team"] == "after the backup", "the old database is as it was"


def test_a_machine_that_sent_more_than_the_database_knows_says_so_when_it_starts(
    folder: Path, server: Cluster, restored: str
) -> None:
    second = machine(folder, server, "b", "restored")
    reasons = json.loads(second.python(_START))
    assert reasons, "its own file knows of later attempts, and of another database"
    assert json.loads(second.python(_READ))["instance_quarantined"]
