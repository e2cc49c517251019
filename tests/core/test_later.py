"""What "later" offers, at odd hours and on days when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.later import later


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        ("2026-11-25T10:00", "Europe/Paris", {"hour": "2026-11-25T11:00", "evening": "2026-11-25T17:00",
                                              "tomorrow": "2026-11-26T08:00", "monday": "2026-11-30T08:00"}),
        ("2026-11-25T16:30", "Europe/Paris", {"hour": "2026-11-25T17:30", "tomorrow": "2026-11-26T08:00",
                                              "monday": "2026-11-30T08:00"}),
        ("2026-11-29T10:00", "Europe/Paris", {"hour": "2026-11-29T11:00", "evening": "2026-11-29T17:00",
                                              "tomorrow": "2026-11-30T08:00"}),
        ("2026-03-28T20:00", "Europe/Paris", {"hour": "2026-03-28T21:00", "tomorrow": "2026-03-29T07:00",
                                              "monday": "2026-03-30T07:00"}),
        ("2026-11-30T20:00", "Asia/Kuala_Lumpur", {"hour": "2026-11-30T21:00", "evening": "2026-12-01T10:00",
                                                   "tomorrow": "2026-12-02T01:00", "monday": "2026-12-07T01:00"}),
    ],
)  # fmt: skip
def test_later_is_told_by_the_readers_own_day(now: str, zone: str, expected: dict[str, str]) -> None:
    assert later(at(now), ZoneInfo(zone)) == {name: at(when) for name, when in expected.items()}


ZONES = ["Europe/Paris", "Asia/Kuala_Lumpur", "America/New_York", "Pacific/Apia"]


@given(st.integers(0, 500_000), st.sampled_from(ZONES))
def test_what_is_offered_lies_ahead(minutes: int, zone: str) -> None:
    now = at("2026-01-01T00:00") + timedelta(minutes=minutes)
    assert all(now < when <= now + timedelta(days=8) for when in later(now, ZoneInfo(zone)).values())
