"""A naive second reading of repeats, to hold the first against: no recurrence library, and the tz database asked
in one direction only (what does a clock show at this instant?), never the other.

Clock changes are found by looking at the clock every six hours; days of a rule by trying every day.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

FIRST, LAST = datetime(2023, 12, 30, tzinfo=UTC), datetime(2037, 1, 3, tzinfo=UTC)
STEP = timedelta(hours=6)


@dataclass(frozen=True)
class Stretch:
    """A time in which a zone keeps one offset: from ``start`` (instant) to before ``end``."""

    start: datetime
    end: datetime
    offset: timedelta

    def shows(self, wall: datetime) -> datetime | None:
        """Return the instant of this stretch at which the clock shows ``wall``, if there is one."""
        at = (wall - self.offset).replace(tzinfo=UTC)
        return at if self.start <= at < self.end else None


def stretches(zone: ZoneInfo) -> list[Stretch]:
    """Return the stretches of a zone from 2024 to 2036, with some days around."""
    found, begun, here = [], FIRST, FIRST
    while here < LAST:
        following = min(here + STEP, LAST)
        if _offset(following, zone) != _offset(here, zone):
            change = _change_between(here, following, zone)
            found.append(Stretch(begun, change, _offset(here, zone)))
            begun = change
        here = following
    return [*found, Stretch(begun, LAST, _offset(begun, zone))]


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Walk by hours, then minutes, then seconds to the first instant with the new offset."""
    new = _offset(after, zone)
    for step in (timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)):
        while _offset(before + step, zone) != new:
            before += step
    return before + timedelta(seconds=1)


def instant_of(wall: datetime, known: list[Stretch]) -> datetime:
    """The stated policy, written down a second time: the first instant that shows it, else the end of the gap."""
    shown = [at for stretch in known if (at := stretch.shows(wall)) is not None]
    if shown:
        return min(shown)
    for before, after in pairwise(known):
        if before.end + before.offset <= wall.replace(tzinfo=UTC) < after.start + after.offset:
            return after.start
    raise AssertionError(f"no stretch of time has {wall}")


def days_between(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _nth_weekday(day: date, ordinal: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if ordinal > 0:
        return (day.day - 1) // 7 + 1 == ordinal
    return (monthrange(day.year, day.month)[1] - day.day) // 7 + 1 == -ordinal


# A rule, and whether it falls on a day when it started on 1 January 2024, a Monday.
RULES: dict[str, Callable[[date], bool]] = {
    "FREQ=DAILY": lambda day: True,
    "FREQ=DAILY;INTERVAL=3": lambda day: (day - date(2024, 1, 1)).days % 3 == 0,
    "FREQ=WEEKLY;BYDAY=SU,WE": lambda day: day.weekday() in (6, 2),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO": lambda day: (
        (day - date(2024, 1, 1)).days // 7 % 2 == 0 and day.weekday() in (6, 0)
    ),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU": lambda day: (
        (day - date(2023, 12, 31)).days // 7 % 2 == 0 and day.weekday() in (6, 0)
    ),
    "FREQ=MONTHLY;BYMONTHDAY=31": lambda day: day.day == 31,
    "FREQ=MONTHLY;BYMONTHDAY=-1": lambda day: (day + timedelta(days=1)).day == 1,
    "FREQ=MONTHLY;BYDAY=2SU,-1SU": lambda day: _nth_weekday(day, 2, 6) or _nth_weekday(day, -1, 6),
    "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=13": lambda day: (
        (12 * (day.year - 2024) + day.month - 1) % 5 == 0 and day.day == 13
    ),
    "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR": lambda day: day.day == 13 and day.weekday() == 4,
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29": lambda day: (day.month, day.day) == (2, 29),
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU": lambda day: day.month in (3, 10) and _nth_weekday(day, -1, 6),
    "FREQ=YEARLY;BYYEARDAY=-1,100": lambda day: day.timetuple().tm_yday == 100 or (day.month, day.day) == (12, 31),
    "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU": lambda day: day.isocalendar()[1:] == (53, 7),
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1": lambda day: (
        day.weekday() < 5
        and all(
            (day + timedelta(days=n)).month != day.month or (day + timedelta(days=n)).weekday() > 4 for n in (1, 2, 3)
        )
    ),
}
