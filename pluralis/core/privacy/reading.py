"""A text as the detectors see it: accents, odd spaces, wide digits and look-alikes flattened, invisibles gone.

Every character of the flattened text stands for exactly one of the original, so that a span found here can be
carried back. Hiding a number behind zero-width marks, full-width digits or a Cyrillic "а" does not help.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

# Letters of other scripts that are drawn like Latin ones (Unicode TR39 confusables, the common part), and signs
# that stand for a word.
_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιøØłŁđĐı№",
    "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXoioOlLdDi#",
)
_REMEMBERED_FOLDS = 4096

_BLOT = "\x00"  # joins nothing and is no word
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_LINK = re.compile(
    r"https?://[^\s<>]{1,2000}|(?<![\w@.-])www\.[^\s<>]{1,2000}|(?<![\w@.-])(?:[\w-]{1,63}\.){1,3}[a-z]{2,12}/[^\s<>]{0,2000}"
)
# Digits with at most three joining characters between two of them: what a person may have typed as one number.
_NUMBER = re.compile(
    r"(?:(?<!\w)|(?<=\bhp)|(?<=\bwa)|(?<=\btel)|(?=\+))(?:\+[ (]{0,2}|\([ +]{0,2})?\d(?:[ \t.\-/()_]{0,3}\d)*"
)


_WITHOUT_JOINERS = str.maketrans("", "", " \t.-/()_+")


class _Folding(dict[int, str | None]):
    """A table for ``str.translate`` that works out each character when it first meets it."""

    def __missing__(self, code: int) -> str | None:
        folded = _fold(chr(code))
        if len(self) < _REMEMBERED_FOLDS:  # a text made to hold every character must not fill the memory
            self[code] = folded
        return folded


def _fold(character: str) -> str | None:
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return None
    if category == "Pd":
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) != "Mn")
    return plain.translate(_LOOK_ALIKES) if len(plain) == 1 else character.translate(_LOOK_ALIKES)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return ``text`` flattened: without accents and invisible characters, with plain digits, dashes and spaces."""
    return text if text.isascii() else text.translate(_FOLDING)


class Number(NamedTuple):
    """A run of digits with its joining characters; ``start`` and ``end`` are offsets in the flattened text."""

    start: int
    end: int
    written: str
    digits: str


class Reading:
    """A text made ready for the detectors: ``original`` as it came, ``flat`` and ``lower`` as they look at it.

    ``words`` holds every word of ``lower``, the cheap question before a costly one, and ``has_digit`` says
    whether there is any digit. Both are worked out at once because every text is asked for them.
    """

    def __init__(self, original: str) -> None:
        """Flatten ``original``; any string will do."""
        self.original = original
        self.flat = fold(original)
        lowered = self.flat.lower()
        # A few capitals grow when lowered; the two must keep the same offsets.
        self.lower = lowered if len(lowered) == len(self.flat) else _lower_by_character(self.flat)
        self.words = frozenset(_WORD.findall(self.lower))
        self.has_digit = _DIGIT.search(self.flat) is not None

    @cached_property
    def links(self) -> tuple[tuple[int, int], ...]:
        """The spans of web addresses, in which numbers are not a person's."""
        if "/" not in self.flat and "www." not in self.lower:
            return ()
        return tuple(match.span() for match in _LINK.finditer(self.lower))

    def in_link(self, place: int) -> bool:
        """Whether an offset of the flattened text lies in a web address."""
        before = bisect_right(self.links, (place, len(self.flat))) - 1
        return before >= 0 and place < self.links[before][1]

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Every number of the text outside links, as people write them: with spaces, dots, dashes, brackets."""
        return tuple(self._numbers()) if self.has_digit else ()

    def _numbers(self) -> Iterator[Number]:
        for match in _NUMBER.finditer(self._without_links()):
            written = match.group()
            yield Number(*match.span(), written, written.translate(_WITHOUT_JOINERS))

    def _without_links(self) -> str:
        """The flattened text with every web address blotted out, at its full length."""
        pieces, reached = [], 0
        for start, end in self.links:
            pieces += [self.flat[reached:start], _BLOT * (end - start)]
            reached = end
        return "".join([*pieces, self.flat[reached:]]) if pieces else self.flat

    @cached_property
    def _origins(self) -> list[int] | None:
        if len(self.flat) == len(self.original):
            return None
        kept = [index for index, c in enumerate(self.original) if _FOLDING[ord(c)] is not None]
        return [*kept, len(self.original)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of a span of the flattened one."""
        origins = self._origins
        return (start, end) if origins is None else (origins[start], origins[end])


def _lower_by_character(text: str) -> str:
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
