"""What is known about an instance outside its database, and what makes it go into quarantine."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pluralis.config import instance
from pluralis.config.instance import AttemptLog, Instance, InstanceError

KNOWN = Instance("one", "7001", 1, 250)

CASES = {
    "the same database, further on": (replace(KNOWN, highest_attempt=300), []),
    "the same database": (KNOWN, []),
    "a new database without an id": (Instance("", "7001", 1, 250), []),
    "a backup of before": (replace(KNOWN, highest_attempt=50), ["older than what was already sent"]),
    "a copy elsewhere": (replace(KNOWN, system_identifier="7002"), ["a copy on another server"]),
    "a promoted standby": (replace(KNOWN, timeline=2), ["restored or promoted"]),
    "somebody else's database": (replace(KNOWN, instance_id="two"), ["another instance"]),
    "a server that does not say which it is": (replace(KNOWN, system_identifier="", timeline=0), []),
    "a restored copy": (replace(KNOWN, system_identifier="7002", highest_attempt=0), ["a copy", "older"]),
}


@pytest.mark.parametrize("name", CASES)
def test_only_another_or_an_older_database_is_a_reason(name: str) -> None:
    seen, expected = CASES[name]
    reasons = KNOWN.reasons_for_quarantine(seen)
    assert len(reasons) == len(expected)
    for reason, part in zip(reasons, expected, strict=True):
        assert part in reason


def test_a_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = instance.ensure(tmp_path)
    assert instance.ensure(tmp_path) == first
    assert (tmp_path / instance.FILE).stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_stops_the_start_and_is_kept(tmp_path: Path) -> None:
    (tmp_path / instance.FILE).write_text('{"instance_id": ')
    with pytest.raises(InstanceError, match="Nothing was sent"):
        instance.ensure(tmp_path)
    assert (tmp_path / instance.FILE).read_text() == '{"instance_id": '


def test_the_first_attempt_is_written_at_once_and_a_lower_one_never(tmp_path: Path) -> None:
    log = AttemptLog(tmp_path, every=0)
    for number in (7, 9, 3):
        log.note(number)
    assert instance.ensure(tmp_path).highest_attempt == 9


def test_many_attempts_are_written_together_soon(tmp_path: Path) -> None:
    log = AttemptLog(tmp_path, every=0.2)
    for number in range(1, 101):
        log.note(number)
    assert instance.ensure(tmp_path).highest_attempt == 1
    give_up = time.monotonic() + 10
    while instance.ensure(tmp_path).highest_attempt < 100 and time.monotonic() < give_up:
        time.sleep(0.02)
    assert instance.ensure(tmp_path).highest_attempt == 100


def test_a_flush_at_the_end_loses_nothing(tmp_path: Path) -> None:
    log = AttemptLog(tmp_path, every=3600)
    log.note(1)
    log.note(2)
    log.flush()
    assert instance.ensure(tmp_path).highest_attempt == 2


def test_two_workers_on_one_machine_keep_the_higher_number(tmp_path: Path) -> None:
    def count(numbers: range) -> None:
        for number in numbers:
            instance.raise_highest_attempt(tmp_path, number)

    workers = [threading.Thread(target=count, args=(range(start, 200, 2),)) for start in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert instance.ensure(tmp_path).highest_attempt == 199
