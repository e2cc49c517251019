"""What is wrong with a file or a row, as a code with the values its sentence needs. The words stand elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ADVICE = frozenset(
    {
        "formula_value",
        "hour_twice",
        "hour_skipped",
        "looks_garbled",
        "far_ahead",
        "extra_cells",
        "no_alt_text",
        "rule_overridden",
    }
)
"""Worth a look, but the row can go."""


class Unreadable(ValueError):
    """The whole file cannot be read. ``code`` and ``values`` name the sentence that says why and what to do."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about one row. ``column`` is the index of the cell, ``None`` where it is about the whole row."""

    code: str
    column: int | None = None
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Whether the row cannot be saved like this."""
        return self.code not in ADVICE
