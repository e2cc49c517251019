"""Which runs there are: one part, one fail-point, one mood of the network, one kill or freeze."""

import random
from dataclasses import dataclass

from pluralis.failpoints import NAMES

ACTIONS = ("kill", "freeze")
PUBLISH_POINTS = (
    *(name for name in NAMES if name.split(".")[0] in ("claim", "record")),
    "send.before_write",
    "send.after_write",
    "send.after_answer",
)
PICTURE_POINTS = ("send.before_upload", "send.after_upload", "send.after_metadata")
REFRESH_POINTS = tuple(name for name in NAMES if name.startswith("refresh."))
RECONCILE_POINTS = tuple(name for name in NAMES if name.startswith("reconcile."))
THREAD_POINTS = ("thread.before_next",)

MOODS: dict[str, dict[str, object]] = {
    "calm": {},
    "drop": {"name": "drop", "endpoint": "post", "times": 1},
    "drop_before": {"name": "drop_before", "endpoint": "post", "times": 1},
    "cut": {"name": "cut", "endpoint": "post", "times": 1},
    "late": {"name": "late", "endpoint": "post", "times": 1, "seconds": 60},
    "error_after": {"name": "error_after", "endpoint": "post", "times": 1},
    "error_before": {"name": "error_before", "endpoint": "post", "times": 1},
    "limit": {"name": "limit", "endpoint": "post", "times": 1, "seconds": 20},
    "limit_silent": {"name": "limit_silent", "endpoint": "post", "times": 1},
    "limit_after": {"name": "limit_after", "endpoint": "post", "times": 1},
    "nonsense": {"name": "nonsense", "endpoint": "post", "times": 1},
    "redirect": {"name": "redirect", "endpoint": "post", "times": 1},
    "duplicate": {"name": "duplicate", "endpoint": "post"},
    "lag30": {"name": "lag", "endpoint": "timeline", "seconds": 30},
    "lag90": {"name": "lag", "endpoint": "timeline", "seconds": 90},
    "paged": {"name": "paged", "endpoint": "timeline", "size": 5},
    "skew": {"name": "skew", "endpoint": "*", "seconds": 90},
    "idle": {"name": "idle", "endpoint": "*"},
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run. ``kind`` says what else the part needs: a picture, a thread, old tokens, an earlier lost answer."""

    number: int
    network: str
    failpoint: str
    mood: str
    action: str
    kind: str

    @property
    def text(self) -> str:
        """The words of the part, unlike those of any other run; an ampersand and an emoji try the comparison."""
        return f"Run {self.number}: we & you 🙂 {self.failpoint} {self.mood} https://norlune.example/{self.number}"


def kinds() -> list[tuple[str, str]]:
    """Return every (kind, fail-point) pair."""
    return [
        *(("plain", name) for name in PUBLISH_POINTS),
        *(("picture", name) for name in PICTURE_POINTS),
        *(("thread", name) for name in THREAD_POINTS),
        *(("refresh", name) for name in REFRESH_POINTS),
        *(("doubt", name) for name in RECONCILE_POINTS),
    ]


def plan_runs(count: int, seed: int, networks: tuple[str, ...]) -> list[Run]:
    """Return ``count`` runs that cover fail-points and moods evenly, in an order drawn by ``seed``."""
    chance = random.Random(seed)
    pairs, moods = kinds(), list(MOODS)
    runs = []
    for number in range(count):
        kind, failpoint = pairs[number % len(pairs)]
        mood = moods[(number // len(pairs) + number) % len(moods)]
        network = networks[(number // 3) % len(networks)]
        if kind == "refresh" and network != "x":
            network = "x"
        action = "freeze" if chance.random() < 0.2 else "kill"
        runs.append(Run(number, network, failpoint, mood, action, kind))
    chance.shuffle(runs)
    return runs
