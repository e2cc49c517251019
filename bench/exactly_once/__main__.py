"""`make bench-exactly-once RUNS=10000`: kills, freezes and bad moods; the oracle is the networks' own ledger.

The last line is ``doubled=0 lost=0 unresolved=0 runs=N naive_doubled=P%``; the exit code is 1 when one of the three
is not 0, when a run could not be made, or when the naive publisher doubles less than 5 %, for then the bench shows
nothing. With ``--log FILE`` every result is kept at once, and the same command goes on where it was cut;
``--minutes`` ends it in time. ``--real N`` also strikes N runs on the real Bluesky server, counted by themselves.
"""

import argparse
import math
import os
import signal
import sys
import time
from pathlib import Path

from bench.exactly_once.hands import Tally, Work, kept, share
from bench.exactly_once.oracle import Result
from bench.exactly_once.plan import REAL, Run, batches, plan_real, plan_runs
from bench.exactly_once.table import counted, last_line, naive_share, table

BATCH = 48
ROOM = 24
"""Runs of one network in a batch; a few accounts stay free."""

NAIVE = 180
REAL_FROM = 1_000_000


def main() -> int:
    chosen = _options()
    # Told to end, by whatever signal, the bench still says what it found.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    began = time.monotonic()
    runs = plan_runs(chosen.runs, chosen.seed)
    before = kept(chosen.log)
    done = {each.run.number for each in before}
    wanted = [run for run in (*runs, *plan_real(chosen.real, REAL_FROM)) if run.number not in done]
    work = _work(chosen, runs, wanted, began)
    progress = Progress(len(wanted), began) if chosen.progress or sys.stderr.isatty() else None
    tally = share(work, chosen.hands, progress.show if progress else lambda _tally: None)
    tally.results = before + tally.results
    return _verdict(tally, chosen, time.monotonic() - began)


def _work(chosen: argparse.Namespace, runs: list[Run], wanted: list[Run], began: float) -> Work:
    naive = [run for run in runs if run.kind == "plain"][:NAIVE]
    until = began + 60 * chosen.minutes if chosen.minutes else math.inf
    real = any(run.network == REAL for run in wanted)
    size = max(1, min(BATCH, math.ceil(len(wanted) / chosen.hands)))
    return Work(batches(wanted, size, ROOM), naive, until, chosen.log, chosen.scale, not chosen.fast, real)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.exactly_once", description=__doc__)
    parser.add_argument("--runs", type=int, default=int(os.environ.get("RUNS", "300")))
    parser.add_argument("--real", type=int, default=int(os.environ.get("REAL", "0")), help="runs on the real server")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=0.04, help="factor on every span of the protocol")
    parser.add_argument("--hands", type=int, default=2, help="processes that share the runs")
    parser.add_argument("--minutes", type=float, default=0, help="begin no batch after so many minutes")
    parser.add_argument("--log", type=Path, help="keep every result here, and go on from it")
    parser.add_argument("--fast", action="store_true", help="PostgreSQL without fsync: only processes die here")
    parser.add_argument("--progress", action="store_true")
    return parser.parse_args()


class Progress:
    """One line on standard error that says how far it is and how long it will take; wrong runs are told at once."""

    def __init__(self, wanted: int, began: float) -> None:
        self._wanted = wanted
        self._began = began
        self._told = 0

    def show(self, tally: Tally) -> None:
        """Say how far it is."""
        for each in tally.results[self._told :]:
            if each.wrong:
                print(f"\n{each.as_dict()}", file=sys.stderr)
        self._told = len(tally.results)
        for trace in tally.failures:
            print(f"\n{trace}", file=sys.stderr)
        passed = time.monotonic() - self._began
        left = passed / self._told * (self._wanted - self._told) if self._told else 0
        said = f"{self._told}/{self._wanted} runs, {passed / 60:.1f} min, about {left / 60:.0f} min left"
        print(f"\r{said}   ", end="", file=sys.stderr, flush=True)


def _verdict(tally: Tally, chosen: argparse.Namespace, seconds: float) -> int:
    fakes = [each for each in tally.results if each.run.network != REAL]
    real = [each for each in tally.results if each.run.network == REAL]
    print(table(fakes))
    print("naive: " + ", ".join(f"{name} {twice} of {count}" for name, (count, twice) in tally.naive.items()))
    print(f"spans shortened by {chosen.scale:g}, seed {chosen.seed}, {chosen.hands} at a time, {seconds:.0f} s")
    for trace in tally.failures:
        print(f"a batch could not be made:\n{trace}")
    wrong = _tell_wrong(tally.results)
    if real:
        doubled, lost, unresolved = counted(real)
        print(f"real server: doubled={doubled} lost={lost} unresolved={unresolved} runs={len(real)}")
    print(last_line(fakes, tally.naive))
    return int(wrong or bool(tally.failures) or naive_share(tally.naive) < 5)


def _tell_wrong(results: list[Result]) -> bool:
    for each in results:
        if each.wrong:
            print(f"wrong: {each.as_dict()}")
    return any(each.wrong for each in results)


if __name__ == "__main__":
    sys.exit(main())
