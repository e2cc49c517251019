"""`pluralis up` as a person meets it: ready, refused twice, stopped, killed, started again."""

import contextlib
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.crash
_CLEAN = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL", "SECRET_KEY", "FIELD_KEYS", "DEMO")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The data folder of one instance that all tests here use in turn."""
    from tests import postgres

    made = postgres.new_folder()
    yield made / "data"
    subprocess.run(["rm", "-rf", str(made)], check=True)


@pytest.fixture(scope="module")
def environ(folder: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name not in _CLEAN}
    return kept | {"PLURALIS_DATA_DIR": str(folder), "PORT": str(port)}


@pytest.fixture
def start(environ: dict[str, str]) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start `pluralis up`; what a test leaves running is stopped."""
    started: list[subprocess.Popen[str]] = []

    def up() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "pluralis.cli.main", "up"]
        process = subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        started.append(process)
        return process

    yield up
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def wait_until_ready(process: subprocess.Popen[str]) -> str:
    """Read what it says until it is ready; fail with all of it when it ends instead."""
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if "Pluralis is ready" in line:
            return said
    pytest.fail(f"it never was ready:\n{said}")


def health(environ: dict[str, str]) -> dict[str, object]:
    with urllib.request.urlopen(f"http://127.0.0.1:{environ['PORT']}/healthz", timeout=10) as answer:
        return dict(json.load(answer))


def processes_of(folder: Path) -> dict[int, str]:
    """Return the living processes whose environment or command line names the data folder."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
        except (OSError, PermissionError):
            continue
        if os.fsencode(folder) in words and int(path.name) != os.getpid():
            found[int(path.name)] = words.replace(b"\0", b" ").decode(errors="replace")[:80]
    return found


def eventually_nothing_left(folder: Path) -> dict[int, str]:
    give_up = time.monotonic() + 30
    while processes_of(folder) and time.monotonic() < give_up:
        time.sleep(0.1)
    return processes_of(folder)


def eventually_only(servers: list[int], folder: Path) -> dict[int, str]:
    """Return what is left besides the database's own processes, half a minute later at the latest."""
    give_up = time.monotonic() + 30
    while (left := set(processes_of(folder)) - set(servers)) and time.monotonic() < give_up:
        time.sleep(0.1)
    return {pid: words for pid, words in processes_of(folder).items() if pid in left}


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def test_the_address_is_said_when_every_part_is_well(
    start: Callable[[], subprocess.Popen[str]], environ: dict[str, str], folder: Path
) -> None:
    process = start()
    said = wait_until_ready(process)
    assert f"http://localhost:{environ['PORT']}" in said
    answer = health(environ)
    assert answer["ok"] is True
    assert {"database", "migrations", "worker", "listener"} <= set(answer["parts"])  # type: ignore[arg-type]


def test_no_process_runs_as_root(start: Callable[[], subprocess.Popen[str]], folder: Path) -> None:
    wait_until_ready(start())
    owners = {pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name for pid in processes_of(folder)}
    assert owners == {"pluralis" if os.geteuid() == 0 else pwd.getpwuid(os.getuid()).pw_name}


def test_a_second_start_on_the_same_data_is_refused_and_the_first_goes_on(
    start: Callable[[], subprocess.Popen[str]], environ: dict[str, str]
) -> None:
    wait_until_ready(start())
    said, _ = start().communicate(timeout=60)
    assert "already runs on" in said
    assert "Nothing was started or changed" in said
    assert health(environ)["ok"] is True


def test_ctrl_c_stops_everything_and_leaves_no_process(
    start: Callable[[], subprocess.Popen[str]], folder: Path
) -> None:
    process = start()
    wait_until_ready(process)
    assert processes_of(folder)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert said.endswith("Stopped.\n")
    assert eventually_nothing_left(folder) == {}


def test_a_kill_leaves_no_process_and_the_next_start_keeps_the_data(
    start: Callable[[], subprocess.Popen[str]], environ: dict[str, str], folder: Path
) -> None:
    process = start()
    wait_until_ready(process)
    before = (folder / "instance.json").read_text()
    process.kill()
    process.wait()
    assert eventually_nothing_left(folder) == {}
    wait_until_ready(start())
    assert (folder / "instance.json").read_text() == before
    assert health(environ)["ok"] is True


def test_a_kill_leaves_no_process_even_when_the_database_answers_nobody(
    start: Callable[[], subprocess.Popen[str]], folder: Path
) -> None:
    process = start()
    wait_until_ready(process)
    servers = [pid for pid in processes_of(folder) if "postgres" in name_of(pid)]
    for pid in servers:
        os.kill(pid, signal.SIGSTOP)
    try:
        process.kill()
        process.wait()
        left = eventually_only(servers, folder)
    finally:
        for pid in servers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
    assert left == {}
    assert eventually_nothing_left(folder) == {}


def test_a_dead_worker_is_started_again(
    start: Callable[[], subprocess.Popen[str]], environ: dict[str, str], folder: Path
) -> None:
    process = start()
    wait_until_ready(process)
    [worker] = [pid for pid, words in processes_of(folder).items() if "main worker" in words]
    os.kill(worker, signal.SIGKILL)
    assert process.stdout
    assert any("worker ended unexpectedly and is started again" in line for line in process.stdout)


def test_a_taken_port_is_told_before_anything_is_started(
    start: Callable[[], subprocess.Popen[str]], environ: dict[str, str]
) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(environ["PORT"])))
        other.listen()
        said, _ = start().communicate(timeout=60)
    assert f"Port {environ['PORT']} cannot be used" in said
    assert "PORT=8001 make up" in said
