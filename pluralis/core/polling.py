"""How often to ask a network that is paid by use, so that the promised answer comes in time at the lowest price.

A promise of *m* minutes holds at an hour when the longest wait for the next poll leaves the team enough of it: with a
poll every *p* minutes a message is seen at most *p* minutes after it came. The plan gives each hour of the week the
longest interval that keeps its promise; a longer one breaks it and a shorter one costs more, so this is the cheapest
plan that keeps all of them. Items cost once however often they are asked for, so intervals change the calls alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pluralis.core.promises import Hours

HOURS = 7 * 24
"""Hours of a week, from Monday 00:00 in the team's zone."""

STEPS = (1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720)
"""Intervals to choose from, in minutes."""

SPARING = 60
"""The interval, in minutes, that nobody has to wait longer than: while closed, and once a month's budget is spent."""

WEEKS = Decimal("4.348")
"""Weeks of a month: 365.25 days / 12 / 7."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised: a first answer within ``minutes`` during the ``open_hours`` of the week.

    ``work`` is how long the team itself needs once it has seen the message; outside its hours nothing is promised
    but that the hour of opening finds what came before.
    """

    minutes: int
    open_hours: frozenset[int]
    work: int = 10


@dataclass(frozen=True, slots=True)
class PollingPlan:
    """The interval of every hour of the week, in minutes, with how many calls a month that takes and their price."""

    minutes: tuple[int, ...]
    calls: int
    price: Decimal

    def interval_at(self, hour: int) -> int:
        """Return the minutes between two polls at an hour of the week."""
        return self.minutes[hour % HOURS]


def open_hours(hours: Hours) -> frozenset[int]:
    """Return the hours of the week in which it is open at some moment; holidays do not count."""
    if hours.always:
        return frozenset(range(HOURS))
    found: set[int] = set()
    for day, openings in enumerate(hours.week):
        for begin, end in openings:
            last = end.hour + (end.minute > 0) + (24 if end <= begin else 0)
            found |= {(day * 24 + hour) % HOURS for hour in range(begin.hour, last)}
    return frozenset(found)


def work_within(minutes: int) -> int:
    """Return how many of the promised minutes the team keeps for itself: ten, or two thirds of a short promise."""
    return min(10, minutes - max(1, minutes // 3))


class ImpossiblePromise(ValueError):
    """The team's own work takes as long as the whole promise, or longer."""


def plan(promise: Promise, price_per_call: Decimal, quiet_minutes: int = SPARING) -> PollingPlan:
    """Return the cheapest plan that keeps the promise; ``quiet_minutes`` is the most anybody waits when closed.

    The hour before opening is asked like an open one: who opens the desk finds all that came. Raises
    :class:`ImpossiblePromise`.
    """
    room = promise.minutes - promise.work
    if room < STEPS[0]:
        raise ImpossiblePromise(f"{promise.minutes} minutes promised, {promise.work} needed")
    awake, asleep = longest_within(room), longest_within(max(quiet_minutes, STEPS[0]))
    eve = {(hour - 1) % HOURS for hour in promise.open_hours}
    minutes = tuple(
        awake if hour in promise.open_hours else min(awake, 60) if hour in eve else max(asleep, awake)
        for hour in range(HOURS)
    )
    return priced(minutes, price_per_call)


def longest_within(minutes: int) -> int:
    """Return the longest interval to choose from that is not longer than ``minutes``."""
    return max(step for step in STEPS if step <= minutes)


def priced(minutes: Sequence[int], price_per_call: Decimal) -> PollingPlan:
    """Return a plan with its calls and price of a month."""
    calls = int(sum(Decimal(60) / each for each in minutes) * WEEKS)
    return PollingPlan(tuple(minutes), calls, calls * price_per_call)


def even(minutes: int, price_per_call: Decimal) -> PollingPlan:
    """Return what asking every ``minutes`` at every hour costs, to compare with."""
    return priced((minutes,) * HOURS, price_per_call)


def keeps(plan: PollingPlan, promise: Promise) -> bool:
    """Say whether at every open hour a message is seen early enough for the team to answer in time."""
    return all(plan.minutes[hour] + promise.work <= promise.minutes for hour in promise.open_hours)


@dataclass(frozen=True, slots=True)
class Spending:
    """A month so far, in one currency: what was charged, what is scheduled until its end, what may be spent.

    ``reads`` is how much of ``spent`` went into reading, at most.
    """

    spent: Decimal
    scheduled: Decimal
    budget: Decimal | None
    reads: Decimal = Decimal(0)

    WARN = Decimal("0.8")

    @property
    def writes(self) -> Decimal:
        """How much was spent on what went out."""
        return self.spent - self.reads

    @property
    def share(self) -> Decimal:
        """The part of the budget that is spent; 0 without one."""
        return self.spent / self.budget if self.budget else Decimal(0)

    @property
    def warns(self) -> bool:
        """Whether four fifths are reached."""
        return self.budget is not None and self.spent >= self.WARN * self.budget

    @property
    def stops(self) -> bool:
        """Whether all of it is spent: what costs more waits for a lead."""
        return self.budget is not None and self.spent >= self.budget

    @property
    def falls_short(self) -> Decimal:
        """How much the month will cost beyond its budget if all that is scheduled goes out; 0 if it suffices."""
        if self.budget is None:
            return Decimal(0)
        return max(Decimal(0), self.spent + self.scheduled - self.budget)
