"""References of the company's own, taught by example: a few numbers give a pattern and its context words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pluralis.core.data import load_json
from pluralis.core.privacy import notation as notations
from pluralis.core.privacy.model import LIKELY, PROVED, SURE, DataType
from pluralis.core.privacy.notation import Piece
from pluralis.core.privacy.reading import Reading, fold
from pluralis.core.privacy.spans import Candidate

_BEFORE, _AFTER = 60, 30  # characters around a number in which its context word counts
_MOST_SHAPES = 4  # more shapes than this among the samples are no shapes: letters and digits mixed at will
_RUN = re.compile(r"[^\W\d_]+|\d+|[\W_]")


@dataclass(frozen=True, slots=True)
class ReferencePattern:
    """How references of one kind look, as a person may read and change it.

    ``notation`` is the form (``CT-######``; see ``pluralis.core.privacy.notation``), ``context`` the words that
    announce it, in any language, and ``needs_context`` whether the form alone is too common to count. The
    samples themselves are not kept: they are customers' numbers.
    """

    name: str
    notation: str
    context: tuple[str, ...] = ()
    needs_context: bool = False

    def __post_init__(self) -> None:
        """Refuse, with ``ValueError`` and what to write instead, a pattern that could never be found."""
        notations.parse(self.notation)
        if self.needs_context and not self.context:
            raise ValueError("This pattern needs a context word: add one, or let the form alone count.")

    def to_dict(self) -> dict[str, Any]:
        """Return the pattern as plain values for a form, a column or a file."""
        return {
            "name": self.name,
            "notation": self.notation,
            "context": list(self.context),
            "needs_context": self.needs_context,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ReferencePattern":
        """Return the pattern of ``to_dict``'s values, perhaps edited; ``ValueError`` when it can find nothing."""
        context = tuple(word.strip() for word in values.get("context", ()) if word.strip())
        return cls(str(values["name"]), str(values["notation"]), context, bool(values.get("needs_context", False)))


def learn_reference(name: str, samples: Sequence[str], context: Sequence[str] = ()) -> ReferencePattern:
    """Return the pattern that ``samples`` have in common.

    A sample is a number ("CT-590497") or a sentence that holds one ("my contract CT-590497 is late"), whose
    neighbouring words then become context words. A ``name`` that says contract, customer, order or claim in one
    of the five languages brings the words for it in all five. ``ValueError`` when no sample holds a digit.
    """
    codes: list[str] = []
    spoken: list[str] = []
    for sample in samples:
        code, words = _code_in(sample)
        codes += [code] if code else []
        spoken += words
    if not codes:
        raise ValueError("None of the samples holds a number: give two or three as customers write them.")
    notation = _notation_of(codes)
    words_of_name = _family(name)
    wanted = tuple(dict.fromkeys(word.strip() for word in [*context, *spoken, *words_of_name] if word.strip()))
    return ReferencePattern(name, notation, wanted, bool(wanted) and not notations.is_distinctive(notation))


def _code_in(sample: str) -> tuple[str, list[str]]:
    """Return the number in a sample and the words before it, nearest last."""
    pieces = sample.split()
    numbered = [place for place, piece in enumerate(pieces) if any(c.isdigit() for c in piece)]
    if not numbered:
        return "", []
    first, last = numbered[0], numbered[0]
    while last + 1 in numbered:
        last += 1
    if first and pieces[first - 1].isalpha() and pieces[first - 1].isupper() and len(pieces[first - 1]) <= 4:
        first -= 1
    code = " ".join(pieces[first : last + 1]).strip(".,;:!?()[]\"'#")
    return code, [word for piece in pieces[max(0, first - 3) : first] for word in _telling_words(piece)]


def _telling_words(piece: str) -> list[str]:
    little = set(" ".join(load_json("privacy_references.json")["little"].values()).split())
    word = re.sub(r"[\W\d_]+", "", fold(piece).lower())
    return [word] if len(word) > 2 and word not in little else []


def _family(name: str) -> list[str]:
    named = set(re.findall(r"[^\W\d_]+", fold(name).lower()))
    families: dict[str, str] = load_json("privacy_references.json")["families"]
    return [word for listed in families.values() if named & set(fold(listed).split()) for word in listed.split()]


def _notation_of(codes: list[str]) -> str:
    shapes: dict[str, list[list[str]]] = {}
    for code in dict.fromkeys(codes):
        runs = _RUN.findall(fold(code).upper())
        shapes.setdefault("".join(_kind(run) for run in runs), []).append(runs)
    if len(shapes) > _MOST_SHAPES:
        lengths = [len(code) for code in codes]
        return notations.written([Piece("*", min(lengths), max(lengths))])
    return " | ".join(notations.written(_common(samples)) for samples in shapes.values())


def _kind(run: str) -> str:
    if run.isdigit():
        return "#"
    return "@" if run.isalpha() else "-"


def _common(samples: list[list[str]]) -> list[Piece]:
    """The pieces of one shape: what all samples share stands for itself, the rest is counted."""
    pieces: list[Piece] = []
    for runs in zip(*samples, strict=True):
        kind = _kind(runs[0])
        if kind == "-" or (kind == "@" and _is_fixed(runs)):
            pieces += [notations.own(character) for character in runs[0]]
        else:
            lengths = [len(run) for run in runs]
            pieces.append(Piece(kind, min(lengths), max(lengths)))
    return pieces


def _is_fixed(runs: Iterable[str]) -> bool:
    """Whether letters belong to the form: the same in two samples, or in the only one two or more."""
    first, *others = runs
    return all(run == first for run in others) and (bool(others) or len(first) >= 2)


def taught(reading: Reading, patterns: Sequence[ReferencePattern]) -> Iterator[Candidate]:
    """Yield the references that the company taught."""
    for pattern in patterns:
        for match in _compiled(pattern.notation).finditer(reading.lower):
            strength = _strength(pattern, match, reading)
            if strength:
                yield Candidate(*match.span(), DataType.REF, strength)


def _strength(pattern: ReferencePattern, match: re.Match[str], reading: Reading) -> float:
    if not any(character.isdigit() for character in match.group()):
        return 0
    around = reading.lower[max(0, match.start() - _BEFORE) : match.end() + _AFTER]
    if any(_stands_in(fold(word).lower(), around) for word in pattern.context):
        return PROVED
    if pattern.needs_context:
        return 0
    return SURE if notations.is_distinctive(pattern.notation) else LIKELY


def _stands_in(word: str, around: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", around) is not None


@lru_cache(maxsize=256)
def _compiled(notation: str) -> re.Pattern[str]:
    return notations.compiled(notation)
