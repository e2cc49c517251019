"""The instants of a repeat: its rule walked by wall clock, then each wall clock put on the time line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice

from dateutil import rrule
from dateutil.rrule import rrule as RecurrenceRule

from pluralis.core.schedule.clock import Edge, instant_at, zone_named
from pluralis.core.schedule.firing import can_fire
from pluralis.core.schedule.rules import Rule, RuleError, parse_rule

LOCAL = "%Y-%m-%dT%H:%M"
"""How a local occurrence is named: it stays the same name whatever becomes of the zone's offset."""

_FREQUENCY = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}
_WIDEST_OFFSET = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A rule (RFC 5545), the wall clock it starts at (naive, whole minutes), and the zone of that clock.

    ``exceptions`` are local occurrences (``2026-12-24T09:00``) or whole local days (``2026-12-24``) left out; as
    the standard's EXDATE they still count towards COUNT.
    """

    rule: str
    start: datetime
    zone: str
    exceptions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of a repeat: its name ``local``, the wall clock of the rule, the instant, and a clock change."""

    local: str
    wall: datetime
    at: datetime
    edge: Edge = Edge.NONE


def is_local(text: str) -> bool:
    """Say whether a text names a local occurrence or a local day."""
    for form in (LOCAL, "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).strftime(form) == text  # noqa: DTZ007 - a wall clock
        except ValueError:
            continue
    return False


def occurrences(repeat: Repeat, after: datetime, limit: int) -> list[Occurrence]:
    """Return the first ``limit`` occurrences strictly after the aware instant ``after``, in order.

    By wall clock: 09:00 stays 09:00 through every clock change. Two wall clocks that a skipped hour puts on one
    instant are one occurrence. Raises :class:`RuleError` for a rule that cannot be read, never fires, or a zone
    that does not exist. Pure: the same arguments give the same answer for one edition of the tz database.
    """
    return list(islice(_walk(repeat, after), limit))


def _walk(repeat: Repeat, after: datetime) -> Iterator[Occurrence]:
    zone = zone_named(repeat.zone)
    rule = _checked(repeat.rule, repeat.start)
    until = rule.until if rule.until is not None and rule.until.tzinfo is not None else None
    last: datetime | None = None
    for wall in _expanded(rule, repeat.start).xafter(_earlier(after, repeat.start), inc=True):
        moment = instant_at(wall, zone)
        if until is not None and moment.at > until:
            return
        if moment.at == last:
            continue
        last = moment.at
        local = wall.strftime(LOCAL)
        if moment.at > after and local not in repeat.exceptions and local[:10] not in repeat.exceptions:
            yield Occurrence(local, wall, moment.at, moment.edge)


def _earlier(after: datetime, start: datetime) -> datetime:
    """Return a wall clock that lies before ``after`` in every zone, with room for the neighbour in a gap."""
    return max(start, after.astimezone(UTC).replace(tzinfo=None) - _WIDEST_OFFSET)


@lru_cache(maxsize=512)
def _checked(text: str, start: datetime) -> Rule:
    rule = parse_rule(text)
    if rule.until is not None and rule.until.replace(tzinfo=None) < start - _WIDEST_OFFSET:
        raise RuleError("rule_over", f"UNTIL={rule.parts['UNTIL']}")
    if not can_fire(rule, start):
        raise RuleError("rule_never", text[:60])
    return rule


def _expanded(rule: Rule, start: datetime) -> RecurrenceRule:
    local_until = rule.until if rule.until is None or rule.until.tzinfo is None else None
    days = [rrule.weekdays[weekday](ordinal or None) for ordinal, weekday in rule.days]
    if rule.weeks and not (rule.days or rule.month_days or rule.year_days):
        days = [rrule.weekdays[start.weekday()]]  # the standard's reading; the library would take all seven
    return RecurrenceRule(
        _FREQUENCY[rule.frequency],
        dtstart=start,
        interval=rule.interval,
        wkst=rule.week_start,
        count=rule.count,
        until=local_until,
        bysetpos=rule.positions or None,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or None,
        byyearday=rule.year_days or None,
        byweekno=rule.weeks or None,
        byweekday=days or None,
        byhour=rule.hours or None,
        byminute=rule.minutes or None,
        bysecond=0,
    )
