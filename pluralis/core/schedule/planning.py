"""What a planner has to do for a repeat: which times to plan ahead, and what of the times that have passed."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pluralis.core.delivery import GRACE, MissedPolicy
from pluralis.core.schedule.occurrences import Occurrence, Repeat, occurrences

AHEAD = timedelta(days=14)
"""How far ahead the times of a repeat are made; the next one in any case."""

MOST_AHEAD = 60
MOST_MISSED = 31
"""Of times that passed unplanned only the last are written down: an outage of months is no flood of rows."""

_STEP = 50


@dataclass(frozen=True, slots=True)
class Outlook:
    """``missed`` passed unplanned (the last of them), ``late`` is the one that may still go out now, ``ahead`` is
    to be planned in order. ``decided_until`` is the instant up to which everything is then decided, the last planned
    time; ``over`` says that no time is left."""

    missed: tuple[Occurrence, ...]
    late: Occurrence | None
    ahead: tuple[Occurrence, ...]
    decided_until: datetime
    over: bool


def look_ahead(
    repeat: Repeat, decided_until: datetime, now: datetime, *, policy: MissedPolicy, late_limit: timedelta
) -> Outlook:
    """Return what is to be done at ``now`` for a repeat whose times up to ``decided_until`` are decided.

    At most one time that passed goes out late, the last one: within five minutes under any policy, as a restart is
    no outage, and within ``late_limit`` where the post wants to be late rather than silent.
    """
    passed: deque[Occurrence] = deque(maxlen=MOST_MISSED)
    ahead: list[Occurrence] = []
    horizon = max(decided_until, now + AHEAD)
    over = True
    for each in _from(repeat, decided_until):
        if each.at <= now:
            passed.append(each)
        elif ahead and (each.at > horizon or len(ahead) == MOST_AHEAD):
            over = False
            break
        elif each.at > horizon and decided_until > now:
            over = False  # what comes next was made before
            break
        else:
            ahead.append(each)
    late = passed[-1] if passed and _may_be_late(passed[-1], now, policy, late_limit) else None
    missed = tuple(passed)[: -1 if late else None]
    last = ahead[-1].at if ahead else max(decided_until, now)
    return Outlook(missed, late, tuple(ahead), last, over and not ahead and decided_until <= now)


def _from(repeat: Repeat, after: datetime) -> Iterator[Occurrence]:
    while True:
        step = occurrences(repeat, after, _STEP)
        yield from step
        if len(step) < _STEP:
            return
        after = step[-1].at


def _may_be_late(passed: Occurrence, now: datetime, policy: MissedPolicy, late_limit: timedelta) -> bool:
    limit = max(GRACE, late_limit) if policy is MissedPolicy.LATE else GRACE
    return now - passed.at <= limit
