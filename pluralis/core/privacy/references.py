"""References: numbers of contract, customer, order and claim, announced by a word; booking codes, RIO, IMEI."""

import re
from collections.abc import Iterator
from functools import cache

from pluralis.core.data import load_json
from pluralis.core.privacy.model import LIKELY, PROVED, SURE, DataType
from pluralis.core.privacy.reading import Reading, fold
from pluralis.core.privacy.spans import Candidate

_WORD = re.compile(r"[^\W\d_]+")
# What may stand between the announcing word and the code: signs, and a few words such as "number" or "is".
_SIGNS = r"[\s:#=°.,()\"'>*\[\-]{0,5}"
# One code: letters, digits and joining signs; then what a number is often followed by when it is no reference.
_CODE = re.compile(
    r"(?P<code>[a-z0-9]{1,24}(?:[-/_.][a-z0-9]{1,24}){0,4}(?:(?<=\d) \d{2,6}){0,5}|[a-z]{1,5} \d{3,12}[a-z]?)(?![^\W_]|@)"
)
_NO_REFERENCE = re.compile(
    r"(?:19|20)\d\d|\d{1,2}([-/.])\d{1,2}\1\d{2,4}|(?:19|20)\d\d([-/.])\d\d?\2\d\d?|(?:19|20)\d\d[-/](?:19|20)?\d\d"
    r"|\d{1,3}(?:[. ]\d{3})*(?:\.\d\d)?|\d+(?:st|nd|rd|th|k|m|h|am|pm|min|mins|kg|km|gb|mb|x|s|p|ml|rb|jt)|\d+\.\d\d?|\d+x\d+"
)
_AMOUNT_AFTER = re.compile(r"\s{0,2}(?:[€$£%]|euros?\b|eur\b|usd\b|gbp\b|rm\b|dollars?\b|ringgit\b|rupiah\b)")
_BOOKING = re.compile(r"[A-Z0-9]{5,8}(?![\w-])")
# Written with its prefix, a reference needs no word beside it.
_PREFIXED = re.compile(r"(?<![\w@#/.-])(?P<prefix>[a-z]{2,5})[-#]\d{5,12}(?:-\d{1,4})?(?![\w-])")
_BY_YEAR = re.compile(r"(?<![\w@#/.,-])(?:19|20)\d\d/\d{4,8}(?![\w/-])")
_RIO = re.compile(r"(?<![^\W_])\d{2} ?[PE] ?[A-Z0-9]{6} ?[A-Z0-9+]{3}(?![^\W_])")


@cache
def _nouns(group: str) -> frozenset[str]:
    """Return the words of a group in every language together; a word of two parts counts by its last."""
    return frozenset(
        fold(word).lower()
        for listed in load_json("privacy_references.json")[group].values()
        for word in listed.split()
    )


@cache
def _bridge() -> re.Pattern[str]:
    between = "|".join(sorted(_nouns("between"), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?:{_SIGNS}(?<![a-z0-9])(?:{between})(?![a-z])){{0,6}}{_SIGNS}(?<![a-z0-9])")


def references(reading: Reading) -> Iterator[Candidate]:
    """Yield the references of a text that are known without teaching."""
    if reading.has_digit:
        if not reading.words.isdisjoint(_nouns("announcing")):
            yield from _announced(reading)
        if not reading.words.isdisjoint(_nouns("identity")):
            yield from _announced(reading, "identity", DataType.NATID)
        yield from _self_evident(reading)
    if not reading.words.isdisjoint(_nouns("booking")):
        yield from _bookings(reading)


def _announced(reading: Reading, group: str = "announcing", kind: DataType = DataType.REF) -> Iterator[Candidate]:
    nouns = _nouns(group)
    for word in _WORD.finditer(reading.lower):
        if word.group() in nouns:
            bridge = _bridge().match(reading.lower, word.end())
            code = bridge and _CODE.match(reading.lower, bridge.end())
            if bridge and code and _is_reference(code["code"], bridge.group(), reading.lower[code.end() :][:12]):
                yield Candidate(*code.span("code"), kind, SURE)


def _is_reference(code: str, bridge: str, following: str) -> bool:
    digits = sum(character.isdigit() for character in code)
    if _NO_REFERENCE.fullmatch(code) or _AMOUNT_AFTER.match(following):
        return False
    return digits >= 5 or (
        digits >= 3 and ("#" in bridge or not _nouns("number").isdisjoint(bridge.split()) or len(code) > digits + 1)
    )


def _self_evident(reading: Reading) -> Iterator[Candidate]:
    for match in _PREFIXED.finditer(reading.lower):
        if match["prefix"] in _nouns("prefix"):
            yield Candidate(*match.span(), DataType.REF, SURE)
    for match in _BY_YEAR.finditer(reading.lower):
        yield Candidate(*match.span(), DataType.REF, LIKELY)
    if "rio" in reading.words:
        for match in _RIO.finditer(reading.flat):
            yield Candidate(*match.span(), DataType.REF, PROVED)


def _bookings(reading: Reading) -> Iterator[Candidate]:
    """Airline booking codes: six capitals and digits (IATA resolution 830d), after a word that announces one."""
    for word in _WORD.finditer(reading.lower):
        if word.group() in _nouns("booking"):
            bridge = _bridge().match(reading.lower, word.end())
            code = bridge and _BOOKING.match(reading.flat, bridge.end())
            if code and not code.group().isdigit() and not reading.flat.isupper():
                yield Candidate(*code.span(), DataType.REF, SURE)
