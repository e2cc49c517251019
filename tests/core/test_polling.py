"""The polling plan: it keeps the promise, nothing cheaper does, and a month's spending says when it is enough."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.polling import (
    HOURS,
    STEPS,
    ImpossiblePromise,
    Promise,
    Spending,
    even,
    keeps,
    longest_within,
    open_hours,
    plan,
    priced,
    work_within,
)
from pluralis.core.promises import hours_of

PRICE = Decimal("0.005")
OFFICE = frozenset(day * 24 + hour for day in range(5) for hour in range(9, 18))


def test_office_hours_with_an_answer_in_an_hour_cost_a_tenth_of_asking_every_minute() -> None:
    found = plan(Promise(60, OFFICE, work=10), PRICE, quiet_minutes=120)
    assert (found.interval_at(9), found.interval_at(8), found.interval_at(3), found.interval_at(6 * 24)) == (
        30,
        30,
        120,
        120,
    )
    assert found.price < even(1, PRICE).price / 10
    assert keeps(found, Promise(60, OFFICE, work=10))


def test_a_week_of_hourly_polls_is_priced_by_hand() -> None:
    found = even(60, PRICE)
    assert (found.calls, found.price) == (int(168 * Decimal("4.348")), int(168 * Decimal("4.348")) * PRICE)


def test_a_promise_shorter_than_the_work_itself_cannot_be_kept() -> None:
    with pytest.raises(ImpossiblePromise):
        plan(Promise(10, OFFICE, work=10), PRICE)


def test_who_is_always_open_is_asked_evenly() -> None:
    assert set(plan(Promise(25, frozenset(range(HOURS)), work=10), PRICE).minutes) == {15}


promises = st.builds(
    Promise,
    minutes=st.integers(12, 600),
    open_hours=st.frozensets(st.integers(0, HOURS - 1), min_size=1, max_size=60),
    work=st.integers(1, 11),
)


@given(promises, st.integers(1, 720))
def test_every_plan_keeps_its_promise(promise: Promise, quiet: int) -> None:
    found = plan(promise, PRICE, quiet)
    assert len(found.minutes) == HOURS and keeps(found, promise)
    assert set(found.minutes) <= set(STEPS)


@given(promises, st.data())
def test_no_open_hour_can_be_asked_less_often(promise: Promise, data: st.DataObject) -> None:
    found = plan(promise, PRICE)
    hour = data.draw(st.sampled_from(sorted(promise.open_hours)))
    longer = [step for step in STEPS if step > found.minutes[hour]]
    if longer:
        minutes = [*found.minutes[:hour], longer[0], *found.minutes[hour + 1 :]]
        assert not keeps(priced(minutes, PRICE), promise)


@given(st.integers(1, 2000))
def test_an_interval_is_never_longer_than_there_is_room_for(minutes: int) -> None:
    assert longest_within(minutes) <= minutes


SPENT = {
    "79": (False, False),
    "80": (True, False),
    "99.99": (True, False),
    "100": (True, True),
    "130": (True, True),
}


@pytest.mark.parametrize("spent", SPENT)
def test_a_month_warns_at_four_fifths_and_stops_at_all_of_it(spent: str) -> None:
    month = Spending(Decimal(spent), Decimal(0), Decimal(100))
    assert (month.warns, month.stops) == SPENT[spent]


def test_what_is_scheduled_is_told_before_it_is_too_much() -> None:
    assert Spending(Decimal(60), Decimal(55), Decimal(100)).falls_short == Decimal(15)
    assert Spending(Decimal(60), Decimal(55), None).falls_short == 0
    assert not Spending(Decimal(60), Decimal(55), None).warns


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        ([], set(range(HOURS))),
        ([[["09:00", "18:00"]]] + [[]] * 6, set(range(9, 18))),
        ([[["09:30", "12:15"]]] + [[]] * 6, {9, 10, 11, 12}),
        ([[]] * 6 + [[["22:00", "02:00"]]], {166, 167, 0, 1}),
        ([[["00:00", "00:00"]]] + [[]] * 6, set(range(24))),
    ],
)
def test_the_open_hours_of_a_week_are_those_with_an_open_moment(week: list, expected: set[int]) -> None:
    assert open_hours(hours_of("Europe/Paris", week)) == expected


@pytest.mark.parametrize("minutes", [2, 3, 5, 11, 15, 60, 480])
def test_a_promise_always_leaves_room_for_a_poll(minutes: int) -> None:
    assert 1 <= work_within(minutes) <= minutes - 1 and work_within(minutes) <= 10
