"""Days off out of a calendar file (RFC 5545): the whole-day events in it, with what they are called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST_DAYS = 1000
_YEARS_AHEAD = 5
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day, and what it is called."""

    day: date
    name: str


def days_off(text: str, first: date) -> list[DayOff]:
    """Return the days of the file's whole-day events from ``first`` on, each once, in order; at most 1,000.

    Yearly ones are told five years ahead. Events with a time of day are no holidays and are passed over, as are
    other repetitions, which no list of holidays uses. ``ValueError`` when the text is no calendar.
    """
    lines = _unfolded(text)
    if "BEGIN:VCALENDAR" not in (line.strip().upper() for line in lines[:5]):
        raise ValueError("not a calendar file")
    found: dict[date, DayOff] = {}
    for event in _events(lines):
        for day in _days(event, first):
            found.setdefault(day, DayOff(day, event.get("SUMMARY", "")))
    return [found[day] for day in sorted(found)][:MOST_DAYS]


def _unfolded(text: str) -> list[str]:
    """Return the lines of content: one that begins with a blank goes on where the last one ended."""
    return re.sub(r"\r?\n[ \t]", "", text.replace("\x00", "")).splitlines()


def _events(lines: list[str]) -> Iterator[dict[str, str]]:
    event: dict[str, str] | None = None
    for line in lines:
        name, _colon, value = line.partition(":")
        key, _semicolon, _parameters = name.upper().partition(";")
        if line.strip().upper() == "BEGIN:VEVENT":
            event = {}
        elif line.strip().upper() == "END:VEVENT" and event is not None:
            yield event
            event = None
        elif event is not None and key in ("DTSTART", "DTEND", "SUMMARY", "RRULE", "STATUS"):
            event[key] = _plain(value) if key == "SUMMARY" else value.strip().upper()


def _plain(value: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda hit: " " if hit[1] in "nN" else hit[1], value).strip()[:120]


def _days(event: dict[str, str], first: date) -> Iterator[date]:
    begin, end = _day(event.get("DTSTART", "")), _day(event.get("DTEND", ""))
    if begin is None or event.get("STATUS") == "CANCELLED":
        return
    long = max(1, min((end - begin).days, 366)) if end else 1
    yearly = "FREQ=YEARLY" in event.get("RRULE", "")
    for year in range(begin.year, first.year + _YEARS_AHEAD + 1) if yearly else (begin.year,):
        begins = _in_year(begin, year)
        if begins is None:
            continue
        for number in range(long):
            day = begins + timedelta(days=number)
            if day >= first:
                yield day


def _day(value: str) -> date | None:
    hit = _DATE.fullmatch(value)
    try:
        return date(*map(int, hit.groups())) if hit else None
    except ValueError:
        return None


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return None
