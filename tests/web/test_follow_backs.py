"""The page of followers worth following back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.models import Contact, FollowBack, ProfileRelation
from pluralis.networks.fake.x import FakeX
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast
from tests.apps.inbox.test_follow_backs import follower, known, of
from tests.apps.inbox.test_hear_and_answer import poll
from tests.web.conftest import refused_by_policy

Browser = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dana(account: Account, x: FakeX) -> Contact:
    follower(x, account, "dana", "hello", "hello again", followers=12_000)
    poll(account)
    return of("dana").contact


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert refused_by_policy(text) == []
    return text


def test_the_empty_page_teaches_and_asks_with_its_price(
    cast: Cast, account: Account, dana: Contact, x: FakeX, browser: Browser
) -> None:
    bob, address = browser(cast.bob), reverse("follow_backs")
    shown = html(bob, address)
    assert "Not known yet who follows you" in shown and "at most 0.10 USD" in shown
    answer = bob.post(reverse("follow_back_ask", args=[account.id]), follow=True).content.decode()
    assert "The network told about 1 person." in answer
    assert "Wrote 2 times in 90 days" in answer and "12,000 followers" in answer
    assert 'rel="noreferrer noopener"' in answer and f"{x.origin}/dana" in answer
    assert reverse("follow_backs") in html(bob, reverse("people"))


def test_done_not_this_one_and_undo(cast: Cast, account: Account, dana: Contact, browser: Browser) -> None:
    known(account, "dana")
    bob, profile = browser(cast.bob), of("dana")
    decide = reverse("follow_back_decide", args=[account.id, profile.id])
    shown = bob.post(decide, {"decision": "done"}, follow=True).content.decode()
    assert "Nobody is left to follow back" in shown and "Decided lately" in shown and "Followed back" in shown
    assert FollowBack.objects.get().decided_by == cast.bob
    undone = bob.post(reverse("follow_back_undo", args=[account.id, profile.id]), follow=True).content.decode()
    assert "Wrote 2 times" in undone and "Decided lately" not in undone
    assert "Left out." in bob.post(decide, {"decision": "dismissed"}, follow=True).content.decode()
    browser(cast.alice).post(decide, {"decision": "eat"})
    assert FollowBack.objects.get().decision == "dismissed"


def test_charlie_sees_nothing_of_it(cast: Cast, account: Account, dana: Contact, browser: Browser) -> None:
    known(account, "dana")
    charlie = browser(cast.charlie)
    assert "No account can tell" in html(charlie, reverse("follow_backs") + f"?account={account.id}")
    for name in ("follow_back_decide", "follow_back_undo"):
        assert charlie.post(reverse(name, args=[account.id, of("dana").id]), {"decision": "done"}).status_code == 404
    assert charlie.post(reverse("follow_back_ask", args=[account.id])).status_code == 404


def test_who_has_left_the_network_is_listed_no_more(
    cast: Cast, account: Account, dana: Contact, browser: Browser
) -> None:
    known(account, "dana")
    assert "Wrote 2 times" in html(browser(cast.bob), reverse("follow_backs"))
    dana.profiles.update(gone_at=timezone.now())
    assert "Wrote 2 times" not in html(browser(cast.bob), reverse("follow_backs"))
    assert ProfileRelation.objects.count() == 1
