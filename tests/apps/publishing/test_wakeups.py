"""Who is woken next when an account becomes free, and that nobody waits for each other meanwhile."""

import time
from datetime import timedelta
from threading import Thread
from uuid import UUID

import pytest
from django.db import connection, transaction

from pluralis import jobs
from pluralis.publishing.access import lock_part
from pluralis.publishing.actions.claim import Claim, claim_part
from pluralis.publishing.models import Part
from pluralis.publishing.wakeups import wake_next
from pluralis.teams.locks import locks
from pluralis.teams.models import Account
from pluralis.teams.queries import database_now
from tests.apps.cast import Cast, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the parts that were put into the engine, in order."""
    ids: list[str] = []
    monkeypatch.setattr(jobs, "defer", lambda name, *, part_id, **more: ids.append(part_id))
    return ids


@pytest.mark.parametrize(("first", "expected"), [("unconfirmed", "Later."), ("refused", "Later."), ("sent", "Two.")])
def test_a_threads_next_part_is_woken_only_when_the_one_before_it_stands(
    first: str, expected: str, cast: Cast, account: Account, woken: list[str]
) -> None:
    schedule(cast.alice, write(cast.alice, "One.", "Two."), account)
    schedule(cast.alice, write(cast.alice, "Later."), account)
    now = database_now()
    for state in ("sending", first):
        Part.objects.filter(text="One.").update(state=state)
    Part.objects.filter(text="Two.").update(due_at=now - timedelta(minutes=5))
    woken.clear()
    wake_next(account.id, now)
    assert [Part.objects.get(id=each).text for each in woken] == [expected]


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_a_claim_that_waits_for_a_part_does_not_hold_up_whoever_holds_it(cast: Cast, account: Account) -> None:
    """A row written twice in one transaction has its references checked at the commit: that asks for the account."""
    schedule(cast.alice, write(cast.alice, "Held for a moment."), account)
    part_id: UUID = Part.objects.get().id
    claims: list[Claim | None] = []

    def claim() -> None:
        try:
            claims.append(claim_part(part_id, worker="other"))
        finally:
            connection.close()

    other = Thread(target=claim)
    with transaction.atomic():
        part = lock_part(part_id)
        part.save()
        part.save()
        other.start()
        until = time.monotonic() + 10
        while not waits_for_a_lock():
            assert time.monotonic() < until
            time.sleep(0.02)
    other.join(10)
    assert [claim and claim.part.id for claim in claims] == [part_id]
    assert claims[0] is not None
    locks.release(claims[0].token)
