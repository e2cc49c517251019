"""Polls as they are stored, and what of one does not fit a network, as codes; the words are the desk's."""

from collections.abc import Iterable, Mapping
from typing import Any

from pluralis.networks.contract import Poll, PollLimits

DAY = 24 * 60


def stored_poll(poll: Poll | None) -> dict[str, Any] | None:
    """Return a poll as a plain value."""
    if poll is None:
        return None
    return {"options": list(poll.options), "minutes": poll.minutes, "multiple": poll.multiple}


def read_poll(stored: Mapping[str, Any] | None) -> Poll | None:
    """Return the poll that :func:`stored_poll` made a plain value of."""
    return Poll(tuple(stored["options"]), stored["minutes"], stored["multiple"]) if stored else None


def poll_problems(poll: Poll, text: str, pictures: int, limits: PollLimits | None) -> Iterable[tuple[str, int]]:
    """Yield (code, number) for everything that does not fit; the number is the limit.

    The shortest time is told in minutes, the longest in days.
    """
    if limits is None:
        yield "no_polls", 0
        return
    if not text.strip():
        yield "poll_without_words", 0
    if pictures:
        yield "poll_with_pictures", 0
    yield from _option_problems(poll.options, limits)
    if poll.minutes < limits.least_minutes:
        yield "poll_too_short", limits.least_minutes
    if poll.minutes > limits.most_minutes:
        yield "poll_too_long", limits.most_minutes // DAY
    if poll.multiple and not limits.multiple:
        yield "poll_one_choice", 0


def _option_problems(options: tuple[str, ...], limits: PollLimits) -> Iterable[tuple[str, int]]:
    if len(options) < 2:
        yield "poll_too_few", 2
    if len(options) > limits.options:
        yield "poll_too_many", limits.options
    if any(len(one) > limits.characters for one in options):
        yield "poll_option_too_long", limits.characters
    if len({one.strip().casefold() for one in options}) < len(options):
        yield "poll_option_twice", 0
