"""Shifts on wall clocks of many zones, above all where clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.clock import instant_at
from pluralis.core.duty import Change, Shift, Span, Turn, on_duty_at, roster, turns, uncovered

# zone, day, wall, the instant: before, in and after each kind of change (tz database 2025b).
INSTANTS = [
    ("Europe/Paris", date(2026, 3, 29), time(1, 59), "2026-03-29T00:59"),
    ("Europe/Paris", date(2026, 3, 29), time(2, 0), "2026-03-29T01:00"),
    ("Europe/Paris", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
    ("Europe/Paris", date(2026, 3, 29), time(3, 0), "2026-03-29T01:00"),
    ("Europe/Paris", date(2026, 3, 29), time(3, 15), "2026-03-29T01:15"),
    ("Europe/Paris", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
    ("Europe/Paris", date(2026, 10, 25), time(3, 0), "2026-10-25T02:00"),
    ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T07:00"),
    ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
    ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),  # clocks move by half an hour
    ("Asia/Kuala_Lumpur", date(2026, 3, 29), time(2, 30), "2026-03-28T18:30"),
    ("Asia/Kathmandu", date(2026, 5, 1), time(9, 0), "2026-05-01T03:15"),
    ("Pacific/Apia", date(2011, 12, 30), time(12, 0), "2011-12-30T10:00"),  # a day that never was
    ("Africa/Casablanca", date(2026, 2, 15), time(2, 30), "2026-02-15T01:30"),  # back an hour for Ramadan
    ("America/Santiago", date(2026, 9, 6), time(0, 0), "2026-09-06T04:00"),  # midnight itself is left out
]
ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kuala_Lumpur", "Pacific/Apia", "UTC",
         "America/St_Johns", "Africa/Casablanca", "Pacific/Kiritimati", "America/Santiago"]  # fmt: skip
days = st.dates(date(2011, 1, 1), date(2030, 12, 31))
walls = st.times().map(lambda one: one.replace(microsecond=0))
zones = st.sampled_from(ZONES)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "day", "wall", "expected"), INSTANTS)
def test_a_wall_clock_shows_a_time_first_at_this_instant(zone: str, day: date, wall: time, expected: str) -> None:
    assert instant_at(day, wall, ZoneInfo(zone)) == at(expected)


@given(days, walls, walls, zones)
def test_a_later_wall_time_never_comes_earlier(day: date, one: time, other: time, zone: str) -> None:
    first, second = sorted((one, other))
    assert instant_at(day, first, ZoneInfo(zone)) <= instant_at(day, second, ZoneInfo(zone))


@given(days, walls, zones)
def test_an_instant_reads_on_the_wall_as_asked_wherever_that_time_exists(day: date, wall: time, zone: str) -> None:
    shown = instant_at(day, wall, ZoneInfo(zone)).astimezone(ZoneInfo(zone))
    asked = datetime.combine(day, wall)
    assert shown.replace(tzinfo=None) >= asked
    if shown.replace(tzinfo=None) != asked:
        back = asked.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
        assert back.replace(tzinfo=None) != asked, "it exists, so it must be shown"


def week(zone: str, begin: str, end: str, member: str = "bob", days: range = range(7)) -> list[Shift]:
    return [Shift(member, day, time.fromisoformat(begin), time.fromisoformat(end), zone) for day in days]


def hours(spans: list[Span]) -> list[float]:
    return [(span.ends_at - span.starts_at) / timedelta(hours=1) for span in spans]


@pytest.mark.parametrize(
    ("zone", "day", "long"),
    [
        ("Europe/Paris", "2026-03-29", 7.0),
        ("Europe/Paris", "2026-10-25", 9.0),
        ("Europe/Paris", "2026-06-01", 8.0),
        ("America/New_York", "2026-03-08", 7.0),
        ("America/New_York", "2026-11-01", 9.0),
        ("Australia/Lord_Howe", "2026-10-04", 7.5),
        ("Asia/Kuala_Lumpur", "2026-03-29", 8.0),
    ],
)
def test_a_night_shift_is_as_long_as_the_night_really_was(zone: str, day: str, long: float) -> None:
    evening = date.fromisoformat(day) - timedelta(days=1)
    shift = Shift("bob", evening.weekday(), time(22), time(6), zone)
    noon = instant_at(evening, time(12), ZoneInfo(zone))
    assert hours(roster([shift], [], noon, noon + timedelta(days=1))) == [long]


@given(days, walls, walls, zones)
def test_shifts_that_meet_on_the_wall_leave_no_gap_and_do_not_overlap(
    day: date, one: time, other: time, zone: str
) -> None:
    early, late = sorted((one, other))
    shifts = [Shift("bob", weekday, early, late, zone) for weekday in range(7) if early != late]
    shifts += [Shift("siti", weekday, late, early, zone) for weekday in range(7)]
    since = instant_at(day, time(0), ZoneInfo(zone))
    until = since + timedelta(days=3)
    spans = roster(shifts, [], since, until)
    assert uncovered(spans, since, until) == []
    assert sum(((span.ends_at - span.starts_at) for span in spans), timedelta()) == until - since


def test_two_members_in_two_zones_hand_over_at_one_instant_only_in_one_half_of_the_year() -> None:
    shifts = [*week("Europe/Paris", "09:00", "17:00"), *week("America/New_York", "11:00", "19:00", "wei")]
    for day, both in (("2026-03-10", 1.0), ("2026-03-31", 0.0)):  # New York changes its clocks three weeks earlier
        since = at(f"{day}T00:00")
        spans = roster(shifts, [], since, since + timedelta(days=1))
        ends = next(span.ends_at for span in spans if span.member == "bob")
        starts = next(span.starts_at for span in spans if span.member == "wei")
        assert (ends - starts) / timedelta(hours=1) == both


DAY = at("2026-11-23T00:00")  # a Monday


def test_who_is_away_is_not_on_duty_and_who_covers_is() -> None:
    away = Change("bob", False, DAY + timedelta(hours=12), DAY + timedelta(hours=14))
    cover = Change("siti", True, away.starts_at, away.ends_at)
    spans = roster(week("UTC", "09:00", "17:00"), [away, cover], DAY, DAY + timedelta(days=1))
    assert [on_duty_at(spans, DAY + timedelta(hours=hour)) for hour in (9, 12, 13.5, 14, 17)] == [
        ["bob"], ["siti"], ["siti"], ["bob"], [],
    ]  # fmt: skip


def test_of_two_changes_the_later_one_wins() -> None:
    ill = Change("bob", False, DAY, DAY + timedelta(days=5))
    back = Change("bob", True, DAY + timedelta(hours=10), DAY + timedelta(hours=11))
    assert hours(roster(week("UTC", "09:00", "17:00"), [ill, back], DAY, DAY + timedelta(days=1))) == [1.0]
    assert hours(roster(week("UTC", "09:00", "17:00"), [back, ill], DAY, DAY + timedelta(days=1))) == []


def test_a_shift_begins_only_on_days_on_which_it_is_valid() -> None:
    shift = Shift("bob", 0, time(9), time(17), "UTC", DAY.date() + timedelta(days=7), DAY.date() + timedelta(days=14))
    starts = [span.starts_at.date() for span in roster([shift], [], DAY, DAY + timedelta(days=40))]
    assert starts == [DAY.date() + timedelta(days=7), DAY.date() + timedelta(days=14)]


@pytest.mark.parametrize(
    ("hour", "turn"),
    [
        (8.9, Turn(DAY - timedelta(hours=7), False)),
        (9, Turn(DAY + timedelta(hours=9), True)),
        (16.9, Turn(DAY + timedelta(hours=9), True)),
        (17, Turn(DAY + timedelta(hours=17), False)),
    ],
)
def test_the_roster_says_since_when_somebody_is_on_or_off(hour: float, turn: Turn) -> None:
    assert turns(week("UTC", "09:00", "17:00"), [], DAY + timedelta(hours=hour)) == {"bob": turn}


def test_who_is_never_off_has_been_on_since_long_ago_whenever_one_asks() -> None:
    asked = [turns(week("UTC", "00:00", "00:00"), [], DAY + timedelta(minutes=one)) for one in (0, 1, 777)]
    assert asked[0]["bob"].on and asked[0] == asked[1] == asked[2]


def test_who_has_no_shift_within_a_week_is_not_named() -> None:
    assert turns([Shift("bob", 0, time(9), time(17), "UTC", valid_until=date(2020, 1, 1))], [], DAY) == {}
