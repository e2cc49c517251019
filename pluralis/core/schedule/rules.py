"""RFC 5545 recurrence rules (section 3.3.10): read, checked part by part, and written in one form."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pluralis.core.schedule.errors import RuleError

__all__ = ["DAYS", "FREQUENCIES", "Rule", "RuleError", "parse_rule"]

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_RULE = 500
MOST_A_DAY = 24
LARGEST_INTERVAL = 999
LARGEST_COUNT = 9_999

_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")
_UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?\Z")
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Ints = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in parts. Days are (ordinal, weekday): (0, 0) every Monday, (-1, 4) the last Friday. ``until`` is a
    naive wall clock in the repeat's zone, or an aware UTC instant where it was written with a Z."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    months: Ints = ()
    month_days: Ints = ()
    year_days: Ints = ()
    weeks: Ints = ()
    days: tuple[tuple[int, int], ...] = ()
    hours: Ints = ()
    minutes: Ints = ()
    positions: Ints = ()
    week_start: int = 0
    parts: dict[str, str] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        """The rule as RFC 5545 writes it, without the name RRULE."""
        return ";".join(f"{name}={value}" for name, value in self.parts.items())


def parse_rule(text: str) -> Rule:
    """Return the rule a text holds, such as ``FREQ=WEEKLY;BYDAY=MO,TH``; :class:`RuleError` says what is wrong.

    Repeats are daily or rarer; up to 24 times of one day are given by BYHOUR and BYMINUTE. BYSECOND is refused.
    """
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    if frequency in TOO_OFTEN:
        raise RuleError("rule_too_often", f"FREQ={frequency}")
    if frequency not in FREQUENCIES:
        raise RuleError("rule_value" if frequency else "rule_unreadable", f"FREQ={frequency}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise RuleError("rule_two_ends", "COUNT, UNTIL")
    read = {_READERS[name][0]: _READERS[name][1](name, value) for name, value in parts.items() if name != "FREQ"}
    rule = Rule(frequency=frequency, parts=parts, **read)  # type: ignore[arg-type]
    _check(rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    cleaned = text.strip().upper().removeprefix("RRULE:")
    if not cleaned or len(cleaned) > LONGEST_RULE:
        raise RuleError("rule_unreadable", text.strip()[:60])
    parts: dict[str, str] = {}
    for piece in cleaned.rstrip(";").split(";"):
        name, equals, value = (each.strip() for each in piece.partition("="))
        if not (name and equals and value) or name in parts:
            raise RuleError("rule_unreadable", piece[:60])
        if name != "FREQ" and name not in _READERS:
            raise RuleError("rule_part_unknown", name[:60])
        parts[name] = value
    return parts


def _number(low: int, high: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        numbers = _numbers(low, high)(name, value)
        if len(numbers) != 1:
            raise RuleError("rule_value", f"{name}={value}"[:60])
        return numbers[0]

    return read


def _numbers(low: int, high: int, *, negative: bool = False) -> Callable[[str, str], Ints]:
    def read(name: str, value: str) -> Ints:
        found = []
        for piece in value.split(","):
            if not re.fullmatch(r"[+-]?[0-9]{1,4}", piece):
                raise RuleError("rule_value", f"{name}={piece}"[:60])
            number = int(piece)
            if not low <= (abs(number) if negative else number) <= high:
                raise RuleError("rule_value", f"{name}={piece}"[:60])
            found.append(number)
        return tuple(sorted(set(found)))

    return read


def _read_days(name: str, value: str) -> tuple[tuple[int, int], ...]:
    found = []
    for piece in value.split(","):
        match = _DAY.match(piece)
        ordinal = int(match[1] or 0) if match else 0
        if match is None or (match[1] and not 1 <= abs(ordinal) <= 53):
            raise RuleError("rule_value", f"{name}={piece}"[:60])
        found.append((ordinal, DAYS.index(match[2])))
    return tuple(sorted(set(found), key=lambda day: (day[1], day[0])))


def _read_until(name: str, value: str) -> datetime:
    if _UNTIL.match(value):
        try:
            if len(value) == 8:
                return datetime.strptime(value + "T235959", "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall clock
            if value.endswith("Z"):
                return datetime.strptime(value + "+0000", "%Y%m%dT%H%M%SZ%z")
            return datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall clock
        except ValueError:
            pass
    raise RuleError("rule_value", f"{name}={value}"[:60])


def _read_weekday(name: str, value: str) -> int:
    if value not in DAYS:
        raise RuleError("rule_value", f"{name}={value}"[:60])
    return DAYS.index(value)


_READERS: dict[str, tuple[str, Callable[[str, str], object]]] = {
    "INTERVAL": ("interval", _number(1, LARGEST_INTERVAL)),
    "COUNT": ("count", _number(1, LARGEST_COUNT)),
    "UNTIL": ("until", _read_until),
    "BYMONTH": ("months", _numbers(1, 12)),
    "BYMONTHDAY": ("month_days", _numbers(1, 31, negative=True)),
    "BYYEARDAY": ("year_days", _numbers(1, 366, negative=True)),
    "BYWEEKNO": ("weeks", _numbers(1, 53, negative=True)),
    "BYDAY": ("days", _read_days),
    "BYHOUR": ("hours", _numbers(0, 23)),
    "BYMINUTE": ("minutes", _numbers(0, 59)),
    "BYSETPOS": ("positions", _numbers(1, 366, negative=True)),
    "WKST": ("week_start", _read_weekday),
}


def _check(rule: Rule) -> None:
    """Refuse what the standard forbids (3.3.10), and days that no calendar has."""
    ordinals = any(ordinal for ordinal, _weekday in rule.days)
    if ordinals and (rule.frequency not in ("MONTHLY", "YEARLY") or rule.weeks):
        raise RuleError("rule_value", f"BYDAY={rule.parts['BYDAY']}"[:60])
    if rule.frequency == "WEEKLY" and rule.month_days:
        raise RuleError("rule_value", f"BYMONTHDAY={rule.parts['BYMONTHDAY']}"[:60])
    if rule.weeks and rule.frequency != "YEARLY":
        raise RuleError("rule_value", f"BYWEEKNO={rule.parts['BYWEEKNO']}"[:60])
    if rule.year_days and rule.frequency != "YEARLY":
        raise RuleError("rule_value", f"BYYEARDAY={rule.parts['BYYEARDAY']}"[:60])
    if rule.positions and not (rule.days or rule.month_days or rule.year_days or rule.months or rule.hours):
        raise RuleError("rule_value", f"BYSETPOS={rule.parts['BYSETPOS']}"[:60])
    if max(1, len(rule.hours)) * max(1, len(rule.minutes)) > MOST_A_DAY:
        raise RuleError("rule_too_often", "BYHOUR, BYMINUTE")
    longest = max(_LONGEST_MONTH[month - 1] for month in rule.months or range(1, 13))
    if rule.month_days and all(abs(day) > longest for day in rule.month_days):
        raise RuleError("rule_no_such_day", f"{rule.month_days[0]}.{rule.months[0]}")
