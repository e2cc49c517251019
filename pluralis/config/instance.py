"""The instance file: what must be known about an instance outside its own database.

`instance.json` in the data folder says which instance this is, which database it saw last and how far
publishing had come. A database that is behind it, or another one, was restored or copied, and then nothing
may be sent before a person looks (GUARANTEES 1, "the past is not replayed"). Mode 0600, replaced at once.
"""

import atexit
import json
import threading
import time
import uuid
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from pluralis.config.files import locked, write_private

FILE = "instance.json"
_FLUSH_SECONDS = 1.0


class InstanceError(Exception):
    """The instance file is damaged; the message says what to do."""


@dataclass(frozen=True)
class Instance:
    """What the file says.

    `system_identifier` and `timeline` are PostgreSQL's own (pg_control_system, pg_control_checkpoint): a copy
    made by dump and restore has another identifier, a promoted or rewound one another timeline.
    Either is empty where a server does not show it, and what is not known is no difference.
    `highest_attempt` is the highest attempt number ever claimed here.
    """

    instance_id: str
    system_identifier: str = ""
    timeline: int = 0
    highest_attempt: int = 0

    def reasons_for_quarantine(self, seen: "Instance") -> list[str]:
        """Return why a database that looks like `seen` is not the one this file knows; empty when it is."""
        reasons = []
        if seen.instance_id and seen.instance_id != self.instance_id:
            reasons.append("the database belongs to another instance")
        if "" != seen.system_identifier != self.system_identifier != "":
            reasons.append("the database is a copy on another server")
        if 0 != seen.timeline != self.timeline != 0:
            reasons.append("the server was restored or promoted")
        if seen.highest_attempt < self.highest_attempt:
            reasons.append("the database is older than what was already sent")
        return reasons


def read(data_dir: Path) -> Instance | None:
    """Return what the file says, or None when there is no file; raises InstanceError when it is damaged."""
    try:
        return Instance(**json.loads((data_dir / FILE).read_text()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as problem:
        raise InstanceError(
            f"{data_dir / FILE} is damaged ({problem}). Nothing was sent. Remove it to start in quarantine."
        ) from None


def write(data_dir: Path, instance: Instance) -> None:
    """Replace the file at once, mode 0600."""
    write_private(data_dir / FILE, json.dumps(asdict(instance), indent=1))


def ensure(data_dir: Path) -> Instance:
    """Return the instance of this folder, made with a random id on the first start."""
    found = read(data_dir)
    if found is None:
        found = Instance(instance_id=str(uuid.uuid4()))
        write(data_dir, found)
    return found


class AttemptLog:
    """Remembers the highest attempt number and writes it at most once per `every` seconds.

    What a kill can lose is one second of numbers, so a database must be behind by more than that to be
    caught by the number alone; a restore is caught by the other marks too.
    """

    def __init__(self, data_dir: Path, every: float = _FLUSH_SECONDS) -> None:
        self._data_dir = data_dir
        self._every = every
        self._highest = 0
        self._written = 0
        self._flushed_at = float("-inf")
        self._later: threading.Timer | None = None
        self._lock = threading.Lock()

    def note(self, number: int) -> None:
        """Remember an attempt number after its claim was committed."""
        with self._lock:
            self._highest = max(self._highest, number)
            wait = self._flushed_at + self._every - time.monotonic()
            if wait <= 0:
                self._write()
            elif self._later is None:
                self._later = threading.Timer(wait, self.flush)
                self._later.daemon = True
                self._later.start()

    def flush(self) -> None:
        """Write now what was not written yet."""
        with self._lock:
            self._later = None
            self._write()

    def forget(self) -> None:
        """Begin again, after the file was lowered."""
        with self._lock:
            self._highest = self._written = 0

    def _write(self) -> None:
        if self._highest <= self._written:
            return
        raise_highest_attempt(self._data_dir, self._highest)
        self._written, self._flushed_at = self._highest, time.monotonic()


def raise_highest_attempt(data_dir: Path, number: int) -> None:
    """Write a number that is higher than the file's; several processes may do so at once."""
    with locked(data_dir / f"{FILE}.lock"):
        current = ensure(data_dir)
        if number > current.highest_attempt:
            write(data_dir, replace(current, highest_attempt=number))


@cache
def _log_of(data_dir: Path) -> AttemptLog:
    log = AttemptLog(data_dir)
    atexit.register(log.flush)
    return log


def note_attempt(number: int, data_dir: Path) -> None:
    """Remember, outside the database, that attempt `number` was claimed; cheap enough for every claim."""
    _log_of(data_dir).note(number)


def remember_database(data_dir: Path, system_identifier: str, timeline: int) -> None:
    """Write which database this instance works on, after it was looked at."""
    with locked(data_dir / f"{FILE}.lock"):
        known = ensure(data_dir)
        identifier = system_identifier or known.system_identifier
        write(data_dir, replace(known, system_identifier=identifier, timeline=timeline or known.timeline))


def accept_attempts(data_dir: Path, highest: int) -> None:
    """Take `highest` as the highest attempt number, though it is lower: people have looked at what is missing."""
    with locked(data_dir / f"{FILE}.lock"):
        write(data_dir, replace(ensure(data_dir), highest_attempt=highest))
    _log_of(data_dir).forget()
