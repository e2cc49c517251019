"""From a wall clock in a named zone to an instant, also on the two days of the year when that is not one step.

The policy, stated once: a time that a clock change *skips* means the first instant after the gap (02:30 becomes
03:00 on the spring day); a time that it *doubles* means the first of the two. So a repeat comes once on every
day it should, never twice, and never at an hour that nobody's clock shows. RFC 5545 (3.3.5) reads the skipped
time by the offset before the gap, which is 03:30; the first valid instant is the one nearest to what was asked.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pluralis.core.schedule.errors import RuleError

LONGEST_NAME = 64


class Edge(StrEnum):
    """What a clock change did to a wall clock."""

    NONE = ""
    SKIPPED = "skipped"
    DOUBLED = "doubled"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware, UTC), and whether a clock change stood at it."""

    at: datetime
    edge: Edge = Edge.NONE


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone; :class:`RuleError` ``zone_unknown`` for one that does not exist, or exists no more."""
    if 0 < len(name) <= LONGEST_NAME:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise RuleError("zone_unknown", name[:LONGEST_NAME])


def instant_at(wall: datetime, zone: tzinfo) -> Moment:
    """Return the instant at which clocks in ``zone`` show ``wall`` (naive), by the policy of this module."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return Moment(first)
    if first < second:
        return Moment(first, Edge.DOUBLED)
    return Moment(_end_of_gap(second, first, zone), Edge.SKIPPED)


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the first instant in (before, after] that has the offset of ``after``: the clock change itself."""
    offset = after.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return before + timedelta(seconds=high)
