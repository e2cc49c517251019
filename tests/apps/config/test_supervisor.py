"""The supervisor starts, watches and stops; nothing of it is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pluralis.config.supervisor import Program, ProgramFailed, Supervisor

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    one = Supervisor(said.append)
    yield one
    one.stop()


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Program]:
    def make(code: str) -> Program:
        return Program("part", [sys.executable, "-c", code], os.environ, tmp_path / "logs" / "part.log", 2.0)

    return make


def pid_of(program: Program) -> int:
    assert program._process is not None
    return program._process.pid


def eventually(check: Callable[[], bool], seconds: float = 10) -> bool:
    give_up = time.monotonic() + seconds
    while not check() and time.monotonic() < give_up:
        time.sleep(0.02)
    return check()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_that_ends_is_started_again_and_it_is_said(
    supervisor: Supervisor, program: Callable[[str], Program], said: list[str]
) -> None:
    part = program(SLEEP)
    supervisor.start(part)
    first = pid_of(part)
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: part.ended)
    supervisor.check()
    assert pid_of(part) != first
    assert not part.ended
    assert "started again" in said[0]


def test_a_program_that_never_stays_up_is_given_up_with_its_last_words(
    supervisor: Supervisor, program: Callable[[str], Program]
) -> None:
    part = program("raise SystemExit('no such table')")
    supervisor.start(part)
    with pytest.raises(ProgramFailed, match="no such table"):
        for _ in range(10):
            assert eventually(lambda: part.ended)
            supervisor.check()
    assert len(part.starts) == 5


def test_what_is_watched_but_not_ours_ends_everything(supervisor: Supervisor) -> None:
    supervisor.watch("PostgreSQL", lambda: False)
    with pytest.raises(ProgramFailed, match="PostgreSQL ended"):
        supervisor.check()


def test_a_program_that_will_not_stop_is_killed_with_its_children(
    supervisor: Supervisor, program: Callable[[str], Program]
) -> None:
    family = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid, flush=True)\n"
    part = program(family + STUBBORN)
    supervisor.start(part)
    assert eventually(lambda: part.log.exists() and "up" in part.log.read_text())
    parent, child = pid_of(part), int(part.log.read_text().split()[0])
    supervisor.stop()
    assert not is_alive(parent)
    assert eventually(lambda: not is_alive(child))


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = f"""
import os, sys, time
from pathlib import Path
from pluralis.config.supervisor import Program, Supervisor
supervisor = Supervisor(print)
part = Program("part", [sys.executable, "-c", {SLEEP!r}], os.environ, Path({str(tmp_path / "log")!r}))
supervisor.start(part)
print(part._process.pid, flush=True)
supervisor.run()
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    child = int(process.stdout.readline())
    assert is_alive(child)
    process.kill()
    process.wait()
    assert eventually(lambda: not is_alive(child))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_watch_at_once(number: signal.Signals) -> None:
    code = (
        "from pluralis.config.supervisor import Supervisor\n"
        "s = Supervisor(print); s.listen_to_signals(); print('ready', flush=True); s.run(); print('stopped')"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, _ = process.communicate(timeout=10)
    assert (out, process.returncode) == ("stopped\n", 0)


def test_a_long_log_is_put_aside_before_a_start(supervisor: Supervisor, program: Callable[[str], Program]) -> None:
    part = program(SLEEP)
    part.log.parent.mkdir()
    part.log.write_bytes(b"x" * 9_000_000)
    supervisor.start(part)
    assert part.log.stat().st_size == 0
    assert part.log.with_suffix(".log.old").stat().st_size == 9_000_000
