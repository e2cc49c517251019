"""What a question is about: its words cut down to stems, and those that customers use alike as one concept.

A stem is the first letters of a word behind its commonest prefix: rough, but the same rule for English, French,
Spanish and Malay, and a word wrongly cut is cut wrongly on both sides. The concepts are a packaged list; a word that
is on no list stands for itself, so product names, places and numbers find each other.
"""

import re
from functools import cache

from pluralis.core.data import load_lines
from pluralis.core.searching import words_of

STEM = 5
"""So many letters of a word are compared."""
MOST_TERMS = 60
_MALAY = re.compile(r"^(?:meng|meny|mem|men|me|ber|ter|per|pem|pen|di)(?=[a-z]{4})")
_SILENT = re.compile(r"\s+")


def terms_of(text: str) -> list[str]:
    """Return what ``text`` is about, each term once, in the order met; at most :data:`MOST_TERMS`.

    Concepts are written in capitals (*REFUND*), stems in small letters. A text of silent words alone ("how can I?")
    is about nothing: the list is empty.
    """
    found = dict.fromkeys(term for word in words_of(text) if word not in _silent() for term in [_term(word)])
    return list(found)[:MOST_TERMS]


def _term(word: str) -> str:
    concepts = _concepts()
    return concepts.get(word) or concepts.get(_bare(word)) or concepts.get(_stem(word)) or _stem(word)


def _bare(word: str) -> str:
    """Return a word without a Malay prefix; other languages' words that begin alike are only cut where long."""
    return _MALAY.sub("", word)


def _stem(word: str) -> str:
    return word if word[:1].isdigit() else word[:STEM]


@cache
def _silent() -> frozenset[str]:
    words = (word for line in load_lines("questions_silent.txt") for word in _SILENT.split(line))
    return frozenset(one for word in words for one in words_of(word))


@cache
def _concepts() -> dict[str, str]:
    """Return the concept of every listed word, and of every stem that words of one concept alone have."""
    whole: dict[str, str] = {}
    stems: dict[str, set[str]] = {}
    for line in load_lines("questions_concepts.txt"):
        name, _sign, words = line.partition(":")
        for word in words_of(words):
            whole.setdefault(word, name.upper())
            if len(word) >= STEM:
                stems.setdefault(_stem(word), set()).add(name.upper())
    alone = {stem: names.pop() for stem, names in stems.items() if len(names) == 1}
    return alone | whole
