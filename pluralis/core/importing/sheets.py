"""Spreadsheets (.xlsx, .xls, .ods) as records of the text that the sheet shows."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from pluralis.core.importing.problems import Problem, Unreadable
from pluralis.core.importing.tables import MOST_CELL, MOST_COLUMNS, MOST_ROWS, Record, Table

MOST_UNPACKED = 200 * 2**20
"""What a packed sheet may hold in all, unpacked: a file of a few kilobytes can claim gigabytes."""

ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3}[0-9]{1,7})\"[^>]*>\s*<(?:\w+:)?f\b")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")


def is_sheet(content: bytes) -> bool:
    """Say whether the bytes are a spreadsheet, whatever the file is called."""
    return content.startswith((ZIP, OLD))


def read_sheet(content: bytes, sheet: str = "") -> Table:
    """Return the rows of one sheet, the first visible one unless named. Raises :class:`Unreadable`."""
    if content.startswith(ZIP):
        _check_size(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            names = [
                each.name for each in book.sheets_metadata
                if each.typ == SheetTypeEnum.WorkSheet and "Hidden" not in str(each.visible)
            ]  # fmt: skip
            if not names:
                raise Unreadable("no_sheet")
            chosen = sheet if sheet in names else names[0]
            records = _records(book, chosen, _formulas(content, chosen))
    except PasswordError as error:
        raise Unreadable("has_password") from error
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("damaged_sheet") from error
    if not records:
        raise Unreadable("empty")
    return Table("sheet", tuple(records), sheet=chosen, sheets=tuple(names))


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(each.file_size for each in packed.infolist())
            names = packed.namelist()
    except zipfile.BadZipFile as error:
        raise Unreadable("damaged_sheet") from error
    if size > MOST_UNPACKED:
        raise Unreadable("too_large_unpacked", most=MOST_UNPACKED // 2**20)
    if not any(name.endswith(("workbook.xml", "workbook.bin", "content.xml")) for name in names):
        raise Unreadable("is_archive")


def _records(book: CalamineWorkbook, name: str, formulas: set[str]) -> list[Record]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_width > MOST_COLUMNS:
        raise Unreadable("too_many_columns", most=MOST_COLUMNS)
    found = []
    for number, row in enumerate(sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS * 2), start=1):
        cells = [_text(value) for value in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            found.append(_record(number, cells, formulas))
    if len(found) > MOST_ROWS + 1:
        raise Unreadable("too_many_rows", most=MOST_ROWS)
    return found


def _record(number: int, cells: list[str], formulas: set[str]) -> Record:
    problems = []
    for column, cell in enumerate(cells):
        if f"{letters(column)}{number}" in formulas:
            problems.append(Problem("formula_value" if cell.strip() else "formula_empty", column))
        if len(cell) > MOST_CELL:
            problems.append(Problem("cell_too_long", column, {"most": MOST_CELL}))
    return Record(number, tuple(cell[:MOST_CELL].replace("\x00", "\u2400") for cell in cells), tuple(problems))


def _text(value: Any) -> str:
    """Return a cell as text: days and times as ISO writes them, whole numbers without a point."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("_x000D_", "")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def letters(column: int) -> str:
    """Return a column's name as a spreadsheet shows it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _formulas(content: bytes, sheet: str) -> set[str]:
    """Return the addresses of the sheet's cells that hold a formula; their shown values are read all the same."""
    if not content.startswith(ZIP):
        return set()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        path = _path_of(packed, sheet)
        if path not in packed.namelist():
            return set()
        return {address.decode() for address in _FORMULA.findall(packed.read(path))}


def _path_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Return where a sheet lies inside an .xlsx (ECMA-376, part 1, 12.3.23): by its relation."""
    if "xl/workbook.xml" not in packed.namelist():
        return ""
    targets = {}
    for tag in _RELATION.findall(packed.read("xl/_rels/workbook.xml.rels")):
        targets[_attribute(tag, "Id")] = _attribute(tag, "Target")
    for tag in _SHEET.findall(packed.read("xl/workbook.xml")):
        if _attribute(tag, "name") == sheet:
            target = targets.get(_attribute(tag, r"\w+:id"), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rb"\b" + name.encode() + rb"=\"([^\"]*)\"", tag)
    if found is None:
        return ""
    plain = found.group(1).decode("utf-8", "replace")
    for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        plain = plain.replace(mark, sign)
    return plain
