"""Promised times: minutes of open time, told by a wall clock with holidays, as instants that are due."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pluralis.core.clock import instant_at, local_day

_DAY = timedelta(days=1)
HORIZON = timedelta(days=400)  # an account that does not open within a year has no due time

Opening = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Hours:
    """When an account is open: seven lists of openings from Monday on, by the wall clock of ``zone``.

    An opening that ends at or before its start ends the next day, so midnight to midnight is all day. On a day of
    ``closed`` nothing opens; what opened the evening before still ends in the morning. An empty ``week`` is always
    open, holidays too.
    """

    zone: str = "UTC"
    week: tuple[tuple[Opening, ...], ...] = ()
    closed: frozenset[date] = frozenset()

    @property
    def always(self) -> bool:
        """Whether there are no hours at all."""
        return not self.week


def hours_of(zone: str, week: Sequence[Sequence[Sequence[str]]], closed: Iterable[date] = ()) -> Hours:
    """Return hours from their stored form, ``[["09:00", "18:00"], ...]`` for each of seven days.

    ``ValueError`` for a time that is none, or a week that has not seven days.
    """
    if week and len(week) != 7:
        raise ValueError("a week has seven days")
    days = tuple(tuple((_wall(begin), _wall(end)) for begin, end in day) for day in week)
    return Hours(zone, days, frozenset(closed))


def _wall(text: str) -> time:
    return time.fromisoformat(text).replace(tzinfo=None)


def open_spans(hours: Hours, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield when it is open from ``since`` on, in order, apart from each other, for the length of the horizon."""
    if hours.always:
        yield since, since + HORIZON
        return
    zone = ZoneInfo(hours.zone)
    day, last = local_day(since, zone) - 2 * _DAY, local_day(since, zone) + HORIZON
    reached = since
    while day <= last:
        for begin, end in sorted(hours.week[day.weekday()]) if day not in hours.closed else ():
            opens = max(instant_at(day, begin, zone), reached)
            closes = instant_at(day + _DAY if end <= begin else day, end, zone)
            if opens < closes:
                yield opens, closes
                reached = closes
        day += _DAY


def due_at(since: datetime, minutes: float, hours: Hours) -> datetime | None:
    """Return the instant at which ``minutes`` of open time have passed since ``since``; ``None`` when that is never.

    No minutes at all are due at the first open instant.
    """
    left = timedelta(minutes=minutes)
    if hours.always:
        return since + left
    for opens, closes in open_spans(hours, since):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def open_time(since: datetime, until: datetime, hours: Hours) -> timedelta:
    """Return how much open time lies between two instants; none when ``until`` is not after ``since``."""
    if hours.always:
        return max(until - since, timedelta())
    total = timedelta()
    for opens, closes in open_spans(hours, since):
        if opens >= until:
            break
        total += min(closes, until) - opens
    return total


def is_open(at: datetime, hours: Hours) -> bool:
    """Say whether it is open at an instant; at the instant of closing it is not."""
    return hours.always or next(open_spans(hours, at), (at + _DAY, at))[0] == at
