"""How the calendar is laid out: list, day, week and month, the queue and what is out; and what is filtered away.

Everything is told in the reader's zone (Django's current one); a part planned by another clock keeps that beside it.
"""

import calendar as months
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pluralis.core.states import PartState
from pluralis.inbox.queries.private_answers import hide_private_answers
from pluralis.publishing import queries
from pluralis.publishing.models import Part
from pluralis.teams.access import Ability, may, valid_id
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Account, Membership

LIST_DAYS = 14
GAP_DAYS = 2
"""So many days in a row without a post are worth a word in the list."""
OFFICE_HOURS = range(8, 19)
"""Hours that a week and a day always show; the others only where something is planned, or on request."""
HUES = 8

VIEWS = ("list", "day", "week", "month", "queue", "sent")
SHOWS: dict[str, tuple[PartState, ...]] = {
    "planned": (PartState.WAITING, PartState.SENDING),
    "person": queries.NEEDS_A_PERSON,
    "out": (PartState.SENT, PartState.DELETED),
}
MOVABLE = frozenset({PartState.WAITING, PartState.HELD, PartState.MISSED, PartState.REFUSED})


@dataclass(frozen=True)
class Wanted:
    """What the reader wants to see: ``account_ids`` (none means all), ``shows`` a key of :data:`SHOWS` or ``""``."""

    account_ids: frozenset[UUID] = field(default_factory=frozenset)
    shows: str = ""

    @classmethod
    def of(cls, asked: QueryDict, switched_to: str | None) -> "Wanted":
        """Read the filters of an address; ``switched_to`` is the account chosen in the frame, which narrows first."""
        shows = asked.get("shows", "")
        typed = [switched_to] if switched_to else asked.getlist("account")
        return cls(frozenset(filter(None, map(_id_or_none, typed))), shows if shows in SHOWS else "")

    @property
    def words(self) -> list[tuple[str, str]]:
        """The filters as the words of an address."""
        accounts = [("account", str(one)) for one in sorted(self.account_ids)]
        return accounts + ([("shows", self.shows)] if self.shows else [])

    def toggled(self, account_id: UUID) -> "Wanted":
        """Return these filters with one account more, or less."""
        return Wanted(self.account_ids ^ {account_id}, self.shows)


@dataclass
class Timetable:
    """One reader's calendar: ``seat``, what they ``want``, and their ``accounts`` in the order of their colours."""

    seat: Membership
    wanted: Wanted
    accounts: list[Account]
    all_hours: bool = False

    def address(self, view: str = "list", **words: object) -> str:
        """Return the address of a view with the same filters."""
        shown = [("view", view)] if view != "list" else []
        query = urlencode(shown + [(name, str(word)) for name, word in words.items()] + self.wanted.words)
        return reverse("calendar") + (f"?{query}" if query else "")

    def chips(self, view: str, **words: object) -> list[dict[str, Any]]:
        """Return every account with its colour, whether it is shown, and the address that toggles it."""
        return [
            {
                "account": account,
                "hue": number % HUES,
                "chosen": account.id in self.wanted.account_ids,
                "url": Timetable(self.seat, self.wanted.toggled(account.id), self.accounts).address(view, **words),
            }
            for number, account in enumerate(self.accounts)
        ]

    def filters(self, view: str, **words: object) -> list[dict[str, Any]]:
        """Return what may be shown: everything, or the parts of one kind."""
        labels = {
            "": _("All"),
            "planned": pgettext("state of a post", "Planned"),
            "person": _("Waits for a person"),
            "out": pgettext("state of a post", "Published"),
        }
        return [
            {
                "label": label,
                "chosen": shows == self.wanted.shows,
                "url": Timetable(self.seat, Wanted(self.wanted.account_ids, shows), []).address(view, **words),
            }
            for shows, label in labels.items()
        ]

    def views(self, day: date) -> list[dict[str, str]]:
        """Return the views with their addresses around the same day."""
        stay = {} if day == timezone.localdate() else {"from": day}
        return [
            {"name": "list", "label": _("List"), "icon": "list", "url": self.address("list", **stay)},
            {"name": "day", "label": _("Day"), "icon": "calendar-clock", "url": self.address("day", **stay)},
            {"name": "week", "label": _("Week"), "icon": "columns-3", "url": self.address("week", **stay)},
            {"name": "month", "label": _("Month"), "icon": "calendar-days", "url": self.address("month", **stay)},
            {"name": "queue", "label": _("Queue"), "icon": "hourglass", "url": self.address("queue")},
            {
                "name": "sent",
                "label": pgettext("state of a post", "Published"),
                "icon": "check",
                "url": self.address("sent"),
            },
        ]

    def listed(self, first: date) -> dict[str, Any]:
        """Two weeks, day by day; stretches of silence to come are named."""
        by_day = self._by_day(first, first + timedelta(days=LIST_DAYS))
        step = timedelta(days=LIST_DAYS)
        days = [_shown(first + timedelta(days=n), by_day) for n in range(LIST_DAYS)]
        return self._turned("list", first, step) | {
            "label": _("From %(day)s") % {"day": date_format(first, "DATE_FORMAT")},
            "days": _with_gaps(days) if by_day else [],
        }

    def day(self, day: date) -> dict[str, Any]:
        """One day: hours down, accounts across, so that two posts in one hour stand side by side."""
        parts = self._planned(day, day + timedelta(days=1))
        shown = [one for one in self.accounts if not self.wanted.account_ids or one.id in self.wanted.account_ids]
        columns = [{"account": one, "key": one.id, "date": day} for one in shown]
        return self._turned("day", day, timedelta(days=1)) | {
            "label": date_format(day, "l j F Y").capitalize(),
            "columns": columns,
            "hours": self._hours(parts, columns, lambda part: part.account_id),
        }

    def week(self, day: date) -> dict[str, Any]:
        """Seven days from Monday: hours down, days across."""
        monday = day - timedelta(days=day.weekday())
        parts = self._planned(monday, monday + timedelta(days=7))
        columns = [self._week_column(monday + timedelta(days=n), parts) for n in range(7)]
        names = {"first": date_format(monday, "j F"), "last": date_format(monday + timedelta(days=6), "j F Y")}
        return self._turned("week", monday, timedelta(days=7)) | {
            "label": _("%(first)s to %(last)s") % names,
            "columns": columns,
            "hours": self._hours(parts, columns, lambda part: timezone.localdate(part.planned_at)),
        }

    def month(self, day: date) -> dict[str, Any]:
        """One month in whole weeks."""
        weeks = months.Calendar().monthdatescalendar(day.year, day.month)
        by_day = self._by_day(weeks[0][0], weeks[-1][-1] + timedelta(days=1))
        first = day.replace(day=1)
        return {
            "label": date_format(first, "YEAR_MONTH_FORMAT").capitalize(),
            "day_names": [WEEKDAYS_ABBR[number] for number in range(7)],
            "weeks": [[_shown(one, by_day) | {"other": one.month != day.month} for one in week] for week in weeks],
            "previous_url": self.address("month", **{"from": (first - timedelta(days=1)).replace(day=1)}),
            "next_url": self.address("month", **{"from": (first + timedelta(days=32)).replace(day=1)}),
            "today_url": self.address("month"),
        }

    def queue(self, after: tuple[datetime, UUID] | None) -> dict[str, Any]:
        """What waits, soonest first, a page at a time."""
        rows = queries.queue_page(self.seat, after, account_ids=self.wanted.account_ids)
        more = self.address("queue", after=_mark(rows[-1].due_at, rows[-1])) if _full(rows) else ""
        return {"label": _("Queue"), "rows": self._coloured(rows), "more_url": more}

    def sent(self, before: tuple[datetime, UUID] | None) -> dict[str, Any]:
        """What is out, newest first, a page at a time."""
        rows = queries.sent_page(self.seat, before, account_ids=self.wanted.account_ids)
        more = self.address("sent", after=_mark(rows[-1].sent_at, rows[-1])) if _full(rows) else ""
        return {"label": pgettext("state of a post", "Published"), "rows": self._coloured(rows), "more_url": more}

    def _turned(self, view: str, day: date, step: timedelta) -> dict[str, Any]:
        return {
            "previous_url": self.address(view, **{"from": day - step}),
            "next_url": self.address(view, **{"from": day + step}),
            "today_url": self.address(view),
            "all_hours_url": self.address(view, hours="all", **{"from": day}),
        }

    def _planned(self, first: date, after: date) -> list[Part]:
        states = SHOWS.get(self.wanted.shows, ())
        found = queries.calendar_between(
            self.seat, midnight(first), midnight(after), self.wanted.account_ids, states=states
        )
        queries.mark_close(found)
        return self._coloured(found)

    def _coloured(self, parts: list[Part]) -> list[Part]:
        """Tell each row what its place on the page needs: its account's colour, whether it may be dragged.

        Private answers are masked for whoever may not read them.
        """
        hide_private_answers(self.seat, parts, timezone.now())
        hues = {account.id: number % HUES for number, account in enumerate(self.accounts)}
        changes = may(self.seat, Ability.PUBLISH)
        for part in parts:
            part.hue = hues.get(part.account_id, 0)  # type: ignore[attr-defined]
            part.movable = changes and part.state in MOVABLE  # type: ignore[attr-defined]
        return parts

    def _by_day(self, first: date, after: date) -> dict[date, list[Part]]:
        by_day: dict[date, list[Part]] = defaultdict(list)
        for part in self._planned(first, after):
            by_day[timezone.localdate(part.planned_at)].append(part)
        return by_day

    def _week_column(self, day: date, parts: list[Part]) -> dict[str, Any]:
        count = sum(timezone.localdate(part.planned_at) == day for part in parts)
        return {
            "key": day,
            "date": day,
            "today": day == timezone.localdate(),
            "past": day < timezone.localdate(),
            "count": count,
        }

    def _hours(self, parts: list[Part], columns: list[dict[str, Any]], key: Any) -> list[dict[str, Any]]:
        """Return the rows of a grid: an hour, and per column what is planned in it."""
        cells: dict[tuple[int, Any], list[Part]] = defaultdict(list)
        for part in parts:
            cells[timezone.localtime(part.planned_at).hour, key(part)].append(part)
        used = {hour for hour, _key in cells} | set(OFFICE_HOURS)
        hours = range(24) if self.all_hours else range(min(used), max(used) + 1)
        now = timezone.localtime()
        return [
            {
                "hour": time(hour),
                "cells": [
                    {
                        "parts": cells[hour, column["key"]],
                        "at": f"{column['date']:%Y-%m-%d}T{hour:02d}",
                        "past": (column["date"], hour) < (now.date(), now.hour),
                        "account": column.get("account"),
                    }
                    for column in columns
                ],
            }
            for hour in hours
        ]


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time()))


def day_of(typed: str) -> date | None:
    """Return a typed ISO day that a calendar can stand around, ``None`` for anything else."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def instant_at(seconds: int) -> datetime:
    """Return the instant so many seconds after 1970; one beyond any calendar is the first of all."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def mark_of(typed: str) -> tuple[datetime, UUID] | None:
    """Return where a page ended (``instant_id`` in its address), ``None`` for anything else."""
    at, _sign, part_id = typed.partition("_")
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    known = _id_or_none(part_id)
    return (found, known) if timezone.is_aware(found) and known else None


def _mark(at: datetime | None, part: Part) -> str:
    return f"{at.isoformat()}_{part.id}" if at else ""


def _full(rows: list[Part]) -> bool:
    return len(rows) == queries.QUEUE_PAGE


def _id_or_none(typed: str) -> UUID | None:
    try:
        return valid_id(typed)
    except NotFound:
        return None


def _shown(day: date, by_day: dict[date, list[Part]]) -> dict[str, Any]:
    today = timezone.localdate()
    return {"date": day, "today": day == today, "past": day < today, "parts": by_day.get(day, [])}


def _with_gaps(days: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave days without posts out, and put one row for each stretch of them that is still to come."""
    rows: list[dict[str, Any]] = []
    silent: list[date] = []
    for day in [*days, None]:
        if day is not None and not day["parts"]:
            silent += [] if day["past"] else [day["date"]]
            continue
        if len(silent) >= GAP_DAYS:
            rows.append({"gap": len(silent), "first": silent[0], "last": silent[-1]})
        silent = []
        rows += [day] if day else []
    return rows
