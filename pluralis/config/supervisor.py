"""One process that starts the others, keeps them alive and stops them in order.

It holds no Django, so that it stays small. Children die with it even by kill -9 (PR_SET_PDEATHSIG), and each
leads a process group of its own, so that Ctrl-C reaches the supervisor alone and stopping is in order.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from pluralis.config.embedded.system_user import dies_with_parent

_TICK_SECONDS = 0.5
_MOST_STARTS = 5
_WITHIN_SECONDS = 60.0
_LOG_LIMIT = 8_000_000


class ProgramFailed(Exception):
    """A program ended again and again; the message holds the end of its log."""


@dataclass
class Program:
    """One child process: what to run and where its output goes."""

    name: str
    command: list[str]
    environ: Mapping[str, str]
    log: Path
    stop_seconds: float = 25.0
    starts: list[float] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; output is appended to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(self.environ),
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        self.starts.append(time.monotonic())

    @property
    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def ask_to_stop(self) -> None:
        """Ask politely; returns at once."""
        if self._process is not None and not self.ended:
            self._process.terminate()

    def wait_until_stopped(self) -> None:
        """Wait for a polite end, then kill what is left of the process group."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.stop_seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def may_start_again(self) -> bool:
        """Tell whether another start makes sense: not five ends within a minute."""
        recent = [start for start in self.starts if time.monotonic() - start < _WITHIN_SECONDS]
        return len(recent) < _MOST_STARTS

    def last_words(self, lines: int = 15) -> str:
        """Return the end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Supervisor:
    """Starts programs in order, watches them, stops them in the opposite order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._programs: list[Program] = []
        self._watched: list[tuple[str, Callable[[], bool]]] = []
        self._asked_to_stop = threading.Event()

    def listen_to_signals(self) -> None:
        """Stop on Ctrl-C, SIGTERM and a closed terminal; a second Ctrl-C changes nothing."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._on_signal)

    @property
    def stopping(self) -> bool:
        return self._asked_to_stop.is_set()

    def start(self, program: Program) -> None:
        self._programs.append(program)
        program.start()

    def watch(self, name: str, alive: Callable[[], bool]) -> None:
        """Also stop everything when `alive()` says no; for what is not ours to start again."""
        self._watched.append((name, alive))

    def pause(self, seconds: float) -> bool:
        """Wait, and return False when it is time to stop."""
        return not self._asked_to_stop.wait(seconds)

    def check(self) -> None:
        """Start again what ended; raises ProgramFailed when that does not help."""
        for name, alive in self._watched:
            if not alive():
                raise ProgramFailed(f"{name} ended by itself. What was committed is kept; see its log.")
        for program in self._programs:
            if program.ended:
                self._start_again(program)

    def run(self) -> None:
        """Watch until asked to stop."""
        while self.pause(_TICK_SECONDS):
            self.check()

    def stop(self) -> None:
        """Stop all programs, last started first; they are asked together and waited for in turn."""
        for program in reversed(self._programs):
            program.ask_to_stop()
        for program in reversed(self._programs):
            program.wait_until_stopped()
        self._programs.clear()

    def _start_again(self, program: Program) -> None:
        if not program.may_start_again():
            raise ProgramFailed(
                f"{program.name} does not stay up. Nothing was lost. Its log ({program.log}) ends with:\n"
                f"{program.last_words()}"
            )
        self._say(f"{program.name} ended unexpectedly and is started again; see {program.log}")
        program.start()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop.set()


def pluralis_command(*words: str) -> list[str]:
    """Return the command line that runs one of our own commands with this Python."""
    return [sys.executable, "-m", "pluralis.cli.main", *words]
