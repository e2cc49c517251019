"""Words that announce a kind of data: "phone", "carte", "DNI", "nombor pelanggan"."""

import re
from functools import cache

from pluralis.core.data import load_json
from pluralis.core.privacy.reading import Reading, fold

_BEFORE, _AFTER = 40, 16  # characters on either side in which an announcing word counts
_WORD = re.compile(r"[^\W\d_]+")


@cache
def words(group: str) -> frozenset[str]:
    """Return the announcing words of a group in all languages together, flattened as a reading is."""
    languages = load_json("privacy_words.json")[group]
    return frozenset(fold(word).lower() for listed in languages.values() for word in listed.split())


def near(reading: Reading, start: int, end: int, group: str) -> bool:
    """Whether a word of the group stands within 40 characters before or 16 after the span."""
    wanted = words(group)
    if reading.words.isdisjoint(wanted):
        return False
    return before(reading, start, group) or not wanted.isdisjoint(_WORD.findall(reading.lower, end, end + _AFTER))


def before(reading: Reading, start: int, group: str) -> bool:
    """Whether a word of the group stands within 40 characters before ``start``."""
    return not words(group).isdisjoint(_WORD.findall(reading.lower, max(0, start - _BEFORE), start))
