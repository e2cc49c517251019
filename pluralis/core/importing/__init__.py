"""Files of posts: read from bytes whatever kind they are, laid out, and checked row by row. Nothing is stored."""

from pluralis.core.importing.cells import guarded, unguarded
from pluralis.core.importing.columns import FIELDS, Columns, fields_of, guess_columns
from pluralis.core.importing.dates import DAY_FIRST, MONTH_FIRST, YEAR_FIRST, Order, order_of
from pluralis.core.importing.problems import ADVICE, Problem, Unreadable
from pluralis.core.importing.rows import Choices, KnownAccount, PlannedRow, Surroundings, read_row
from pluralis.core.importing.separated import read_separated
from pluralis.core.importing.sheets import is_sheet, letters, read_sheet
from pluralis.core.importing.tables import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Record, Table

__all__ = [
    "ADVICE",
    "DAY_FIRST",
    "FIELDS",
    "MONTH_FIRST",
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "YEAR_FIRST",
    "Choices",
    "Columns",
    "KnownAccount",
    "Order",
    "PlannedRow",
    "Problem",
    "Record",
    "Surroundings",
    "Table",
    "Unreadable",
    "fields_of",
    "guarded",
    "guess_columns",
    "is_sheet",
    "letters",
    "order_of",
    "read_row",
    "read_separated",
    "read_sheet",
    "read_table",
    "unguarded",
]


def read_table(content: bytes, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Table:
    """Return a file's rows, a spreadsheet's or separated values, by its bytes. Raises :class:`Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large", most=MOST_BYTES // 2**20)
    return read_sheet(content, sheet) if is_sheet(content) else read_separated(content, encoding, delimiter)
