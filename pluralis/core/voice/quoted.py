"""Where a text repeats somebody else's words: quoted speech is found, but it is not the writer's "I"."""

import re
from bisect import bisect_right

_PAIRS = {"“": "”", "«": "»", "„": "“”", "‹": "›", "「": "」", "‟": "”", "``": "''"}
_MARKS = re.compile("[\"“”«»„‹›「」‟]|``|''")
# An apostrophe that begins a word ('cause, 'twas) opens no quotation.
_INNER = re.compile(r"(?<![\w’'])['‘](?=\w)(?!(?i:cause|twas|tis|til|em|n|bout|round)\b)|(?<=[\w.!?…,])['’](?!\w)")


def quoted_places(text: str) -> list[tuple[int, int]]:
    """Return the places inside quotation marks, in order; a mark that is never closed quotes nothing."""
    places: list[tuple[int, int]] = []
    opened: tuple[int, str] | None = None
    for match in _MARKS.finditer(text):
        mark = match[0]
        if opened is not None and mark in opened[1]:
            places.append((opened[0], match.start()))
            opened = None
        elif opened is None and (mark == '"' or mark in _PAIRS):
            opened = (match.end(), _PAIRS.get(mark, '"'))
    return places or _single_quoted(text)


def is_inside(places: list[tuple[int, int]], start: int, end: int) -> bool:
    """Return whether ``start:end`` lies in one of the places, which are in order and apart."""
    index = bisect_right(places, start, key=lambda place: place[0]) - 1
    return index >= 0 and end <= places[index][1]


def _single_quoted(text: str) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    if "'" not in text and "’" not in text:
        return places
    start = -1
    for match in _INNER.finditer(text):
        opening = match.end() < len(text) and text[match.end()].isalnum()
        if opening and start < 0:
            start = match.end()
        elif not opening and start >= 0:
            places.append((start, match.start()))
            start = -1
    return places
