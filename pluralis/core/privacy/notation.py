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
    """``least`` to ``most`` characters of a class (``#``, ``@``, ``*``), or one character of its ``own``."""

    kind: str
    least: int = 1
    most: int = 1
    own: str = ""


def own(character: str) -> Piece:
    """Return the piece of a character that stands for itself."""
    return Piece("", own=character)


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
    if not all(any(piece.kind for piece in pieces) for pieces in cleaned):
        raise ValueError("Each alternative needs at least one #, @ or *: a pattern without them is a fixed word.")
    return cleaned


def _piece(match: re.Match[str]) -> Piece:
    if not match["kind"]:
        return own(match["escaped"] or match["plain"])
    least = int(match["least"] or 1)
    most = int(match["most"] or least)
    if not 1 <= least <= most <= _MOST_REPETITIONS:
        raise ValueError(f"Write a repetition as {{least,most}} between 1 and {_MOST_REPETITIONS}: {match.group()}")
    return Piece(match["kind"], least, most)


def _without_outer_spaces(pieces: list[Piece]) -> list[Piece]:
    while pieces and pieces[0].own == " ":
        pieces = pieces[1:]
    while pieces and pieces[-1].own == " ":
        pieces = pieces[:-1]
    return pieces


def written(pieces: list[Piece]) -> str:
    """Return the notation of one alternative; the opposite of ``parse``."""
    return "".join(_written(piece) for piece in pieces)


def _written(piece: Piece) -> str:
    if piece.own:
        return "\\" + piece.own if piece.own in "#@*{}|\\" else piece.own
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
    own_letters = sum(piece.own.isalpha() for piece in pieces)
    letters = own_letters + sum(piece.least for piece in pieces if piece.kind == _ANY_LETTER)
    digits = sum(piece.least if piece.kind == _ANY_DIGIT else piece.own.isdigit() for piece in pieces)
    return (own_letters >= 2 and digits >= 3) or (letters >= 1 and digits >= 5)


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one class become one piece, so that ``##`` and ``#{2}`` are the same."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and piece.kind and merged[-1].kind == piece.kind:
            last = merged.pop()
            piece = Piece(piece.kind, last.least + piece.least, last.most + piece.most)
        merged.append(piece)
    return merged


def _expression(pieces: list[Piece]) -> str:
    parts: list[str] = []
    previous = ""  # what the last piece was: "letter", "digit", "joining" or something else
    for piece in pieces:
        current = _character_class(piece)
        if current == "joining":
            parts.append("" if previous == "joining" else _JOINED)
        else:
            # Where letters turn to digits, people put a space or a dash of their own.
            between = _JOINED if {previous, current} == {"letter", "digit"} else ""
            parts.append(between + (_repeated(piece) if piece.kind else re.escape(piece.own.lower())))
        previous = current
    return "".join(parts)


def _character_class(piece: Piece) -> str:
    if piece.own and piece.own in _JOINING:
        return "joining"
    if piece.kind == _ANY_LETTER or piece.own.isalpha():
        return "letter"
    return "digit" if piece.kind == _ANY_DIGIT or piece.own.isdigit() else ""


def _repeated(piece: Piece) -> str:
    one = _CLASSES[piece.kind]
    if piece.kind == _ANY_DIGIT:  # "590 497" is "590497"
        return rf"{one}(?:{_JOINED}{one}){{{piece.least - 1},{piece.most - 1}}}"
    return f"{one}{{{piece.least},{piece.most}}}"
