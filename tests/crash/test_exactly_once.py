"""Kills, freezes, crashes, restores and bad moods: nothing doubled, nothing lost, nothing left in doubt."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from bench.exactly_once.oracle import Result
from bench.exactly_once.plan import KINDS, MOODS, NETWORKS, Run, batches, plan_runs
from pluralis.failpoints import NAMES

ROOT = Path(__file__).resolve().parents[2]

RUNS = 318
PAIRS = [(kind, point) for kind, points in KINDS.items() for point in points]
LAST = re.compile(r"doubled=(\d+) lost=(\d+) unresolved=(\d+) runs=(\d+) naive_doubled=([\d.]+)%")


@pytest.mark.crash
def test_300_runs_over_every_fail_point_and_mood_leave_each_post_exactly_once() -> None:
    words = [sys.executable, "-m", "bench.exactly_once", "--runs", str(RUNS), "--fast"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=1800, cwd=ROOT)
    last = LAST.fullmatch(done.stdout.strip().splitlines()[-1])
    assert last, done.stdout + done.stderr
    doubled, lost, unresolved, runs = (int(each) for each in last.groups()[:4])
    assert (doubled, lost, unresolved, runs) == (0, 0, 0, RUNS), done.stdout + done.stderr
    assert float(last.group(5)) >= 5, "the naive publisher must double, or the bench shows nothing"
    for name in (*NAMES, *KINDS, *NETWORKS):
        assert struck_at(name, done.stdout) > 0, f"no run was struck: {name}\n{done.stdout}"


def struck_at(name: str, table: str) -> int:
    row = next(line.split() for line in table.splitlines() if line.split()[:1] == [name])
    return int(row[2])


def test_every_fail_point_is_in_the_plan() -> None:
    assert {point for _kind, point in PAIRS} == set(NAMES)


def test_a_full_plan_meets_every_mood_on_every_network_at_every_fail_point() -> None:
    runs = plan_runs(len(PAIRS) * len(MOODS) * len(NETWORKS), seed=1)
    met = {(run.kind, run.failpoint, run.mood, run.network) for run in runs if run.kind != "refresh"}
    pairs = [pair for pair in PAIRS if pair[0] != "refresh"]
    assert met == {(*pair, mood, network) for pair, mood, network in product(pairs, MOODS, NETWORKS)}


def test_the_same_seed_plans_the_same_runs() -> None:
    assert plan_runs(500, seed=3) == plan_runs(500, seed=3) != plan_runs(500, seed=4)


def test_every_run_is_in_one_batch_that_has_room_for_its_account() -> None:
    runs = plan_runs(1000, seed=1)
    cut = batches(runs, size=84, room=36)
    assert Counter(run.number for batch in cut for run in batch) == Counter(run.number for run in runs)
    assert all(max(Counter(run.network for run in batch).values()) <= 36 for batch in cut)
    assert all(len({run.kind for run in batch}) == 1 for batch in cut if batch[0].kind in ("database", "restored"))


RUN = Run(1, "x", "send.after_write", "drop", "kill", "thread")
BURST = replace(RUN, kind="burst")


def result(copies: list[int], states: list[str], reason: str = "", *, removed: bool = False) -> Result:
    reasons, links = [reason] * len(states), [True] * len(states)
    return Result(RUN, copies, states, True, reasons, links, removed)


@pytest.mark.parametrize(
    ("copies", "states", "verdict"),
    [
        ([1], ["sent"], ""),
        ([0], ["refused"], ""),
        ([0], ["held"], ""),
        ([2], ["sent"], "doubled"),
        ([0], ["sent"], "lost"),
        ([1], ["refused"], "lost"),
        ([1], ["held"], "lost"),
        ([0], ["waiting"], "lost"),
        ([1], ["sending"], "lost"),
        ([], [], "lost"),
        ([1], ["unconfirmed"], "unresolved"),
        ([1, 1, 1], ["sent", "sent", "sent"], ""),
        ([1, 1, 0], ["sent", "sent", "waiting"], "lost"),
        ([1, 0, 0], ["sent", "held", "waiting"], ""),
        ([1, 2, 1], ["sent", "sent", "sent"], "doubled"),
    ],
)
def test_the_oracle_calls_it_by_its_name(copies: list[int], states: list[str], verdict: str) -> None:
    found = result(copies, states)
    assert [name for name in ("doubled", "lost", "unresolved") if getattr(found, name)] == ([verdict] * bool(verdict))


@pytest.mark.parametrize(
    ("state", "lost"), [("held", False), ("refused", False), ("waiting", True), ("sending", True)]
)
def test_of_a_burst_every_post_must_be_heard_of(state: str, lost: bool) -> None:
    """They do not wait for each other, as the rest of a thread does."""
    found = replace(result([1, 0, 0], ["sent", "held", state]), run=BURST)
    assert (found.lost, found.doubled) == (lost, False)


def test_a_post_that_a_person_took_down_is_not_lost() -> None:
    assert not result([0], ["sent"], removed=True).wrong


def test_a_person_is_asked_only_with_a_reason_and_a_link() -> None:
    assert result([1], ["unconfirmed"], "ask_several").asked
    assert not result([1], ["unconfirmed"], "settling").asked


def test_a_result_outlives_a_cut_of_the_bench() -> None:
    found = result([1, 0], ["sent", "held"], "paused")
    assert Result.from_dict(found.as_dict()) == found
