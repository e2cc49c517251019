"""How often messages are looked at again: often at first, then less and less, and never for ever."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from pluralis.core.following import FREE, PAID, SHOWN_FREE, SHOWN_PAID, is_stale, next_look

WRITTEN = datetime(2026, 3, 2, 12, tzinfo=UTC)


def looks(*, is_open: bool, paid: bool, received: timedelta = timedelta()) -> list[datetime]:
    """Return every look at one message, each as soon as it is due."""
    at: datetime | None = WRITTEN + received
    found = []
    while at is not None and (at := next_look(written_at=WRITTEN, now=at, is_open=is_open, paid=paid)):
        found.append(at)
        assert len(found) < 1_000
    return found


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize("is_open", [False, True])
def test_the_pauses_grow_and_the_looks_end(is_open: bool, paid: bool) -> None:
    found = looks(is_open=is_open, paid=paid)
    pauses = [later - earlier for earlier, later in pairwise(found)]
    assert found
    assert pauses == sorted(pauses)
    assert found[-1] - WRITTEN < timedelta(days=70)


def test_what_waits_for_us_is_looked_at_more_often() -> None:
    for paid in (False, True):
        assert len(looks(is_open=True, paid=paid)) > len(looks(is_open=False, paid=paid))


def test_a_message_on_a_paid_network_costs_at_most_a_dozen_looks_on_different_days() -> None:
    days = {at.date() for at in looks(is_open=True, paid=True)}
    assert len(days) <= 13
    assert len({at.date() for at in looks(is_open=False, paid=True)}) <= 5


def test_a_free_deletion_is_seen_within_minutes_at_first_and_within_a_day_in_the_first_week() -> None:
    found = looks(is_open=False, paid=False)
    early = [at for at in found if at - WRITTEN < timedelta(hours=1)]
    assert all(later - earlier <= timedelta(minutes=10) for earlier, later in pairwise([WRITTEN, *early]))
    week = [at for at in found if at - WRITTEN < timedelta(days=7)]
    assert all(later - earlier <= timedelta(days=1) for earlier, later in pairwise([WRITTEN, *week]))


@pytest.mark.parametrize(("rungs", "paid"), [(FREE, False), (PAID, True)])
def test_what_is_older_than_the_last_rung_is_left_alone(rungs, paid: bool) -> None:
    now = WRITTEN + rungs[-1].age
    assert next_look(written_at=WRITTEN, now=now, is_open=True, paid=paid) is None


@pytest.mark.parametrize(
    ("ago", "paid", "stale"),
    [
        (None, False, True),
        (SHOWN_FREE, False, True),
        (SHOWN_FREE / 2, False, False),
        (SHOWN_FREE, True, False),
        (SHOWN_PAID, True, True),
    ],
)
def test_what_is_opened_is_looked_at_unless_it_was_lately(ago, paid: bool, stale: bool) -> None:
    assert is_stale(WRITTEN - ago if ago else None, now=WRITTEN, paid=paid) is stale
