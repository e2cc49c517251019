"""Candidates of the detectors, and which of two that overlap stands."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from pluralis.core.privacy.model import DataType


class Candidate(NamedTuple):
    """A piece that a detector proposes; offsets in the flattened text of the reading."""

    start: int
    end: int
    type: DataType
    strength: float


def strongest(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that stand, by place: of two that overlap the stronger, then the longer, wins."""
    taken: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: (-one.strength, one.start - one.end, one.start)):
        place = bisect_left(taken, candidate)
        before = taken[place - 1] if place else None
        after = taken[place] if place < len(taken) else None
        if (before is None or before.end <= candidate.start) and (after is None or candidate.end <= after.start):
            taken.insert(place, candidate)
    return taken
