"""Texts of an invented community: words as frequent as words are (Zipf), accents, and some that are only old."""

import random

from pluralis.core.searching import indexed

VOCABULARY = 30_000
SYLLABLES = [
    first + middle
    for first in ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "ch", "pr", "st", "tr"]
    for middle in ["a", "e", "i", "o", "u", "é", "ou", "ai"]
]
OLD_ONLY = "zeppelin"
"""Said in every third message of the first tenth of the time, and never again: the hardest for a list by time."""


class Vocabulary:
    """Words by rank; rank 1 stands in about every second message, rank 10,000 in one of twelve thousand."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            words["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))] = None
        self.words = list(words)
        self.folded = {each: indexed(each) for each in words}
        self._chance = chance
        total, weights = 0.0, []
        for rank in range(1, VOCABULARY + 1):
            total += 1 / (rank + 2.7)
            weights.append(total)
        self._weights = weights
        self._pool: list[str] = []

    def text(self) -> tuple[str, str]:
        """Return a message of 5 to 25 words, and how it is stored for searching."""
        size = self._chance.randint(5, 25)
        if len(self._pool) < size:
            self._pool = self._chance.choices(self.words, cum_weights=self._weights, k=200_000)
        said = self._pool[-size:]
        del self._pool[-size:]
        return " ".join(said), " ".join(self.folded[each] for each in said)

    def ranked(self, low: int, high: int) -> str:
        """Return a word of a rank between the two."""
        return self.words[self._chance.randrange(low, high)]
