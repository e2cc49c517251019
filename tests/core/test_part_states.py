"""A part's states as a machine against an imagined network: every declared move, no other, and never two copies.

The imagined network tells the truth late, partly, or not at all; the owner of an attempt may be killed or frozen at
any point. What the product may say of a part is held against what really stands there, after every step.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pluralis.core.delivery import (
    Act,
    Doubt,
    Judgement,
    MissedPolicy,
    Outcome,
    OutcomeKind,
    PartFacts,
    Reading,
    Times,
    advance,
    may_send,
    resolve_doubt,
)
from pluralis.core.states import PART_MOVES, HoldReason, IllegalMove, PartState, check_part_move

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEND = Times().send
RULE = "hypothesis_stateful_rule"
"""Where hypothesis keeps a rule with its preconditions, which the long walk heeds too."""

STEPS = 25_000
TROUBLES = ("stopped", "connected", "paused", "unchanged", "by_hand")
S = PartState

# The table of the promises, once more by hand: the declared one must say the same (docs/explanation/promises.md).
PROMISED = {
    (S.WAITING, S.SENDING), (S.WAITING, S.HELD), (S.WAITING, S.MISSED), (S.WAITING, S.CANCELLED),
    (S.SENDING, S.SENT), (S.SENDING, S.REFUSED), (S.SENDING, S.UNCONFIRMED), (S.SENDING, S.WAITING),
    (S.SENDING, S.HELD),
    (S.HELD, S.WAITING), (S.HELD, S.MISSED), (S.HELD, S.CANCELLED), (S.HELD, S.SENT),
    (S.REFUSED, S.WAITING), (S.REFUSED, S.CANCELLED),
    (S.MISSED, S.WAITING), (S.MISSED, S.CANCELLED),
    (S.UNCONFIRMED, S.SENT), (S.UNCONFIRMED, S.WAITING), (S.UNCONFIRMED, S.CANCELLED),
    (S.SENT, S.DELETED),
}  # fmt: skip


@dataclass
class Attempt:
    """One try. A write leaves before the deadline or never; ``over`` says that its owner can do nothing any more."""

    claimed_at: datetime
    wrote_at: datetime | None = None
    accepted: bool = False
    twin: bool = False
    over: bool = False


@dataclass
class Network:
    """What stands there. ``shown_at`` of each copy is when a timeline shows it: some time after it was accepted."""

    by_key: bool = False
    shown_at: list[datetime] = field(default_factory=list)

    def accept(self, now: datetime, shown_at: datetime) -> None:
        """Take a write; one under a key that stands already changes nothing."""
        if not (self.by_key and self.shown_at):
            self.shown_at.append(now if self.by_key else shown_at)

    def visible(self, now: datetime) -> int:
        return sum(at <= now for at in self.shown_at)


class PartMachine(RuleBasedStateMachine):
    """One part on its road. ``seen`` collects the moves of all examples."""

    seen: set[tuple[PartState, PartState]]
    by_key = False
    times = Times()

    def __init__(self) -> None:
        super().__init__()
        self.seen = getattr(self, "seen", set())
        self.begin()

    def begin(self) -> None:
        self.state, self.now, self.due_at = S.WAITING, START, START
        self.hold_reason: HoldReason | None = None
        self.network = Network(by_key=self.by_key)
        self.attempt: Attempt | None = None
        self.readings: list[Reading] = []
        self.in_doubt, self.asked, self.tries = False, False, 0

    def move(self, after: PartState) -> None:
        check_part_move(self.state, after)
        self.seen.add((self.state, after))
        self.state, self.asked = after, False

    # Time, and what it does to people and processes.

    @rule(seconds=st.sampled_from([1, 1, 1, 5, 5, 31, 61, 125, 400, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.state is S.SENDING)
    @rule(sure=st.booleans())
    def the_owner_is_killed(self, sure: bool) -> None:
        assert self.attempt
        self.attempt.over = self.attempt.over or sure

    # The road.

    @precondition(lambda self: self.state is S.WAITING)
    @rule(
        policy=st.sampled_from(MissedPolicy),
        trouble=st.sampled_from(["", "", "", "", "", *TROUBLES]),
    )
    def a_worker_takes_it(self, policy: MissedPolicy, trouble: str) -> None:
        facts: dict[str, bool] = {trouble: trouble not in ("connected", "unchanged")} if trouble else {}
        verdict = may_send(
            PartFacts(self.state, self.due_at, self.due_at, policy, timedelta(hours=2), **facts), self.now
        )
        match verdict.act:
            case Act.SEND:
                self.move(S.SENDING)
                self.attempt, self.readings, self.tries = Attempt(self.now), [], self.tries + 1
            case Act.HOLD:
                self.move(S.HELD)
                self.hold_reason = HoldReason(verdict.reason)
            case Act.MISS:
                self.move(S.MISSED)

    @precondition(lambda self: self.writes())
    @rule(accepted=st.sampled_from([True, True, False]), lag=st.sampled_from([0, 30, 110]))
    def the_owner_writes(self, accepted: bool, lag: int) -> None:
        assert self.attempt
        self.attempt.wrote_at = self.now
        self.attempt.twin = self.in_doubt and bool(self.network.shown_at) and not self.by_key
        self.attempt.accepted = accepted and not self.attempt.twin
        if self.attempt.accepted:
            self.network.accept(self.now, self.now + timedelta(seconds=lag))

    def writes(self) -> bool:
        one = self.attempt
        in_time = one is not None and self.now < one.claimed_at + SEND
        return one is not None and in_time and not one.over and one.wrote_at is None

    @precondition(lambda self: self.attempt is not None and not self.attempt.over and self.state in (S.SENDING,))
    @rule(kind=st.sampled_from(OutcomeKind), jitter=st.floats(0, 1))
    def the_owner_records(self, kind: OutcomeKind, jitter: float) -> None:
        assert self.attempt
        outcome = Outcome(self.truthful(kind), duplicate=self.attempt.twin)
        self.attempt.over = True
        following = advance(outcome, in_doubt=self.in_doubt, tries=self.tries, jitter=jitter, now=self.now)
        self.move(following.state)
        self.hold_reason, self.due_at = following.hold_reason, following.due_at or self.due_at
        self.in_doubt = self.in_doubt or following.state is S.UNCONFIRMED

    def truthful(self, kind: OutcomeKind) -> OutcomeKind:
        """An answer may be lost; but *sent* is never said of what was not taken, nor *no* of what was."""
        assert self.attempt
        if self.attempt.twin:
            return OutcomeKind.REFUSED
        if self.attempt.accepted:
            lost = kind in (OutcomeKind.UNCONFIRMED, OutcomeKind.DISCONNECTED)
            return OutcomeKind.UNCONFIRMED if lost else OutcomeKind.SENT
        return OutcomeKind.UNCONFIRMED if kind is OutcomeKind.SENT else kind

    @precondition(lambda self: self.state is S.SENDING and self.attempt is not None and self.attempt.over)
    @rule()
    def somebody_finds_the_owner_dead(self) -> None:
        self.move(S.UNCONFIRMED)
        self.in_doubt = True

    @precondition(lambda self: self.state is S.UNCONFIRMED and not self.asked)
    @rule(complete=st.booleans())
    def somebody_looks_it_up(self, complete: bool) -> None:
        assert self.attempt
        dead, found = self.attempt.over, self.network.visible(self.now)
        self.readings.append(Reading(self.now, complete, found, by_key=self.by_key, owner_dead=dead))
        doubt = Doubt(dead, self.attempt.claimed_at, tuple(self.readings), self.attempt.twin)
        match resolve_doubt(doubt, self.times, self.now).judgement:
            case Judgement.FOUND:
                self.move(S.SENT)
            case Judgement.ABSENT:
                self.move(S.WAITING)
                self.due_at = self.now
            case Judgement.ASK:
                self.asked = True

    @precondition(lambda self: self.state is S.UNCONFIRMED and not self.asked)
    @rule(complete=st.booleans())
    def somebody_is_killed_between_reading_and_judging(self, complete: bool) -> None:
        assert self.attempt
        found = self.network.visible(self.now)
        self.readings.append(Reading(self.now, complete, found, by_key=self.by_key, owner_dead=self.attempt.over))

    @precondition(lambda self: self.state is S.UNCONFIRMED and not self.asked)
    @rule()
    def somebody_cannot_read_the_network(self) -> None:
        assert self.attempt
        facts = (self.attempt.over, self.attempt.claimed_at, tuple(self.readings), self.attempt.twin)
        judgement = resolve_doubt(Doubt(*facts, readable=False), self.times, self.now).judgement
        assert judgement in (Judgement.LOOK_AGAIN, Judgement.ASK)
        self.asked = judgement is Judgement.ASK

    # What people do.

    @precondition(lambda self: S.CANCELLED in PART_MOVES[self.state])
    @rule(sure=st.integers(1, 8))
    def a_person_cancels(self, sure: int) -> None:
        if sure == 7:
            self.move(S.CANCELLED)

    @precondition(lambda self: self.state in (S.HELD, S.MISSED, S.REFUSED))
    @rule()
    def a_person_lets_it_go_on(self) -> None:
        if self.hold_reason is not HoldReason.BY_HAND or not self.network.shown_at:
            self.move(S.WAITING)
            self.hold_reason, self.due_at = None, self.now

    @precondition(lambda self: self.state is S.HELD and self.hold_reason is HoldReason.BY_HAND)
    @rule()
    def a_person_finishes_it_by_hand(self) -> None:
        self.network.accept(self.now, self.now)
        self.move(S.SENT)

    @precondition(lambda self: self.state is S.HELD)
    @rule(sure=st.sampled_from([False, True]))
    def a_hold_outlives_the_time_of_the_post(self, sure: bool) -> None:
        if sure:
            self.move(S.MISSED)
            self.hold_reason = None

    @precondition(lambda self: self.state is S.UNCONFIRMED and self.network.shown_at)
    @rule()
    def a_person_who_is_asked_links_it(self) -> None:
        if self.asked:
            self.move(S.SENT)

    @precondition(lambda self: self.state is S.SENT)
    @rule()
    def a_person_takes_it_down(self) -> None:
        self.move(S.DELETED)

    @precondition(lambda self: not PART_MOVES[self.state])
    @rule()
    def another_part_begins(self) -> None:
        self.begin()

    # What must hold, whatever happened.

    @invariant()
    def any_other_move_is_refused(self) -> None:
        for after in PartState:
            if (self.state, after) not in PROMISED:
                with pytest.raises(IllegalMove):
                    check_part_move(self.state, after)

    @invariant()
    def it_never_stands_twice(self) -> None:
        assert len(self.network.shown_at) <= 1

    @invariant()
    def what_is_called_sent_stands_there(self) -> None:
        assert self.state is not S.SENT or len(self.network.shown_at) == 1

    @invariant()
    def what_may_be_sent_again_does_not_stand_there(self) -> None:
        safe = (S.WAITING, S.HELD, S.MISSED, S.REFUSED)
        # Under a stored key a second write cannot double; and a frozen owner may have written in time.
        assert self.by_key or self.state not in safe or not self.network.shown_at


class KeyedMachine(PartMachine):
    """The same on a network that looks a part up by its own key."""

    by_key = True


CHANCES: dict[str, tuple[int, dict[str, Sequence[Any]]]] = {
    "time_passes": (40, {"seconds": (1, 5, 31, 61, 125, 400, 3600)}),
    "a_worker_takes_it": (20, {"policy": list(MissedPolicy), "trouble": ("", "", "", "", "", *TROUBLES)}),
    "the_owner_writes": (40, {"accepted": (True, True, False), "lag": (0, 30, 110)}),
    "the_owner_records": (15, {"kind": list(OutcomeKind), "jitter": (0.0, 0.5, 1.0)}),
    "the_owner_is_killed": (10, {"sure": (True,)}),
    "somebody_finds_the_owner_dead": (30, {}),
    "somebody_looks_it_up": (60, {"complete": (True, True, True, False)}),
    "a_person_cancels": (1, {"sure": (7,)}),
    "a_person_lets_it_go_on": (20, {}),
    "a_person_finishes_it_by_hand": (10, {}),
    "a_hold_outlives_the_time_of_the_post": (2, {"sure": (True,)}),
    "a_person_who_is_asked_links_it": (10, {}),
    "a_person_takes_it_down": (20, {}),
    "another_part_begins": (50, {}),
}


def walk(machine: type[PartMachine], steps: int, times: Times | None = None) -> set[tuple[PartState, PartState]]:
    """Take many steps, drawn by weight and always the same; what must hold is looked at after each.

    Hypothesis looks for the shortest way to a failure; this goes the long ways that it seldom finds.
    """
    chance, seen = random.Random(7), set[tuple[PartState, PartState]]()
    one = type("Walk", (machine,), {"seen": seen, "times": times or Times()})()
    for _ in range(steps):
        open_to_it = [name for name in CHANCES if is_open(one, name)]
        [name] = chance.choices(open_to_it, [CHANCES[each][0] for each in open_to_it])
        getattr(one, name)(**{word: chance.choice(drawn) for word, drawn in CHANCES[name][1].items()})
        one.any_other_move_is_refused()
        one.it_never_stands_twice()
        one.what_is_called_sent_stands_there()
        one.what_may_be_sent_again_does_not_stand_there()
    return seen


def is_open(one: PartMachine, name: str) -> bool:
    return all(condition(one) for condition in getattr(getattr(one, name), RULE).preconditions)


def test_the_declared_moves_are_the_promised_ones_and_no_other() -> None:
    declared = {(before, after) for before, all_after in PART_MOVES.items() for after in all_after}
    assert declared == PROMISED


class TestOnATimeline(PartMachine.TestCase):
    """Hypothesis looks for a way to a second copy, or to a move that nobody promised."""


class TestUnderAKey(KeyedMachine.TestCase):
    """The same where a part is looked up by its own key."""


@pytest.mark.parametrize("machine", [PartMachine, KeyedMachine])
def test_a_long_walk_makes_every_promised_move_and_no_other_and_never_a_second_copy(
    machine: type[PartMachine],
) -> None:
    assert walk(machine, steps=STEPS) == PROMISED


@pytest.mark.parametrize(
    "shortened",
    [
        Times(settle=timedelta(0), between_reads=timedelta(seconds=1)),
        Times(settle=timedelta(seconds=10), between_reads=timedelta(seconds=30)),
    ],
)
def test_with_shorter_spans_the_same_walk_finds_a_second_copy(shortened: Times) -> None:
    with pytest.raises(AssertionError):
        walk(PartMachine, steps=STEPS, times=shortened)
