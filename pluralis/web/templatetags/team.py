"""The words of working together that templates use by name: lengths of time, shares, notices, days."""

from datetime import date

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from pluralis.inbox.models import Notice
from pluralis.web import teamwork
from pluralis.web.answering_form import SPOKEN

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def duration_words(seconds: float | None) -> str:
    """``{{ row.answer_median|duration_words }}``: a length of time in its two largest units, a dash for none."""
    if seconds is None:
        return "\u2013"
    whole = round(seconds)
    if whole < MINUTE:
        return _("%(number)d s") % {"number": whole}
    if whole < HOUR:
        return _("%(number)d min") % {"number": round(whole / MINUTE)}
    if whole < DAY:
        minutes = round(whole / MINUTE)
        return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    hours = round(whole / HOUR)
    return _("%(days)d d %(hours)d h") % {"days": hours // 24, "hours": hours % 24}


@register.filter
def minutes_words(minutes: int | None) -> str:
    """``{{ hours.answer_minutes|minutes_words }}``: minutes as a length of time."""
    return duration_words(minutes * 60 if minutes is not None else None)


@register.filter
def share_words(share: float | None) -> str:
    """``{{ row.answer_share|share_words }}``: a share in per cent, a dash where nothing was counted."""
    return "\u2013" if share is None else f"{number_format(share * 100, 0)} %"


@register.filter
def notice_words(notice: Notice) -> str:
    """What a notice tells, in the reader's language."""
    return teamwork.notice_words(notice)


@register.filter
def language_title(code: str) -> str:
    """A language by its own name; the code where it is none we know."""
    return dict(SPOKEN).get(code, code)


@register.filter
def weekday_name(number: int) -> str:
    """The name of a day of the week; Monday is 0."""
    return str(WEEKDAYS.get(number, ""))


@register.filter
def iso_day(text: str) -> str:
    """A stored day, written as the reader writes days."""
    try:
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return text
