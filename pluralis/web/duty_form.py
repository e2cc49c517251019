"""The forms of the roster, and the week as its page shows it."""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from pluralis.core.clock import instant_at
from pluralis.core.duty import Span, uncovered
from pluralis.teams.models import Membership
from pluralis.web.forms import ZoneField

_DAY = timedelta(days=1)
_TIME = {"type": "time"}
_MOMENT = {"type": "datetime-local"}


class ShiftForm(forms.Form):
    """A stretch of every week."""

    member = forms.ChoiceField(label=_("Who"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"), coerce=int, choices=[*WEEKDAYS.items()], initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox"}),
    )  # fmt: skip
    starts = forms.TimeField(label=_("From"), initial=time(9), widget=forms.TimeInput(attrs=_TIME, format="%H:%M"))
    ends = forms.TimeField(
        label=_("Until"), initial=time(17), widget=forms.TimeInput(attrs=_TIME, format="%H:%M"),
        help_text=_("Earlier than it begins means the next morning."),
    )  # fmt: skip
    zone = ZoneField(help_text=_("The shift follows this wall clock, also when clocks change."))
    valid_from = forms.DateField(label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    valid_until = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [(str(each.id), str(each.user)) for each in members]  # type: ignore[attr-defined]


class ChangeForm(forms.Form):
    """What differs for a stretch: away, there besides, or somebody in one's place."""

    member = forms.ChoiceField(label=_("Who"))
    what = forms.ChoiceField(
        label=_("What differs"),
        choices=[("off", _("Is away")), ("on", _("Is on duty besides")), ("swap", _("Somebody else stands in"))],
    )
    covering = forms.ChoiceField(label=_("Who stands in"), required=False)
    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs=_MOMENT))
    ends_at = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput(attrs=_MOMENT))
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, members: list[Membership], own: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [(str(each.id), str(each.user)) for each in own]  # type: ignore[attr-defined]
        everybody = [("", "-"), *((str(each.id), str(each.user)) for each in members)]
        self.fields["covering"].choices = everybody  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Piece:
    """A span on one day of the viewer: its times there, the member's own times where they differ, and where it lies
    on the day's line of 1,440 minutes."""

    text: str
    own: str
    left: int
    width: int
    now: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A member's week: seven lists of pieces."""

    member: Membership
    zone: str
    days: list[list[Piece]]


def week_of(asked: str, now: datetime, zone: ZoneInfo) -> date:
    """Return the Monday of the week that an address names, else of this one."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = now.astimezone(zone).date()
    day = min(max(day, date(2000, 1, 3)), date(2100, 1, 1))
    return day - timedelta(days=day.weekday())


def edges_of(monday: date, zone: ZoneInfo) -> list[datetime]:
    """Return the eight midnights of a week, as instants."""
    return [instant_at(monday + number * _DAY, time(0), zone) for number in range(8)]


def lines_of(members: list[Membership], spans: list[Span], edges: list[datetime], now: datetime) -> list[Line]:
    """Return the week of every member who has anything in it, or is usually on the roster."""
    by_member: dict[UUID, list[Span]] = {}
    for span in spans:
        by_member.setdefault(span.member, []).append(span)  # type: ignore[arg-type]
    zone = timezone.get_current_timezone()
    return [
        Line(each, each.user.zone, [
            [_piece(span, begin, end, zone, ZoneInfo(each.user.zone), now) for span in by_member[each.id]
             if span.starts_at < end and span.ends_at > begin]
            for begin, end in itertools.pairwise(edges)
        ])
        for each in members if each.id in by_member
    ]  # fmt: skip


def _piece(span: Span, begin: datetime, end: datetime, zone: Any, own: ZoneInfo, now: datetime) -> Piece:
    starts, ends = max(span.starts_at, begin), min(span.ends_at, end)
    long = (end - begin) / timedelta(minutes=1)
    left = round((starts - begin) / timedelta(minutes=1) * 1440 / long)
    width = max(8, round((ends - starts) / timedelta(minutes=1) * 1440 / long))
    here, there = _times(starts, ends, zone), _times(starts, ends, own)
    return Piece(here, there if there != here else "", left, width, span.starts_at <= now < span.ends_at)


def gaps_of(spans: list[Span], edges: list[datetime]) -> list[list[str]]:
    """Return for each day the stretches in which nobody is on duty, in the viewer's times."""
    zone = timezone.get_current_timezone()
    return [
        [_times(starts, ends, zone) for starts, ends in uncovered(spans, begin, end)]
        for begin, end in itertools.pairwise(edges)
    ]


def _times(starts: datetime, ends: datetime, zone: Any) -> str:
    begin, end = starts.astimezone(zone), ends.astimezone(zone)
    last = "24:00" if end.time() == time(0) and end > begin else date_format(end, "H:i")
    return f"{date_format(begin, 'H:i')}\u2013{last}"
