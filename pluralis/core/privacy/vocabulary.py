"""The words that announce data, and where they count: "phone", "carte", "DNI", "nombor pelanggan".

Words are read in all languages together, because people mix them, and flattened as a reading is.
"""

import re
from functools import cache

from pluralis.core.data import load_json
from pluralis.core.privacy.reading import Reading, fold

_BEFORE, _AFTER = 40, 16  # characters on either side in which an announcing word counts
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _flat_words(name: str, group: str) -> frozenset[str]:
    listed = load_json(name)[group].values()
    return frozenset(fold(word).lower() for words in listed for word in words.split())


def context_words(group: str) -> frozenset[str]:
    """Return the words that announce a group: ``phone``, ``card``, ``natid``, ``iban``; or ``currency``."""
    return _flat_words("privacy_words.json", group)


def reference_words(group: str) -> frozenset[str]:
    """Return a group of the words around references: ``announcing``, ``between``, ``number``, ``prefix``..."""
    return _flat_words("privacy_references.json", group)


def address_words(group: str) -> frozenset[str]:
    """Return a group of the words of postal addresses: ``before_name``, ``after_name``, ``unit``, ``home``..."""
    return _flat_words("privacy_address.json", group)


@cache
def any_of(words: frozenset[str]) -> str:
    """Return the words as one alternation, the longest first. Keep it to a few dozen: ``re`` tries each in turn."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def phone_phrases() -> tuple[str, ...]:
    """Return the phrases that announce a telephone number where no single word does: "my number"."""
    listed = load_json("privacy_words.json")["phone_phrases"].values()
    return tuple(fold(phrase).lower().strip() for phrases in listed for phrase in phrases)


def near(reading: Reading, start: int, end: int, group: str) -> bool:
    """Whether a word of the group stands within 40 characters before or 16 after the span."""
    wanted = context_words(group)
    if reading.words.isdisjoint(wanted):
        return False
    around = reading.lower[max(0, start - _BEFORE) : start], reading.lower[end : end + _AFTER]
    return any(not wanted.isdisjoint(_WORD.findall(side)) for side in around)


def is_catalogued(reading: Reading, start: int) -> bool:
    """Whether "ISBN", "EAN" or the like stands within 12 characters before ``start``: the number of a thing."""
    wanted = context_words("catalogue")
    if reading.words.isdisjoint(wanted):
        return False
    return not wanted.isdisjoint(_WORD.findall(reading.lower[max(0, start - 12) : start]))


def follows_phrase(reading: Reading, start: int) -> bool:
    """Whether a phrase such as "my number" stands within 40 characters before ``start``."""
    leading = reading.lower[max(0, start - _BEFORE) : start]
    return any(phrase in leading for phrase in phone_phrases())
