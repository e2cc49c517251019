"""What the composer's poll shows: its answers by number, and how long it may run."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from pluralis.networks.contract import Poll

register = template.Library()

TIMES: dict[int, Any] = {
    30: _("half an hour"),
    60: _("an hour"),
    360: _("six hours"),
    720: _("twelve hours"),
    1440: _("a day"),
    4320: _("three days"),
    10080: _("a week"),
}
USUAL = 1440


@register.filter
def poll_option(poll: Poll | None, number: int) -> str:
    """The answer at a place, from 0; empty where there is none."""
    return poll.options[number] if poll and number < len(poll.options) else ""


@register.simple_tag
def poll_times(poll: Poll | None) -> list[tuple[int, Any, bool]]:
    """How long a poll may run: minutes, words, and whether that is chosen; a time that a program chose is kept."""
    chosen = poll.minutes if poll else USUAL
    times = TIMES if chosen in TIMES else {chosen: _("%(number)d minutes") % {"number": chosen}} | TIMES
    return [(minutes, words, minutes == chosen) for minutes, words in times.items()]
