"""When a doubt counts as settled: only what was read after the owner was known to be dead proves absence."""

from datetime import UTC, datetime, timedelta

import pytest

from pluralis.core.delivery import (
    Act,
    Doubt,
    Judgement,
    MissedPolicy,
    PartFacts,
    Reading,
    Times,
    may_send,
    resolve_doubt,
)
from pluralis.core.states import HoldReason, PartState

CLAIMED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return CLAIMED + timedelta(seconds=seconds)


def judged(now: float, *readings: Reading, **more: bool) -> Judgement:
    return resolve_doubt(Doubt(True, CLAIMED, readings, **more), Times(), at(now)).judgement


@pytest.mark.parametrize(
    ("readings", "now", "expected"),
    [
        (((200, False), (265, False), (325, True)), 325, Judgement.LOOK_AGAIN),
        (((200, False), (325, True), (390, True)), 390, Judgement.LOOK_AGAIN),
        (((200, False), (325, True), (446, True), (507, True)), 507, Judgement.ABSENT),
        (((2, True), (155, True), (216, True)), 216, Judgement.ABSENT),
        (((155, True), (216, True)), 216, Judgement.LOOK_AGAIN),
    ],
)
def test_what_was_read_while_a_frozen_owner_could_still_write_proves_nothing(
    readings: tuple[tuple[float, bool], ...], now: float, expected: Judgement
) -> None:
    looks = [Reading(at(second), complete=True, owner_dead=dead) for second, dead in readings]
    assert judged(now, *looks) is expected


def test_absent_by_every_reading_but_refused_as_a_twin_is_for_a_person() -> None:
    looks = [Reading(at(second), complete=True) for second in (2, 155, 216)]
    assert judged(216, *looks) is Judgement.ABSENT
    assert judged(216, *looks, duplicate=True) is Judgement.ASK


@pytest.mark.parametrize(
    "kept",
    [
        Reading(at(3), complete=True, found=1),
        Reading(at(3), complete=True, found=2),
        Reading(at(3), complete=True, by_key=True),
        Reading(at(216), complete=True),
    ],
)
def test_what_a_killed_looker_wrote_down_decides_nothing_while_the_network_cannot_be_read(kept: Reading) -> None:
    assert judged(220, Reading(at(155), complete=True), kept, readable=False) is Judgement.LOOK_AGAIN
    assert judged(3600, kept, readable=False) in (Judgement.LOOK_AGAIN, Judgement.ASK)


def test_a_reading_that_saw_the_post_is_no_proof_of_its_absence_later() -> None:
    saw, none, again = (Reading(at(second), True, found) for second, found in ((155, 1), (220, 0), (281, 0)))
    assert judged(220, saw, none) is Judgement.LOOK_AGAIN
    assert judged(400, saw, none, again) is Judgement.LOOK_AGAIN
    assert judged(500, saw, none, again, Reading(at(341), True)) is Judgement.ABSENT


def facts(**more: object) -> PartFacts:
    usual = {
        "state": PartState.WAITING, "due_at": CLAIMED, "planned_at": CLAIMED,
        "missed_policy": MissedPolicy.ASK, "late_limit": timedelta(hours=2),
    }  # fmt: skip
    return PartFacts(**{**usual, **more})  # type: ignore[arg-type]


def test_a_person_is_not_asked_to_finish_a_part_whose_thread_does_not_stand_yet() -> None:
    waiting = may_send(facts(by_hand=True, before_state=PartState.WAITING), at(1))
    standing = may_send(facts(by_hand=True, before_state=PartState.SENT, before_sent_at=at(0)), at(1))
    assert (waiting.act, standing.act, standing.reason) == (Act.LEAVE, Act.HOLD, HoldReason.BY_HAND)


def test_what_would_pass_a_budget_is_held_unless_it_does_not_go_out_anyway() -> None:
    dear = may_send(facts(over_budget=True), at(1))
    by_hand = may_send(facts(over_budget=True, by_hand=True), at(1))
    late = may_send(facts(over_budget=True), at(3600))
    assert (dear.act, dear.reason) == (Act.HOLD, HoldReason.OVER_BUDGET)
    assert (by_hand.reason, late.act) == (HoldReason.BY_HAND, Act.MISS)


@pytest.mark.parametrize(("planned", "act"), [(-600, Act.HOLD), (3590, Act.SEND)])
def test_a_broken_thread_goes_on_only_when_it_was_planned_anew(planned: float, act: Act) -> None:
    rest = facts(before_state=PartState.SENT, before_sent_at=at(0), planned_at=at(planned), due_at=at(0))
    assert may_send(rest, at(3600)).act is act


@pytest.mark.parametrize(("waited", "seconds"), [(0, 2), (3, 3), (8, 8), (14, 14), (20, 15), (900, 15)])
def test_looks_that_could_not_be_read_are_repeated_at_first_soon_and_then_every_quarter_of_a_minute(
    waited: int, seconds: int
) -> None:
    claimed_at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    now = claimed_at + timedelta(seconds=waited)
    resolution = resolve_doubt(Doubt(owner_dead=True, claimed_at=claimed_at, readable=False), Times(), now)
    assert (resolution.judgement, resolution.at) == (Judgement.LOOK_AGAIN, now + timedelta(seconds=seconds))
