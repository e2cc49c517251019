"""Where a text holds emoji: sequences of today's Unicode, restated in ``artefacts/emoji.txt``."""

import re
from functools import cache

from pluralis.core.data import load_lines

_KEYCAP = "[0-9#*]\ufe0f?\u20e3"
_VARIATION = "\ufe0f"


def emoji_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each emoji sequence, in code points, left to right, without overlaps.

    The longest sequence known to Unicode wins: a family joined by zero-width joiners is one, a chain that
    Unicode does not list is cut where its longest known beginning ends. A sign that is text by default, such
    as © or ☎, is an emoji only with the variation selector U+FE0F behind it.
    """
    spans: list[tuple[int, int]] = []
    if text.isascii() or not _signs().search(text):
        return spans
    floor = 0
    for match in _leads().finditer(text):
        start = match.start()
        if start < floor:
            continue
        end = match.end() if match.end() > start + 1 else _end_of_sequence(text, start)
        if end > start:
            spans.append((start, end))
            floor = end
    return spans


def _end_of_sequence(text: str, start: int) -> int:
    """Return where the longest known sequence from ``start`` ends, or ``start`` when there is none."""
    known = _sequences()
    for length in range(_longest()[text[start]], 0, -1):
        piece = text[start : start + length]
        if piece in known:
            end = start + len(piece)
            selected = len(piece) == 1 and text.startswith(_VARIATION, end)
            return end + 1 if selected else end
    return start


@cache
def _sequences() -> frozenset[str]:
    return frozenset(load_lines("emoji.txt"))


@cache
def _longest() -> dict[str, int]:
    """For each first code point, the length of the longest sequence that begins with it."""
    longest: dict[str, int] = {}
    for sequence in _sequences():
        longest[sequence[0]] = max(longest.get(sequence[0], 0), len(sequence))
    return longest


@cache
def _signs() -> re.Pattern[str]:
    """What every emoji holds one of: a sign to begin with that is no plain digit, or the frame of a keycap.

    Most texts have none, and one set of characters is looked for ten times as fast as :func:`_leads`.
    """
    firsts = "".join(re.escape(first) for first in sorted(_longest()) if not first.isascii())
    return re.compile(f"[{firsts}\u20e3]")


@cache
def _leads() -> re.Pattern[str]:
    firsts = "".join(re.escape(first) for first in sorted(_longest()))
    return re.compile(f"{_KEYCAP}|[{firsts}]")
