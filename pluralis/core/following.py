"""How often to look again whether a message of somebody else still stands as it did.

Most deletions and corrections come within minutes of the writing; after days hardly any do. So the pauses grow with
the age of a message, are shorter while it waits for us, and longer where every look has its price. What is older than
the last rung is looked at only when somebody opens it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """Up to an age, how long to wait between two looks: while the conversation is open, and otherwise (``None``:
    not at all)."""

    age: timedelta
    open: timedelta
    closed: timedelta | None


FREE: Sequence[Rung] = (
    Rung(timedelta(hours=1), timedelta(minutes=5), timedelta(minutes=10)),
    Rung(timedelta(days=1), timedelta(minutes=30), timedelta(hours=2)),
    Rung(timedelta(days=7), timedelta(hours=6), timedelta(days=1)),
    Rung(timedelta(days=60), timedelta(days=1), timedelta(days=4)),
)
# A network that charges takes the price of a message once in a UTC day, however often it is asked for that day.
PAID: Sequence[Rung] = (
    Rung(timedelta(days=1), timedelta(hours=4), timedelta(hours=12)),
    Rung(timedelta(days=7), timedelta(days=1), timedelta(days=3)),
    Rung(timedelta(days=30), timedelta(days=7), None),
)
SHOWN_FREE, SHOWN_PAID = timedelta(minutes=2), timedelta(hours=4)


def next_look(*, written_at: datetime, now: datetime, is_open: bool, paid: bool) -> datetime | None:
    """Return when to look at a message again, ``None`` when only somebody who opens it should cause it."""
    age = now - written_at
    for rung in PAID if paid else FREE:
        if age < rung.age:
            pause = rung.open if is_open else rung.closed
            return now + pause if pause is not None else None
    return None


def is_stale(followed_at: datetime | None, *, now: datetime, paid: bool) -> bool:
    """Say whether a message that somebody opens now should be looked at first."""
    return followed_at is None or now - followed_at >= (SHOWN_PAID if paid else SHOWN_FREE)
