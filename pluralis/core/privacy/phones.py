"""Telephone numbers: international ones, and national ones by the plans of the regions asked for."""

import re
from collections.abc import Iterator, Sequence

from pluralis.core.privacy import context
from pluralis.core.privacy.model import LIKELY, PROVED, SURE, DataType
from pluralis.core.privacy.reading import Number, Reading
from pluralis.core.privacy.spans import Candidate

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
    r"\d{1,2}([-/. ])\d{1,2}\1(?:19|20)?\d\d|(?:19|20)\d\d([-/. ]?)(?:0\d|1[0-2])\2[0-3]\d|(?:19|20)\d\d ?[-/] ?(?:(?:19|20)\d\d|\d\d)"
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:([. ])\d{3})(?:\1\d{3})*")
_VERSION = re.compile(r"\d+(?:\.\d+){3,}")
_EXTENSION = re.compile(r"\s{0,2}(?:x|ext\.?|poste)\s{0,2}\d{1,6}\b")
# Forms that are hardly anything but a telephone number, by country of origin: an area code in brackets or three
# groups of North America; five pairs of France; the mobile of Malaysia and Indonesia; Spain's nine.
_TELLING = re.compile(
    r"\(\d{2,5}\)[ .-]?\d{3,4}[ .-]?\d{3,5}|[2-9]\d\d([.-])[2-9]\d\d\1\d{4}|0\d([ .-]?)\d\d(?:\2\d\d){3}"
    r"|0\d{1,4}[ .-]\d{3,4}[ .-]?\d{3,5}|08\d\d?[ -]?\d{4}[ -]?\d{3,5}|0\d{9,10}|[6789]\d\d([ .-])\d\d\3\d\d\3\d\d|[6789]\d\d([ .-])\d{3}\4\d{3}"
)


def phones(reading: Reading, regions: Sequence[str]) -> Iterator[Candidate]:
    """Yield the telephone numbers of a text; ``regions`` are ISO 3166 codes whose national plans count."""
    for number in reading.numbers:
        if len(number.digits) >= _FEWEST:
            yield from _phones_in(number, reading, tuple(regions))


def _phones_in(number: Number, reading: Reading, regions: tuple[str, ...]) -> Iterator[Candidate]:
    strength = _strength(number, reading, regions) if len(number.digits) <= _MOST + 2 else 0
    if strength:
        extension = _EXTENSION.match(reading.lower, number.end)
        yield Candidate(number.start, extension.end() if extension else number.end, DataType.PHONE, strength)
    else:
        yield from _phones_within(number, reading, regions)


def _phones_within(number: Number, reading: Reading, regions: tuple[str, ...]) -> Iterator[Candidate]:
    """Numbers written one after the other: "06 12 34 56 78 / 06 98 76 54 32"."""
    for match in _TELLING.finditer(number.written):
        start, end = number.start + match.start(), number.start + match.end()
        piece = Number(start, end, match.group(), "".join(_GROUP.findall(match.group())))
        if len(piece.digits) < len(number.digits):
            strength = _strength(piece, reading, regions)
            if strength:
                yield Candidate(start, end, DataType.PHONE, strength)


def _strength(number: Number, reading: Reading, regions: tuple[str, ...]) -> float:
    written, digits = number.written, number.digits
    announced = context.near(reading, number.start, number.end, "phone")
    if written.lstrip("( ").startswith("+") or (digits.startswith("00") and len(digits) >= 10):
        if _is_valid(_international(number), "ZZ"):
            return PROVED
        return LIKELY if announced or len(digits) >= 9 else 0
    if _is_another_figure(number, reading):
        return 0
    telling = _TELLING.fullmatch(written) is not None
    if (telling or announced) and any(_is_valid(digits, region) for region in regions):
        return SURE if announced else LIKELY
    return LIKELY if announced and len(digits) <= _MOST else 0


def _is_another_figure(number: Number, reading: Reading) -> bool:
    """Whether it reads as a date, a span of years, an amount or a version."""
    written = number.written
    if _DATE.fullmatch(written) or _VERSION.fullmatch(written):
        return True
    around = reading.lower[max(0, number.start - 4) : number.start], reading.lower[number.end : number.end + 12]
    if any(sign in around[0] for sign in "€$£¥") or around[1][:2].strip()[:1] in ("€", "$", "£", "%", ","):
        return bool(_THOUSANDS.fullmatch(written)) or around[1][:1] in ("%",)
    following = around[1].split()
    return bool(_THOUSANDS.fullmatch(written)) and bool(following) and following[0] in context.words("currency")


def _international(number: Number) -> str:
    """The digits after a plus, without a trunk zero in brackets as in "+44 (0)20"."""
    digits = "".join(_GROUP.findall(number.written.replace("(0)", "")))
    return "+" + digits.removeprefix("00")


def _is_valid(digits: str, region: str) -> bool:
    """Whether the digits are a number of the region's plan; "ZZ" when they begin with a country code."""
    import phonenumbers  # 7 MB and 60 ms: only a process that meets a number pays

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False
