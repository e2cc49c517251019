"""Rules that cannot be used are refused with the piece at fault; rules that can are said in plain words."""

# ruff: noqa: DTZ001 - a wall clock has no zone of its own

import datetime as datetime_module
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from pluralis.core.schedule import (
    Repeat,
    RuleError,
    is_local,
    nearly_same,
    occurrences,
    parse_rule,
    summary,
    zone_named,
)
from pluralis.core.schedule.firing import LOOK_AHEAD_YEARS, can_fire

START = datetime(2026, 11, 23, 9, 0)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def fires(rule: str, start: datetime = START, zone: str = "Europe/Paris") -> list[str]:
    return [each.local for each in occurrences(Repeat(rule, start, zone), NOW, 3)]


@pytest.mark.parametrize(
    ("rule", "code", "piece"),
    [
        ("", "rule_unreadable", ""),
        ("every monday", "rule_unreadable", "EVERY MONDAY"),
        ("FREQ=WEEKLY;BYDAY", "rule_unreadable", "BYDAY"),
        ("FREQ=WEEKLY;FREQ=DAILY", "rule_unreadable", "FREQ=DAILY"),
        ("BYDAY=MO", "rule_unreadable", "FREQ="),
        ("FREQ=FORTNIGHTLY", "rule_value", "FREQ=FORTNIGHTLY"),
        ("FREQ=HOURLY", "rule_too_often", "FREQ=HOURLY"),
        ("FREQ=MINUTELY;INTERVAL=90", "rule_too_often", "FREQ=MINUTELY"),
        ("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40", "rule_too_often", "BYHOUR, BYMINUTE"),
        ("FREQ=DAILY;BYSECOND=30", "rule_part_unknown", "BYSECOND"),
        ("FREQ=DAILY;X-MOON=FULL", "rule_part_unknown", "X-MOON"),
        ("FREQ=DAILY;INTERVAL=0", "rule_value", "INTERVAL=0"),
        ("FREQ=DAILY;INTERVAL=-1", "rule_value", "INTERVAL=-1"),
        ("FREQ=DAILY;INTERVAL=99999999999", "rule_value", "INTERVAL=99999999999"),
        ("FREQ=DAILY;INTERVAL=1,2", "rule_value", "INTERVAL=1,2"),
        ("FREQ=DAILY;BYHOUR=24", "rule_value", "BYHOUR=24"),
        ("FREQ=DAILY;BYHOUR=٣", "rule_value", "BYHOUR=٣"),
        ("FREQ=WEEKLY;BYDAY=XX", "rule_value", "BYDAY=XX"),
        ("FREQ=WEEKLY;BYDAY=2MO", "rule_value", "BYDAY=2MO"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "rule_value", "BYMONTHDAY=3"),
        ("FREQ=MONTHLY;BYDAY=0MO", "rule_value", "BYDAY=0MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "rule_value", "BYMONTHDAY=32"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "rule_value", "BYMONTHDAY=0"),
        ("FREQ=YEARLY;BYMONTH=13", "rule_value", "BYMONTH=13"),
        ("FREQ=MONTHLY;BYWEEKNO=3", "rule_value", "BYWEEKNO=3"),
        ("FREQ=MONTHLY;BYYEARDAY=3", "rule_value", "BYYEARDAY=3"),
        ("FREQ=DAILY;BYSETPOS=2", "rule_value", "BYSETPOS=2"),
        ("FREQ=DAILY;UNTIL=tomorrow", "rule_value", "UNTIL=TOMORROW"),
        ("FREQ=DAILY;UNTIL=20260230", "rule_value", "UNTIL=20260230"),
        ("FREQ=DAILY;COUNT=0", "rule_value", "COUNT=0"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "rule_two_ends", "COUNT, UNTIL"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "rule_no_such_day", "30.2"),
        ("FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31", "rule_no_such_day", "31.4"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "rule_never", ""),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "rule_never", ""),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "rule_never", ""),
        ("FREQ=YEARLY;BYWEEKNO=1;BYMONTH=7", "rule_never", ""),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=3", "rule_never", ""),
        ("FREQ=DAILY;UNTIL=20200101", "rule_over", "UNTIL=20200101"),
        ("FREQ=DAILY;BYMONTH=" + ",".join("1" for _ in range(400)), "rule_unreadable", ""),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_with_the_piece_at_fault(rule: str, code: str, piece: str) -> None:
    with pytest.raises(RuleError) as refused:
        fires(rule, datetime(2027, 2, 1, 9) if "BYMONTH=3" in rule else datetime(2025, 2, 3, 9))
    assert refused.value.code == code
    assert piece in refused.value.piece


@pytest.mark.parametrize(
    "name", ["", "Europe/Lutetia", "US/Pacific-New", "../../etc/passwd", "Europe/", "x" * 300, "a\0b"]
)
def test_a_zone_that_does_not_exist_any_more_or_never_did_is_refused(name: str) -> None:
    with pytest.raises(RuleError) as refused:
        zone_named(name)
    assert refused.value.code == "zone_unknown"


def test_a_rule_that_never_fires_is_refused_in_no_time() -> None:
    """A library asked for its next occurrence would search up to the year 9999."""
    began = datetime.now(UTC)
    for rule in ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "FREQ=DAILY;INTERVAL=2;BYMONTHDAY=30;BYMONTH=1;BYDAY=MO"):
        try:
            fires(rule)
        except RuleError as refused:
            assert refused.code == "rule_never"
    assert datetime.now(UTC) - began < timedelta(seconds=5)


NUMBERS = st.lists(st.integers(1, 31) | st.integers(-31, -1), min_size=1, max_size=2).map(
    lambda n: ",".join(map(str, n))
)
MONTHS = st.lists(st.integers(1, 12), min_size=1, max_size=2).map(lambda n: ",".join(map(str, n)))
WEEKDAYS = st.lists(st.sampled_from(["MO", "WE", "SA", "SU"]), min_size=1, max_size=2).map(",".join)
RULES = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), "INTERVAL": st.integers(1, 6).map(str)},
    optional={"BYMONTH": MONTHS, "BYMONTHDAY": NUMBERS, "BYDAY": WEEKDAYS, "WKST": st.sampled_from(["MO", "SU"])},
)


@settings(max_examples=150, deadline=None)
@given(RULES, st.integers(0, 1500))
def test_a_rule_is_called_never_firing_exactly_when_it_has_no_day_in_forty_years(
    parts: dict[str, str], later: int
) -> None:
    """The library is held to the same forty years, for without a bound it searches on to the year 9999."""
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    start = datetime(2024, 2, 28, 9) + timedelta(days=later)
    try:
        rule = parse_rule(text)
    except RuleError:
        return
    last = start + timedelta(days=LOOK_AHEAD_YEARS * 365 + 9)
    with mock.patch.object(datetime_module, "MAXYEAR", last.year):
        first = next(iter(rrule.rrulestr(text, dtstart=start)), None)
    assert can_fire(rule, start) is (first is not None and first <= last)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "Every day at 09:00"),
        ("FREQ=DAILY;INTERVAL=3;BYHOUR=9,17", "Every 3 days at 09:00 and 17:00"),
        ("FREQ=WEEKLY", "Every week on Monday at 09:00"),
        ("FREQ=WEEKLY;BYDAY=TH,MO", "Every week on Monday and Thursday at 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every working day, Monday to Friday at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "Every month on day 1 and day 15 at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "Every month on day 31 at 09:00, not in months without that day"),
        ("FREQ=MONTHLY;BYDAY=1MO", "Every month on the first Monday at 09:00"),
        ("FREQ=YEARLY", "Every year on 23 November at 09:00"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "Every year on the fourth Thursday of November at 09:00"),
        ("FREQ=WEEKLY;COUNT=1", "Every week on Monday at 09:00, once"),
        ("FREQ=WEEKLY;BYMONTH=6;COUNT=9", "Every week on Monday in June at 09:00, 9 times"),
        ("FREQ=DAILY;UNTIL=20301231", "Every day at 09:00, until 31 December 2030"),
        ("FREQ=YEARLY;BYWEEKNO=20", "By the rule FREQ=YEARLY;BYWEEKNO=20 at 09:00"),
    ],
)
def test_a_rule_is_said_in_plain_words(rule: str, said: str) -> None:
    assert summary(parse_rule(rule), START) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Toutes les 2 semaines, le lundi et le jeudi à 09:00, jusqu’au 31 décembre 2026"),
        ("es", "Cada 2 semanas, el lunes y el jueves a las 09:00, hasta el 31 de diciembre de 2026"),
        ("ms", "Setiap 2 minggu pada hari Isnin dan Khamis pada pukul 09:00, hingga 31 Disember 2026"),
        ("ms-my", "Setiap 2 minggu pada hari Isnin dan Khamis pada pukul 09:00, hingga 31 Disember 2026"),
        ("de", "Every 2 weeks on Monday and Thursday at 09:00, until 31 December 2026"),
    ],
)
def test_it_is_said_in_the_reader_s_language(language: str, said: str) -> None:
    rule = parse_rule("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231")
    assert summary(rule, START, language) == said


def test_exceptions_leave_out_one_time_or_a_whole_day() -> None:
    left_out = frozenset({"2026-11-24T09:00", "2026-11-25"})
    repeat = Repeat("FREQ=DAILY;BYHOUR=9,17", START, "Europe/Paris", left_out)
    assert [each.local for each in occurrences(repeat, NOW, 4)] == [
        "2026-11-23T09:00", "2026-11-23T17:00", "2026-11-24T17:00", "2026-11-26T09:00",
    ]  # fmt: skip


def test_a_count_counts_what_was_left_out_too() -> None:
    repeat = Repeat("FREQ=DAILY;COUNT=3", START, "UTC", frozenset({"2026-11-24"}))
    assert [each.local for each in occurrences(repeat, NOW, 9)] == ["2026-11-23T09:00", "2026-11-25T09:00"]


def test_an_end_in_utc_and_an_end_by_wall_clock_are_told_apart() -> None:
    assert len(fires("FREQ=DAILY;UNTIL=20261124T080000Z")) == 2
    assert len(fires("FREQ=DAILY;UNTIL=20261124T075959Z")) == 1
    assert len(fires("FREQ=DAILY;UNTIL=20261124T085959")) == 1


@pytest.mark.parametrize(("text", "named"), [
    ("2026-11-24", True), ("2026-11-24T09:00", True), ("2026-02-30", False), ("2026-11-24T9:00", False),
    ("24.11.2026", False), ("", False), ("2026-11-24T09:00:00", False),
])  # fmt: skip
def test_an_exception_is_a_local_day_or_time(text: str, named: bool) -> None:
    assert is_local(text) is named


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Our shop is open until 8 tonight.", "Our shop is open until 9 tonight!", True),
    ("Open today 🎉 https://norlune.example/a", "Open today https://norlune.example/b", True),
    ("Ouvert ce soir jusqu’à 20 h", "OUVERT CE SOIR JUSQU'À 21 H", True),
    ("Our shop is open until 8 tonight.", "Three new teas arrived this morning.", False),
    ("Come and taste our new teas today.", "We bake bread with you on Saturday, come along.", False),
    ("", "Something", False),
])  # fmt: skip
def test_texts_that_differ_by_a_number_a_link_or_a_sign_are_nearly_the_same(one: str, other: str, same: bool) -> None:
    assert (nearly_same(one, [other]) is not None) is same
