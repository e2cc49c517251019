"""300 runs of kills, freezes and bad moods: nothing doubled, nothing lost, nothing left in doubt."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pluralis.failpoints import NAMES

ROOT = Path(__file__).resolve().parents[2]

RUNS = 304
LAST = re.compile(r"doubled=(\d+) lost=(\d+) unresolved=(\d+) runs=(\d+) naive_doubled=([\d.]+)%")


@pytest.mark.crash
def test_300_runs_over_every_fail_point_and_mood_leave_each_post_exactly_once() -> None:
    words = [sys.executable, "-m", "bench.exactly_once", "--runs", str(RUNS), "--fast"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=1500, cwd=ROOT)
    last = LAST.fullmatch(done.stdout.strip().splitlines()[-1])
    assert last, done.stdout + done.stderr
    doubled, lost, unresolved, runs = (int(each) for each in last.groups()[:4])
    assert (doubled, lost, unresolved, runs) == (0, 0, 0, RUNS), done.stdout + done.stderr
    assert float(last.group(5)) >= 5, "the naive publisher must double, or the bench shows nothing"
    _every_fail_point_was_met(done.stdout)


def _every_fail_point_was_met(table: str) -> None:
    for name in NAMES:
        row = next(line.split() for line in table.splitlines() if line.startswith(name))
        assert int(row[2]) > 0, f"no run was struck at {name}"
