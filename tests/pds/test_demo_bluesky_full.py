"""`make demo-bluesky-full` as a person runs it: opt-in, since it needs Node 22, PostgreSQL and Redis."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres
from tools.bluesky_full.running import NEEDED, ensure
from tools.demo_bluesky.hearing import ANSWERS, MENTIONS
from tools.pds.setup import Missing

pytestmark = pytest.mark.pds

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder():
    """A folder with a short path, for the database's socket, that the system user can reach."""
    made = postgres.new_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


def run(folder, environment):
    command = [sys.executable, "-m", "tools.demo_bluesky.hearing", "--folder", str(folder)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=500, check=False
    )


def test_without_the_network_it_says_what_is_needed_and_leaves_nothing(folder):
    environment = {name: value for name, value in os.environ.items() if name not in NEEDED}
    done = run(folder, environment)
    assert done.returncode == 2
    assert all(name in done.stderr for name in NEEDED)
    assert "Traceback" not in done.stderr
    assert not (folder / "full" / "pg").exists()


def test_three_mentions_are_heard_once_and_two_are_answered_for_everybody_to_see(folder):
    try:
        ensure()
    except Missing as missing:
        pytest.skip(f"the whole of Bluesky is opt-in: {missing}")
    done = run(folder, dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr
    heard = re.findall(r"^heard: (.+)$", done.stdout, re.MULTILINE)
    assert sorted(heard) == sorted(f"@norlune.test {text}" for text in MENTIONS)
    figures = dict(re.findall(r"(\w+)=(\d+)", done.stdout))
    assert int(figures.pop("answers_lost")) > 0
    answered = str(len(ANSWERS))
    assert figures == {
        "written": "3", "heard": "3", "answered": answered, "stand": answered, "seen": answered,
    }  # fmt: skip
    assert done.stderr == ""
