"""Which runs there are: one part, one fail-point, one mood of the network, one kill or freeze."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

from pluralis.failpoints import NAMES

NETWORKS = ("x", "mastodon", "bluesky")
REAL = "pds"
PUBLISH_POINTS = (
    *(name for name in NAMES if name.split(".")[0] in ("claim", "record")),
    "send.before_write",
    "send.after_write",
    "send.after_answer",
)
PICTURE_POINTS = ("send.before_upload", "send.after_upload", "send.after_metadata")
THREAD_POINTS = (
    "claim.after_commit",
    "send.after_write",
    "record.before",
    "record.before_commit",
    "thread.before_next",
)
RACE_POINTS = ("claim.before_commit", "claim.after_commit", "send.before_write", "send.after_write", "record.before")
REFRESH_POINTS = tuple(name for name in NAMES if name.startswith("refresh."))
RECONCILE_POINTS = tuple(name for name in NAMES if name.startswith("reconcile."))
SENT_POINTS = ("send.after_write", "record.before", "record.after_commit")
SEGMENTS = 3

KINDS: dict[str, tuple[str, ...]] = {
    "plain": PUBLISH_POINTS,
    "picture": PICTURE_POINTS,
    "thread": THREAD_POINTS,
    "burst": PUBLISH_POINTS,
    "refresh": REFRESH_POINTS,
    "doubt": RECONCILE_POINTS,
    "two_workers": RACE_POINTS,
    "two_planners": SENT_POINTS,
    "double_click": SENT_POINTS,
    "taken_down": SENT_POINTS,
    "database": PUBLISH_POINTS,
    "restored": SENT_POINTS,
}
"""What else a run is about. ``burst``: several posts of one account are due together. ``two_workers``: a second one
takes the same part at the same time. ``two_planners``: two sweeps wake it, two workers follow. ``double_click``: two
requests order the same post in parallel. ``taken_down``: somebody deletes the post by hand. ``database``: PostgreSQL
is killed (-9) while the process stands at the fail-point, in the midst of a burst, and comes back. ``restored``: a
backup from before the sending is restored, a lead releases."""

TOGETHER = ("database", "restored")
"""What happens to every run of a batch at once, and so has batches of its own."""

MOODS: dict[str, tuple[dict[str, object], ...]] = {
    "calm": (),
    "drop": ({"name": "drop", "endpoint": "post", "times": 1},),
    "drop_before": ({"name": "drop_before", "endpoint": "post", "times": 1},),
    "cut": ({"name": "cut", "endpoint": "post", "times": 1},),
    "late": ({"name": "late", "endpoint": "post", "times": 1, "seconds": 60},),
    "error_after": ({"name": "error_after", "endpoint": "post", "times": 1},),
    "error_before": ({"name": "error_before", "endpoint": "post", "times": 1},),
    "limit": ({"name": "limit", "endpoint": "post", "times": 1, "seconds": 20},),
    "limit_silent": ({"name": "limit_silent", "endpoint": "post", "times": 1},),
    "limit_after": ({"name": "limit_after", "endpoint": "post", "times": 1},),
    "nonsense": ({"name": "nonsense", "endpoint": "post", "times": 1},),
    "redirect": ({"name": "redirect", "endpoint": "post", "times": 1},),
    "duplicate": ({"name": "duplicate", "endpoint": "post"},),
    "lag30": ({"name": "lag", "endpoint": "timeline", "seconds": 30},),
    "lag90": ({"name": "lag", "endpoint": "timeline", "seconds": 90},),
    "paged": ({"name": "paged", "endpoint": "timeline", "size": 5},),
    "drop_lag_paged": (
        {"name": "drop", "endpoint": "post", "times": 1},
        {"name": "lag", "endpoint": "timeline", "seconds": 60},
        {"name": "paged", "endpoint": "timeline", "size": 5},
    ),
    "skew": ({"name": "skew", "endpoint": "*", "seconds": 90},),
    "idle": ({"name": "idle", "endpoint": "*"},),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run. ``position`` says which message of a thread or burst is struck; ``action`` is *kill* or *freeze*."""

    number: int
    network: str
    failpoint: str
    mood: str
    action: str
    kind: str
    position: int = 0

    @property
    def shape(self) -> str:
        """What is written: one message, a picture, a thread, or several posts at once."""
        if self.kind == "database":
            return "burst"
        return self.kind if self.kind in ("picture", "thread", "burst") else "plain"

    @property
    def name(self) -> str:
        """What its process is called."""
        return str(self.number)

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


def plan_runs(count: int, seed: int, networks: tuple[str, ...] = NETWORKS) -> list[Run]:
    """Return ``count`` runs that cover kinds, fail-points, moods and networks evenly, in an order drawn by ``seed``.

    Every kind and fail-point has its turn once in each round; moods and networks go round within it.
    """
    chance = random.Random(seed)
    pairs = [(kind, point) for kind, points in KINDS.items() for point in points]
    circles = {pair: _shuffled(list(product(MOODS, networks)), f"{seed}/{pair}") for pair in pairs}
    runs = []
    for number in range(count):
        turn, which = divmod(number, len(pairs))
        kind, point = pairs[which]
        mood, network = circles[kind, point][turn % len(circles[kind, point])]
        if kind == "refresh" and network == "mastodon":
            network = "x" if turn % 2 else "bluesky"
        runs.append(Run(number, network, point, mood, _action(kind, chance), kind, _position(kind, turn)))
    chance.shuffle(runs)
    return runs


def plan_real(count: int, first: int) -> list[Run]:
    """Return ``count`` runs for the real server, numbered from ``first``; its proxy loses every third answer."""
    kinds = ("plain", "picture", "thread", "burst", "doubt", "two_workers", "double_click")
    pairs = [(kind, point) for kind in kinds for point in KINDS[kind]]
    chance = random.Random(first)
    return [
        Run(first + turn, REAL, point, "calm", _action(kind, chance), kind, _position(kind, turn))
        for turn, (kind, point) in zip(range(count), _for_ever(pairs), strict=False)
    ]


def _for_ever(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    while True:
        yield from pairs


def _position(kind: str, turn: int) -> int:
    return turn % SEGMENTS if kind in ("thread", "burst", "database") else 0


def _action(kind: str, chance: random.Random) -> str:
    frozen = chance.random() < 0.25
    return "freeze" if kind == "database" or frozen else "kill"


def _shuffled(items: list[Any], seed: str) -> list[Any]:
    random.Random(seed).shuffle(items)
    return items


def batches(runs: Iterable[Run], size: int, room: int) -> list[list[Run]]:
    """Cut runs into batches of at most ``size``, at most ``room`` of one network: each has an account of its own.

    What happens to a whole batch has batches of its own, and so has the real server.
    """
    open_batches: dict[str, list[Run]] = {}
    done = []
    for run in runs:
        group = run.network if run.network == REAL else run.kind if run.kind in TOGETHER else ""
        batch = open_batches.setdefault(group, [])
        if len(batch) >= size or sum(other.network == run.network for other in batch) >= room:
            done.append(batch)
            batch = open_batches[group] = []
        batch.append(run)
    return [*done, *(batch for batch in open_batches.values() if batch)]
