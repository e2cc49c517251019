"""User-perceived characters (extended grapheme clusters, Unicode Standard Annex 29).

The rules and their tables are the library ``grapheme``'s. It looks at every code point in turn, so it is only
asked about the places where two code points can belong together; everything else is counted by length.
"""

import re
from collections.abc import Iterator

import grapheme

# Code points that never join a neighbour on either side when that neighbour is of this set too: plain Latin,
# Greek, Cyrillic, punctuation, kana and Han. Carriage return (it joins a line feed), joiners, marks, emoji,
# Hangul and the scripts of India are outside it.
_JOINING = re.compile(
    "[^\x00-\x0c\x0e-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u203b\u3001-\u3029ぁ-ゖァ-ヺ一-鿿]+"
)


def count_graphemes(text: str) -> int:
    """Return how many graphemes ``text`` has. An unpaired surrogate counts as one."""
    if text.isascii() and "\r" not in text:
        return len(text)
    joined = 0
    for _, piece in _joining_pieces(text):
        joined += len(piece) - grapheme.length(piece)
    return len(text) - joined


def grapheme_ends(text: str) -> list[int]:
    """Return the offset after each grapheme, in code points, ascending; the last one is ``len(text)``."""
    inside: set[int] = set()
    for start, piece in _joining_pieces(text):
        at = start
        for length in grapheme.grapheme_lengths(piece):
            inside.update(range(at + 1, at + length))
            at += length
    return [end for end in range(1, len(text) + 1) if end not in inside]


def _joining_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the stretches where code points may join, with one neighbour on each side, and where they start."""
    for match in _JOINING.finditer(text):
        start = max(match.start() - 1, 0)
        yield start, text[start : match.end() + 1]
