"""References: numbers of contract, customer, order and claim, announced by a word; booking codes, RIO, IMEI."""

import re
from collections.abc import Iterator
from functools import cache

from pluralis.core.privacy.codes import codes
from pluralis.core.privacy.model import SURE, DataType
from pluralis.core.privacy.reading import Reading
from pluralis.core.privacy.spans import Candidate
from pluralis.core.privacy.vocabulary import reference_words

_WORD = re.compile(r"[^\W\d_]+")
# What may stand between the announcing word and the code: signs, and a few words such as "number" or "is".
_SIGNS = r"[\s:#=°.,()\"'>*\[\-]{0,5}"
# One code: letters, digits and joining signs; then what a number is often followed by when it is no reference.
_CODE = re.compile(
    r"(?P<code>[a-z0-9]{1,24}(?:[-/_.][a-z0-9]{1,24}){0,4}(?:(?<=\d) \d{2,6}){0,5}|[a-z]{1,5} \d{3,12}[a-z]?)"
    r"(?![^\W_]|@)"
)
_NO_REFERENCE = re.compile(
    r"(?:19|20)\d\d|\d{1,2}([-/.])\d{1,2}\1\d{2,4}|(?:19|20)\d\d([-/.])\d\d?\2\d\d?|(?:19|20)\d\d[-/](?:19|20)?\d\d"
    r"|\d{1,3}(?:[. ]\d{3})*(?:\.\d\d)?|\d+\.\d\d?|\d+x\d+|\d{1,2}h\d\d"
)
_MEASURE = re.compile(r"\d{1,5}(?P<unit>[a-z]{1,4})")
_AMOUNT_AFTER = re.compile(
    r"\s{0,2}(?:[€$£%]|(?:euros?|eur|usd|gbp|rm|dollars?|ringgit|rupiah)\b|/ ?(?:orang|pax|person|personne|persona))"
)
_NAMED_AFTER = re.compile(
    r"(?<![\w/.-])(?P<code>[a-z0-9/-]{0,20}\d[a-z0-9/-]{0,20}) (?:is|est|es|adalah|ialah) "
    r"(?P<naming>\w{1,15}(?: \w{1,15}){0,3})"
)
_BOOKING = re.compile(r"[A-Z0-9]{5,8}(?![\w-])")


@cache
def _bridge() -> re.Pattern[str]:
    between = "|".join(sorted(reference_words("between"), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?:{_SIGNS}(?<![a-z0-9])(?:{between})(?![a-z])){{0,6}}{_SIGNS}(?<![a-z0-9])")


def references(reading: Reading) -> Iterator[Candidate]:
    """Yield the references of a text that are known without teaching, outside web addresses."""
    for candidate in _references(reading):
        if not reading.in_link(candidate.start):
            yield candidate


def _references(reading: Reading) -> Iterator[Candidate]:
    if reading.has_digit:
        if not reading.words.isdisjoint(reference_words("announcing")):
            yield from _announced(reading)
            yield from _named_after(reading)
        if not reading.words.isdisjoint(reference_words("identity")):
            yield from _announced(reading, "identity", DataType.NATID)
        yield from codes(reading)
    if not reading.words.isdisjoint(reference_words("booking")):
        yield from _bookings(reading)


def _named_after(reading: Reading) -> Iterator[Candidate]:
    """The other way round: "88213349 is my order number"."""
    if not reading.words.isdisjoint(("is", "est", "es", "adalah", "ialah")):
        for match in _NAMED_AFTER.finditer(reading.lower):
            if (
                _names_a_reference(match["naming"])
                and sum(c.isdigit() for c in match["code"]) >= 4
                and not _is_another_figure(match["code"])
            ):
                yield Candidate(*match.span("code"), DataType.REF, SURE)


def _names_a_reference(naming: str) -> bool:
    for word in _WORD.findall(naming):
        if word in reference_words("announcing"):
            return True
        if word not in reference_words("between"):
            return False
    return False


def _announced(reading: Reading, group: str = "announcing", kind: DataType = DataType.REF) -> Iterator[Candidate]:
    nouns = reference_words(group)
    for word in _WORD.finditer(reading.lower):
        if word.group() in nouns:
            bridge = _bridge().match(reading.lower, word.end())
            code = bridge and _CODE.match(reading.lower, bridge.end())
            if (
                bridge
                and code
                and _is_reference(code["code"], bridge.group(), reading.lower[code.end() : code.end() + 12])
            ):
                yield Candidate(*code.span("code"), kind, SURE)


def _is_reference(code: str, bridge: str, following: str) -> bool:
    """Whether a code that an announcing word leads to is one, rather than a date, an amount or a measure."""
    digits = sum(character.isdigit() for character in code)
    if _is_another_figure(code) or _AMOUNT_AFTER.match(following):
        return False
    numbered = "#" in bridge or not reference_words("number").isdisjoint(bridge.split())
    if code.endswith("000") and code.isdigit():  # "tickets 10000" is an amount
        return numbered
    return digits >= 5 or (digits >= 3 and (numbered or (digits >= 4 and len(code) > digits)))


def _is_another_figure(code: str) -> bool:
    measure = _MEASURE.fullmatch(code)
    file = code.rpartition(".")[2] in reference_words("file")
    return file or bool(_NO_REFERENCE.fullmatch(code) or (measure and measure["unit"] in reference_words("unit")))


def _bookings(reading: Reading) -> Iterator[Candidate]:
    """Airline booking codes: six capitals and digits (IATA resolution 830d), after a word that announces one."""
    shouting = reading.flat.isupper()  # where all is in capitals, six of them are a word
    for word in _WORD.finditer(reading.lower):
        if word.group() in reference_words("booking"):
            bridge = _bridge().match(reading.lower, word.end())
            code = bridge and _BOOKING.match(reading.flat, bridge.end())
            if code and not code.group().isdigit():
                trusted = word.group() in reference_words("booking_only") or not code.group().isalpha()
                if trusted or not shouting:
                    yield Candidate(*code.span(), DataType.REF, SURE)
