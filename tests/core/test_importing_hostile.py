"""Forty files as people and programs really hand them in, each with what must be said, at which row and column."""

# ruff: noqa: DTZ001 - a sheet's days have no zone

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from pluralis.core.importing import (
    Choices,
    KnownAccount,
    PlannedRow,
    Surroundings,
    Unreadable,
    guess_columns,
    order_of,
    read_row,
    read_table,
)
from pluralis.core.importing.columns import WHEN
from tests.sheets import Formula, workbook

NOW = datetime(2030, 11, 22, 12, tzinfo=UTC)
OURS = (
    KnownAccount("1", "norlune", "north", "North"),
    KnownAccount("2", "Norlune_help", "north", "North"),
    KnownAccount("3", "norlune", "south", "South"),
    KnownAccount("4", "press", "east", "East"),
)
DAY = "2031-04-03 10:00"


def read(content: bytes | str, *, order: str = "", zone: str = "Europe/Paris", **how: str) -> list[PlannedRow]:
    """Read a file as the program does: laid out by guess, its order settled or given, every row read."""
    table = read_table(content if isinstance(content, bytes) else content.encode(), **how)
    columns = guess_columns(table.records, [each.handle for each in OURS])
    body = table.records[1:] if columns.header else table.records
    if WHEN in columns.fields and not order:
        place = columns.fields.index(WHEN)
        order = order_of(record.cells[place] for record in body if place < len(record.cells)).order
    around = Surroundings(OURS, {"door.jpg": "5"}, ("en", "fr", "es", "ms"), NOW)
    choices = Choices(columns.fields, order, zone, ("1",))
    return [read_row(record, choices, around) for record in body]


def said(rows: Sequence[PlannedRow]) -> list[list[tuple[str, int | None]]]:
    return [[(problem.code, problem.column) for problem in row.problems] for row in rows]


CELLS = {
    "a time that has passed": (f"text,when\nHi,2020-01-01 10:00\nHo,{DAY}\n", [[("past", 1)], []]),
    "30 February": ("text,when\nHi,2031-02-30 10:00\n", [[("no_such_day", 1)]]),
    "30 February, day first": ("text,when\nHi,30/02/2031 10:00\n", [[("no_such_day", 1)]]),
    "no time": ("text,when\nHi,2031-04-03\n", [[("no_time", 1)]]),
    "25 o'clock": ("text,when\nHi,2031-04-03 25:00\n", [[("no_such_time", 1)]]),
    "13 pm": ("text,when\nHi,2031-04-03 13:00 pm\n", [[("no_such_time", 1)]]),
    "a year of two digits": ("text,when\nHi,24/12/31 10:00\n", [[("short_year", 1)]]),
    "the year 1999": ("text,when\nHi,24/12/1999 10:00\n", [[("odd_year", 1)]]),
    "a number for a day": ("text,when\nHi,47941.5\n", [[("number_for_date", 1)]]),
    "words for a day": ("text,when\nHi,soon\n", [[("no_date", 1)]]),
    "no day at all": ("text,when\nHi,\n", [[("no_moment", 1)]]),
    "five years ahead": ("text,when\nHi,2035-04-03 10:00\n", [[("far_ahead", 1)]]),
    "an hour that is skipped": ("text,when\nHi,2031-03-30 02:30\n", [[("hour_skipped", 1)]]),
    "an hour that comes twice": ("text,when\nHi,2031-10-26 02:30\n", [[("hour_twice", 1)]]),
    "a zone that never was": (f"text,when,zone\nHi,{DAY},Mars/Olympus\n", [[("unknown_zone", 2)]]),
    "a zone with a slip": (f"text,when,zone\nHi,{DAY},Europe/Pariss\n", [[("unknown_zone_like", 2)]]),
    "a path for a zone": (f"text,when,zone\nHi,{DAY},../../etc/passwd\n", [[("unknown_zone", 2)]]),
    "an unknown account": (f"text,when,account\nHi,{DAY},@nobody\n", [[("unknown_account", 2)]]),
    "an account of two networks": (f"text,when,account\nHi,{DAY},@norlune\n", [[("ambiguous_account", 2)]]),
    "a network without an account": (f"text,when,account\nHi,{DAY},south:press\n", [[("unknown_account", 2)]]),
    "a missing picture": (f"text,when,picture\nHi,{DAY},cat.png\n", [[("missing_picture", 2)]]),
    "a picture by its address": (f"text,when,picture\nHi,{DAY},https://a.example/x/Door.JPG?w=1\n", [[]]),
    "five pictures": (
        f"text,when,{','.join(['picture'] * 5)}\nHi,{DAY},{','.join(['door.jpg'] * 5)}\n",
        [[("too_many_pictures", 2)]],
    ),
    "a language nobody speaks": (f"text,when,language\nHi,{DAY},tlh\n", [[("unknown_language", 2)]]),
    "no text": (f"text,when\n   ,{DAY}\n", [[("no_text", 0)]]),
    "a thread without end": (
        f'text,when\n"{chr(10).join(["a", "---"] * 26)}",{DAY}\n',
        [[("thread_too_long", 0)]],
    ),
    "a formula nobody computed": (f"text,when\n=SUM(A1:A9),{DAY}\n", [[("formula", 0)]]),
    "a formula of cells": (f"text,when\n=A1&B1,{DAY}\n", [[("formula", 0)]]),
    "a link that calls a program": (f'text,when\n"=HYPERLINK(""http://a"")",{DAY}\n', [[("formula", 0)]]),
    "an error of the sheet": (f"text,when\n#REF!,{DAY}\n", [[("sheet_error", 0)]]),
    "letters lost before": (f"text,when\nCaf\ufffd,{DAY}\n", [[("unreadable_letters", 0)]]),
    "letters read wrongly before": (f"text,when\nCafÃ©,{DAY}\n", [[("looks_garbled", 0)]]),
    "a null": (f"text,when\nH\x00i,{DAY}\n", [[("null", 0)]]),
    "a cell without a column": (f"text,when\nHi, you,{DAY}\nHo,{DAY}\n", [[("no_date", 1)], []]),
    "a quote left open": (f'text,when\n"Hi,{DAY}\nHo,{DAY}\n', [[("open_quote", 0)], []]),
    "a quote left open at the end": (f'text,when\nHo,{DAY}\n"Hi,{DAY}', [[], [("open_quote", 0)]]),
    "words behind a closed quote": (f'text,when\n"Hi" you,{DAY}\n', [[("open_quote", 0)]]),
    "mixed line ends": (f"text,when\r\nHi,{DAY}\rHo,{DAY}\nHa,{DAY}\r\n", [[], [], []]),
    "blank rows between": (f"text,when\n\n,,\nHi,{DAY}\n", [[]]),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_every_fault_is_told_at_its_row_and_column(name: str) -> None:
    content, expected = CELLS[name]
    assert said(read(content)) == expected


def spoiled(content: bytes) -> bytes:
    return content[: len(content) // 2]


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 2**20))
    return held.getvalue()


def plain_zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("posts.csv", "text\nHi\n")
    return held.getvalue()


FILES = {
    "nothing": (b"", "empty"),
    "only line ends": (b"\r\n\n\r\n", "empty"),
    "21 MB": (b"text\n" + b"x" * (21 * 2**20), "too_large"),
    "20,002 rows": (b"text,when\n" + b"a,b\n" * 20_001, "too_many_rows"),
    "61 columns": (b",".join([b"a"] * 61) + b"\n", "too_many_columns"),
    "a PDF": (b"%PDF-1.7 \xff\xfe", "is_pdf"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "is_picture"),
    "a document": (b"{\\rtf1 hi}", "is_document"),
    "a packed file": (b"\x1f\x8b\x08\x00", "is_archive"),
    "a packed table": (plain_zip(), "is_archive"),
    "noise": (bytes(range(256)) * 20, "no_text"),
    "half a spreadsheet": (spoiled(workbook([["text"], ["Hi"]])), "damaged_sheet"),
    "a spreadsheet of nothing": (workbook([[]]), "empty"),
    "a bomb": (bomb(), "too_large_unpacked"),
    "an old spreadsheet of nothing": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "damaged_sheet"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_table_is_refused_with_its_reason(name: str) -> None:
    content, code = FILES[name]
    with pytest.raises(Unreadable) as refused:
        read_table(content)
    assert refused.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_is_read_without_asking(encoding: str) -> None:
    content = f"text,when\nÀ bientôt 👋,{DAY}\n".encode(encoding)
    table = read_table(content)
    assert (table.records[1].cells[0], table.encodings) == ("À bientôt 👋", ())


@pytest.mark.parametrize("encoding", ["cp1252", "iso8859_15", "mac_roman", "cp1251", "cp850"])
def test_other_letters_are_offered_and_read_as_chosen(encoding: str) -> None:
    words = "Привет всем" if encoding == "cp1251" else "Très bientôt à Besançon"
    content = f"text;when\n{words};{DAY}\n".encode(encoding)
    table = read_table(content)
    assert len(table.encodings) > 1
    assert read_table(content, encoding=encoding).records[1].cells[0] == words


def test_an_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Unreadable, match="wrong_encoding"):
        read_table("é".encode("cp1252"), encoding="utf-8")


def test_a_sheet_is_read_as_it_shows_its_days_and_numbers() -> None:
    rows = read(workbook([["text", "when"], ["Hi", datetime(2031, 4, 3, 10)], [42, "2031-04-03 11:00"]]))
    assert [row.texts for row in rows] == [("Hi",), ("42",)]
    assert rows[0].at == datetime(2031, 4, 3, 8, tzinfo=UTC)


def test_formulas_of_a_sheet_are_taken_by_what_they_showed_or_refused() -> None:
    content = workbook([["text", "when"], [Formula("A9&B9", "Hi all"), DAY], [Formula("A9"), DAY]], hidden=["Lists"])
    rows = read(content)
    assert rows[0].texts == ("Hi all",)
    assert said(rows) == [[("formula_value", 0)], [("no_text", 0)]] or said(rows)[1][0] == ("formula_empty", 0)


def test_a_hidden_sheet_is_passed_over() -> None:
    table = read_table(workbook([["text"], ["Hi"]], hidden=["Lists", "Old"]))
    assert (table.sheet, table.sheets) == ("Posts", ("Posts",))
