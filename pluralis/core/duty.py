"""Who is on duty when: weekly shifts on wall clocks of many zones, with what differs, as spans of real time."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pluralis.core.clock import instant_at, local_day

_DAY = timedelta(days=1)
_Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of every week: ``weekday`` counts from Monday as 0; ending at or before its start, it ends next day.

    ``valid_from`` and ``valid_until`` are the first and the last day on which it may begin.
    """

    member: Hashable
    weekday: int
    starts: time
    ends: time
    zone: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two instants: on duty besides, or away. Of two that overlap the later in the list wins."""

    member: Hashable
    on: bool
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A member is on duty from ``starts_at`` until just before ``ends_at`` (UTC)."""

    member: Hashable
    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        """Say whether an instant lies in it; the end does not."""
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Turn:
    """The last time the roster changed for a member: since ``at`` they are on duty, or off."""

    at: datetime
    on: bool


def roster(shifts: Iterable[Shift], changes: Sequence[Change], since: datetime, until: datetime) -> list[Span]:
    """Return who is on duty between two instants, cut at both, ordered by start. Spans of a member never touch."""
    found: dict[Hashable, list[_Stretch]] = {}
    for shift in shifts:
        found.setdefault(shift.member, []).extend(_stretches(shift, since, until))
    for change in changes:
        of_member = found.setdefault(change.member, [])
        piece = (change.starts_at, change.ends_at)
        found[change.member] = [*of_member, piece] if change.on else _without(of_member, piece)
    spans = [
        Span(member, max(starts, since), min(ends, until))
        for member, stretches in found.items()
        for starts, ends in _joined(stretches)
        if starts < until and ends > since
    ]
    return sorted(spans, key=lambda span: (span.starts_at, span.ends_at))


def on_duty_at(spans: Iterable[Span], at: datetime) -> list[Hashable]:
    """Return who is on duty at an instant, each once, longest first."""
    return list(dict.fromkeys(span.member for span in spans if span.holds(at)))


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def turns(shifts: Iterable[Shift], changes: Sequence[Change], now: datetime) -> dict[Hashable, Turn]:
    """Return the last change of the roster up to ``now`` of each member it names within eight days.

    Who has been on duty for longer than that without an end has been so since long ago.
    """
    begin = now - 8 * _DAY
    found: dict[Hashable, Turn] = {}
    for span in roster(shifts, changes, begin, now + 2 * _DAY):
        edges = [Turn(span.starts_at if span.starts_at > begin else _LONG_AGO, True), Turn(span.ends_at, False)]
        for turn in (edge for edge in edges if edge.at <= now):
            if span.member not in found or found[span.member].at <= turn.at:
                found[span.member] = turn
    return found


def uncovered(spans: Iterable[Span], since: datetime, until: datetime) -> list[_Stretch]:
    """Return the stretches in which nobody is on duty."""
    left: list[_Stretch] = [(since, until)]
    for span in spans:
        left = _without(left, (span.starts_at, span.ends_at))
    return left


def _stretches(shift: Shift, since: datetime, until: datetime) -> list[_Stretch]:
    zone = ZoneInfo(shift.zone)
    # A shift that began two local days before may still run: it passes midnight, and zones are up to 26 hours apart.
    day, last = local_day(since, zone) - 2 * _DAY, local_day(until, zone)
    day += timedelta(days=(shift.weekday - day.weekday()) % 7)
    found = []
    while day <= last:
        if (shift.valid_from or day) <= day <= (shift.valid_until or day):
            begin = instant_at(day, shift.starts, zone)
            end = instant_at(day + _DAY if shift.ends <= shift.starts else day, shift.ends, zone)
            if begin < end:
                found.append((begin, end))
        day += 7 * _DAY
    return found


def _joined(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Return stretches in order, with those that overlap or touch made one."""
    found: list[_Stretch] = []
    for begin, end in sorted(each for each in stretches if each[0] < each[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _without(stretches: Iterable[_Stretch], piece: _Stretch) -> list[_Stretch]:
    found = []
    for begin, end in stretches:
        found += [(begin, min(end, piece[0])), (max(begin, piece[1]), end)] if piece[0] < piece[1] else [(begin, end)]
    return [each for each in found if each[0] < each[1]]
