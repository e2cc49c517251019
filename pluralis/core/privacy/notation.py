"""The written form of a reference pattern, short enough for a form field: ``CT-######``.

``#`` is a digit, ``@`` a letter, ``*`` a letter or a digit; a repetition may be counted, ``#{6,8}``; ``|`` stands
between alternatives; every other character stands for itself, and a backslash takes the meaning off the next.
"""

import re
from typing import NamedTuple

_LONGEST = 200
_MOST_REPETITIONS = 40
_ANY_LETTER, _ANY_DIGIT, _ANY = "@", "#", "*"
_CLASSES = {_ANY_DIGIT: r"\d", _ANY_LETTER: "[a-z]", _ANY: "[a-z0-9]"}
_TOKEN = re.compile(
    r"\\(?P<escaped>.)|(?P<kind>[#@*])(?:\{(?P<least>\d{1,2})(?:,(?P<most>\d{1,2}))?\})?|(?P<plain>.)", re.S
)
_JOINING = "-/. _"
# A customer who copies a number drops or changes its dashes and spaces; the pattern does not mind.
_JOINED = rf"[{re.escape(_JOINING)}]?"


class Piece(NamedTuple):
    """``least`` to ``most`` characters of a class (``#``, ``@``, ``*``), or one character that stands for itself."""

    kind: str
    least: int
    most: int


def parse(notation: str) -> list[list[Piece]]:
    """Return the alternatives of a notation as pieces; ``ValueError`` says what to write instead."""
    if not notation.strip():
        raise ValueError("The pattern is empty: write # for a digit and @ for a letter, as in CT-######.")
    if len(notation) > _LONGEST:
        raise ValueError(f"The pattern is longer than {_LONGEST} characters: count repetitions, as in #{{12}}.")
    alternatives: list[list[Piece]] = [[]]
    for match in _TOKEN.finditer(notation.strip()):
        if match["plain"] == "|":
            alternatives.append([])
        else:
            alternatives[-1].append(_piece(match))
    cleaned = [_without_outer_spaces(pieces) for pieces in alternatives]
    if not all(any(piece.kind in _CLASSES for piece in pieces) for pieces in cleaned):
        raise ValueError("Each alternative needs at least one #, @ or *: a pattern without them is a fixed word.")
    return cleaned


def _piece(match: re.Match[str]) -> Piece:
    if not match["kind"]:
        return Piece(match["escaped"] or match["plain"], 1, 1)
    least = int(match["least"] or 1)
    most = int(match["most"] or least)
    if not 1 <= least <= most <= _MOST_REPETITIONS:
        raise ValueError(f"Write a repetition as {{least,most}} between 1 and {_MOST_REPETITIONS}: {match.group()}")
    return Piece(match["kind"], least, most)


def _without_outer_spaces(pieces: list[Piece]) -> list[Piece]:
    while pieces and pieces[0].kind == " ":
        pieces = pieces[1:]
    while pieces and pieces[-1].kind == " ":
        pieces = pieces[:-1]
    return pieces


def written(pieces: list[Piece]) -> str:
    """Return the notation of one alternative; the opposite of ``parse``."""
    return "".join(_written(piece) for piece in pieces)


def _written(piece: Piece) -> str:
    if piece.kind not in _CLASSES:
        return "\\" + piece.kind if piece.kind in "#@*{}|\\" else piece.kind
    if piece.least == piece.most:
        return piece.kind * piece.least if piece.least <= 12 else f"{piece.kind}{{{piece.least}}}"
    return f"{piece.kind}{{{piece.least},{piece.most}}}"


def compiled(notation: str) -> re.Pattern[str]:
    """Return the expression that finds the notation in a flattened, lower-case text, in linear time."""
    alternatives = "|".join(_expression(_merged(pieces)) for pieces in parse(notation))
    return re.compile(rf"(?<![^\W_])(?:{alternatives})(?![^\W_])")


def is_distinctive(notation: str) -> bool:
    """Whether little else looks so: letters of its own, or letters and at least five digits, in each alternative."""
    return all(_is_distinctive(pieces) for pieces in parse(notation))


def _is_distinctive(pieces: list[Piece]) -> bool:
    own = sum(piece.kind.isalpha() for piece in pieces if piece.kind not in _CLASSES)
    letters = own + sum(piece.least for piece in pieces if piece.kind == _ANY_LETTER)
    digits = sum(piece.least if piece.kind == _ANY_DIGIT else piece.kind.isdigit() for piece in pieces)
    return (own >= 2 and digits >= 3) or (letters >= 1 and digits >= 5)


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one class become one piece, so that ``##`` and ``#{2}`` are the same."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and piece.kind in _CLASSES and merged[-1].kind == piece.kind:
            last = merged.pop()
            piece = Piece(piece.kind, last.least + piece.least, last.most + piece.most)
        merged.append(piece)
    return merged


def _expression(pieces: list[Piece]) -> str:
    parts: list[str] = []
    previous = ""
    for piece in pieces:
        if piece.kind in _JOINING:
            part = _JOINED if previous != _JOINED else ""
        elif piece.kind in _CLASSES:
            part = _repeated(piece)
        else:
            part = re.escape(piece.kind.lower())
        if parts and _changes_class(previous, piece.kind):
            part = _JOINED + part
        parts.append(part)
        previous = _JOINED if piece.kind in _JOINING else piece.kind
    return "".join(parts)


def _changes_class(previous: str, kind: str) -> bool:
    """Whether letters turn to digits here, where people put a space or a dash of their own."""
    return {_letter_or_digit(previous), _letter_or_digit(kind)} == {"letter", "digit"}


def _letter_or_digit(kind: str) -> str:
    if kind == _ANY_LETTER or kind.isalpha():
        return "letter"
    return "digit" if kind == _ANY_DIGIT or kind.isdigit() else ""


def _repeated(piece: Piece) -> str:
    one = _CLASSES[piece.kind]
    if piece.kind == _ANY_DIGIT:  # "590 497" is "590497"
        return rf"{one}(?:{_JOINED}{one}){{{piece.least - 1},{piece.most - 1}}}"
    return f"{one}{{{piece.least},{piece.most}}}"
