"""What a sceptic tried: wake-ups that get lost, parts that never go, and ways past the stop or into a double."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from pluralis import jobs
from pluralis.config import instance
from pluralis.core.delivery import Outcome, OutcomeKind
from pluralis.networks.contract import Reference, RemotePost
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.fake.x import FakeX
from pluralis.publishing import sending
from pluralis.publishing.actions import (
    Plan,
    claim_part,
    edit_scheduled,
    lift_stop,
    move_delivery,
    record_outcome,
    schedule_post,
    settle_from_timeline,
    stop_everything,
    try_again,
)
from pluralis.publishing.actions.claim import Claim, Wish
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Delivery, Part
from pluralis.publishing.tasks import publish_part, wake_due_parts
from pluralis.publishing.wakeups import wake_next
from pluralis.teams.actions.credentials import ensure_fresh
from pluralis.teams.errors import Conflict, Forbidden
from pluralis.teams.locks import is_owned
from pluralis.teams.models import Account, Credential, Role
from tests.apps.cast import Cast, draft, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now


def sent_texts(x: FakeX) -> list[str]:
    return [entry.detail["text"] for entry in x.ledger.entries(action="post")]


def planned(cast: Cast, account: Account, *texts: str, **state: object) -> list[Part]:
    """Schedule a post and bring all its parts to ``state``."""
    delivery = schedule(cast.alice, write(cast.alice, *texts), account)[0]
    Part.objects.filter(delivery=delivery).update(**state)
    return list(Part.objects.filter(delivery=delivery).order_by("position"))


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the parts that are woken from now on."""
    ids: list[str] = []
    monkeypatch.setattr(jobs, "defer", lambda name, **values: ids.append(values.get("part_id", "")))
    return ids


# Wake-ups


def test_a_thread_that_stands_still_does_not_keep_the_accounts_next_post(
    cast: Cast, account: Account, woken: list[str]
) -> None:
    thread = planned(cast, account, "One.", "Two.", due_at=NOW() - timedelta(hours=1))
    Part.objects.filter(id=thread[0].id).update(state="missed")
    (other,) = planned(cast, account, "Another.")
    wake_next(account.id, NOW())
    assert woken == [str(other.id)]


def test_a_part_that_does_not_go_does_not_keep_the_next_from_going(cast: Cast, account: Account, x: FakeX) -> None:
    late = NOW() - timedelta(hours=5)
    (first,) = planned(cast, account, "First.", due_at=late, planned_at=late)
    planned(cast, account, "Second.")
    publish_part(str(first.id))
    first.refresh_from_db()
    assert (first.state, sent_texts(x)) == ("missed", ["Second."])


def test_an_attempt_that_cannot_be_noted_outside_gives_its_part_back(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    (part,) = planned(cast, account, "The disk is full.")

    def full(_number: int, _folder: Path) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(instance, "note_attempt", full)
    with pytest.raises(OSError, match="no space"):
        claim_part(part.id, worker="w")
    part.refresh_from_db()
    assert part.state == "sending"
    assert not is_owned(part.token)


# What is decided at the last moment


def test_an_edit_that_the_claim_waited_for_goes_out_whole(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    (part,) = planned(cast, account, "The same words.")
    post = part.delivery.post
    locked, may_commit = threading.Event(), threading.Event()

    def edit() -> None:
        try:
            with transaction.atomic():
                edit_scheduled(actor=cast.alice, post_id=post.id, draft=draft("The same words.", language="fr"),
                               revision=post.revision, confirmed=Confirmations(), now=NOW())  # fmt: skip
                locked.set()
                may_commit.wait(10)
        finally:
            connection.close()

    editor = threading.Thread(target=edit)
    editor.start()
    assert locked.wait(10)
    threading.Timer(0.5, may_commit.set).start()
    claim = claim_part(part.id, worker="w")
    editor.join()
    assert claim is not None
    assert (claim.part.delivery.post.language, claim.part.delivery.post.revision) == ("fr", 2)


def test_reconnecting_between_the_look_and_the_claim_does_not_disconnect_again(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    (part,) = planned(cast, account, "Back again.")
    Account.objects.filter(id=account.id).update(connected=False)
    real = sending.claim_wished

    def reconnected(wish: Wish) -> Claim | None:
        Account.objects.filter(id=account.id).update(connected=True)
        return real(wish)

    monkeypatch.setattr(sending, "claim_wished", reconnected)
    publish_part(str(part.id))
    part.refresh_from_db()
    account.refresh_from_db()
    assert (part.state, account.connected) == ("waiting", True)


@pytest.mark.parametrize("problem", [Refused("the app is blocked"), KeyError("access_token")])
def test_a_renewal_that_fails_in_an_unforeseen_way_is_seen_on_the_part(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    (part,) = planned(cast, account, "Never heard of again.")

    def fails(_account: Account) -> Credential:
        raise problem

    monkeypatch.setattr(sending, "ensure_fresh", fails)
    publish_part(str(part.id))
    part.refresh_from_db()
    assert (part.state, part.tries, bool(part.reason)) == ("waiting", 1, True)


# Stop everything


def test_a_part_the_network_put_off_during_a_stop_waits_for_a_person(cast: Cast, account: Account) -> None:
    (part,) = planned(cast, account, "Put off.")
    claim = claim_part(part.id, worker="w")
    assert claim is not None
    stop_everything(actor=cast.alice, reason="An accident", now=NOW())
    record_outcome(claim, Outcome(OutcomeKind.NOT_NOW, "busy", until=NOW() + timedelta(hours=1)), None)
    lift_stop(actor=cast.alice, now=NOW())
    part.refresh_from_db()
    assert (part.state, part.hold_reason) == ("held", "stopped")


# Doubles made by people


def test_one_draft_scheduled_by_two_people_asks_the_second(cast: Cast, account: Account) -> None:
    post = write(cast.alice, "Both of us pressed the button.")
    schedule(cast.alice, post, account, after=60)
    with pytest.raises(Conflict, match="24 hours"):
        schedule(cast.alice, post, account, after=60)
    schedule(cast.alice, post, account, after=60, confirmed=Confirmations(same_text=True))
    assert Delivery.objects.count() == 2


def test_one_draft_scheduled_at_the_same_instant_goes_out_once(cast: Cast, account: Account) -> None:
    post = write(cast.alice, "At the same instant.")
    outcomes = together(5, lambda number: schedule_post(
        actor=cast.alice, post_id=post.id, account_ids=[account.id], plan=Plan(at=NOW() + timedelta(hours=1)),
        client_key=f"key-{number}", now=NOW(),
    ))  # fmt: skip
    assert Delivery.objects.count() == 1
    assert sum(isinstance(each, Conflict) for each in outcomes) == 4


def together(number: int, act: Callable[[int], object]) -> list[object]:
    """Run ``act`` in several threads at once; returns what each returned or raised."""
    results: list[object] = []
    barrier = threading.Barrier(number)

    def run(which: int) -> None:
        barrier.wait()
        try:
            results.append(act(which))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[which]) for which in range(number)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return results


# Threads


def test_a_broken_thread_goes_on_when_a_person_says_so(cast: Cast, account: Account, x: FakeX) -> None:
    first, second = planned(cast, account, "One.", "Two.")
    Part.objects.filter(id=second.id).update(planned_at=NOW() + timedelta(hours=1))
    publish_part(str(first.id))
    Part.objects.filter(id=first.id).update(sent_at=NOW() - timedelta(hours=1))
    Part.objects.filter(id=second.id).update(planned_at=NOW() - timedelta(hours=1), due_at=NOW())
    publish_part(str(second.id))
    second.refresh_from_db()
    assert (second.state, second.hold_reason) == ("held", "thread_broken")
    try_again(actor=cast.alice, part_id=second.id, at=NOW(), now=NOW())
    publish_part(str(second.id))
    assert sent_texts(x) == ["One.", "Two."]


# Quarantine


def test_nothing_is_renewed_in_quarantine(cast: Cast, account: Account, x: FakeX) -> None:
    Credential.objects.filter(account=account).update(expires_at=NOW() - timedelta(hours=1))
    Account.objects.filter(id=account.id).update(quarantined_at=NOW())
    before = Credential.objects.get(account=account)
    with pytest.raises(NotNow, match="quarantine"):
        ensure_fresh(account)
    after = Credential.objects.get(account=account)
    assert (after.version, bytes(after.sealed)) == (before.version, bytes(before.sealed))


def test_a_post_that_is_bound_already_is_not_bound_to_its_twin(cast: Cast, account: Account) -> None:
    (sent,) = planned(cast, account, "We open at nine.")
    for state in ("sending", "sent"):
        Part.objects.filter(id=sent.id).update(state=state, remote_id="5")
    schedule(cast.alice, write(cast.alice, "We open at nine."), account, confirmed=Confirmations(same_text=True))
    shown = RemotePost(Reference("5"), "https://x.example/5", "We open at nine.", NOW())
    assert settle_from_timeline(account=account, posts=[shown], now=NOW()) == 0
    assert sorted(Part.objects.values_list("state", flat=True)) == ["held", "sent"]


# Rights


def test_an_agent_does_not_rewrite_what_others_have_scheduled(cast: Cast, account: Account) -> None:
    (part,) = planned(cast, account, "The chosen words.")
    with pytest.raises(Forbidden):
        edit_scheduled(actor=cast.bob, post_id=part.delivery.post_id, draft=draft("Other words."), revision=1,
                       confirmed=Confirmations(), now=NOW())  # fmt: skip
    part.refresh_from_db()
    assert part.text == "The chosen words."


def test_who_only_looks_on_now_moves_nothing_of_what_they_once_scheduled(cast: Cast, account: Account) -> None:
    cast.bob.role = Role.WRITER
    cast.bob.save(update_fields=["role"])
    delivery = schedule(cast.bob, write(cast.bob, "From before."), account, after=600)[0]
    cast.bob.role = Role.VIEWER
    cast.bob.save(update_fields=["role"])
    with pytest.raises(Forbidden):
        move_delivery(actor=cast.bob, delivery_id=delivery.id, to=NOW() + timedelta(hours=1), now=NOW())


# The sweep


@pytest.mark.parametrize(("before", "woken_parts"), [("missed", 0), ("unconfirmed", 0), ("sent", 1), ("refused", 1)])
def test_the_sweep_wakes_a_threads_rest_only_when_the_part_before_is_decided(
    cast: Cast, account: Account, before: str, woken_parts: int
) -> None:
    long_ago = NOW() - timedelta(days=1)
    first, _second = planned(cast, account, "One.", "Two.", due_at=long_ago)
    for state in ("missed",) if before == "missed" else ("sending", before):
        Part.objects.filter(id=first.id).update(state=state)
    assert wake_due_parts(0) == woken_parts


@pytest.mark.parametrize("in_doubt", [False, True])
def test_a_post_tried_again_days_later_is_not_dated_back_unless_it_may_stand_already(
    cast: Cast, account: Account, in_doubt: bool
) -> None:
    (part,) = planned(cast, account, "On Monday refused, on Friday sent.")
    monday = NOW() - timedelta(days=4)
    for state in ("sending", "refused"):
        Part.objects.filter(id=part.id).update(state=state, first_claimed_at=monday, in_doubt=in_doubt)
    try_again(actor=cast.alice, part_id=part.id, at=NOW(), now=NOW())
    claim = claim_part(part.id, worker="w")
    assert claim is not None
    assert (claim.created_at == monday) is in_doubt
