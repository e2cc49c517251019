"""What a found piece of personal data is."""

from dataclasses import dataclass
from enum import StrEnum


class DataType(StrEnum):
    """The kinds of personal data that are told apart; each compares equal to its plain name."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    IBAN = "IBAN"
    CARD = "CARD"
    NATID = "NATID"
    ADDRESS = "ADDRESS"
    REF = "REF"


# The four bands of strength. A detector picks a band by the proof it has, never a figure in between by feeling.
PROVED = 0.95  # a check digit, a numbering plan or an unmistakable form
SURE = 0.8  # the form of such data beside a word that announces it
LIKELY = 0.65  # one of the two: a form that little else has, or an announced number of an odd form
WEAK = 0.5  # worth a look


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One piece of personal data in a text.

    ``start`` and ``end`` are offsets in Unicode code points, end exclusive, and ``text`` is what stands there.
    ``strength`` says from 0 to 1 how sure the detector is, in four bands: 0.95 proved, 0.8 sure, 0.65 likely,
    0.5 worth a look. It is no probability.
    """

    start: int
    end: int
    type: DataType
    strength: float
    text: str
