"""Days off out of calendar files, as offices and calendars write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.ics import MOST_DAYS, DayOff, days_off

FIRST = date(2026, 1, 1)


def calendar(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226\r\nSUMMARY:Noël", [("2026-12-25", "Noël")]),
        ("DTSTART;VALUE=DATE:20261225\r\nSUMMARY:Noël", [("2026-12-25", "Noël")]),
        ("DTSTART;VALUE=DATE:20260217\r\nDTEND;VALUE=DATE:20260219\r\nSUMMARY:CNY",
         [("2026-02-17", "CNY"), ("2026-02-18", "CNY")]),
        ("DTSTART;VALUE=DATE:20261101\r\nSUMMARY:Toussaint\\, f\r\n ête\\nlégale",
         [("2026-11-01", "Toussaint, fête légale")]),
        ("DTSTART:20261225T090000Z\r\nSUMMARY:A meeting", []),
        ("DTSTART;VALUE=DATE:20251225\r\nSUMMARY:Gone", []),
        ("DTSTART;VALUE=DATE:20261345\r\nSUMMARY:No day", []),
        ("DTSTART;VALUE=DATE:20261225\r\nSTATUS:CANCELLED\r\nSUMMARY:Off", []),
        ("SUMMARY:No day at all", []),
        ("DTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260401\r\nSUMMARY:Back", [("2026-05-01", "Back")]),
    ],
)  # fmt: skip
def test_whole_day_events_are_days_off(event: str, days: list[tuple[str, str]]) -> None:
    assert days_off(calendar(event), FIRST) == [DayOff(date.fromisoformat(day), name) for day, name in days]


def test_what_comes_every_year_is_told_some_years_ahead_and_leap_days_only_when_they_are() -> None:
    christmas = days_off(calendar("DTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:C"), FIRST)
    assert [each.day.year for each in christmas] == [2026, 2027, 2028, 2029, 2030, 2031]
    leap = days_off(calendar("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:L"), FIRST)
    assert [each.day for each in leap] == [date(2028, 2, 29)]


def test_a_day_is_told_once_and_in_order() -> None:
    text = calendar("DTSTART;VALUE=DATE:20261226\r\nSUMMARY:B", "DTSTART;VALUE=DATE:20261225\r\nSUMMARY:A",
                    "DTSTART;VALUE=DATE:20261226\r\nSUMMARY:C")  # fmt: skip
    assert [each.name for each in days_off(text, FIRST)] == ["A", "B"]


def test_a_file_of_ten_thousand_events_is_cut() -> None:
    many = [
        f"DTSTART;VALUE=DATE:{year}0101\r\nDTEND;VALUE=DATE:{year + 1}0101\r\nSUMMARY:x" for year in range(2026, 2036)
    ]
    assert len(days_off(calendar(*many), FIRST)) == MOST_DAYS


@pytest.mark.parametrize("text", ["", "<html></html>", "BEGIN:VEVENT\r\nEND:VEVENT"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        days_off(text, FIRST)


@given(st.text(max_size=300))
def test_nothing_in_a_file_makes_it_fall_over(text: str) -> None:
    assert len(days_off(f"BEGIN:VCALENDAR\n{text}", FIRST)) <= MOST_DAYS
