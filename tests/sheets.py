"""Spreadsheets built in code: the least that every reader of .xlsx accepts (ECMA-376), and ways to spoil them."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from pluralis.core.importing import letters

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns='
    '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
_STYLES = (
    '<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="22" applyNumberFormat="1"/>'
    "</cellXfs></styleSheet>"
)
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's days have no zone


class Formula(str):
    """A cell with a formula; ``shown`` is the value the sheet showed last, empty where nobody computed it."""

    shown: str

    def __new__(cls, text: str, shown: str = "") -> "Formula":
        made = super().__new__(cls, text)
        made.shown = shown
        return made


Cell = str | int | float | datetime | Formula | None


def workbook(rows: Sequence[Sequence[Cell]], *, name: str = "Posts", hidden: Sequence[str] = ()) -> bytes:
    """Return an .xlsx with one visible sheet of ``rows`` behind sheets that are hidden."""
    sheets = [*hidden, name]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr("_rels/.rels", _ROOT)
        packed.writestr("xl/workbook.xml", _book(sheets, len(hidden)))
        packed.writestr("xl/_rels/workbook.xml.rels", _relations(len(sheets)))
        packed.writestr("xl/styles.xml", _STYLES)
        for number in range(1, len(sheets) + 1):
            packed.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(rows if number == len(sheets) else []))
    return held.getvalue()


def _book(sheets: Sequence[str], hidden: int) -> str:
    tags = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}"{_state(number <= hidden)} r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<sheets>{tags}</sheets></workbook>"
    )


def _state(hidden: bool) -> str:
    return ' state="hidden"' if hidden else ""


def _relations(count: int) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    tags = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    styles = f'<Relationship Id="rId{count + 1}" Type="{kind}/styles" Target="styles.xml"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns='
        f'"http://schemas.openxmlformats.org/package/2006/relationships">{tags}{styles}</Relationships>'
    )


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    body = "".join(f'<row r="{number}">{_cells(number, row)}</row>' for number, row in enumerate(rows, start=1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
        f'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'
    )


def _cells(number: int, row: Sequence[Cell]) -> str:
    return "".join(_cell(f"{letters(column)}{number}", cell) for column, cell in enumerate(row))


def _cell(address: str, cell: Cell) -> str:
    if cell is None or (cell == "" and not isinstance(cell, Formula)):
        return ""
    if isinstance(cell, Formula):
        return f'<c r="{address}" t="str"><f>{escape(cell)}</f><v>{escape(cell.shown)}</v></c>'
    if isinstance(cell, datetime):
        days = (cell - EPOCH).total_seconds() / 86400
        return f'<c r="{address}" s="1"><v>{days}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{address}"><v>{cell}</v></c>'
