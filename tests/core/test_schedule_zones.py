"""Repeats through every clock change of every zone of the tz database, 2024 to 2036, against a naive oracle."""

# ruff: noqa: DTZ001 - a wall clock has no zone of its own

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from pluralis.core.schedule import Edge, Repeat, instant_at, occurrences, zone_named
from tests.core.schedule_oracle import FIRST, RULES, Stretch, days_between, instant_of, stretches

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2036, 12, 31)
BEFORE, MANY = datetime(2023, 12, 1, tzinfo=UTC), 20_000
ZONES = sorted(name for name in available_timezones() if name != "localtime")
SAMPLE = (
    "Europe/Paris",
    "America/New_York",
    "Africa/Casablanca",
    "Asia/Kuala_Lumpur",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Chatham",
)  # fmt: skip


@cache
def known(name: str) -> tuple[Stretch, ...]:
    return tuple(stretches(ZoneInfo(name)))


def hard_times(known_stretches: tuple[Stretch, ...]) -> list[time]:
    """Midnight, and a time inside each kind of gap and overlap that the zone has in these years."""
    found = {time(0, 0)}
    for before, after in pairwise(known_stretches):
        low, high = sorted((before.end + before.offset, before.end + after.offset))
        found.add((low + (high - low) / 2).time().replace(second=0, microsecond=0))
    return sorted(found)


def daily(name: str, at: time, known_stretches: tuple[Stretch, ...]) -> None:
    """Hold a daily repeat against the oracle: every day once, at the instant its clock shows the time."""
    walls = [datetime.combine(day, at) for day in days_between(FIRST_DAY, LAST_DAY)]
    expected = [instant_of_near(wall, known_stretches) for wall in walls]
    repeat = Repeat("FREQ=DAILY;UNTIL=20361231", walls[0], name)
    got = occurrences(repeat, BEFORE, MANY)
    assert [each.wall for each in got] == walls
    assert [each.at for each in got] == expected
    assert all(one < two for one, two in pairwise(expected))


def instant_of_near(wall: datetime, known_stretches: tuple[Stretch, ...]) -> datetime:
    """Ask the oracle about the few stretches around a day only; it looks through all it is given."""
    low, high = wall.replace(tzinfo=UTC) - timedelta(days=2), wall.replace(tzinfo=UTC) + timedelta(days=2)
    near = [each for each in known_stretches if each.end >= low and each.start <= high]
    return instant_of(wall, near)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_daily_repeat_neither_drifts_nor_doubles_nor_goes_missing(name: str) -> None:
    for at in hard_times(known(name)):
        daily(name, at, known(name))


@pytest.mark.slow
def test_a_daily_repeat_holds_in_every_zone_of_the_database() -> None:
    """Zones that share their clock from 2024 to 2036 share the oracle's answer; each is walked by its own name."""
    assert len(ZONES) > 450
    shapes: dict[tuple[Stretch, ...], list[str]] = {}
    for name in ZONES:
        shapes.setdefault(known(name), []).append(name)
    for shape, names in shapes.items():
        for at in hard_times(shape):
            daily(names[0], at, shape)
    for shape, names in shapes.items():
        for name in names[1:]:
            around_changes(name, shape)


def around_changes(name: str, shape: tuple[Stretch, ...]) -> None:
    """Hold a zone that has a twin against the oracle on the days around each of its own changes."""
    zone = zone_named(name)
    for stretch in shape:
        day = (stretch.start + stretch.offset).date()
        for each in days_between(day - timedelta(days=1), day + timedelta(days=1)):
            for at in hard_times(shape):
                wall = datetime.combine(each, at)
                if wall.replace(tzinfo=UTC) > FIRST + timedelta(days=2):
                    assert instant_at(wall, zone).at == instant_of_near(wall, shape)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["Europe/Paris", "America/Santiago"])
def test_a_rule_falls_on_the_days_that_a_naive_reading_finds(name: str, rule: str) -> None:
    days = [day for day in days_between(FIRST_DAY, LAST_DAY) if RULES[rule](day)]
    got = occurrences(Repeat(f"{rule};UNTIL=20361231", datetime(2024, 1, 1, 2, 30), name), BEFORE, MANY)
    assert [each.wall.date() for each in got] == days
    assert [each.at for each in got] == [instant_of_near(each.wall, known(name)) for each in got]


def test_the_oracle_would_notice_a_drift_of_an_hour() -> None:
    """A test that cannot fail is none: the oracle disagrees with adding 24 hours across a clock change."""
    paris = known("Europe/Paris")
    before = instant_of_near(datetime(2027, 3, 27, 9), paris)
    assert instant_of_near(datetime(2027, 3, 28, 9), paris) - before == timedelta(hours=23)


def test_asking_from_any_instant_on_gives_the_same_row() -> None:
    """However a planner cuts time, it sees each occurrence once: at every gap and overlap too."""
    repeat = Repeat("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,30", datetime(2027, 3, 20, 1, 0), "Europe/Paris")
    whole = occurrences(repeat, BEFORE, 400)
    pieces, after = [], BEFORE
    while len(pieces) < 400:
        step = occurrences(repeat, after, 1)
        pieces += step
        after = step[-1].at
    assert pieces == whole


def test_times_that_a_skipped_hour_puts_on_one_instant_come_once() -> None:
    repeat = Repeat("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30", datetime(2027, 3, 28, 2, 0), "Europe/Paris")
    got = occurrences(repeat, BEFORE, 3)
    assert [each.local for each in got] == ["2027-03-28T02:00", "2027-03-28T03:30", "2027-03-29T02:00"]
    assert [each.edge for each in got] == [Edge.SKIPPED, Edge.NONE, Edge.NONE]


def test_a_whole_day_that_a_zone_left_out_moves_to_the_next_midnight() -> None:
    """Samoa had no 30 December 2011."""
    moment = instant_at(datetime(2011, 12, 30, 9), zone_named("Pacific/Apia"))
    assert moment.at == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert moment.edge is Edge.SKIPPED
