"""National identity numbers: the form and the check of each country's own rule, read by python-stdnum."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

from pluralis.core.privacy.model import LIKELY, PROVED, SURE, DataType
from pluralis.core.privacy.reading import Reading
from pluralis.core.privacy.spans import Candidate
from pluralis.core.privacy.vocabulary import context_words, near

_FEWEST_DIGITS = 6  # the shortest run of digits in any of these, in "AB 61 96 65 B"


class Form(NamedTuple):
    """One country's number: how it is written, who checks it, and how much a passing check proves.

    ``check`` names a module of python-stdnum, or is empty where the form is all there is to check.
    ``alone`` is the strength without an announcing word, 0 for forms that too much else has.
    """

    name: str
    pattern: re.Pattern[str]
    check: str
    alone: float


def _form(name: str, pattern: str, check: str, alone: float) -> Form:
    return Form(name, re.compile(rf"(?<![^\W_])(?<!\d[.,/-])(?i:{pattern})(?![^\W_])"), check, alone)


# Source of each form: the page that the module of python-stdnum cites; for the British number, HMRC's NIM39110.
FORMS = (
    _form(
        "fr NIR",
        r"[1-478][ .]?\d\d[ .]?(?:\d\d)[ .]?(?:\d\d|2[ab])[ .]?\d{3}[ .]?\d{3}[ .\-/]{0,3}\d\d",
        "fr.nir",
        PROVED,
    ),
    _form("es DNI", r"\d{2}\.?\d{3}\.?\d{3}(?:[.-]?[a-z]|(?-i: -? ?[A-Z]))", "es.dni", SURE),
    _form("es NIE", r"[xyz][ .-]?\d{7}[ .-]?[a-z]", "es.nie", PROVED),
    _form("us SSN", r"\d{3}-\d\d-\d{4}", "us.ssn", SURE),
    _form("us SSN", r"\d{3}[ .]?\d\d[ .]?\d{4}", "us.ssn", 0),
    _form(
        "gb NINO",
        r"(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z][ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[a-d]",
        "",
        SURE,
    ),
    _form("gb NINO", r"[a-z]{2}[ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[a-z]", "", 0),
    _form("my MyKad", r"\d{6}[- ]\d\d[- ]\d{4}", "my.nric", PROVED),
    _form("my MyKad", r"\d{12}", "my.nric", LIKELY),
    _form("id NIK", r"\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{6}[ .-]?\d{4}", "id.nik", SURE),
    _form("id NIK", r"\d{4} \d{4} \d{4} \d{4}", "id.nik", 0),
    _form("sg NRIC", r"[stfgm]\d{7}[a-z]", "", LIKELY),
    _form("it codice fiscale", r"[a-z]{6}\d\d[a-z]\d\d[a-z]\d{3}[a-z]", "it.codicefiscale", PROVED),
    _form("be NN", r"\d\d\.\d\d\.\d\d-\d{3}[.-]\d\d", "be.nn", PROVED),
    _form("br CPF", r"\d{3}\.\d{3}\.\d{3}-\d\d", "br.cpf", PROVED),
    _form("mx CURP", r"[a-z]{4}\d{6}[hmx][a-z]{5}[a-z0-9]\d", "mx.curp", PROVED),
    _form("ca SIN", r"\d{3}[ -]\d{3}[ -]\d{3}", "ca.sin", 0),
    _form("in Aadhaar", r"\d{4} \d{4} \d{4}", "in_.aadhaar", LIKELY),
)


def identities(reading: Reading) -> Iterator[Candidate]:
    """Yield national identity numbers, those with a wrong check digit too when a word announces one."""
    if any(len(number.digits) >= 2 for number in reading.numbers) and _may_hold_one(reading):
        for form in FORMS:
            for match in form.pattern.finditer(reading.flat):
                strength = _strength(form, match, reading)
                if strength:
                    yield Candidate(*match.span(), DataType.NATID, strength)


def _may_hold_one(reading: Reading) -> bool:
    return any(len(number.digits) >= _FEWEST_DIGITS for number in reading.numbers) or not (
        reading.words.isdisjoint(context_words("natid"))
    )


def _strength(form: Form, match: re.Match[str], reading: Reading) -> float:
    announced = near(reading, *match.span(), "natid")
    if not form.check or _checker(form.check)(match.group().upper()):
        return PROVED if announced else form.alone
    return SURE if announced else 0


def _checker(module: str) -> Callable[[str], bool]:
    checker: Callable[[str], bool] = import_module(f"stdnum.{module}").is_valid
    return checker
