"""Rows as CSV (RFC 4180) or JSON, piece by piece: a file of any length needs the memory of one piece."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from pluralis.core.importing.cells import guarded

PIECE = 500
CSV, JSON = "csv", "json"
FORMATS = (CSV, JSON)
TYPES = {CSV: "text/csv; charset=utf-8", JSON: "application/json; charset=utf-8"}
MARK = "\ufeff"
"""Tells spreadsheet programs that the letters are UTF-8."""


def written(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], kind: str) -> Iterator[str]:
    """Yield the file in pieces. Instants are ISO 8601 in UTC; a cell that could begin a formula gets an apostrophe
    in CSV (JSON needs none)."""
    yield from _csv(rows, columns) if kind == CSV else _json(rows, columns)


def _csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    yield MARK + _lines([columns])
    for piece in _pieces(rows):
        yield _lines([[guarded(str(_plain(row[name]))) for name in columns] for row in piece])


def lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a CSV file of cells as they are, each guarded like those of :func:`written`."""
    yield MARK
    for row in rows:
        yield _lines([[guarded(cell) for cell in row]])


def _lines(rows: Iterable[Sequence[str]]) -> str:
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue()


def _json(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    before = "["
    for piece in _pieces(rows):
        told = ({name: _jsonable(row[name]) for name in columns} for row in piece)
        yield before + ",".join("\n" + json.dumps(one, ensure_ascii=False) for one in told)
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _pieces(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    source = iter(rows)
    while piece := list(islice(source, PIECE)):
        yield piece


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return "" if value is None else value


def _jsonable(value: Any) -> Any:
    plain = _plain(value)
    return None if value is None else plain if isinstance(plain, str | int | float | bool) else str(plain)
