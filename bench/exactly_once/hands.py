"""Sharing the runs among several processes, keeping every result on disk, and showing how far it is."""

import contextlib
import json
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.exactly_once.oracle import Result
from bench.exactly_once.plan import Run

MOST_FAILURES = 5


@dataclass
class Work:
    """What is to be done and how: batches, until when new ones are begun, where results are kept."""

    batches: list[list[Run]]
    naive: list[Run]
    until: float
    log: Path | None
    scale: float
    durable: bool
    real: bool


@dataclass
class Tally:
    """What has been done so far."""

    results: list[Result] = field(default_factory=list)
    naive: dict[str, list[int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


class Hand:
    """One process that takes batches, one at a time."""

    def __init__(self, work: Work) -> None:
        words = [sys.executable, "-m", "bench.exactly_once.hand", str(work.scale)]
        words += ["durable" if work.durable else "fast", *(["real"] if work.real else [])]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def fileno(self) -> int:
        assert self._process.stdout
        return self._process.stdout.fileno()

    def give(self, runs: list[Run], *, naive: bool = False) -> None:
        """Hand a batch over."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"runs": [run.as_dict() for run in runs], "naive": naive}) + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """Return what it says next; raises RuntimeError when it has ended."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a process of the bench has ended; see above")
        return dict(json.loads(line))

    def stop(self) -> None:
        """Let it end by itself."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()


def share(work: Work, count: int, tell: Callable[[Tally], None]) -> Tally:
    """Have ``count`` processes take the batches; returns everything they found. ``tell`` is called after each."""
    tally = Tally()
    hands = [Hand(work) for _ in range(count)]
    # Ctrl-C, or a terminal that is closed, ends the bench early: what was found until then is told.
    with contextlib.suppress(KeyboardInterrupt):
        _share(work, hands, tally, tell)
    for hand in hands:
        hand.stop()
    return tally


def _share(work: Work, hands: list[Hand], tally: Tally, tell: Callable[[Tally], None]) -> None:
    orders = _orders(work)
    with selectors.DefaultSelector() as waiting:
        for hand in hands:
            waiting.register(hand, selectors.EVENT_READ)
        while waiting.get_map():
            for key, _ in waiting.select():
                hand: Hand = key.fileobj  # type: ignore[assignment, no-redef]
                said = hand.hear()
                _keep(work, tally, said)
                tell(tally)
                if "failed" in said and len(tally.failures) <= MOST_FAILURES:
                    waiting.unregister(hand)
                    waiting.register(_another(work, hands, hand), selectors.EVENT_READ)
                    continue
                following = next(orders, None)
                if following is None or len(tally.failures) > MOST_FAILURES:
                    waiting.unregister(hand)
                else:
                    hand.give(following[0], naive=following[1])


def _another(work: Work, hands: list[Hand], failed: Hand) -> Hand:
    """Return a fresh process in place of one whose batch failed: nobody knows how that left its world, and accounts
    in quarantine would pass for runs."""
    failed.stop()
    fresh = hands[hands.index(failed)] = Hand(work)
    return fresh


def _orders(work: Work) -> Iterator[tuple[list[Run], bool]]:
    if work.naive:
        yield work.naive, True
    for batch in work.batches:
        if time.monotonic() > work.until:
            return
        yield batch, False


def _keep(work: Work, tally: Tally, said: dict[str, Any]) -> None:
    tally.naive |= said.get("naive", {})
    if "failed" in said:
        tally.failures.append(said["failed"])
        return
    for each in said.get("results", []):
        tally.results.append(Result.from_dict(each))
        if work.log:
            with work.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(each) + "\n")


def kept(log: Path | None) -> list[Result]:
    """Return the results of earlier, cut runs of the bench; a half-written last line is left out."""
    if log is None or not log.exists():
        return []
    lines = log.read_text(encoding="utf-8").splitlines()
    return [Result.from_dict(json.loads(line)) for line in lines if line.endswith("}")]
