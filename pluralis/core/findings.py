"""What a check says about a text: a place, a rule, how serious it is, and what to write instead."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How serious a finding is. *stop* blocks publishing, *warn* is shown, *hint* is shown quietly."""

    STOP = "stop"
    WARN = "warn"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text that a rule of voice, privacy or length speaks about.

    ``start`` and ``end`` are offsets in Unicode code points, end exclusive. ``text`` is the piece found.
    ``rule`` is a stable name such as ``first_person`` or ``quoted``; ``suggestion`` replaces the piece, or is
    ``None`` when there is nothing to propose. ``reason`` is a message key: the shells translate it.
    """

    start: int
    end: int
    text: str
    rule: str
    severity: Severity
    suggestion: str | None = None
    reason: str = ""
