"""A file as rows of text cells, whatever kind of file it was."""

from dataclasses import dataclass, field

from pluralis.core.importing.problems import Problem

MOST_BYTES = 20 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CELL = 100_000


@dataclass(frozen=True, slots=True)
class Record:
    """One row. ``number`` is what a spreadsheet shows beside it, blank rows counted."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """One way to read the bytes, with the first words that would differ from the others'."""

    encoding: str
    sample: str


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. ``encodings`` has more than one guess where the file does not tell: a person chooses."""

    kind: str
    records: tuple[Record, ...]
    encoding: str = ""
    encodings: tuple[Guess, ...] = field(default=())
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    mixed_line_ends: bool = False

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max((len(record.cells) for record in self.records), default=0)
