"""The coming instants of weekly queue slots, by wall clock in the account's zone."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from pluralis.core.schedule.clock import instant_at, zone_named
from pluralis.core.schedule.occurrences import LOCAL, Occurrence

Slot = tuple[int, time]
"""A weekday (0 is Monday) and a wall clock."""


def slot_times(slots: Iterable[Slot], zone_name: str, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """Yield the slots strictly after ``after`` and up to ``until`` (aware instants), in order.

    A skipped or doubled hour is treated as for repeats: the first instant after the gap, the first of the two; two
    slots that a gap puts on one instant are one. Raises :class:`RuleError` for a zone that does not exist.
    """
    zone = zone_named(zone_name)
    by_day: dict[int, list[time]] = {}
    for weekday, at in sorted(set(slots)):
        by_day.setdefault(weekday, []).append(at)
    day, last, seen = after.astimezone(zone).date() - timedelta(days=1), until.astimezone(UTC), after
    while by_day and day <= until.astimezone(zone).date():
        for at in by_day.get(day.weekday(), ()):
            wall = datetime.combine(day, at)
            moment = instant_at(wall, zone)
            if seen < moment.at <= last:
                seen = moment.at
                yield Occurrence(wall.strftime(LOCAL), wall, moment.at, moment.edge)
        day += timedelta(days=1)
