"""National identity numbers: the form and the check of each country's own rule, read by python-stdnum."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from pluralis.core.privacy.model import LIKELY, PROVED, SURE, DataType
from pluralis.core.privacy.reading import Reading
from pluralis.core.privacy.spans import Candidate
from pluralis.core.privacy.vocabulary import near

_RUN = re.compile(r"\d(?:[ .\-/]{0,3}\d)*")
_FEWEST_DIGITS = 6  # the shortest run in any form, in "AB 61 96 65 B"
_LETTERS_BEFORE, _LETTERS_AFTER = 8, 16  # how far a form reaches beyond its longest run of digits
_LETTERS_LEADING = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]{1,2}[ .-]?|[A-Za-z]{4,6})\Z")
_LETTERS_LEAD = re.compile(r"[A-Za-z]{6}\d\d[A-Za-z]\d\d")  # the one form whose digits stand apart


class Form(NamedTuple):
    """One country's number: how it is written, who checks it, and how much a passing check proves.

    ``digits`` is how many stand in a row in it, and ``led`` whether letters stand before them. ``check`` names a
    module of python-stdnum, or is empty where the form is all there is to check. ``alone`` is the strength
    without a word of the group ``announced_by``, 0 for forms that too much else has.
    """

    country: str
    digits: int
    pattern: re.Pattern[str]
    check: str
    alone: float
    announced_by: str
    led: bool


def _form(country: str, digits: int, pattern: str, check: str, alone: float, announced_by: str = "natid") -> Form:
    bounded = rf"(?<![^\W_])(?<!\d[.,/-])(?i:{pattern})(?![^\W_])"
    led = not pattern.startswith((r"\d", "[1"))
    return Form(country, digits, re.compile(bounded), check, alone, announced_by, led)


_NIR = r"[1-478][ .]?\d\d[ .]?\d\d[ .]?(?:\d\d|2[ab])[ .]?\d{3}[ .]?\d{3}[ .\-/]{0,3}\d\d"
_NINO_LETTERS = "(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z]"
# Source of each form: the page that the module of python-stdnum cites; for the British number, HMRC's NIM39110;
# for Singapore's, the form alone, since its check letters are not published.
FORMS = (
    _form("fr", 6, _NIR, "fr.nir", PROVED, "social"),
    _form("es", 8, r"\d{2}\.?\d{3}\.?\d{3}(?:[.-]?[a-z]|(?-i: -? ?[A-Z]))", "es.dni", SURE),
    _form("es", 7, r"[xyz][ .-]?\d{7}[ .-]?[a-z]", "es.nie", PROVED),
    _form("us", 9, r"\d{3}-\d\d-\d{4}", "us.ssn", SURE, "social"),
    _form("us", 9, r"\d{3}[ .]?\d\d[ .]?\d{4}", "us.ssn", 0, "social"),
    _form("gb", 6, rf"{_NINO_LETTERS}[ -]?\d\d[ -]\d\d[ -]\d\d[ -]?[a-d]", "", SURE),
    _form("gb", 6, rf"{_NINO_LETTERS}\d{{6}}[a-d]", "", SURE),
    _form("gb", 6, r"[a-z]{2}[ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[a-z]", "", 0, "social"),
    _form("my", 12, r"\d{6}[- ]\d\d[- ]\d{4}", "my.nric", PROVED),
    _form("my", 12, r"\d{12}", "my.nric", LIKELY),
    _form("id", 16, r"\d\d[ .-]?\d\d[ .-]?\d\d[ .-]?\d{6}[ .-]?\d{4}", "id.nik", SURE),
    _form("id", 16, r"\d{4} \d{4} \d{4} \d{4}", "id.nik", 0),
    _form("sg", 7, r"[stfgm]\d{7}[a-z]", "", LIKELY),
    _form("it", 2, r"[a-z]{6}\d\d[a-z]\d\d[a-z]\d{3}[a-z]", "it.codicefiscale", PROVED),
    _form("be", 11, r"\d\d\.\d\d\.\d\d-\d{3}[.-]\d\d", "be.nn", PROVED),
    _form("br", 11, r"\d{3}\.\d{3}\.\d{3}-\d\d", "br.cpf", PROVED),
    _form("mx", 6, r"[a-z]{4}\d{6}[hmx][a-z]{5}[a-z0-9]\d", "mx.curp", PROVED),
    _form("ca", 9, r"\d{3}[ -]\d{3}[ -]\d{3}", "ca.sin", 0),
    _form("in", 12, r"\d{4} \d{4} \d{4}", "in_.aadhaar", LIKELY),
)


def identities(reading: Reading) -> Iterator[Candidate]:
    """Yield national identity numbers, those with a wrong check digit too when a word announces one."""
    for run in _RUN.finditer(reading.flat):
        digits = sum(map(str.isdigit, run.group()))
        if digits >= _FEWEST_DIGITS:
            window = max(0, run.start() - _LETTERS_BEFORE), run.end() + _LETTERS_AFTER
            leading = _LETTERS_LEADING.search(reading.flat[window[0] : run.start()])
            yield from _in_window(reading, window, digits, led=leading is not None)
    if _LETTERS_LEAD.search(reading.flat):
        yield from _in_window(reading, (0, len(reading.flat)), 2, led=True)


def _in_window(reading: Reading, window: tuple[int, int], digits: int, *, led: bool) -> Iterator[Candidate]:
    """Try the forms that have so many digits at most and, unless letters lead, begin with a digit."""
    for form in FORMS:
        fits = form.digits <= digits and (led or not form.led)
        for match in form.pattern.finditer(reading.flat, *window) if fits else ():
            strength = _strength(form, match, reading)
            if strength and not reading.in_link(match.start()):
                yield Candidate(*match.span(), DataType.NATID, strength)


def _strength(form: Form, match: re.Match[str], reading: Reading) -> float:
    announced = near(reading, *match.span(), form.announced_by)
    if not form.check or _checker(form.check)(match.group().upper().replace(".", "")):
        return PROVED if announced else form.alone
    return SURE if announced else 0


@cache
def _checker(module: str) -> Callable[[str], bool]:
    checker: Callable[[str], bool] = import_module(f"stdnum.{module}").is_valid
    return checker
