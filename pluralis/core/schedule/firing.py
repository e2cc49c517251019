"""Does a rule ever fire? Looked at day by day over a bounded time, since a library asked for the next occurrence
of a rule that has none searches up to the year 9999."""

from calendar import isleap, monthrange
from collections import Counter
from datetime import date, datetime, timedelta

from pluralis.core.schedule.rules import Rule

LOOK_AHEAD_YEARS = 40
"""29 February can fall on one weekday every 28 years, or 40 across a century without its leap year."""


def can_fire(rule: Rule, start: datetime) -> bool:
    """Say whether a rule that starts at ``start`` (wall clock) has a day within the next 40 years."""
    wanted = _smallest_position(rule)
    times = max(1, len(rule.hours)) * max(1, len(rule.minutes))
    found: Counter[int] = Counter()
    day, last = start.date(), start.date() + timedelta(days=round(365.25 * LOOK_AHEAD_YEARS))
    while day <= last:
        period = _period(rule, start.date(), day)
        if period % rule.interval == 0 and _matches(rule, start.date(), day):
            found[period] += times
            if found[period] >= wanted:
                return True
        day += timedelta(days=1)
    return False


def _smallest_position(rule: Rule) -> int:
    """Return how many times a period must hold for BYSETPOS to find one. The first period may hold fewer."""
    return min((abs(position) for position in rule.positions), default=1)


def _period(rule: Rule, start: date, day: date) -> int:
    """Return how many days, weeks, months or years after that of the start a day lies."""
    if rule.frequency == "DAILY":
        return (day - start).days
    if rule.frequency == "WEEKLY":
        return (_monday(day, rule.week_start) - _monday(start, rule.week_start)).days // 7
    months = 12 * (day.year - start.year) + day.month - start.month
    return months if rule.frequency == "MONTHLY" else day.year - start.year


def _monday(day: date, week_start: int) -> date:
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def _matches(rule: Rule, start: date, day: date) -> bool:
    """Say whether the BY parts, or where there are none the start itself, allow a day."""
    if rule.months and day.month not in rule.months:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & set(rule.month_days):
        return False
    in_year, year_length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    if rule.year_days and not {in_year, in_year - year_length - 1} & set(rule.year_days):
        return False
    if rule.weeks and not _near_week(rule, day):
        return False
    if rule.days:
        return _on_weekday(rule, day, length, in_year, year_length)
    return bool(rule.month_days or rule.year_days or rule.weeks) or _like_start(rule, start, day)


def _near_week(rule: Rule, day: date) -> bool:
    """Weeks are counted from the rule's own first weekday; one more on either side is let pass here."""
    week, weeks = day.isocalendar().week, date(day.isocalendar().year, 12, 28).isocalendar().week
    wanted = {number if number > 0 else weeks + 1 + number for number in rule.weeks}
    return any((week - number) % weeks in (0, 1, weeks - 1) for number in wanted)


def _on_weekday(rule: Rule, day: date, length: int, in_year: int, year_length: int) -> bool:
    by_month = rule.frequency == "MONTHLY" or bool(rule.months)
    place, size = (day.day, length) if by_month else (in_year, year_length)
    ordinals = {0, (place - 1) // 7 + 1, -((size - place) // 7 + 1)}
    return any(weekday == day.weekday() and ordinal in ordinals for ordinal, weekday in rule.days)


def _like_start(rule: Rule, start: date, day: date) -> bool:
    if rule.frequency == "DAILY":
        return True
    if rule.frequency == "WEEKLY":
        return day.weekday() == start.weekday()
    return day.day == start.day and (rule.frequency == "MONTHLY" or bool(rule.months) or day.month == start.month)
