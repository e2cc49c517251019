"""Due instants in open time, right across clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.promises import Hours, due_at, hours_of, is_open, open_spans, open_time

WORK = [[["09:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []]
NIGHT = [[["22:00", "06:00"]]] * 7
ALL_DAY = [[["00:00", "00:00"]]] * 7
PARIS = hours_of("Europe/Paris", WORK)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# hours, from, minutes, due (all UTC). Paris is +1 in winter, +2 in summer; 29 March and 25 October 2026 change.
DUE = [
    (PARIS, "2026-11-23T08:00", 60, "2026-11-23T09:00"),
    (PARIS, "2026-11-23T05:00", 60, "2026-11-23T09:00"),  # before opening
    (PARIS, "2026-11-23T10:30", 60, "2026-11-23T12:30"),  # over lunch
    (PARIS, "2026-11-20T16:30", 60, "2026-11-23T08:30"),  # over the weekend
    (PARIS, "2026-11-21T12:00", 0, "2026-11-23T08:00"),  # no minutes: when it opens
    (PARIS, "2026-03-27T16:30", 60, "2026-03-30T07:30"),  # over the change to summer: 09:30 is an hour earlier
    (PARIS, "2026-10-23T15:30", 60, "2026-10-26T08:30"),  # and back
    (hours_of("Europe/Paris", WORK, [date(2026, 12, 25)]), "2026-12-24T16:30", 60, "2026-12-28T08:30"),
    (hours_of("Europe/Paris", NIGHT), "2026-03-28T20:00", 8 * 60, "2026-03-29T21:00"),  # that night had seven hours
    (hours_of("Europe/Paris", NIGHT), "2026-10-24T19:00", 9 * 60, "2026-10-25T05:00"),  # that one nine
    (hours_of("Asia/Kuala_Lumpur", WORK), "2026-11-23T09:30", 60, "2026-11-24T01:30"),
    (hours_of("America/New_York", ALL_DAY), "2026-11-01T04:00", 25 * 60, "2026-11-02T05:00"),
    (Hours(), "2026-11-21T03:00", 90, "2026-11-21T04:30"),  # no hours: always open
]


@pytest.mark.parametrize(("hours", "since", "minutes", "due"), DUE)
def test_a_promise_falls_due_after_its_minutes_of_open_time(hours: Hours, since: str, minutes: int, due: str) -> None:
    assert due_at(at(since), minutes, hours) == at(due)


def test_what_never_opens_is_never_due() -> None:
    assert due_at(at("2026-11-23T08:00"), 60, hours_of("UTC", [[]] * 7)) is None
    closed = [date(2026, 1, 1) + timedelta(days=each) for each in range(900)]
    assert due_at(at("2026-11-23T08:00"), 60, hours_of("UTC", WORK, closed)) is None


def test_what_opened_before_a_holiday_still_ends_in_its_morning() -> None:
    night = hours_of("UTC", NIGHT, [date(2026, 12, 25)])
    assert is_open(at("2026-12-25T05:59"), night)
    assert not is_open(at("2026-12-25T22:30"), night)
    assert not is_open(at("2026-12-26T03:00"), night)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-23T07:59", False),
        ("2026-11-23T08:00", True),
        ("2026-11-23T11:00", False),
        ("2026-11-23T12:00", True),
        ("2026-11-23T17:00", False),
        ("2026-11-22T10:00", False),
    ],
)
def test_it_is_open_from_its_opening_until_just_before_its_closing(when: str, expected: bool) -> None:
    assert is_open(at(when), PARIS) is expected


@pytest.mark.parametrize("week", [[[]], [[]] * 8, [[["9", "10:00"]]] + [[]] * 6, [[["25:00", "26:00"]]] + [[]] * 6])
def test_a_week_that_is_none_is_refused(week: list[list[list[str]]]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        hours_of("UTC", week)


walls = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
weeks = st.lists(st.lists(st.tuples(walls, walls), max_size=3).map(tuple), min_size=7, max_size=7).map(tuple)
zones = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kuala_Lumpur", "Australia/Lord_Howe",
                         "America/Santiago", "Pacific/Apia", "UTC"])  # fmt: skip
closed = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 3, 1)), max_size=20)
all_hours = st.builds(Hours, zones, weeks | st.just(()), closed)
instants = st.integers(0, 365 * 1440).map(lambda one: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=one))
minutes = st.integers(0, 20_000)


@given(instants, minutes, all_hours)
def test_exactly_the_promised_open_time_lies_before_the_due_instant(since: datetime, long: int, hours: Hours) -> None:
    due = due_at(since, long, hours)
    if due is not None:
        assert due >= since
        assert open_time(since, due, hours) == timedelta(minutes=long)


@given(instants, minutes, minutes, all_hours)
def test_who_waits_in_two_steps_waits_as_long_as_in_one(since: datetime, one: int, two: int, hours: Hours) -> None:
    middle = due_at(since, one, hours)
    whole = due_at(since, one + two, hours)
    if middle is not None and whole is not None and two:
        assert due_at(middle, two, hours) == whole


@given(instants, instants, minutes, all_hours)
def test_who_wrote_later_is_never_due_earlier(one: datetime, other: datetime, long: int, hours: Hours) -> None:
    first, second = sorted((one, other))
    early, late = due_at(first, long, hours), due_at(second, long, hours)
    if early is not None and late is not None:
        assert early <= late


@given(instants, instants, instants, all_hours)
def test_open_time_adds_up(one: datetime, two: datetime, three: datetime, hours: Hours) -> None:
    first, second, third = sorted((one, two, three))
    parts = open_time(first, second, hours) + open_time(second, third, hours)
    assert parts == open_time(first, third, hours)
    assert timedelta() <= parts <= third - first


@given(instants, all_hours)
def test_openings_come_in_order_and_apart(since: datetime, hours: Hours) -> None:
    reached = since
    for opens, closes in list(open_spans(hours, since))[:60]:
        assert reached <= opens < closes
        assert is_open(opens, hours) and is_open(opens + (closes - opens) / 2, hours)
        reached = closes
