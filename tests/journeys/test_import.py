"""A file of five hundred posts, twenty of them wrong, from the drop to the calendar and back, in a real browser."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk, inspect, overflow, row

pytestmark = pytest.mark.journey
BAD = {
    0: ("We are late,2020-05-05 10:00,", "has passed"),
    1: ("We have no such day,2035-02-30 10:00,", "There is no such day"),
    2: ("We do not know them,2035-03-03 10:00,@nobody", "We have no account"),
    3: (f"{'We go on and on. ' * 40},2035-03-03 10:00,", "Too long for"),
}


def file_of(count: int, bad: int) -> bytes:
    """Return a table of posts over a year; every 25th row is wrong in one of four ways."""
    begin = datetime(2035, 1, 1, 9)  # noqa: DTZ001 - a wall clock
    lines = ["text,when,account"]
    wrong = 0
    for number in range(count):
        if number % (count // bad) == 3 and wrong < bad:
            lines.append(BAD[wrong % len(BAD)][0])
            wrong += 1
        else:
            at = begin + timedelta(hours=17 * number)
            lines.append(f"We have {number} things to tell you today.,{at:%Y-%m-%d %H:%M},@Norlune")
    return "\r\n".join(lines).encode()


def drop(page: Page, content: bytes, name: str) -> None:
    page.goto("/import")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/import/*-*")


def test_five_hundred_rows_with_twenty_bad_ones(desk: Desk) -> None:
    page = desk.open("alice")
    page.goto("/import")
    inspect(page, "import-empty")
    drop(page, file_of(500, 20), "posts.csv")
    expect(page.get_by_role("heading", name="What the columns are")).to_be_visible()
    inspect(page, "import-columns")
    page.locator(".account-chip", has_text="@Norlune").first.click()
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_role("heading", name="20 rows have problems")).to_be_visible()
    page.get_by_role("link", name="With problems").click()
    for words, said in BAD.values():
        expect(row(page, words.split(",")[0][:40])).to_contain_text(said)
    inspect(page, "import-problems")
    page.get_by_role("button", name="Plan 480 rows").click()
    expect(page.get_by_role("heading", name="480 posts are planned")).to_be_visible()
    inspect(page, "import-saved")
    page.goto("/calendar?view=month&month=2035-01")
    expect(page.locator("main")).to_contain_text("We have 0 things")
    page.go_back()
    page.get_by_role("button", name="Take the import back").click()
    expect(page.locator("main")).to_contain_text("480 planned messages were taken back")
    inspect(page, "import-undone")


def test_the_pages_of_an_import_fit_a_telephone(desk: Desk) -> None:
    page = desk.open("alice", width=360, height=740)
    page.goto("/import")
    inspect(page, "import-empty-narrow")
    drop(page, file_of(40, 4), "étroit.csv")
    inspect(page, "import-columns-narrow")
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_role("heading", name="4 rows have problems")).to_be_visible()
    inspect(page, "import-problems-narrow")
    page.goto("/export")
    inspect(page, "export-narrow")
    assert overflow(page) <= 0
