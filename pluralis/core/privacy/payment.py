"""Bank accounts and payment cards."""

import re
from collections.abc import Iterator

from stdnum import luhn

from pluralis.core.data import load_json
from pluralis.core.privacy.model import LIKELY, PROVED, SURE, WEAK, DataType
from pluralis.core.privacy.reading import Number, Reading
from pluralis.core.privacy.spans import Candidate
from pluralis.core.privacy.vocabulary import near

_IBAN_OPENS = re.compile(r"(?<![^\W_])[a-z]{2}[ -]?\d{2}(?=[ .-]{0,2}[a-z0-9])")
_IBAN_BODY = re.compile(r"[a-z]{2}(?:[ .-]{0,2}[a-z0-9]){13,34}")
# Without a check, only the printed form counts: in one piece or in groups of four, and hardly a letter.
_IBAN_FORM = re.compile(r"[a-z]{2}\d{2}([ .-]?)(?:[a-z0-9]{4}\1){2,7}[a-z0-9]{0,4}")
_IBAN_DIGITS = 10
_GROUP = re.compile(r"\d+")
# Issuer prefixes with the lengths their networks give out (ISO/IEC 7812; networks' public tables), the modern
# ones first; a Maestro number may have any length from 12 to 19.
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})\Z|5[1-5]\d{14}\Z|2[2-7]\d{14}\Z|3[47]\d{13}\Z|35\d{14}\Z|(?:1800|2131)\d{11}\Z"
    r"|3(?:0[0-59]|[689]\d)\d{11}\Z|6(?:011|4[4-9]\d|5\d\d)\d{12}\Z|62\d{14,17}\Z|(?:5[06-8]|6)\d{10,17}\Z"
)
_FEWEST, _MOST = 12, 19
# A shorter or longer number passes the check digit by chance too often to stand alone.
_STANDS_ALONE = (15, 16)
_IN_FOURS = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}\Z")


def ibans(reading: Reading) -> Iterator[Candidate]:
    """Yield international bank account numbers (ISO 13616), also with a mistyped digit."""
    for opening in _IBAN_OPENS.finditer(reading.lower):
        start, end = opening.start(), _end_of_iban(opening, reading.lower)
        if end:
            written = reading.lower[start:end]
            number = "".join(c for c in written if c.isalnum())
            if _checks(number):
                yield Candidate(start, end, DataType.IBAN, PROVED)
            elif _IBAN_FORM.fullmatch(written) and sum(c.isdigit() for c in number) >= _IBAN_DIGITS:
                announced = near(reading, start, end, "iban")
                yield Candidate(start, end, DataType.IBAN, SURE if announced else LIKELY)


def _end_of_iban(opening: re.Match[str], text: str) -> int | None:
    """Where the account number ends by its country's length; ``None`` when it does not end there."""
    length = load_json("privacy_iban.json")["lengths"].get(opening.group()[:2].upper())
    body = length and _IBAN_BODY.match(text, opening.start())
    seen = 0
    for place in range(opening.start(), body.end() if body else 0):
        seen += text[place].isalnum()
        if seen == length:
            return None if text[place + 1 : place + 2].isalnum() else place + 1
    return None


def _checks(number: str) -> bool:
    """The check of ISO 7064 MOD 97-10: the first four characters at the end, letters as 10 to 35."""
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1


def cards(reading: Reading) -> Iterator[Candidate]:
    """Yield payment card numbers; the last digit must check (ISO/IEC 7812) unless a word announces a card."""
    for number in reading.numbers:
        if len(number.digits) >= _FEWEST:
            yield from _cards_in(number, reading)


def _cards_in(number: Number, reading: Reading) -> Iterator[Candidate]:
    groups = [match.span() for match in _GROUP.finditer(number.written)]
    for first in range(len(groups)):
        digits = ""
        for last in range(first, min(first + 6, len(groups))):
            digits += number.written[slice(*groups[last])]
            if len(digits) > _MOST:
                break
            if len(digits) >= _FEWEST:
                span = number.start + groups[first][0], number.start + groups[last][1]
                strength = _card_strength(digits, span, reading)
                if strength:
                    yield Candidate(*span, DataType.CARD, strength)


def _card_strength(digits: str, span: tuple[int, int], reading: Reading) -> float:
    issued = _ISSUED.match(digits) is not None
    announced = near(reading, *span, "card")
    written = reading.flat[slice(*span)]
    if luhn.is_valid(digits):
        if issued:
            return PROVED if announced or len(digits) in _STANDS_ALONE else 0
        return SURE if announced else 0
    if announced and (issued or len(digits) in _STANDS_ALONE):
        return LIKELY
    return WEAK if issued and _IN_FOURS.match(written) else 0
