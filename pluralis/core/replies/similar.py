"""Was the same asked before? A plain measure over words, for counting only; a person never sees its verdict alone."""

from collections.abc import Iterable
from functools import lru_cache

from pluralis.core.replies.cues import said

SAME = 0.5
"""From this share of common words on, two short messages count as the same question."""

_SHORTEST = 3


# The newest messages are compared with each one that somebody opens.
@lru_cache(maxsize=1024)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text that tell what it is about: folded, without handles, three letters or more."""
    cleaned = "".join(each if each.isalnum() else " " for each in said(text)[:2_000])
    return frozenset(word for word in cleaned.split() if len(word) >= _SHORTEST)


def count_alike(text: str, others: Iterable[str]) -> int:
    """Return how many of ``others`` ask the same as ``text``: the Jaccard index of their words is at least SAME."""
    wanted = words_of(text)
    return sum(_alike(wanted, words_of(other)) for other in others) if len(wanted) > 1 else 0


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common > 1 and common >= SAME * len(one | other)
