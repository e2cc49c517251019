"""What changed between two wordings, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LONGEST = 4_000
"""Above this many pieces of changed text the middle is shown as replaced whole: comparing takes their square."""

# A word with its apostrophes, a run of white space, or one sign.
_PIECE = re.compile(r"\w+(?:['\u2019]\w+)*|\s+|[^\w\s]")


class Kind(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, came or went."""

    kind: Kind
    text: str


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Return the stretches that lead from ``before`` to ``after``, in reading order, what went before what came.

    All that is not *added* joined is ``before``; all that is not *removed* joined is ``after``.
    """
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    found = [(Kind.SAME, old[:head]), *middle, (Kind.SAME, old[len(old) - tail :])]
    return _joined(found)


def _common(one: list[str], other: list[str]) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _middle(old: list[str], new: list[str]) -> list[tuple[Kind, list[str]]]:
    if len(old) + len(new) > LONGEST:
        return [(Kind.REMOVED, old), (Kind.ADDED, new)]
    found = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append((Kind.SAME, old[old_from:old_to]))
        else:
            found += [(Kind.REMOVED, old[old_from:old_to]), (Kind.ADDED, new[new_from:new_to])]
    return found


def _joined(found: list[tuple[Kind, list[str]]]) -> tuple[Piece, ...]:
    """Return the stretches with neighbours of one kind as one, and without empty ones."""
    pieces: list[Piece] = []
    for kind, words in found:
        text = "".join(words)
        if not text:
            continue
        if pieces and pieces[-1].kind is kind:
            pieces[-1] = Piece(kind, pieces[-1].text + text)
        else:
            pieces.append(Piece(kind, text))
    return tuple(pieces)
