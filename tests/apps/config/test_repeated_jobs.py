"""How often the repeated jobs come: a cron line with its seconds in the wrong place runs in some minutes only."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from croniter import croniter

from pluralis import jobs

SECONDS = {
    "poll_due_streams": 5,
    "look_after_doubts": 10,
    "rescue_jobs": 10,
    "wake_due_parts": 60,
    "wake_snoozed_conversations": 60,
    "follow_roster": 15,
    "raise_alarms": 15,
}
LINES = {name: every for _function, name, _queue, every in jobs._declared if every}


@pytest.mark.parametrize("name", SECONDS)
def test_a_repeated_job_comes_as_often_as_it_is_needed(name: str) -> None:
    start = datetime(2026, 11, 22, 10, 22, 58, tzinfo=UTC)
    walk = croniter(LINES[name], start)
    instants = [walk.get_next(datetime) for _ in range(40)]
    assert {later - earlier for earlier, later in pairwise(instants)} == {timedelta(seconds=SECONDS[name])}


def test_every_repeated_job_is_known_here_or_comes_at_most_daily() -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    for name in LINES.keys() - SECONDS:
        walk = croniter(LINES[name], start)
        first, second = walk.get_next(datetime), walk.get_next(datetime)
        assert second - first >= timedelta(minutes=1), name
