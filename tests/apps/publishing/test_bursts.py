"""Many parts due together: one wake-up for an account, one part after the other, and nobody left behind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from pluralis.core.delivery import Outcome, OutcomeKind
from pluralis.networks.contract import Reference, RemotePost
from pluralis.networks.fake.x import FakeX
from pluralis.publishing import sending
from pluralis.publishing.actions import cancel_delivery, claim_part, move_delivery, record_outcome
from pluralis.publishing.actions.claim import Claim, Wish
from pluralis.publishing.actions.reconcile import begin_look, judge
from pluralis.publishing.composing import compose
from pluralis.publishing.models import Attempt, AttemptResult, Part
from pluralis.publishing.tasks import publish_part, wake_due_parts
from pluralis.publishing.timing import times
from pluralis.teams.locks import is_owned, locks
from pluralis.teams.models import Account, Credential
from tests.apps.cast import Cast, connect, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now


def sent_texts(x: FakeX) -> list[str]:
    return [entry.detail["text"] for entry in x.ledger.entries(action="post")]


def planned(cast: Cast, account: Account, *texts: str, **state: object) -> list[Part]:
    """Schedule a post of its own for each text; brings their parts to ``state``."""
    parts = []
    for text in texts:
        delivery = schedule(cast.alice, write(cast.alice, text), account)[0]
        Part.objects.filter(delivery=delivery).update(**state)
        parts.append(Part.objects.get(delivery=delivery))
    return parts


def wake_ups() -> list[str]:
    """The parts named by the wake-ups in the engine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'part_id' FROM procrastinate_jobs WHERE task_name = 'publish_part' ORDER BY id")
        return [part_id for (part_id,) in cursor.fetchall()]


def forget_wake_ups() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def together(cast: Cast, account: Account, x: FakeX) -> list[Part]:
    """Three parts of one account, and one of another, due at one instant a minute ahead, not woken yet."""
    at = NOW() + timedelta(minutes=1)
    parts = planned(cast, account, "One.", "Two.", "Three.", due_at=at, woken_for=None)
    return parts + planned(cast, connect(cast.alice, x, "NorluneCare"), "Elsewhere.", due_at=at, woken_for=None)


# Wake-ups


def test_what_is_due_together_on_one_account_shares_a_wake_up(together: list[Part]) -> None:
    forget_wake_ups()
    assert wake_due_parts(0) == 4
    woken = Part.objects.filter(id__in=wake_ups())
    assert sorted(part.account_id for part in woken) == sorted({part.account_id for part in together})
    assert len(wake_ups()) == 2
    assert wake_due_parts(0) == 0


def test_a_part_planned_for_an_instant_that_is_woken_already_needs_no_second_wake_up(
    cast: Cast, account: Account
) -> None:
    at = NOW() + timedelta(minutes=2)
    first, second, other = (schedule(cast.alice, write(cast.alice, text), account)[0] for text in ("A.", "B.", "C."))
    before = len(wake_ups())
    for delivery in (first, second):
        move_delivery(actor=cast.alice, delivery_id=delivery.id, to=at, now=NOW())
    assert len(wake_ups()) == before + 1
    move_delivery(actor=cast.alice, delivery_id=other.id, to=at + timedelta(seconds=1), now=NOW())
    assert len(wake_ups()) == before + 2


def test_the_wake_up_of_a_cancelled_part_still_sends_the_others(
    cast: Cast, account: Account, x: FakeX, together: list[Part]
) -> None:
    cancel_delivery(actor=cast.alice, delivery_id=together[0].delivery_id, now=NOW())
    Part.objects.update(due_at=NOW())
    publish_part(str(together[0].id))
    assert sent_texts(x) == ["Two.", "Three."]


# One after the other


def test_each_part_has_its_own_claim_and_its_own_record(cast: Cast, account: Account, x: FakeX) -> None:
    parts = planned(cast, account, *(f"Number {word}." for word in ("one", "two", "three")), due_at=NOW())
    assert sending.publish_part(str(parts[2].id), worker="w") == 3
    assert list(Attempt.objects.order_by("id").values_list("part", flat=True)) == [part.id for part in parts]
    assert list(AttemptResult.objects.values_list("outcome", flat=True)) == ["sent"] * 3
    assert set(Part.objects.values_list("state", flat=True)) == {"sent"}
    assert not any(is_owned(token) for token in Attempt.objects.values_list("token", flat=True))


def test_an_answer_to_a_person_goes_before_what_was_due_earlier(cast: Cast, account: Account, x: FakeX) -> None:
    first, _second = planned(cast, account, "Planned.", "Planned too.", due_at=NOW() - timedelta(minutes=1))
    planned(cast, account, "An answer.", due_at=NOW(), is_reply=True)
    publish_part(str(first.id))
    assert sent_texts(x) == ["An answer.", "Planned.", "Planned too."]


def test_a_part_that_comes_to_nothing_does_not_hold_up_the_next(cast: Cast, account: Account, x: FakeX) -> None:
    x.moods.set("error_before", "post", times=1)
    first, _second = planned(cast, account, "Unlucky.", "Lucky.", due_at=NOW())
    publish_part(str(first.id))
    states = dict(Part.objects.values_list("text", "state"))
    assert (states["Unlucky."] != "sent", states["Lucky."]) == (True, "sent")


def test_a_part_that_fails_in_an_unforeseen_way_does_not_block_its_account(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = planned(cast, account, "Broken.", "Whole.", due_at=NOW())
    real = sending.claim_wished

    def broken(wish: Wish) -> Claim | None:
        if wish.part_id == first.id:
            raise KeyError("nobody thought of this")
        return real(wish)

    monkeypatch.setattr(sending, "claim_wished", broken)
    publish_part(str(first.id))
    assert sent_texts(x) == ["Whole."]


def test_an_account_with_much_to_send_gives_way_and_is_woken_again(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _third = planned(cast, account, "One.", "Two.", "Three.", due_at=NOW())
    forget_wake_ups()
    monkeypatch.setattr(sending, "TURN", timedelta(0))
    publish_part(str(first.id))
    assert (sent_texts(x), wake_ups()) == (["One."], [str(second.id)])


def test_a_wake_up_that_finds_the_account_busy_leaves_at_once(cast: Cast, account: Account, x: FakeX) -> None:
    first, second = planned(cast, account, "On its way.", "Waits.", due_at=NOW())
    claim = claim_part(first.id, worker="other")
    assert claim is not None
    assert sending.publish_part(str(second.id), worker="w") == 0
    locks.release(claim.token)
    assert sent_texts(x) == []


def test_keys_stored_anew_between_the_opening_and_the_claim_do_not_disconnect_the_account(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    (part,) = planned(cast, account, "With the old keys.", due_at=NOW())
    real = sending.claim_wished

    def connected_again(wish: Wish) -> Claim | None:
        Credential.objects.filter(account=account).update(updated_at=NOW())
        return real(wish)

    monkeypatch.setattr(sending, "claim_wished", connected_again)
    publish_part(str(part.id))
    part.refresh_from_db()
    assert (part.state, part.reason, sent_texts(x)) == ("waiting", "reconnected", [])


# What networks say


def test_what_a_network_says_is_kept_without_what_cannot_be_kept(cast: Cast, account: Account) -> None:
    (part,) = planned(cast, account, "Refused.", due_at=NOW())
    claim = claim_part(part.id, worker="w")
    assert claim is not None
    record_outcome(claim, Outcome(OutcomeKind.REFUSED, "no\0 such \ud800thing"), None)
    locks.release(claim.token)
    part.refresh_from_db()
    assert (part.state, part.reason) == ("refused", "no such \N{REPLACEMENT CHARACTER}thing")


def test_where_a_part_stands_is_kept_without_what_cannot_be_kept(cast: Cast, account: Account) -> None:
    (part,) = planned(cast, account, "Sent.", due_at=NOW())
    claim = claim_part(part.id, worker="w")
    assert claim is not None
    stands = RemotePost(Reference("4\x002", {"cid": "a\0b"}), "https://x.example/\x0042", "Sent.", NOW())
    record_outcome(claim, Outcome(OutcomeKind.SENT), stands)
    locks.release(claim.token)
    part.refresh_from_db()
    assert (part.remote_id, part.remote, part.url) == ("42", {"cid": "ab"}, "https://x.example/42")


@pytest.mark.parametrize(("tries", "least"), [(1, 0), (2, 7), (5, 60)])
def test_what_is_proven_absent_again_and_again_goes_out_less_and_less_often(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch, tries: int, least: int
) -> None:
    from pluralis.core.delivery import Judgement, Resolution
    from pluralis.publishing.actions import reconcile

    (part,) = planned(cast, account, "Never there.", due_at=NOW())
    claim = claim_part(part.id, worker="w")
    assert claim is not None
    record_outcome(claim, Outcome(OutcomeKind.UNCONFIRMED, "unforeseen"), None)
    locks.release(claim.token)
    Part.objects.update(look_again_at=NOW() - timedelta(seconds=1), tries=tries)
    looked = begin_look(part.id, NOW(), timedelta(minutes=2))
    assert looked is not None
    monkeypatch.setattr(reconcile, "resolve_doubt", lambda *_facts: Resolution(Judgement.ABSENT))
    before = NOW()
    judge(looked, compose(looked, before, with_pictures=False), None, times(), owner_dead=True, began_at=before)
    part.refresh_from_db()
    assert part.state == "waiting"
    waits = (part.due_at - before).total_seconds()
    assert least <= waits < (1 if tries == 1 else 1000)
