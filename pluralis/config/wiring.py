"""What must travel against the direction of imports: an event, and the functions that hear of it.

One line per event. The functions run in the transaction of whoever tells, in the order given, and do database
work only. Of some events those who hear of them also know more: they write it into what was handed along.
"""

from functools import cache
from typing import Any, Protocol

from django.utils.module_loading import import_string

EVENTS: dict[str, tuple[str, ...]] = {
    "answer_sent": (
        "pluralis.inbox.actions.answer_was_sent",
        "pluralis.inbox.actions.remember_answer",
        "pluralis.inbox.actions.answer_was_for_incident",
    ),
    "answer_changed": ("pluralis.inbox.actions.answer_changed",),
    "duty_swapped": ("pluralis.inbox.actions.tell_cover",),
    "reads_priced": ("pluralis.inbox.queries.reads.tell_prices",),
    "budget_changed": ("pluralis.inbox.actions.read_as_before",),
    "wording_kept": ("pluralis.publishing.cards.tell_cards",),
    "upload_refused": ("pluralis.inbox.actions.tell_of_refused_files",),
    "hours_changed": ("pluralis.inbox.actions.reckon_again", "pluralis.inbox.actions.plan_polls_again"),
}


class Listener(Protocol):
    """A function that hears of an event."""

    def __call__(self, **what: Any) -> None: ...


def tell(event: str, **what: Any) -> None:
    """Tell every listener of ``event``; ``KeyError`` for an event that is not declared above."""
    for listener in _listeners(event):
        listener(**what)


@cache
def _listeners(event: str) -> tuple[Listener, ...]:
    return tuple(import_string(name) for name in EVENTS[event])
