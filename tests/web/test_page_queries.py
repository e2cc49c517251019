"""How many questions a page asks the database: as many for a full conversation as for an empty one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pluralis.inbox.actions import ingest
from pluralis.inbox.models import (
    AwaitedProfile,
    ContactFact,
    Conversation,
    ConversationLink,
    Cursor,
    FormerHandle,
    HandOver,
    Message,
    Note,
    Notice,
    Offer,
    Presence,
    ProfileRelation,
    Repost,
    SavedView,
    Trace,
)
from pluralis.networks.contract import Batch
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast
from tests.apps.inbox.test_review import incoming

pytestmark = pytest.mark.django_db
Browser = Callable[[Membership], Client]
LIST, CONVERSATION = 11, 20


def ask(client: Client, address: str) -> tuple[str, list[str]]:
    """Return a page and what it asked, opened once before, so that what is kept a minute is kept."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode(), [each["sql"] for each in asked.captured_queries]


@pytest.fixture
def bob(cast: Cast, browser: Browser) -> Client:
    return browser(cast.bob)


@pytest.fixture
def found(account: Account) -> Conversation:
    texts = ["My line is down.", "Since noon.", "My number is KD-4711 and +33 6 12 34 56 78."]
    ingest(
        account, "mentions", Batch(tuple(incoming(1 + n, each) for n, each in enumerate(texts)), None), timezone.now()
    )
    return Conversation.objects.order_by("created_at", "id")[0]


def fill(cast: Cast, found: Conversation, times: int = 3) -> None:
    """Put several of everything that a conversation may have beside it."""
    now, team = timezone.now(), {"team": found.team}
    message = Message.objects.filter(conversation=found).first()
    assert message is not None
    profile = message.profile
    message.in_reply_to_id = "our-post"
    message.save()
    Presence.objects.create(
        **team, conversation=found, member=cast.alice, doing="typing", until=now + timedelta(hours=1)
    )
    HandOver.objects.create(
        **team, conversation=found, channel="email", case_number="N-1", remind_at=now, made_at=now
    )
    ProfileRelation.objects.create(**team, account=found.account, profile=profile, may_message=False, seen_at=now)
    for number in range(times):
        Note.objects.create(**team, conversation=found, author=cast.alice, text=f"Note {number}", created_at=now)
        Trace.objects.create(**team, conversation=found, actor=cast.alice, kind="claimed", at=now)
        FormerHandle.objects.create(**team, profile=profile, handle=f"dana{number}", until=now)
        ContactFact.objects.create(**team, contact=found.contact, name=f"Fact {number}", value="1", folded="1",
                                   ground="contract", made_at=now)  # fmt: skip
        AwaitedProfile.objects.create(**team, contact=found.contact, network="x", handle=f"later{number}")
        support = Account.objects.create(**team, network="x", host="https://example.org", remote_id=str(number),
                                         handle=f"help{number}", created_at=now)  # fmt: skip
        Offer.objects.create(**team, message=message, account=support, about="support", offered_at=now)
        Repost.objects.create(**team, message=message, account=support, reposted_by=cast.alice, reposted_at=now)
        other = Conversation.objects.create(**team, account=support, key="k", contact=found.contact,
                                            excerpt=f"Earlier {number}", last_message_at=now,
                                            created_at=now)  # fmt: skip
        source, target = (other, found) if number % 2 else (found, other)
        ConversationLink.objects.create(**team, source=source, target=target, why="support", made_at=now)
        SavedView.objects.create(**team, name=f"View {number}", wanted={"label": "praise"}, made_at=now)
        Cursor.objects.create(**team, account=support, stream="mentions", seen_until=now)


def test_the_list_asks_at_most_eleven(bob: Client, found: Conversation) -> None:
    _page, asked = ask(bob, "/inbox")
    assert len(asked) <= LIST, "\n".join(asked)


def test_an_empty_conversation_asks_at_most_twenty(bob: Client, found: Conversation) -> None:
    _page, asked = ask(bob, f"/inbox/{found.id}")
    assert len(asked) <= CONVERSATION, "\n".join(asked)


def test_a_conversation_with_several_of_everything_asks_at_most_twenty_too(
    cast: Cast, bob: Client, found: Conversation
) -> None:
    fill(cast, found)
    page, asked = ask(bob, f"/inbox/{found.id}")
    assert len(asked) <= CONVERSATION, "\n".join(asked)
    for said in ("Note 2", "Alice claimed it", "@dana2", "Fact 2", "@later2", "offered to @help2", "Earlier 2",
                 "View 2", "N-1", "Alice is typing", "Went on at support",
                 "Reposted by Alice as @help2"):  # fmt: skip
        assert said in page, said


def test_the_number_does_not_grow_with_what_is_there(cast: Cast, bob: Client, found: Conversation) -> None:
    fill(cast, found, 1)
    _page, few = ask(bob, f"/inbox/{found.id}")
    for table in (FormerHandle, ContactFact, AwaitedProfile, Offer, ConversationLink, SavedView, Cursor, Account,
                  Presence, HandOver, ProfileRelation, Note, Repost, Trace):  # fmt: skip
        rows: Any = table.objects
        (rows.filter(network="x", host="https://example.org") if table is Account else rows.all()).delete()
    fill(cast, found, 9)
    _page, many = ask(bob, f"/inbox/{found.id}")
    assert len(many) == len(few)


def test_a_notice_of_the_conversation_is_seen_by_opening_it(cast: Cast, bob: Client, found: Conversation) -> None:
    notice = Notice.objects.create(
        team=found.team, member=cast.bob, kind="mentioned", conversation=found, created_at=timezone.now()
    )
    elsewhere = Notice.objects.create(team=found.team, member=cast.bob, kind="covering", created_at=timezone.now())
    bob.get(f"/inbox/{found.id}")
    notice.refresh_from_db()
    elsewhere.refresh_from_db()
    assert notice.seen_at is not None
    assert elsewhere.seen_at is None


def accounts(team: Any, number: int) -> None:
    for each in range(number):
        one = Account.objects.create(team=team, network="x", host="https://example.org", remote_id=str(each),
                                     handle=f"brand{each:02}", created_at=timezone.now())  # fmt: skip
        Cursor.objects.create(team=team, account=one, stream="mentions", seen_until=timezone.now())


@pytest.mark.parametrize(("number", "menu", "told"), [(8, True, True), (9, False, False), (50, False, False)])
def test_many_accounts_are_listed_when_somebody_opens_the_list(
    cast: Cast, bob: Client, number: int, menu: bool, told: bool
) -> None:
    accounts(cast.alice.team, number)
    page, asked = ask(bob, "/inbox")
    assert len(asked) <= LIST
    assert (page.count('name="account" value="') > 1) is menu
    assert ("<bdi>@brand03</bdi>" in page) is told
    for address in ("/desk/accounts", "/inbox/heard"):
        assert bob.get(address).content.decode().count("@brand") == number


def test_a_narrowed_page_asks_no_more(cast: Cast, bob: Client, found: Conversation) -> None:
    accounts(cast.alice.team, 12)
    bob.post("/desk/account", {"account": str(found.account_id)})
    page, asked = ask(bob, "/inbox")
    assert len(asked) <= LIST + 1
    assert found.account.handle in page
