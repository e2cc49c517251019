"""Days and times as people write them. Where a day can be read two ways, both are said and a person chooses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from pluralis.core.folding import fold

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "dmy", "mdy", "ymd"
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100

_NUMERIC = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})(?=$|[\sT,])")
_WORDS = re.compile(
    r"(?:[^\W\d_]{2,}\.?,?\s+)?(?:(?P<day>[0-9]{1,2})(?:er|st|nd|rd|th|º|\.)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,})\.?,?"
    r"|(?P<month2>[^\W\d_]{3,})\.?\s+(?P<day2>[0-9]{1,2})(?:st|nd|rd|th)?,?)\s+(?:de\s+|del\s+)?(?P<year>[0-9]{4})(?=$|[\s,])",
)
_TIME = re.compile(
    r"(?:at |à |a las |pukul |jam )?(?P<hour>[0-9]{1,2})(?:\s?(?:h|:|\.)\s?(?P<minute>[0-9]{2})?)?"
    r"(?:[:.](?P<second>[0-9]{2})(?:\.[0-9]+)?)?\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<offset>z|utc|gmt|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv enero ene januari",
            "february feb fevrier fevr febrero februari",
            "march mar mars marzo mac",
            "april apr avril avr abril abr",
            "may mai mayo mei",
            "june jun juin junio",
            "july jul juillet juil julio julai",
            "august aug aout agosto ago ogos",
            "september sep sept septembre septiembre set",
            "october oct octobre octubre okt oktober",
            "november nov novembre noviembre",
            "december dec decembre diciembre dic dis disember",
        ),
        start=1,
    )
    for name in names.split()
}


class NoDate(ValueError):
    """A cell that is no day and time; ``code`` says in which way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Order:
    """What a column of days tells about its order.

    ``order`` is settled or ``""``; then a person is asked. ``fits`` counts the cells that each order can read, of
    ``total`` cells whose order is not plain; ``example`` is a cell that reads differently by either.
    """

    order: str
    fits: dict[str, int]
    total: int
    example: str = ""

    @property
    def must_ask(self) -> bool:
        return not self.order and self.total > 0


def order_of(cells: Iterable[str]) -> Order:
    """Return whether a column's days begin with the day or the month, if its cells tell."""
    fits, total, example, matters = {DAY_FIRST: 0, MONTH_FIRST: 0}, 0, "", False
    for cell in cells:
        pair = _ends_with_year(cell)
        if pair is None:
            continue
        total += 1
        first, second = pair
        fits[DAY_FIRST] += first <= 31 and second <= 12
        fits[MONTH_FIRST] += first <= 12 and second <= 31
        both = first <= 12 and second <= 12 and first != second
        matters = matters or both
        example = example or (cell.strip() if both else "")
    if total == 0:
        return Order(YEAR_FIRST, fits, 0)
    settled = [order for order, count in fits.items() if count == total]
    if len(settled) == 1 or (settled and not matters):
        return Order(settled[0], fits, total, example)
    return Order("", fits, total, example)


def _ends_with_year(cell: str) -> tuple[int, int] | None:
    found = _NUMERIC.match(cell.strip())
    if not found or len(found[1]) > 2 or len(found[4]) != 4:
        return None
    return int(found[1]), int(found[3])


def looks_like_date(cell: str) -> bool:
    """Say whether a cell begins with a day in any order, or holds a clock's time alone with one."""
    text = cell.strip()
    return _NUMERIC.match(text) is not None or (_WORDS.match(text) is not None and _month_of(text) is not None)


def looks_like_time(cell: str) -> bool:
    """Say whether a cell is a time of day and nothing else."""
    found = _TIME.fullmatch(cell.strip())
    return found is not None and bool(found["minute"] or found["half"])


def read_moment(day: str, clock: str, order: str) -> datetime:
    """Return when a row is to go out: naive as a wall clock shows it, aware where the cell names an offset.

    ``day`` may hold the time as well; then ``clock`` is empty. Raises :class:`NoDate`.
    """
    text = " ".join(day.split())
    date, rest = _numeric(text, order) or _in_words(text) or (None, "")
    if date is None:
        raise NoDate("number_for_date" if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text) else "no_date")
    rest = rest.strip(" ,Tt") or " ".join(clock.split())
    if not rest:
        raise NoDate("no_time")
    hour, minute, second, offset = _clock(rest)
    try:
        moment = datetime(*date, hour, minute, second)  # noqa: DTZ001 - a wall clock, its zone comes later
    except ValueError:
        raise NoDate("no_such_day") from None
    return moment if offset is None else moment.replace(tzinfo=timezone(offset)).astimezone(UTC)


def _numeric(text: str, order: str) -> tuple[tuple[int, int, int], str] | None:
    found = _NUMERIC.match(text)
    if not found:
        return None
    first, second, third = found[1], found[3], found[4]
    if len(first) == 4 and len(third) <= 2:
        parts = (int(first), int(second), int(third))
    elif len(third) == 4 and len(first) <= 2:
        if order not in (DAY_FIRST, MONTH_FIRST):
            raise NoDate("order_unknown")
        day, month = (first, second) if order == DAY_FIRST else (second, first)
        if int(month) > 12:
            raise NoDate("other_order")
        parts = (int(third), int(month), int(day))
    else:
        raise NoDate("short_year")
    return _sane(parts), text[found.end() :]


def _in_words(text: str) -> tuple[tuple[int, int, int], str] | None:
    found, month = _WORDS.match(text), _month_of(text)
    if not found or month is None:
        return None
    return _sane((int(found["year"]), month, int(found["day"] or found["day2"]))), text[found.end() :]


def _month_of(text: str) -> int | None:
    found = _WORDS.match(text)
    return _MONTHS.get(fold(found["month"] or found["month2"])) if found else None


def _sane(parts: tuple[int, int, int]) -> tuple[int, int, int]:
    if not EARLIEST_YEAR <= parts[0] <= LATEST_YEAR:
        raise NoDate("odd_year")
    return parts


def _clock(text: str) -> tuple[int, int, int, timedelta | None]:
    found = _TIME.fullmatch(text)
    if not found or not (found["minute"] or found["half"] or "h" in text.lower()):
        raise NoDate("no_clock_time")
    hour, minute, second = int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise NoDate("no_such_time")
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise NoDate("no_such_time")
    return hour, minute, second, _offset(found["offset"])


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text.lower() in ("z", "utc", "gmt"):
        return timedelta(0)
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise NoDate("no_such_time")
    return sign * timedelta(hours=hours, minutes=minutes)
