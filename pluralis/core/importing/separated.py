"""Separated values (RFC 4180 and what people make of it) as records, each problem at its row."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from pluralis.core.importing.decoding import decode
from pluralis.core.importing.problems import Problem, Unreadable
from pluralis.core.importing.tables import MOST_CELL, MOST_COLUMNS, MOST_ROWS, Record, Table

DELIMITERS = (",", ";", "\t", "|")
ONE_COLUMN = "\n"
"""No delimiter at all: every line is one cell."""

LONGEST_RECORD = 200
"""Lines one quoted cell may span; a quote that is open for longer was never closed."""

NULL_SHOWN = "\u2400"


def read_separated(content: bytes, encoding: str = "", delimiter: str = "") -> Table:
    """Return the file's rows. Raises :class:`Unreadable` for what is no table of text, or too large a one."""
    text, read_as, guesses = decode(content, encoding)
    mixed = _kinds_of_line_ends(text) > 1
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip("\x00 \t"):
        lines.pop()
    chosen = delimiter or guess_delimiter(lines)
    records = tuple(islice(_records(lines, chosen), MOST_ROWS + 2))
    if len(records) > MOST_ROWS + 1:
        raise Unreadable("too_many_rows", most=MOST_ROWS)
    if not records:
        raise Unreadable("empty")
    if max(len(record.cells) for record in records) > MOST_COLUMNS:
        raise Unreadable("too_many_columns", most=MOST_COLUMNS)
    return Table("csv", records, read_as, guesses, chosen, mixed_line_ends=mixed)


def _kinds_of_line_ends(text: str) -> int:
    pairs = text.count("\r\n")
    return (pairs > 0) + (text.count("\n") > pairs) + (text.count("\r") > pairs)


def guess_delimiter(lines: list[str]) -> str:
    """Return the sign that cuts most of the first rows into the same number of cells, at least two."""
    best, best_share = ONE_COLUMN, 0.0
    for each in DELIMITERS:
        widths = Counter(len(record.cells) for record in islice(_records(lines[:400], each), 40))
        width, count = max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
        share = count / max(1, sum(widths.values())) + min(width, 9) / 100
        if width > 1 and share > best_share:
            best, best_share = each, share
    return best if best_share > 0.6 else ONE_COLUMN


def _records(lines: list[str], delimiter: str) -> Iterator[Record]:
    """Yield every row that is not blank. A row that cannot be cut ends where its line ends; the next begins anew."""
    at = number = 0
    while at < len(lines):
        number += 1
        line = lines[at]
        if delimiter == ONE_COLUMN or '"' not in line:
            cells, used, problems = _plainly(line, delimiter), 1, list[Problem]()
        else:
            cells, used, problems = _quoted(lines, at, delimiter)
        at += used
        if any(cell.strip() for cell in cells):
            yield _checked(number, cells, problems)


def _plainly(line: str, delimiter: str) -> list[str]:
    return [line] if delimiter == ONE_COLUMN else line.split(delimiter)


def _quoted(lines: list[str], at: int, delimiter: str) -> tuple[list[str], int, list[Problem]]:
    """Return the cells of the record that begins at a line, how many lines it takes, and what is wrong with it."""
    piece = (f"{line}\n" for line in lines[at : at + LONGEST_RECORD])
    reader = csv.reader(piece, delimiter=delimiter, strict=True)
    try:
        return next(reader), reader.line_num, []
    except (csv.Error, StopIteration):
        cells = lines[at].split(delimiter)
        column = next((index for index, cell in enumerate(cells) if cell.count('"') % 2), 0)
        return cells, 1, [Problem("open_quote", column)]


def _checked(number: int, cells: list[str], problems: list[Problem]) -> Record:
    for column, cell in enumerate(cells):
        if "\x00" in cell:
            problems.append(Problem("null", column))
        if len(cell) > MOST_CELL:
            problems.append(Problem("cell_too_long", column, {"most": MOST_CELL}))
    # A null cannot be kept anywhere: its picture stands in its place, so that the person finds it.
    kept = tuple(cell[:MOST_CELL].replace("\x00", NULL_SHOWN) for cell in cells)
    return Record(number, kept, tuple(problems))
