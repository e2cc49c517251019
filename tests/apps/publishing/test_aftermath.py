"""After a stop or an outage: every post is told with what became of it, and goes on one by one or together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pluralis.core.delivery import MissedPolicy
from pluralis.core.states import PartState
from pluralis.publishing import queries
from pluralis.publishing.actions import (
    cancel_deliveries,
    claim_part,
    lift_stop,
    release_deliveries,
    stop_everything,
)
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account
from tests.apps.cast import Cast, schedule, write

NOW = timezone.now
WORDS = {"ask": "Asked about.", "skip": "Skipped by rule.", "late": "Late without end."}


def planned(cast: Cast, account: Account, *texts: str, **more: object) -> Delivery:
    return schedule(cast.alice, write(cast.alice, *texts), account, after=3600, **more)[0]


def after_an_outage(delivery: Delivery, hours: float = 5) -> None:
    """Let the time of a delivery have passed while nobody could send it, and the worker find it now."""
    at = NOW() - timedelta(hours=hours)
    Delivery.objects.filter(id=delivery.id).update(planned_at=at)
    delivery.parts.update(planned_at=at, due_at=at)
    assert claim_part(delivery.parts.get().id, worker="w") is None


def test_each_post_is_told_by_what_its_own_rule_made_of_it(cast: Cast, account: Account) -> None:
    made = {rule: planned(cast, account, text, missed_policy=MissedPolicy(rule)) for rule, text in WORDS.items()}
    for delivery in made.values():
        after_an_outage(delivery)
    sent = planned(cast, account, "Out, but an hour late.")
    at = NOW() - timedelta(hours=2)
    sent.parts.update(state="sending")
    sent.parts.update(state="sent", planned_at=at, sent_at=at + timedelta(hours=1))
    found = queries.aftermath_of(cast.alice, NOW())
    assert {one.delivery.id for one in found.missed} == {made["ask"].id, made["late"].id}
    assert [one.delivery.id for one in found.skipped] == [made["skip"].id]
    assert [(one.delivery.id, one.late) for one in found.late] == [(sent.id, timedelta(hours=1))]
    assert queries.waiting_count(cast.alice) == 2
    assert queries.aftermath_of(cast.charlie, NOW()).nothing


def test_a_part_whose_worker_hangs_is_shown(cast: Cast, account: Account) -> None:
    delivery = planned(cast, account, "On its way for ever.")
    delivery.parts.update(state="sending", claimed_at=NOW() - timedelta(minutes=10))
    assert [one.delivery.id for one in queries.aftermath_of(cast.alice, NOW()).hanging] == [delivery.id]
    delivery.parts.update(claimed_at=NOW())
    assert queries.aftermath_of(cast.alice, NOW()).nothing


def test_what_a_stop_held_goes_on_one_by_one(cast: Cast, account: Account) -> None:
    first, second, third = (planned(cast, account, f"Number {word}.") for word in ("one", "two", "three"))
    stop_everything(actor=cast.alice, reason="Outage", now=NOW())
    with pytest.raises(Conflict) as stopped:
        release_deliveries(actor=cast.alice, delivery_ids=[first.id], at=None, now=NOW())
    assert stopped.value.code == "stopped"
    lift_stop(actor=cast.alice, now=NOW())
    assert len(queries.aftermath_of(cast.alice, NOW()).held) == 3
    at = NOW() + timedelta(hours=3)
    assert release_deliveries(actor=cast.alice, delivery_ids=[first.id], at=None, now=NOW()).done == 1
    assert release_deliveries(actor=cast.alice, delivery_ids=[second.id], at=at, now=NOW()).done == 1
    assert cancel_deliveries(actor=cast.alice, delivery_ids=[third.id], now=NOW()).done == 1
    states = {each.id: each.parts.get() for each in (first, second, third)}
    assert [one.state for one in states.values()] == ["waiting", "waiting", "cancelled"]
    assert states[second.id].due_at == at
    assert queries.aftermath_of(cast.alice, NOW()).nothing


def test_a_thread_comes_back_whole(cast: Cast, account: Account) -> None:
    delivery = planned(cast, account, "First of all.", "Second of all.")
    stop_everything(actor=cast.alice, reason="", now=NOW())
    lift_stop(actor=cast.alice, now=NOW())
    (one,) = queries.aftermath_of(cast.alice, NOW()).held
    assert len(one.parts) == 2
    release_deliveries(actor=cast.alice, delivery_ids=[delivery.id], at=None, now=NOW())
    assert set(delivery.parts.values_list("state", flat=True)) == {PartState.WAITING}


def test_one_that_cannot_go_stops_no_other(cast: Cast, account: Account) -> None:
    first, second = planned(cast, account, "Number one."), planned(cast, account, "Number two.")
    Part.objects.update(state="held", hold_reason="stopped")
    Part.objects.filter(delivery=second).update(hold_reason="by_hand")
    done = release_deliveries(actor=cast.alice, delivery_ids=[second.id, first.id], at=None, now=NOW())
    assert done.done == 1
    assert [each for each, _why in done.refused] == [second.id]
    again = release_deliveries(actor=cast.alice, delivery_ids=[first.id], at=None, now=NOW())
    assert (again.done, len(again.refused)) == (0, 1)


def test_nothing_chosen_a_past_time_and_others_are_refused(cast: Cast, account: Account) -> None:
    delivery = planned(cast, account, "Number one.")
    Part.objects.update(state="held", hold_reason="stopped")
    with pytest.raises(Invalid):
        release_deliveries(actor=cast.alice, delivery_ids=[], at=None, now=NOW())
    with pytest.raises(Invalid):
        release_deliveries(actor=cast.alice, delivery_ids=[delivery.id], at=NOW() - timedelta(hours=1), now=NOW())
    with pytest.raises(NotFound):
        cancel_deliveries(actor=cast.charlie, delivery_ids=[delivery.id], now=NOW())
    with pytest.raises(Forbidden):
        cancel_deliveries(actor=cast.bob, delivery_ids=[delivery.id], now=NOW())
    assert Part.objects.get().state == PartState.HELD
