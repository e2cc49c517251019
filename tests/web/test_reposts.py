"""Reposting as it is pressed: in the conversation, on the list of offers, and by hand."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from pluralis.inbox.models import Message, Offer, Repost
from pluralis.networks.fake.x import FakeX
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast
from tests.apps.inbox.test_erasing_reposts import only_people
from tests.apps.inbox.test_reposts import heard
from tests.web.test_distance import page

pytestmark = pytest.mark.django_db
Browser = Callable[[Membership], Client]


@pytest.fixture
def praise(account: Account, x: FakeX) -> Message:
    return heard(account, x)


def address(name: str, message: Message) -> str:
    return reverse(name, args=[message.id])


def test_a_message_is_reposted_from_its_conversation_and_taken_back(
    cast: Cast, praise: Message, x: FakeX, browser: Browser
) -> None:
    bob, where = browser(cast.bob), reverse("conversation", args=[praise.conversation_id])
    assert "Repost as @Norlune" in page(bob, where)
    answer = bob.post(address("message_repost", praise), {"account": praise.account_id})
    assert answer.headers["Location"] == where
    html = page(bob, where)
    assert "Reposted by Bob as @Norlune" in html and "Repost as @Norlune" not in html
    assert x.world.reposts
    bob.post(reverse("repost_take_back", args=[Repost.objects.get().id]))
    assert "Repost as @Norlune" in page(bob, where)
    assert not x.world.reposts


def test_praise_on_the_list_is_reposted_with_its_price_and_stands_below(
    cast: Cast, praise: Message, browser: Browser
) -> None:
    alice, offers = browser(cast.alice), reverse("offers")
    html = page(alice, offers)
    assert "0.015 USD" in html and address("repost_by_hand", praise) in html
    body = {"account": praise.account_id, "next": offers}
    assert alice.post(address("message_repost", praise), body).headers["Location"] == offers
    html = page(alice, offers)
    assert "Nothing is offered now" in html and "Reposted by Alice as @Norlune" in html
    assert Offer.objects.get().state == "taken"


def test_the_undo_of_the_toast_leads_back_to_the_conversation(cast: Cast, praise: Message, browser: Browser) -> None:
    bob = browser(cast.bob)
    bob.post(address("message_repost", praise), {"account": praise.account_id})
    answer = bob.post(reverse("repost_take_back", args=[Repost.objects.get().id]), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("conversation", args=[praise.conversation_id])


def test_where_only_people_may_the_press_leads_to_the_page_for_whoever_is_trusted(
    cast: Cast, praise: Message, x: FakeX, browser: Browser
) -> None:
    x.reposts_by_program = False
    alice, by_hand = browser(cast.alice), f"{address('repost_by_hand', praise)}?account={praise.account_id}"
    answer = alice.post(address("message_repost", praise), {"account": praise.account_id})
    assert answer.headers["Location"] == by_hand
    html = page(alice, by_hand)
    assert "intent/retweet" in html and "It is done" in html
    alice.post(address("message_repost", praise), {"account": praise.account_id, "by_hand": "1"})
    made = Repost.objects.get()
    assert made.by_hand
    x.world.reposts.add((praise.account.remote_id, praise.remote_id))
    assert "It is done" in page(alice, reverse("repost_take_back_by_hand", args=[made.id]))
    assert "It is done" not in page(browser(cast.bob), address("repost_by_hand", praise))


def test_a_refusal_is_said_where_it_was_pressed(cast: Cast, praise: Message, browser: Browser) -> None:
    bob = browser(cast.bob)
    Account.objects.update(connected=False)
    where = reverse("conversation", args=[praise.conversation_id])
    bob.post(address("message_repost", praise), {"account": praise.account_id, "next": where})
    assert "@Norlune is not connected. Nothing was done. Connect it again" in page(bob, where)


def test_what_is_not_for_everybody_has_no_such_button(
    cast: Cast, account: Account, x: FakeX, browser: Browser
) -> None:
    message = heard(account, x, "thank you, I am dana.ray@mail.example")
    assert "Repost as" not in page(browser(cast.bob), reverse("conversation", args=[message.conversation_id]))


def test_another_team_finds_nothing(cast: Cast, praise: Message, browser: Browser) -> None:
    charlie = browser(cast.charlie)
    assert charlie.post(address("message_repost", praise), {"account": praise.account_id}).status_code == 404
    assert charlie.get(address("repost_by_hand", praise)).status_code == 404
    assert not Repost.objects.exists()


def test_whoever_erases_a_person_is_told_which_repost_is_left_to_a_hand(
    cast: Cast, praise: Message, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, where = browser(cast.alice), [praise.conversation.contact_id]
    alice.post(address("message_repost", praise), {"account": praise.account_id})
    assert "1 repost of what they wrote stands." in page(alice, reverse("contact_data", args=where))
    only_people(monkeypatch)
    html = alice.post(reverse("contact_erase", args=where), {"word": "ERASE"}).content.decode()
    assert "Left for you to take back" in html and f"intent/retweet?tweet_id={praise.remote_id}" in html
    assert "This network lets only people do that." in html and "Dana" not in html


def test_a_program_is_told_the_same_of_a_repost_that_was_taken_back(
    cast: Cast, praise: Message, browser: Browser
) -> None:
    alice = browser(cast.alice)
    alice.post(address("message_repost", praise), {"account": praise.account_id})
    told = alice.post(f"/api/contacts/{praise.conversation.contact_id}/erase").json()
    assert told == {"messages": 1, "reposts": 1, "reposts_later": 0, "reposts_by_hand": []}
