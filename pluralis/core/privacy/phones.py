"""Telephone numbers: international ones, and national ones by the plans of the regions asked for."""

import re
from collections.abc import Iterator, Sequence

from pluralis.core.privacy import plans
from pluralis.core.privacy.model import LIKELY, PROVED, SURE, WEAK, DataType
from pluralis.core.privacy.reading import Number, Reading
from pluralis.core.privacy.spans import Candidate
from pluralis.core.privacy.vocabulary import context_words, follows_phrase, is_catalogued, near

# Where people who write in a language mostly have their numbers; the first stand for most of the texts.
REGIONS_OF = {
    "en": ("US", "GB", "IE", "AU", "NZ", "CA", "ZA", "SG", "MY"),
    "fr": ("FR", "BE", "CH", "CA", "LU"),
    "es": ("ES", "MX", "AR", "CO", "CL", "PE"),
    "ms": ("MY", "SG", "ID"),
    "id": ("ID", "MY", "SG"),
}
REGIONS = ("US", "GB", "FR", "ES", "MY", "ID", "SG", "AU", "BE", "MX", "IE", "CH")
_FEWEST, _MOST = 7, 15  # E.164 allows 15; below seven a national number is a short code

_GROUP = re.compile(r"\d+")
_DATE = re.compile(
    r"\d{1,2}([-/. ])\d{1,2}\1(?:19|20)?\d\d|(?:19|20)\d\d([-/. ]?)(?:0\d|1[0-2])\2[0-3]\d"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)?\d\d|\d{1,2}([-/.])\d{1,2}\3(?:19|20)\d\d[ -]{1,3}\d\d?.?\d\d"
)
_HOLDS_DATE = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/(?:19|20)?\d\d(?!\d)|[1-9]\d{2,3}/\d{3,4}\Z")
_THOUSANDS = re.compile(r"[1-9]\d?([ .])\d{3}\1\d{3}")
_DECIMAL = re.compile(r"\d\.\d{4}")
_VERSION = re.compile(r"(?!\d{2,4}(?:\.\d\d){3,4}\Z)\d+(?:\.\d+){3,}")
_EXTENSION = re.compile(r"\s{0,2}(?:x|ext\.?|poste)\s{0,2}\d{1,6}\b")
# Forms that hardly anything else has: an area code in brackets, the three groups of North America, the five
# pairs of France. They count even where the number is in no plan, because people mistype.
_UNMISTAKABLE = re.compile(
    r"(?<!\d)(?:\(\d{2,5}\)[ .-]?\d{2,4}[ .-]\d{2,5}(?:[ .-]\d{2,4})?|[2-9]\d\d[.-][2-9]\d\d[.-]\d{4}"
    r"|0[1-79]([ .-])\d\d(?:\1\d\d){3})(?!\d)"
)
# Forms that count when the number is in the plan of a region asked for: a trunk zero, the groups of Spain,
# Mexico and Singapore, and what a telephone prints in one piece.
_TELLING = re.compile(
    r"(?<!\d)(?:0\d([ .-]?)\d\d(?:\1\d\d){3}|0\d{1,4}[ .-]\d{3,4}[ .-]?\d{2,5}|0\d{3}([ .-])\d\d(?:\2\d\d){2}"
    r"|0\d{8,11}|[2-9]\d\d[ .-][2-9]\d\d[ .-]\d{4}|[6-9]\d\d([ .-])\d\d\3\d\d\3\d\d|[6-9]\d\d([ -])\d{3}\4\d{3}"
    r"|9 \d{4} \d{4}|\d\d[ .-]\d{4}[ .-]\d{4}|[3689]\d{3}[ .-]\d{4}|[67]\d{8}|[2-9]\d{9})(?!\d)"
)
_DIALLED = re.compile(r"(?:wa\.me/|phone=|(?<!\w)tel:)\+?(?P<number>\d{7,15})(?!\d)")
_WITH_TRUNK_ZERO = re.compile(r"\(?0[\d ().-]{8,17}")


def phones(reading: Reading, regions: Sequence[str]) -> Iterator[Candidate]:
    """Yield the telephone numbers of a text; ``regions`` are ISO 3166 codes whose national plans count."""
    for number in reading.numbers:
        if len(number.digits) >= _FEWEST:
            yield from _phones_in(number, reading, regions)
    for link in reading.links:  # a link that dials is the one link whose number is a person's
        for match in _DIALLED.finditer(reading.lower, *link):
            yield Candidate(*match.span("number"), DataType.PHONE, SURE)


def _phones_in(number: Number, reading: Reading, regions: Sequence[str]) -> Iterator[Candidate]:
    extension = _EXTENSION.match(reading.lower, number.end)
    end = extension.end() if extension else number.end
    if reading.flat[end : end + 1].isalpha():  # "520-1030a" is the name of a thing
        return
    strength = _strength(number, reading, regions) if len(number.digits) <= _MOST + 2 else 0
    if strength:
        yield Candidate(number.start, end, DataType.PHONE, strength)
    else:
        yield from _phones_within(number, reading, regions)


def _phones_within(number: Number, reading: Reading, regions: Sequence[str]) -> Iterator[Candidate]:
    """Numbers written one after the other: "06 12 34 56 78 / 06 98 76 54 32"."""
    for form in (_UNMISTAKABLE, _TELLING):
        for match in form.finditer(number.written):
            start, end = number.start + match.start(), number.start + match.end()
            piece = Number(start, end, match.group(), "".join(_GROUP.findall(match.group())))
            strength = _strength(piece, reading, regions) if len(piece.digits) < len(number.digits) else 0
            if strength:
                yield Candidate(start, end, DataType.PHONE, strength)


def _strength(number: Number, reading: Reading, regions: Sequence[str]) -> float:
    if _is_international(number):
        return _international_strength(number, reading)
    if _is_another_figure(number, reading):
        return 0
    strength = _national_strength(number, reading, regions)
    return 0 if strength and plans.is_a_service(number.digits, regions) else strength


def _national_strength(number: Number, reading: Reading, regions: Sequence[str]) -> float:
    telling = _has_telling_form(number)
    if _is_announced(number, reading):
        return (SURE if telling else LIKELY) if len(number.digits) <= _MOST else 0
    if telling and any(plans.is_valid(number.digits, region) for region in regions):
        return LIKELY
    return WEAK if _UNMISTAKABLE.fullmatch(number.written) else 0


def _international_strength(number: Number, reading: Reading) -> float:
    digits = _international(number)
    if plans.is_a_service(digits, (plans.ANY_COUNTRY,)):
        return 0
    if plans.is_valid(digits, plans.ANY_COUNTRY):
        return PROVED
    return LIKELY if len(number.digits) >= 9 or _is_announced(number, reading) else 0


def _is_announced(number: Number, reading: Reading) -> bool:
    return near(reading, number.start, number.end, "phone") or follows_phrase(reading, number.start)


def _has_telling_form(number: Number) -> bool:
    if _UNMISTAKABLE.fullmatch(number.written) or _TELLING.fullmatch(number.written):
        return True
    return 9 <= len(number.digits) <= 12 and _WITH_TRUNK_ZERO.fullmatch(number.written) is not None


def _is_another_figure(number: Number, reading: Reading) -> bool:
    """Whether it reads as a date, a span of years, a version, an amount or an article."""
    if _DATE.fullmatch(number.written) or _VERSION.fullmatch(number.written):
        return True
    if _HOLDS_DATE.search(number.written) or _THOUSANDS.fullmatch(number.written):
        return True
    if _DECIMAL.match(number.written) or is_catalogued(reading, number.start):
        return True
    leading = reading.flat[max(0, number.start - 3) : number.start]
    trailing = reading.lower[number.end : number.end + 12].split()
    if any(sign in leading for sign in "€$£¥") or reading.flat[number.end : number.end + 1] == "%":
        return True
    return bool(trailing) and (trailing[0][0] in "€$£¥%" or trailing[0] in context_words("currency"))


def _is_international(number: Number) -> bool:
    written = number.written.lstrip("( ")
    return written.startswith("+") or (written.startswith("00") and len(number.digits) >= 10)


def _international(number: Number) -> str:
    """The digits after a plus, without a trunk zero in brackets as in "+44 (0)20"."""
    return "+" + "".join(_GROUP.findall(number.written.replace("(0)", ""))).removeprefix("00")
