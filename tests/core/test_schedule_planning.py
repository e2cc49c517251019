"""What a planner does for a repeat, and the instants of weekly slots: pure decisions over given instants."""

# ruff: noqa: DTZ001 - a wall clock has no zone of its own

from datetime import UTC, datetime, time, timedelta

import pytest

from pluralis.core.delivery import MissedPolicy
from pluralis.core.schedule import Repeat, look_ahead, slot_times

NOW = datetime(2027, 3, 22, 6, 30, tzinfo=UTC)
DAILY = Repeat("FREQ=DAILY", datetime(2027, 3, 22, 9), "Europe/Paris")
HOURS = timedelta(hours=2)


def look(repeat: Repeat, decided: datetime, now: datetime = NOW, policy: MissedPolicy = MissedPolicy.SKIP) -> object:
    return look_ahead(repeat, decided, now, policy=policy, late_limit=HOURS)


def test_two_weeks_are_planned_and_then_only_what_is_new() -> None:
    first = look(DAILY, NOW)
    assert len(first.ahead) == 14 and not first.missed and first.late is None
    again = look(DAILY, first.decided_until)
    assert again.ahead == () and again.decided_until == first.decided_until and not again.over
    later = look(DAILY, first.decided_until, NOW + timedelta(days=3))
    assert [each.local for each in later.ahead] == ["2027-04-05T09:00", "2027-04-06T09:00", "2027-04-07T09:00"]


def test_the_next_time_is_planned_however_far_away_and_only_once() -> None:
    yearly = Repeat("FREQ=YEARLY", datetime(2027, 12, 24, 9), "UTC")
    first = look(yearly, NOW)
    assert [each.local for each in first.ahead] == ["2027-12-24T09:00"]
    assert look(yearly, first.decided_until, NOW + timedelta(days=200)).ahead == ()


def test_a_look_plans_sixty_times_at_most_and_the_next_look_goes_on_from_there() -> None:
    often = Repeat("FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))), datetime(2027, 3, 22, 0), "UTC")
    first = look(often, NOW)
    second = look(often, first.decided_until)
    assert len(first.ahead) == len(second.ahead) == 60
    assert second.ahead[0].at - first.ahead[-1].at == timedelta(hours=1)


@pytest.mark.parametrize(("minutes", "policy", "late"), [
    (4, MissedPolicy.SKIP, True), (6, MissedPolicy.SKIP, False), (6, MissedPolicy.ASK, False),
    (119, MissedPolicy.LATE, True), (121, MissedPolicy.LATE, False),
])  # fmt: skip
def test_at_most_the_last_time_that_passed_goes_out_late(minutes: int, policy: MissedPolicy, late: bool) -> None:
    now = datetime(2027, 9, 1, 7, minutes % 60, tzinfo=UTC) + timedelta(hours=minutes // 60)
    outlook = look(DAILY, NOW, now, policy)
    assert (outlook.late is not None) is late
    assert len(outlook.missed) == 31 - late
    assert all(each.at > now for each in outlook.ahead)


def test_a_repeat_is_over_when_its_last_time_has_passed() -> None:
    twice = Repeat("FREQ=DAILY;COUNT=2", datetime(2027, 3, 22, 9), "UTC")
    first = look(twice, NOW)
    assert len(first.ahead) == 2 and not first.over
    assert not look(twice, first.decided_until).over
    assert look(twice, first.decided_until, first.decided_until + timedelta(hours=1)).over


def test_slots_come_in_order_of_time_and_none_twice() -> None:
    slots = [(6, time(3, 0)), (6, time(2, 30)), (0, time(9, 0)), (0, time(9, 0))]
    found = list(slot_times(slots, "Europe/Paris", NOW, NOW + timedelta(days=8)))
    assert [(each.local, each.at.hour, each.edge) for each in found] == [
        ("2027-03-22T09:00", 8, ""), ("2027-03-28T02:30", 1, "skipped"), ("2027-03-29T09:00", 7, ""),
    ]  # fmt: skip
    assert list(slot_times([], "Europe/Paris", NOW, NOW + timedelta(days=8))) == []
