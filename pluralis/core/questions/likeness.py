"""How alike two questions are: the weight of what both are about, over the weight of what either is about.

Terms weigh by how rare they are among the questions of a team (inverse document frequency, Sparck Jones 1972), so
that *Bristol* tells more than *when*. The measure is the cosine of the two weighted sets (Salton and McGill 1983).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log, sqrt

ALIKE = 0.2
"""Below this two questions are not shown as like. Low, because a wrong proposal costs a glance and a missing one
an answer typed anew; at .35, the 2 % point of the half that builds the rule, the kept half lost 7 points."""
SAME = 0.70
"""From here on two questions are counted as one that was asked again."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How often each term occurs among ``total`` questions of a team."""

    counts: Mapping[str, int]
    total: int

    def of(self, term: str) -> float:
        """Return the weight of a term: more the rarer it is, never 0."""
        return log(1 + (self.total + 1) / (self.counts.get(term, 0) + 1))

    def rarest(self, terms: Collection[str], most_found: int) -> list[str]:
        """Return the rarest terms that together occur in at most ``most_found`` questions; always one that occurs."""
        chosen: list[str] = []
        found = 0
        for term in sorted(terms, key=lambda each: (self.counts.get(each, 0), each)):
            count = self.counts.get(term, 0)
            if chosen and found and found + count > most_found:
                break
            chosen.append(term)
            found += count
        return chosen


def likeness(asked: Collection[str], other: Collection[str], weights: Weights) -> float:
    """Return from 0 (nothing in common) to 1 (about the very same) how alike two sets of terms are."""
    ours, theirs = set(asked), set(other)
    if not ours or not theirs:
        return 0.0
    common = sum(weights.of(term) ** 2 for term in ours & theirs)
    return common / sqrt(_weight(ours, weights) * _weight(theirs, weights))


def _weight(terms: set[str], weights: Weights) -> float:
    return sum(weights.of(term) ** 2 for term in terms)
