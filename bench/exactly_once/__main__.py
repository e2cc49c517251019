"""`python -m bench.exactly_once --runs 10000`: kills, freezes and bad moods; the oracle is the fakes' own ledger.

The last line is ``doubled=0 lost=0 unresolved=0 runs=N naive_doubled=P%``; the exit code is 1 when one of the three
is not 0, or when the naive publisher doubles less than 5 %, for then the bench shows nothing.
"""

import argparse
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack

from bench.database import bench_database
from bench.exactly_once.plan import MOODS, Run, plan_runs

BATCH = 24
NAIVE = 120


def main() -> int:
    chosen = _options()
    os.environ["PLURALIS_PROTOCOL_SCALE"] = str(chosen.scale)
    with bench_database(durable=not chosen.fast), ExitStack() as stack:
        from bench.exactly_once.world import World

        began = time.monotonic()
        world = World.build(chosen.scale, stack)
        runs = plan_runs(chosen.runs, chosen.seed, ("x", "mastodon"))
        results = _run_all(world, runs, chosen)
        naive = _naive(world, runs, chosen.scale)
        print(_table(results))
        print(f"spans shortened by {chosen.scale:g}, seed {chosen.seed}, {time.monotonic() - began:.0f} s")
        return _verdict(results, naive)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.exactly_once")
    parser.add_argument("--runs", type=int, default=int(os.environ.get("RUNS", "300")))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=0.02, help="factor on every span of the protocol")
    parser.add_argument("--fast", action="store_true", help="PostgreSQL without fsync: only processes die here")
    parser.add_argument("--progress", action="store_true")
    return parser.parse_args()


def _run_all(world, runs: list[Run], chosen: argparse.Namespace) -> list:  # type: ignore[no-untyped-def, type-arg]
    from bench.exactly_once.runs import run_batch

    results = []
    for start in range(0, len(runs), BATCH):
        results += run_batch(world, runs[start : start + BATCH])
        if chosen.progress:
            print(f"\r{len(results)}/{len(runs)}", end="", file=sys.stderr, flush=True)
        for each in results[-BATCH:]:
            if each.doubled or each.lost or each.unresolved:
                print(f"{each.run} copies={each.copies} states={each.states} reasons={each.reasons}", file=sys.stderr)
    return results


def _naive(world, runs: list[Run], scale: float) -> float:  # type: ignore[no-untyped-def]
    from bench.exactly_once.naive import doubles

    sample = [run for run in runs if run.kind == "plain"][:NAIVE]
    return 100 * doubles(world, sample, scale) / len(sample)


def _table(results) -> str:  # type: ignore[no-untyped-def]
    from pluralis.failpoints import NAMES

    lines = [f"{'fail-point':<26}{'runs':>6}{'met':>6}{'doubled':>9}{'lost':>6}{'unresolved':>12}"]
    for name in NAMES:
        mine = [each for each in results if each.run.failpoint == name]
        lines.append(_row(name, mine))
    lines.append("")
    for mood in MOODS:
        lines.append(_row(mood, [each for each in results if each.run.mood == mood]))
    states = Counter(state for each in results for state in each.states)
    lines.append("ends: " + ", ".join(f"{state} {count}" for state, count in states.most_common()))
    return "\n".join(lines)


def _row(name: str, mine) -> str:  # type: ignore[no-untyped-def]
    sums = [len(mine), sum(each.met for each in mine), sum(each.doubled for each in mine)]
    sums += [sum(each.lost for each in mine), sum(each.unresolved for each in mine)]
    return f"{name:<26}{sums[0]:>6}{sums[1]:>6}{sums[2]:>9}{sums[3]:>6}{sums[4]:>12}"


def _verdict(results, naive: float) -> int:  # type: ignore[no-untyped-def]
    doubled, lost = sum(each.doubled for each in results), sum(each.lost for each in results)
    unresolved = sum(each.unresolved for each in results)
    print(f"doubled={doubled} lost={lost} unresolved={unresolved} runs={len(results)} naive_doubled={naive:.1f}%")
    return int(bool(doubled or lost or unresolved or naive < 5))


if __name__ == "__main__":
    sys.exit(main())
