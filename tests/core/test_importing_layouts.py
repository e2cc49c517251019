"""Which column is what, how days are told apart, and that no cell is lost between writing and reading."""

# ruff: noqa: DTZ001 - a wall clock has no zone; that is what is tested

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.importing import guarded, guess_columns, order_of, read_separated, unguarded
from pluralis.core.importing.dates import NoDate, read_moment
from tests.core.test_importing_hostile import DAY, read

HEADS = {
    "text,date,time,account": ("text", "when", "clock", "account"),
    "Message,Publish date,Time zone,Profile": ("text", "when", "zone", "account"),
    "Texte;Date et heure;Fuseau horaire;Compte;Lien": ("text", "when", "zone", "account", "link"),
    "Mensaje;Fecha y hora;Zona horaria;Cuenta;Imagen": ("text", "when", "zone", "account", "picture"),
    "Teks;Tarikh masa;Zon waktu;Akaun;Gambar": ("text", "when", "zone", "account", "picture"),
    "text 1,text 2,text 3,when": ("text", "text", "text", "when"),
    "id,Text,Image URL,Tags,Posting Time": ("", "text", "picture", "", "when"),
    "when,when,text": ("when", "", "text"),
}


@pytest.mark.parametrize("head", HEADS)
def test_columns_are_known_by_their_names_in_four_languages(head: str) -> None:
    table = read_separated(f"{head}\n{head}".encode())
    assert guess_columns(table.records[:1]).fields == HEADS[head]


def test_columns_without_names_are_known_by_what_they_hold() -> None:
    rows = "\n".join(f"{DAY},We are number {number},https://a.example/{number},@press" for number in range(5))
    columns = guess_columns(read_separated(rows.encode()).records, ["press"])
    assert (columns.header, columns.fields) == (False, ("when", "text", "link", "account"))


def test_the_bulk_composers_file_is_known_and_its_link_belongs_to_the_text() -> None:
    content = '24/12/2031 09:30,"Hello, you",https://a.example\r\n25/12/2031 14:05,No link,\r\n'
    assert guess_columns(read_separated(content.encode()).records).layout == "hootsuite"
    rows = read(content)
    assert [row.texts for row in rows] == [("Hello, you https://a.example",), ("No link",)]
    assert rows[0].at == datetime(2031, 12, 24, 8, 30, tzinfo=UTC)


def test_the_bulk_uploads_file_is_known() -> None:
    content = "Text,Image URL,Tags,Posting Time\nHello,,news,2031-12-24 09:30\n"
    assert guess_columns(read_separated(content.encode()).records).layout == "buffer"
    assert [(row.texts, row.problems) for row in read(content)] == [(("Hello",), [])]


ORDERS = {
    ("03/04/2031", "05/06/2031"): ("", True),
    ("03/04/2031", "25/06/2031"): ("dmy", False),
    ("03/04/2031", "06/25/2031"): ("mdy", False),
    ("25/04/2031", "06/25/2031"): ("", True),
    ("04/04/2031", "05/05/2031"): ("dmy", False),
    ("2031-04-03", "2031-05-06"): ("ymd", False),
    ("3 April 2031", "3.4.2031"): ("", True),
}


@pytest.mark.parametrize("cells", ORDERS)
def test_the_order_of_day_and_month_is_settled_by_the_cells_or_asked(cells: tuple[str, ...]) -> None:
    found = order_of(cells)
    assert (found.order, found.must_ask) == ORDERS[cells]


MOMENTS = {
    "2031-04-03T10:00": datetime(2031, 4, 3, 10),
    "2031-04-03T10:00:30Z": datetime(2031, 4, 3, 10, 0, 30, tzinfo=UTC),
    "2031-04-03 10:00+02:00": datetime(2031, 4, 3, 8, tzinfo=UTC),
    "3/4/2031 5:07 PM": datetime(2031, 4, 3, 17, 7),
    "3.4.2031, 12 am": datetime(2031, 4, 3, 0),
    "3 avril 2031 à 14h05": datetime(2031, 4, 3, 14, 5),
    "jeudi 3 avril 2031 14h": datetime(2031, 4, 3, 14),
    "3 de abril de 2031 9:30": datetime(2031, 4, 3, 9, 30),
    "3 Mac 2031 9.30": datetime(2031, 3, 3, 9, 30),
    "April 3, 2031 9:30 a.m.": datetime(2031, 4, 3, 9, 30),
    "Apr 3rd 2031 21:00": datetime(2031, 4, 3, 21),
}


@pytest.mark.parametrize("cell", MOMENTS)
def test_days_are_read_as_people_write_them(cell: str) -> None:
    assert read_moment(cell, "", "dmy") == MOMENTS[cell]


@given(st.text(max_size=40), st.text(max_size=12), st.sampled_from(["dmy", "mdy", "ymd", ""]))
def test_no_cell_whatever_it_holds_breaks_the_reading_of_days(day: str, clock: str, order: str) -> None:
    try:
        moment = read_moment(day, clock, order)
    except NoDate:
        return
    assert 2000 <= moment.year <= 2101


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=30)


@given(st.lists(st.lists(CELL.filter(str.strip), min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_a_proper_program_writes_is_read_back_cell_by_cell(rows: list[list[str]]) -> None:
    held = io.StringIO()
    csv.writer(held).writerows([guarded(cell) for cell in row] for row in rows)
    table = read_separated(held.getvalue().encode(), delimiter=",")
    assert [[unguarded(cell) for cell in record.cells] for record in table.records] == rows


@pytest.mark.parametrize("cell", ["=1+1", "+33 1", "-5", "@dana", "\tx", "'=1", "plain", "'quoted'", ""])
def test_the_apostrophe_is_put_before_what_may_be_a_formula_and_taken_away(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t"))
    if not cell.startswith("'="):
        assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found(sign: str) -> None:
    rows = "\n".join(sign.join(["a, b" if sign != "," else "a b", DAY, "x"]) for _ in range(5))
    assert read_separated(rows.encode()).delimiter == sign


def test_a_file_of_texts_alone_is_one_column() -> None:
    table = read_separated(b"One, two.\nThree\nFour, five, six; seven\n")
    assert [record.cells for record in table.records] == [("One, two.",), ("Three",), ("Four, five, six; seven",)]
