"""A rule in one plain sentence, in the languages of the desk: *Every week on Monday and Thursday at 09:00*."""

from collections.abc import Sequence
from datetime import datetime

from pluralis.core.schedule.rules import Rule
from pluralis.core.schedule.summary_words import BY_LANGUAGE, Phrases

WORKING_DAYS = ((0, 0), (0, 1), (0, 2), (0, 3), (0, 4))


def summary(rule: Rule, start: datetime, language: str = "en") -> str:
    """Return what a rule that starts at the wall clock ``start`` does; English for a language without words.

    Rules beyond plain speech (week numbers, days of the year, positions) are named as they are written.
    """
    words = BY_LANGUAGE.get(language[:2], BY_LANGUAGE["en"])
    if rule.weeks or rule.year_days or rule.positions or (rule.days and rule.month_days):
        said = words.by_rule.format(rule=_bare(rule))
    else:
        said = _body(rule, start, words)
    said += _at(rule, start, words) + _skips(rule, start, words) + _end(rule, words)
    return said[:1].upper() + said[1:]


def _bare(rule: Rule) -> str:
    return ";".join(f"{name}={value}" for name, value in rule.parts.items() if name not in ("COUNT", "UNTIL"))


def _body(rule: Rule, start: datetime, words: Phrases) -> str:
    if rule.days == WORKING_DAYS and rule.interval == 1 and rule.frequency in ("DAILY", "WEEKLY"):
        return words.working_days + _months(rule, words)
    one, many = words.every[rule.frequency]
    said = one if rule.interval == 1 else many.format(n=rule.interval)
    if rule.frequency == "YEARLY":
        return said + _of_year(rule, start, words)
    if rule.frequency == "MONTHLY":
        return said + _of_month(rule, start, words) + _months(rule, words)
    days = rule.days or (((0, start.weekday()),) if rule.frequency == "WEEKLY" else ())
    if days:
        names = [words.weekday.format(day=words.weekdays[weekday]) for _ordinal, weekday in days]
        said += words.on_weekdays.format(days=_listed(names, words))
    return said + _months(rule, words)


def _of_month(rule: Rule, start: datetime, words: Phrases) -> str:
    if rule.days:
        return words.on_nth.format(days=_nths(rule, words))
    days = [_month_day(day, words) for day in rule.month_days or (start.day,)]
    return words.on_month_days.format(days=_listed(days, words))


def _of_year(rule: Rule, start: datetime, words: Phrases) -> str:
    if rule.days:
        months = [words.months[month - 1] for month in rule.months]
        of = words.of_months.format(months=_listed(months, words)) if months else ""
        return words.on_nth.format(days=_nths(rule, words)) + of
    if rule.month_days and (not rule.months or min(rule.month_days) < 0):
        return _of_month(rule, start, words) + _months(rule, words)
    dates = [
        (words.first_date if day == 1 else words.date).format(day=day, month=words.months[month - 1])
        for month in rule.months or (start.month,)
        for day in rule.month_days or (start.day,)
    ]
    return words.on_date.format(days=_listed(dates, words))


def _nths(rule: Rule, words: Phrases) -> str:
    names = []
    for ordinal, weekday in rule.days:
        name = words.weekdays[weekday]
        known = words.ordinals.get(ordinal, f"{ordinal}.")
        names.append(words.nth.format(ordinal=known, weekday=name) if ordinal else name)
    return _listed(names, words)


def _month_day(day: int, words: Phrases) -> str:
    if day == -1:
        return words.last_day
    if day < 0:
        return words.from_end.format(n=-day)
    return words.first_day if day == 1 else words.month_day.format(n=day)


def _months(rule: Rule, words: Phrases) -> str:
    if not rule.months:
        return ""
    return words.in_months.format(months=_listed([words.months[month - 1] for month in rule.months], words))


def _at(rule: Rule, start: datetime, words: Phrases) -> str:
    times = [f"{hour:02}:{minute:02}" for hour in rule.hours or (start.hour,) for minute in _minutes(rule, start)]
    return words.at.format(times=_listed(times, words))


def _minutes(rule: Rule, start: datetime) -> Sequence[int]:
    return rule.minutes or (start.minute,)


def _skips(rule: Rule, start: datetime, words: Phrases) -> str:
    """Say that short months are left out, where nobody would expect it: the standard leaves them out silently."""
    if rule.frequency != "MONTHLY" or rule.days or rule.months or rule.positions:
        return ""
    return words.skips if max(rule.month_days or (start.day,)) > 28 else ""


def _end(rule: Rule, words: Phrases) -> str:
    if rule.count is not None:
        one, many = words.times
        return one if rule.count == 1 else many.format(n=rule.count)
    if rule.until is not None:
        until = rule.until
        date = words.until_date.format(day=until.day, month=words.months[until.month - 1], year=until.year)
        return words.until.format(date=date)
    return ""


def _listed(names: Sequence[str], words: Phrases) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {words.both} {names[-1]}"
