"""Fifty members press *claim* at the same instant: exactly one has the conversation, and everybody is told which."""

from collections import Counter

import pytest
from django.utils import timezone

from pluralis.inbox.actions import claim_conversation, ingest, release_conversation
from pluralis.inbox.models import Conversation, Trace
from pluralis.networks.contract import Batch
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, make_user
from tests.apps.inbox.racing import race
from tests.apps.inbox.test_review import incoming
from tests.apps.inbox.test_search import account_of

pytestmark = pytest.mark.django_db(transaction=True)
MEMBERS, CONVERSATIONS = 50, 20


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast.alice)


def agents(cast: Cast, number: int) -> list[Membership]:
    return [
        Membership.objects.create(
            team=cast.alice.team, user=make_user(f"Agent {each}"), role=Role.AGENT, created_at=timezone.now()
        )
        for each in range(number)
    ]


def conversations(account: Account, number: int) -> list[Conversation]:
    ingest(account, "mentions", Batch(tuple(incoming(1 + each) for each in range(number)), None), timezone.now())
    return list(Conversation.objects.order_by("created_at", "id"))


def test_of_fifty_at_the_same_instant_exactly_one_has_each_of_twenty(cast: Cast, account: Account) -> None:
    members, found = agents(cast, MEMBERS), conversations(account, CONVERSATIONS)
    won = race(members, [each.id for each in found])
    assert [len(each) for each in won] == [1] * CONVERSATIONS
    holders = {each.id: each.assigned_to_id for each in Conversation.objects.all()}
    assert [holders[each.id] for each in found] == [each[0] for each in won]
    claimed = Counter(Trace.objects.filter(kind="claimed").values_list("conversation_id", "actor_id"))
    assert claimed == Counter((each.id, winner) for each, [winner] in zip(found, won, strict=True))
    assert AuditEntry.objects.filter(action="inbox.conversation.claimed").count() == CONVERSATIONS


def test_who_holds_it_already_keeps_it_in_the_race(cast: Cast, account: Account) -> None:
    members, [found] = agents(cast, 8), conversations(account, 1)
    claim_conversation(actor=cast.bob, conversation_id=found.id, now=timezone.now())
    assert race(members, [found.id]) == [[]]
    found.refresh_from_db()
    assert found.assigned_to_id == cast.bob.id


def test_what_is_given_back_is_raced_for_anew(cast: Cast, account: Account) -> None:
    members, [found] = agents(cast, 8), conversations(account, 1)
    for _round in range(3):
        [[winner]] = race(members, [found.id])
        holder = next(each for each in members if each.id == winner)
        release_conversation(actor=holder, conversation_id=found.id, now=timezone.now())
    assert Trace.objects.filter(kind="claimed").count() == 3
