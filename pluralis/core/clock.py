"""From a wall clock to an instant, for stretches that must neither overlap nor vanish when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def instant_at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which a wall clock in ``zone`` first shows ``wall`` on ``day``.

    A time that occurs twice (clocks go back) is its first occurrence; one that is left out (clocks go forward, or a
    whole day is skipped) is the instant of the change. So later wall times never come earlier, and two stretches
    that meet on the wall meet in time (PEP 495 for how a zone is asked; unlike RFC 5545, which shifts a time in the
    gap by the gap's length and would put 02:30 behind 03:15).
    """
    local = datetime.combine(day, wall.replace(tzinfo=None, fold=0), zone)
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    return first if second >= first else _change_between(zone, second, first)


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the instant in (before, after] from which on the offset is that of ``after``, to the second."""
    new = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the day that a calendar in ``zone`` shows at an instant."""
    return at.astimezone(zone).date()
