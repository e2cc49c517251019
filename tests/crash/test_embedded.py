"""The embedded server under real kills: what was acknowledged is there, and it starts again by itself."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pluralis.config.embedded import OWNER, Cluster
from pluralis.config.embedded.roles import ensure_database, ensure_roles
from pluralis.config.embedded.sockets import MOST_BYTES
from tests import postgres

pytestmark = pytest.mark.crash


@pytest.fixture
def durable(short_folder: Path) -> Iterator[Cluster]:
    """A cluster with fsync on, as in the product."""
    cluster = postgres.cluster_for_tests(short_folder / "pg", postgres.readable_binaries(short_folder))
    cluster.durable = True
    cluster.start()
    ensure_roles(cluster)
    ensure_database(cluster)
    yield cluster
    cluster.stop()


def write_until_it_breaks(url: str, first: int, acknowledged: list[int]) -> None:
    number = first
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            while True:
                connection.execute("INSERT INTO rows (id) VALUES (%s)", [number])
                acknowledged.append(number)
                number += 1
    except psycopg.OperationalError:
        return


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill_all(cluster: Cluster) -> None:
    """Kill the server and its children at once, as a power cut would."""
    assert cluster.pid is not None
    server = cluster.pid
    os.killpg(server, signal.SIGKILL)
    give_up = time.monotonic() + 10
    while _lives(server) and time.monotonic() < give_up:  # on a busy machine even a kill takes its time
        time.sleep(0.02)


@pytest.mark.parametrize("kill", [kill_all, lambda cluster: os.kill(cluster.pid, signal.SIGKILL)], ids=["all", "one"])
def test_no_acknowledged_row_is_lost_by_a_kill(durable: Cluster, kill: object) -> None:
    with psycopg.connect(durable.url("pluralis", OWNER)) as connection:
        connection.execute("CREATE TABLE rows (id bigint PRIMARY KEY)")
    acknowledged: list[int] = []
    for round_ in range(3):
        writers = [
            threading.Thread(
                target=write_until_it_breaks,
                args=(durable.url("pluralis", OWNER), (round_ * 4 + n) * 10_000_000, acknowledged),
            )
            for n in range(4)
        ]
        for writer in writers:
            writer.start()
        time.sleep(0.5)
        kill(durable)  # type: ignore[operator]
        for writer in writers:
            writer.join()
        durable.start()
    with psycopg.connect(durable.url("pluralis", OWNER)) as connection:
        stored = {number for (number,) in connection.execute("SELECT id FROM rows")}
    assert len(acknowledged) > 100
    assert set(acknowledged) <= stored


def test_a_number_that_now_belongs_to_another_process_does_not_stop_a_start(durable: Cluster) -> None:
    lines = (durable.data / "postmaster.pid").read_text().splitlines()
    kill_all(durable)
    time.sleep(0.2)
    (durable.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    durable.start()
    assert durable.alive()


def test_a_lock_file_of_a_dead_server_does_not_stop_a_start(durable: Cluster) -> None:
    kill_all(durable)
    durable.start()
    with psycopg.connect(durable.url("pluralis", OWNER)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_server_ends_with_the_process_that_started_it(short_folder: Path) -> None:
    cluster = postgres.cluster_for_tests(short_folder / "pg", postgres.readable_binaries(short_folder))
    child = os.fork()
    if child == 0:
        cluster.start()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    give_up = time.monotonic() + 10
    while cluster.pid is not None and time.monotonic() < give_up:
        time.sleep(0.05)
    assert cluster.pid is None
    assert not (cluster.data / "postmaster.pid").exists(), "it was shut down, not left to recover"


def test_a_deep_folder_gets_its_socket_in_a_short_private_one(short_folder: Path) -> None:
    deep = short_folder / ("very-" * 12 + "deep") / ("folder-" * 8 + "name") / "pg"
    cluster = postgres.cluster_for_tests(deep, postgres.readable_binaries(short_folder))
    for parent in reversed(deep.parents[:2]):
        parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    cluster.start()
    try:
        socket_folder = cluster.socket_folder
        assert not socket_folder.is_relative_to(deep)
        assert len(os.fsencode(socket_folder / ".s.PGSQL.5432")) <= MOST_BYTES
        assert socket_folder.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(cluster.url("postgres", "postgres")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.stop()
        socket_folder.rmdir()
