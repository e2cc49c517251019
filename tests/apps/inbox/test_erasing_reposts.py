"""Whoever is erased no longer stands among our posts: reposts are taken back, later, or by a person's hand."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from pluralis.inbox.actions import erase_contact, export_contact, hold_contact
from pluralis.inbox.actions.privacy import Erased
from pluralis.inbox.actions.withdrawing import AGAIN, AT_ONCE
from pluralis.inbox.models import Contact, Message, Repost
from pluralis.inbox.tasks import take_back_left_repost
from pluralis.networks.contract import Access, Reference
from pluralis.networks.errors import Refused
from pluralis.networks.fake.moods import Mood
from pluralis.networks.fake.x import FakeX
from pluralis.networks.x import XConnector
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast
from tests.apps.inbox.test_reposts import charged, heard, noted, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def praise(account: Account, x: FakeX) -> Message:
    return heard(account, x)


def only_people(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let X take reposts back from people only; returns the posts that a program asks for nevertheless."""
    asked: list[str] = []

    def refuse(_connector: XConnector, _access: Access, reference: Reference, *_rest: object) -> None:
        asked.append(reference.remote_id)
        raise Refused("not for programs", by_hand=True)

    monkeypatch.setattr(XConnector, "take_back_repost", refuse)
    return asked


def erase(cast: Cast) -> Erased:
    return erase_contact(actor=cast.alice, contact_id=Contact.objects.get(name="Dana").id, now=timezone.now())


def queued() -> list[dict[str, Any]]:
    """What the jobs that wait were told, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'take_back_left_repost' ORDER BY id")
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]


def test_a_repost_is_taken_back_and_paid_before_its_author_is_erased(cast: Cast, praise: Message, x: FakeX) -> None:
    press(cast.bob, praise)
    erased = erase(cast)
    assert (erased.reposts, erased.later, erased.by_hand) == (1, 0, ())
    assert noted(x) == ["repost", "unrepost"] and not x.world.reposts
    assert len(charged()) == 2 and queued() == []
    assert not Repost.objects.exists() and not Message.objects.exists()
    entry = AuditEntry.objects.get(action="inbox.contact.erased")
    assert entry.data == {"messages": 1, "conversations": 1, "reposts": 1, "reposts_later": 0, "reposts_by_hand": 0}


def test_whoever_asks_what_is_held_of_them_reads_what_was_reposted(
    cast: Cast, praise: Message, django_assert_max_num_queries: Callable
) -> None:
    made = press(cast.bob, praise)
    with django_assert_max_num_queries(12):
        given = export_contact(actor=cast.alice, contact_id=Contact.objects.get(name="Dana").id, now=timezone.now())
    (told,) = given["conversations"][0]["messages"][0]["reposts"]
    assert told == {
        "account": "Norlune", "state": "done", "at": made.reposted_at.isoformat(), "taken_back_at": None
    }  # fmt: skip


def test_what_only_people_take_back_is_named_with_its_page_and_asked_once(
    cast: Cast, account: Account, praise: Message, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = only_people(monkeypatch)
    second = heard(account, x, "And the coffee is lovely!")
    for message in (praise, second):
        press(cast.bob, message)
    erased = erase(cast)
    assert (erased.reposts, erased.later, len(asked)) == (0, 0, 1)
    assert {each.page.split("tweet_id=")[1] for each in erased.by_hand} == {praise.remote_id, second.remote_id}
    assert {(each.account.handle, each.why) for each in erased.by_hand} == {
        ("Norlune", "This network lets only people do that.")
    }
    assert not Contact.objects.filter(name="Dana").exists() and queued() == []


def test_an_account_without_keys_leaves_it_to_a_person(cast: Cast, praise: Message) -> None:
    press(cast.bob, praise)
    Account.objects.update(connected=False)
    assert [each.why for each in erase(cast).by_hand] == ["@Norlune is not connected."]


def test_what_the_network_does_not_take_now_is_asked_for_again_by_its_id_alone(
    cast: Cast, account: Account, praise: Message, x: FakeX
) -> None:
    press(cast.bob, praise)
    x.moods.add(Mood("drop", "unrepost", times=1))
    erased = erase(cast)
    assert (erased.reposts, erased.later, erased.by_hand) == (0, 1, ())
    (told,) = queued()
    assert (told["account_id"], told["remote_id"], told["tries"]) == (str(account.id), praise.remote_id, 1)
    assert "dana" not in json.dumps(told).lower() and not Message.objects.exists()
    x.moods.add(Mood("drop", "unrepost", times=1))
    assert take_back_left_repost(**told) == "later"
    again = queued()[-1]
    assert again == told | {"tries": 2}
    assert take_back_left_repost(**again) == "ended"
    assert not x.world.reposts
    entry = AuditEntry.objects.get(action="inbox.repost.taken_back")
    assert (entry.object_id, entry.data) == (account.id, {"reposted_at": told["reposted_at"]})


def test_what_never_worked_is_left_to_people_by_the_audit_log(
    cast: Cast, account: Account, praise: Message, x: FakeX
) -> None:
    press(cast.bob, praise)
    x.moods.set("limit", "unrepost", seconds=600)
    erase(cast)
    (told,) = queued()
    assert take_back_left_repost(**told | {"tries": len(AGAIN)}) == "left"
    assert len(queued()) == 1
    assert AuditEntry.objects.get(action="inbox.repost.left").object_id == account.id
    Account.objects.filter(id=account.id).update(connected=False)
    assert take_back_left_repost(**told) == "later", "somebody may connect it again"


def test_of_many_reposts_a_person_waits_for_a_few(cast: Cast, account: Account, x: FakeX) -> None:
    for number in range(AT_ONCE + 1):
        press(cast.bob, heard(account, x, f"Wonderful, number {number}!"))
    erased = erase(cast)
    assert (erased.reposts, erased.later, len(queued())) == (AT_ONCE, 1, 1)


def test_under_a_legal_hold_nothing_is_taken_back(cast: Cast, praise: Message, x: FakeX) -> None:
    press(cast.bob, praise)
    now, contact_id = timezone.now(), praise.conversation.contact_id
    assert contact_id
    hold_contact(actor=cast.alice, contact_id=contact_id, reason="Court", until=now + AGAIN[-1], now=now)
    with pytest.raises(Conflict):
        erase(cast)
    assert noted(x) == ["repost"] and Repost.objects.get().state == "done"
