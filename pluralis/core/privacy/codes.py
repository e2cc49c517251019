"""References that their form gives away, without a word beside them: "CT-590497", "2024/18734", "QX62352Z"."""

import re
from collections.abc import Iterator

from pluralis.core.privacy.model import LIKELY, SURE, WEAK, DataType
from pluralis.core.privacy.reading import Reading
from pluralis.core.privacy.spans import Candidate
from pluralis.core.privacy.vocabulary import is_catalogued, reference_words

_LONG = re.compile(r"\d{5}")  # what each of the first three forms holds
_PREFIXED = re.compile(r"(?<![\w@#/.&-])(?P<prefix>[A-Za-z]{2,5})[-#]\d{5,12}(?:-\d{1,4})?(?![\w-])")
# A second part that is a year itself makes a season or a school year of it.
_BY_YEAR = re.compile(r"(?<![\w@#/.,-])(?:19|20)\d\d/(?!(?:19|20)\d\d(?!\d))\d{4,8}(?![\w/-])")
# Capitals and at least five digits in one piece, as order and baggage systems print them.
_MIXED = re.compile(
    r"(?<![\w@#/.&-])(?=[A-Z0-9]{0,11}[A-Z])(?=[A-Z0-9]{0,8}\d{5})(?P<letters>[A-Z]{0,4})[A-Z0-9]{3,12}(?<=\w{7})(?![\w-])"
)
_PLAIN = re.compile(r"(?<![\w@#/.,:+&$€£-])\d{8,12}(?![\w@/%€$£-]|[.,:]\d)")
_DATE = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{4})?|(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)
# French portability code (ARCEP): operator, P or E, six of the account, three of control.
_RIO = re.compile(r"(?<![^\W_])\d{2} ?[PE] ?[A-Z0-9]{6} ?[A-Z0-9+]{3}(?![^\W_])")


def codes(reading: Reading) -> Iterator[Candidate]:
    """Yield the references whose form alone speaks for them."""
    if _LONG.search(reading.flat):
        yield from _in_one_piece(reading)
    if "/" in reading.flat:
        for match in _BY_YEAR.finditer(reading.flat):
            yield Candidate(*match.span(), DataType.REF, LIKELY)
    if "rio" in reading.words:
        for match in _RIO.finditer(reading.flat):
            yield Candidate(*match.span(), DataType.REF, SURE)


def _in_one_piece(reading: Reading) -> Iterator[Candidate]:
    for match in _PREFIXED.finditer(reading.flat):
        known = match["prefix"].lower() in reference_words("prefix")
        if known or match["prefix"].isupper():
            yield Candidate(*match.span(), DataType.REF, SURE if known else LIKELY)
    for match in _MIXED.finditer(reading.flat):
        norm = match["letters"].lower() in reference_words("norm")
        if not norm and not is_catalogued(reading, match.start()):
            yield Candidate(*match.span(), DataType.REF, LIKELY)
    for match in _PLAIN.finditer(reading.flat):
        amount = match.group().endswith("000") or _DATE.fullmatch(match.group())
        if not amount and not is_catalogued(reading, match.start()):
            yield Candidate(*match.span(), DataType.REF, WEAK)
