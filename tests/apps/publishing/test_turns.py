"""An account's turn: one lock for its attempts, and the record of a post that claims the next along with it."""

from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from pluralis.config import instance
from pluralis.networks.contract import RemotePost
from pluralis.networks.fake.x import FakeX
from pluralis.publishing import sending
from pluralis.publishing.actions import stop_everything
from pluralis.publishing.actions.claim import Claim, LockLost, Wish
from pluralis.publishing.actions.reconcile import doubt_abandoned_parts
from pluralis.publishing.models import Attempt, AttemptResult, Budget, Part
from pluralis.publishing.tasks import publish_part
from pluralis.teams.locks import is_owned, lock_key, locks
from pluralis.teams.models import Account
from tests.apps.cast import Cast, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now


@pytest.fixture
def parts(cast: Cast, account: Account) -> list[Part]:
    """Three parts of one account, due now."""
    for text in ("One.", "Two.", "Three."):
        schedule(cast.alice, write(cast.alice, text), account)
    Part.objects.update(due_at=NOW())
    return list(Part.objects.order_by("due_at", "id"))


def transactions_of(table: str) -> list[int]:
    """The transactions that wrote the rows of a table, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text::bigint FROM {table} ORDER BY id")
        return [number for (number,) in cursor.fetchall()]


def sent_texts(x: FakeX) -> list[str]:
    return [entry.detail["text"] for entry in x.ledger.entries(action="post")]


def test_the_record_of_a_post_claims_the_accounts_next_in_the_same_transaction(parts: list[Part], x: FakeX) -> None:
    assert sending.publish_part(str(parts[0].id), worker="w") == 3
    claimed, recorded = transactions_of("publishing_attempt"), transactions_of("publishing_attemptresult")
    assert claimed[1:] == recorded[:-1]
    assert len({*claimed, *recorded}) == 4
    assert sent_texts(x) == ["One.", "Two.", "Three."]


def test_the_attempts_of_a_turn_have_tokens_of_their_own_under_one_lock(parts: list[Part], x: FakeX) -> None:
    publish_part(str(parts[0].id))
    tokens = list(Attempt.objects.values_list("token", flat=True))
    assert len(set(tokens)) == 3
    assert len({lock_key(token) for token in tokens}) == 1
    assert not is_owned(tokens[0])


def test_tokens_of_one_millisecond_differ() -> None:
    with locks.turn() as tokens:
        some = [next(tokens) for _number in range(2000)]
        assert len(set(some)) == 2000
        assert {token.version for token in some} == {7}
        assert is_owned(some[0])
        assert is_owned(some[-1])
    assert not is_owned(some[-1])


def test_a_stop_that_was_ordered_meanwhile_holds_the_next(
    cast: Cast, parts: list[Part], x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sending.record_and_claim

    def stopped(claim: Claim, sent: RemotePost, wish: Wish) -> Claim | None:
        stop_everything(actor=cast.alice, reason="An accident", now=NOW())
        return real(claim, sent, wish)

    monkeypatch.setattr(sending, "record_and_claim", stopped)
    publish_part(str(parts[0].id))
    assert sent_texts(x) == ["One."]
    assert sorted(Part.objects.values_list("state", flat=True)) == ["held", "held", "sent"]


def test_a_part_that_somebody_holds_is_not_waited_for_with_the_record(
    parts: list[Part], x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded at once and alone; the held one goes out when it is free."""
    held, may_end = Event(), Event()
    real = sending.record_and_claim
    along: list[Claim | None] = []

    def hold() -> None:
        try:
            with transaction.atomic():
                Part.objects.select_for_update().get(id=parts[1].id)
                held.set()
                may_end.wait(20)
        finally:
            connection.close()

    holder = Thread(target=hold)

    def watched(claim: Claim, sent: RemotePost, wish: Wish) -> Claim | None:
        if claim.part.id == parts[0].id:
            holder.start()
            assert held.wait(10)
        along.append(real(claim, sent, wish))
        may_end.set()
        return along[-1]

    monkeypatch.setattr(sending, "record_and_claim", watched)
    publish_part(str(parts[0].id))
    holder.join(10)
    assert along[0] is None
    assert sent_texts(x) == ["One.", "Two.", "Three."]
    assert list(AttemptResult.objects.values_list("outcome", flat=True)) == ["sent"] * 3


def test_a_post_that_somebody_else_has_settled_meanwhile_is_recorded_by_itself(
    parts: list[Part], x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sending.record_and_claim

    def overtaken(claim: Claim, sent: RemotePost, wish: Wish) -> Claim | None:
        if claim.part.id == parts[0].id:
            Part.objects.filter(id=claim.part.id).update(state="unconfirmed", in_doubt=True)
        return real(claim, sent, wish)

    monkeypatch.setattr(sending, "record_and_claim", overtaken)
    publish_part(str(parts[0].id))
    assert set(Part.objects.values_list("state", "in_doubt")) == {("sent", False)}
    assert sent_texts(x) == ["One.", "Two.", "Three."]
    assert AttemptResult.objects.count() == 3


def test_an_answer_of_the_network_that_names_anothers_post_is_no_proof(
    parts: list[Part], x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sending.record_and_claim

    def twin(claim: Claim, sent: RemotePost, wish: Wish) -> Claim | None:
        Part.objects.filter(id=parts[2].id).update(remote_id=sent.reference.remote_id)
        return real(claim, sent, wish)

    monkeypatch.setattr(sending, "record_and_claim", twin)
    publish_part(str(parts[0].id))
    first = Part.objects.get(id=parts[0].id)
    assert (first.state, first.reason) == ("unconfirmed", "twin")


def test_a_claim_that_cannot_be_noted_outside_leaves_the_record_and_is_looked_up(
    parts: list[Part], x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, noted = instance.note_attempt, list[int]()

    def full(number: int, folder: Path) -> None:
        noted.append(number)
        if len(noted) == 2:
            raise OSError("no space left on device")
        real(number, folder)

    monkeypatch.setattr(instance, "note_attempt", full)
    publish_part(str(parts[0].id))
    states = dict(Part.objects.values_list("text", "state"))
    assert (states["One."], states["Two."], sent_texts(x)) == ("sent", "sending", ["One."])
    assert doubt_abandoned_parts(now=NOW()) == 1


def test_where_a_budget_must_be_asked_the_record_does_not_wait_for_it(
    cast: Cast, account: Account, parts: list[Part], x: FakeX
) -> None:
    Budget.objects.create(team=cast.alice.team, amount="5.00", currency="USD", changed_at=NOW())
    publish_part(str(parts[0].id))
    claimed, recorded = transactions_of("publishing_attempt"), transactions_of("publishing_attemptresult")
    assert not {*claimed} & {*recorded}
    assert len(sent_texts(x)) == 3


def end_the_session_of_the_locks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                       " WHERE application_name = 'pluralis locks' AND datname = current_database()")  # fmt: skip


def test_no_claim_is_made_under_a_lock_that_was_lost_and_another_turn_goes_on(
    parts: list[Part], x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that freezes behind such a claim would be taken for dead, and its post sent again."""
    real = sending.send
    sent = list[UUID]()

    def lost(claim: Claim, *values: object) -> object:
        assert is_owned(claim.token)
        sent.append(claim.part.id)
        if len(sent) == 1:
            end_the_session_of_the_locks()
        return real(claim, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "send", lost)
    assert sending.publish_part(str(parts[0].id), worker="w") == 3
    assert sent == [part.id for part in parts]
    assert len({lock_key(token) for token in Attempt.objects.values_list("token", flat=True)}) == 2
    assert sent_texts(x) == ["One.", "Two.", "Three."]


def test_where_locks_are_lost_again_and_again_nothing_is_sent(
    parts: list[Part], x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a pooler that gives each statement another session, say: a claim would look abandoned at once."""
    monkeypatch.setattr(type(locks), "hold", lambda _locks, _token: None)
    with pytest.raises(LockLost):
        publish_part(str(parts[0].id))
    assert sent_texts(x) == []
    assert set(Part.objects.values_list("state", flat=True)) == {"waiting"}


def test_answers_are_recorded_by_themselves_since_others_hear_of_them(parts: list[Part], x: FakeX) -> None:
    Part.objects.update(is_reply=True)
    publish_part(str(parts[0].id))
    assert not {*transactions_of("publishing_attempt")} & {*transactions_of("publishing_attemptresult")}
    assert len(sent_texts(x)) == 3


def test_a_turn_that_is_over_claims_nothing_more(
    parts: list[Part], x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TURN", timedelta(0))
    publish_part(str(parts[0].id))
    assert Attempt.objects.count() == 1
    assert UUID(str(Attempt.objects.get().part_id)) == parts[0].id
