"""From a row's cells to a planned post, with everything that is wrong with it, before anything is kept."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from pluralis.core.importing.cells import is_error, is_formula, unguarded
from pluralis.core.importing.columns import ACCOUNT, ALT, CLOCK, LANGUAGE, LINK, PICTURE, TEXT, WHEN, ZONE
from pluralis.core.importing.dates import NoDate, read_moment
from pluralis.core.importing.problems import Problem
from pluralis.core.importing.tables import Record
from pluralis.core.schedule.clock import Edge, instant_at, zone_named
from pluralis.core.schedule.errors import RuleError

PARTING = re.compile(r"^---[ \t]*$", re.MULTILINE)
"""A line with three dashes parts the messages of a thread within one cell."""

PAST = timedelta(minutes=2)
FAR = timedelta(days=3 * 366)
MOST_MESSAGES = 25
MOST_PICTURES = 4
_GARBLED = re.compile(r"[ÃÂ][\u0080-\u00bf]|â€[™œ\u009d\u0093-\u0099]")
_SPLIT = re.compile(r"[,;|\s]+")


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """One of our accounts as a row may name it: by handle, by network and handle, or by a network's lone account."""

    id: str
    handle: str
    network: str
    title: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided about a file.

    ``fields`` is what each column is, ``order`` how its days are written, ``zone`` where they are meant when the
    row does not say, ``accounts`` where posts go when the row does not say.
    """

    fields: tuple[str, ...]
    order: str
    zone: str
    accounts: tuple[str, ...] = ()
    drafts: bool = False


@dataclass(slots=True)
class PlannedRow:
    """What a row says. ``at`` is an aware UTC instant, ``None`` where none could be read or none is wanted."""

    texts: tuple[str, ...] = ()
    at: datetime | None = None
    zone: str = ""
    accounts: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    language: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        """Whether the row cannot be saved like this."""
        return any(problem.stops for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row is read against: our accounts, the pictures handed in by their names, the present."""

    accounts: Sequence[KnownAccount]
    pictures: Mapping[str, str]
    languages: Sequence[str]
    now: datetime


def read_row(record: Record, choices: Choices, around: Surroundings) -> PlannedRow:
    """Return what a row says and every problem with it, each at its column. Never raises for what a cell holds."""
    row = PlannedRow(problems=list(record.problems))
    used = _used(record, choices, row)
    row.texts = _texts(used, row)
    row.zone = _zone(used, choices, row)
    row.at = None if choices.drafts else _moment(used, choices, row, around.now)
    row.accounts = _accounts(used, choices, row, around.accounts)
    row.pictures = _pictures(used, row, around.pictures)
    row.alts = tuple(text.strip() for _column, text in used.get(ALT, ()))
    row.language = _language(used, row, around.languages)
    return row


Used = dict[str, list[tuple[int, str]]]


def _used(record: Record, choices: Choices, row: PlannedRow) -> Used:
    """Return the cells by what they are, with their columns; what no cell may hold is a problem at once."""
    used: Used = {}
    for column, raw in enumerate(record.cells):
        what = choices.fields[column] if column < len(choices.fields) else ""
        if column >= len(choices.fields) and raw.strip():
            row.problems.append(Problem("extra_cells", column))
        if not what:
            continue
        if is_error(raw):
            row.problems.append(Problem("sheet_error", column, {"value": raw.strip()}))
        elif is_formula(raw):
            row.problems.append(Problem("formula", column, {"value": raw[:40]}))
        elif "\ufffd" in raw:
            row.problems.append(Problem("unreadable_letters", column))
        elif _GARBLED.search(raw):
            row.problems.append(Problem("looks_garbled", column, {"value": _GARBLED.search(raw)[0]}))  # type: ignore[index]
        used.setdefault(what, []).append((column, unguarded(raw)))
    return used


def _texts(used: Used, row: PlannedRow) -> tuple[str, ...]:
    cells = used.get(TEXT, [])
    texts = [text.strip("\r\n ") for _column, cell in cells for text in PARTING.split(cell)]
    texts = [text for text in texts if text.strip()]
    link = _first(used, LINK)
    if link and texts and link not in texts[0]:
        texts[0] = f"{texts[0]} {link}"
    elif link and not texts:
        texts = [link]
    if not texts and not any(name.strip() for _column, name in used.get(PICTURE, ())):
        row.problems.append(Problem("no_text", cells[0][0] if cells else None))
    if len(texts) > MOST_MESSAGES:
        row.problems.append(Problem("thread_too_long", cells[0][0], {"most": MOST_MESSAGES, "count": len(texts)}))
    return tuple(texts)


def _zone(used: Used, choices: Choices, row: PlannedRow) -> str:
    column, name = _cell(used, ZONE)
    if not name:
        return choices.zone
    try:
        return zone_named(_spelled(name)).key
    except RuleError:
        like = difflib.get_close_matches(name, _zones().values(), 1, 0.7)
        code = "unknown_zone_like" if like else "unknown_zone"
        row.problems.append(Problem(code, column, {"value": name[:64], "like": like[0] if like else ""}))
        return ""


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if "/" in name or name == "UTC"}


def _spelled(name: str) -> str:
    return _zones().get(name.strip().replace(" ", "_").casefold(), name.strip())


def _moment(used: Used, choices: Choices, row: PlannedRow, now: datetime) -> datetime | None:
    column, day = _cell(used, WHEN)
    if not day:
        row.problems.append(Problem("no_moment", column))
        return None
    try:
        moment = read_moment(day, _first(used, CLOCK), choices.order)
    except NoDate as problem:
        row.problems.append(Problem(problem.code, column, {"value": day[:60]}))
        return None
    if not row.zone:
        return None
    return _checked(_instant(moment, row, column, day), row, column, day, now)


def _instant(moment: datetime, row: PlannedRow, column: int | None, day: str) -> datetime:
    if moment.tzinfo is not None:
        return moment
    found = instant_at(moment, zone_named(row.zone))
    if found.edge is not Edge.NONE:
        code = "hour_twice" if found.edge is Edge.DOUBLED else "hour_skipped"
        row.problems.append(Problem(code, column, {"value": day[:60], "zone": row.zone}))
    return found.at


def _checked(at: datetime, row: PlannedRow, column: int | None, day: str, now: datetime) -> datetime:
    if at < now - PAST:
        row.problems.append(Problem("past", column, {"value": day[:60]}))
    elif at > now + FAR:
        row.problems.append(Problem("far_ahead", column, {"value": day[:60]}))
    return at


def _accounts(used: Used, choices: Choices, row: PlannedRow, known: Sequence[KnownAccount]) -> tuple[str, ...]:
    column, named = _cell(used, ACCOUNT)
    if not named:
        if not choices.accounts and not choices.drafts:
            row.problems.append(Problem("no_account", column))
        return choices.accounts
    found: list[str] = []
    for name in filter(None, _SPLIT.split(named)):
        matches = _matches(name, known)
        if len(matches) == 1:
            found.append(matches[0])
        else:
            code = "ambiguous_account" if matches else "unknown_account"
            row.problems.append(Problem(code, column, {"value": name[:80]}))
    return tuple(dict.fromkeys(found))


def _matches(name: str, known: Sequence[KnownAccount]) -> list[str]:
    network, _sign, handle = name.rpartition(":")
    handle, network = handle.lstrip("@").casefold(), network.casefold()
    of_network = [each for each in known if not network or network in (each.network, each.title.casefold())]
    by_handle = [each.id for each in of_network if each.handle.casefold() == handle]
    by_network = [each.id for each in known if not network and handle in (each.network, each.title.casefold())]
    return by_handle or by_network


def _pictures(used: Used, row: PlannedRow, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the row's pictures as they were handed in; one that was not is a problem."""
    names = []
    for column, cell in used.get(PICTURE, ()):
        name = cell.strip().split("?")[0].replace("\\", "/").rstrip("/").rpartition("/")[2]
        if not name:
            continue
        if name.casefold() not in known:
            row.problems.append(Problem("missing_picture", column, {"value": name[:120]}))
        names.append(name.casefold())
    if len(names) > MOST_PICTURES:
        row.problems.append(Problem("too_many_pictures", used[PICTURE][0][0], {"most": MOST_PICTURES}))
    return tuple(names)


def _language(used: Used, row: PlannedRow, known: Sequence[str]) -> str:
    column, code = _cell(used, LANGUAGE)
    if code and code.casefold()[:2] not in known:
        row.problems.append(Problem("unknown_language", column, {"value": code[:20]}))
        return ""
    return code.casefold()[:2]


def _cell(used: Used, what: str) -> tuple[int | None, str]:
    cells = used.get(what)
    return (cells[0][0], cells[0][1].strip()) if cells else (None, "")


def _first(used: Used, what: str) -> str:
    return _cell(used, what)[1]
