"""Times on a chosen clock: the viewer's, with the account's beside it where the two differ."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pluralis.core.schedule import RuleError, zone_named

register = template.Library()


@register.simple_tag
def clock(at: datetime, zone: str = "") -> SafeString:
    """``{% clock at "Asia/Kuala_Lumpur" %}``: weekday, day and time as the viewer's clock shows them, and beside it
    the other zone's time (with its day where that is another)."""
    here = timezone.localtime(at)
    weekday = date_format(here, "D")
    shown = f"{weekday} {date_format(here, 'SHORT_DATETIME_FORMAT')}"
    elsewhere = _elsewhere(at, here, zone)
    beside = format_html(' <span class="elsewhere">{}</span>', elsewhere) if elsewhere else ""
    return format_html('<time datetime="{}">{}</time>{}', at.isoformat(), shown, beside)


def _elsewhere(at: datetime, here: datetime, zone: str) -> str:
    try:
        there = at.astimezone(zone_named(zone)) if zone else here
    except RuleError:
        return ""
    if there.utcoffset() == here.utcoffset():
        return ""
    day = "" if there.date() == here.date() else f"{date_format(there, 'D')} "
    city = zone.rpartition("/")[2].replace("_", " ")
    return pgettext("a time in another zone", "%(time)s in %(city)s") % {
        "time": f"{day}{time_format(there, 'TIME_FORMAT')}", "city": city,
    }  # fmt: skip


@register.filter
def edge_words(edge: str) -> str:
    """What a clock change does to a time, in a sentence; ``""`` where it does nothing."""
    return {
        "skipped": _("The clocks go forward: this hour does not exist, so it goes out right after."),
        "doubled": _("The clocks go back: this hour comes twice, and it goes out the first time only."),
    }.get(str(edge), "")
