"""The card below a link at the desk: seen before the post goes out, read again, switched off, shown as words only."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.core.review import ReviewRule
from pluralis.posts.models import Post, Review
from pluralis.publishing.actions import ReviewWish, card_for, choose_bare_links, submit_post
from pluralis.publishing.models import BareLink, Card, Part
from pluralis.teams.actions import set_review_rule
from pluralis.teams.models import Account, Membership
from pluralis.web.views import write_cards
from tests.apps.cast import Cast, connect, schedule
from tests.apps.cast import write as write_words
from tests.apps.publishing.ahead import Site, fake, site

Browser = Callable[[Membership], Client]
LINK_TEXT = "Look: {link}"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bluesky(cast: Cast) -> Iterator[Account]:
    with fake("bluesky") as network:
        yield connect(cast.alice, network)


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as opened:
        yield opened


def form(text: str, *accounts: Account, **more: object) -> dict[str, object]:
    ids = [str(account.id) for account in accounts]
    return {"key": uuid.uuid4().hex, "text": text, "accounts": ids, "do": "draft", **more}


def previewed(client: Client, text: str, *accounts: Account, **more: object) -> str:
    return client.post(reverse("write_preview"), form(text, *accounts, **more)).content.decode()


def test_the_preview_asks_for_the_page_and_then_shows_its_card(
    cast: Cast, bluesky: Account, web: Site, browser: Browser
) -> None:
    link, alice = web.put("/ipoh", "Norlune & Ipoh", "/shop.jpg"), browser(cast.alice)
    assert "data-card-wanted" in previewed(alice, f"Look: {link}", bluesky)
    assert web.asked == []
    assert alice.post(reverse("read_card"), {"url": link}).status_code == 204
    shown = previewed(alice, f"Look: {link}", bluesky)
    assert "Norlune &amp; Ipoh" in shown and "data-card-wanted" not in shown
    address = reverse("card_picture", args=[Card.objects.get().id])
    assert f'src="{address}"' in shown
    assert alice.get(address)["Content-Type"] == "image/jpeg"
    assert browser(cast.charlie).get(address).status_code == 404


def test_a_page_that_cannot_be_read_is_said(cast: Cast, bluesky: Account, web: Site, browser: Browser) -> None:
    alice, link = browser(cast.alice), f"{web.origin}/none"
    alice.post(reverse("read_card"), {"url": link})
    shown = previewed(alice, f"Look: {link}", bluesky)
    assert "could not be read" in shown and "data-card-again" in shown
    web.put("/none", "Now it is there")
    alice.post(reverse("read_card"), {"url": link, "again": "1"})
    assert "Now it is there" in previewed(alice, f"Look: {link}", bluesky)


def test_what_a_stranger_wrote_is_shown_as_words(cast: Cast, bluesky: Account, web: Site, browser: Browser) -> None:
    web.pages["/x"] = ("text/html", b'<meta property="og:title" content="&lt;script&gt;alert(1)&lt;/script&gt;">')
    alice = browser(cast.alice)
    alice.post(reverse("read_card"), {"url": web.origin + "/x"})
    shown = previewed(alice, f"Look: {web.origin}/x", bluesky)
    assert "&lt;script&gt;alert(1)" in shown and "<script>alert" not in shown


def test_there_is_no_card_where_the_network_builds_it(
    cast: Cast, account: Account, bluesky: Account, web: Site, browser: Browser
) -> None:
    link, alice = web.put("/a", "One"), browser(cast.alice)
    assert "data-card" not in previewed(alice, f"Look: {link}", account)
    assert previewed(alice, f"Look: {link}", account, bluesky).count('data-card="') == 1


def test_a_card_is_switched_off_stays_off_and_comes_back(
    cast: Cast, bluesky: Account, web: Site, browser: Browser
) -> None:
    link, alice = web.put("/a", "One"), browser(cast.alice)
    card_for(actor=cast.alice, url=link, now=timezone.now())
    alice.post(reverse("write"), form(f"Look: {link}", bluesky, bare_link=link))
    post = Post.objects.get()
    assert BareLink.objects.get().url == link
    page = alice.get(reverse("write_post", args=[post.id]) + f"?account={bluesky.id}").content.decode()
    assert "goes out without a card" in page and "checked" in page.split("data-card-off")[1][:12]
    planned = form(
        f"Look: {link}", bluesky, bare_link=link, do="schedule", when="at", at="2031-05-05T10:00", revision=1
    )
    alice.post(reverse("write_post", args=[post.id]), planned)
    assert Part.objects.get().card is None
    post.refresh_from_db()
    again = form(f"Look again: {link}", bluesky, do="schedule", revision=post.revision)
    alice.post(reverse("write_post", args=[post.id]), again)
    assert not BareLink.objects.exists()
    assert Part.objects.get().card == Card.objects.get()


def test_two_accounts_show_one_switch(cast: Cast, bluesky: Account, web: Site, browser: Browser) -> None:
    with fake("bluesky") as other:
        second = connect(cast.alice, other, handle="norlune-care")
        link, alice = web.put("/a", "One"), browser(cast.alice)
        card_for(actor=cast.alice, url=link, now=timezone.now())
        shown = previewed(alice, f"Look: {link}", bluesky, second)
        assert (shown.count('data-card="'), shown.count("data-card-off")) == (2, 1)


def reviewed(cast: Cast, bluesky: Account, link: str) -> Post:
    """A post of Alice's with a card that is planned; from now on somebody else must see what she changes."""
    card_for(actor=cast.alice, url=link, now=timezone.now())
    set_review_rule(actor=cast.alice, account_id=bluesky.id, rule=ReviewRule(1, own=True), now=timezone.now())
    post = write_words(cast.alice, f"Look: {link}")
    schedule(cast.alice, post, bluesky, after=3600.0)
    set_review_rule(actor=cast.alice, account_id=bluesky.id, rule=ReviewRule(1), now=timezone.now())
    return Post.objects.get(id=post.id)


def test_the_page_that_edits_a_post_goes_on_from_its_other_card(
    cast: Cast, bluesky: Account, web: Site, browser: Browser
) -> None:
    link, alice = web.put("/a", "One"), browser(cast.alice)
    post = reviewed(cast, bluesky, link)
    asked = {"url": link, "again": "1", "post": str(post.id), "revision": "1"}
    assert alice.post(reverse("read_card"), asked).status_code == 204, "the page says the same"
    web.put("/a", "Another")
    assert alice.post(reverse("read_card"), asked).json() == {"revision": 2}
    assert alice.post(reverse("read_card"), asked | {"post": "", "revision": "x"}).status_code == 204


def test_other_words_and_another_card_ask_once_and_the_reviewer_sees_both(
    cast: Cast, bluesky: Account, web: Site, browser: Browser
) -> None:
    link, alice = web.put("/a", "One"), browser(cast.alice)
    post = reviewed(cast, bluesky, link)
    alice.post(
        reverse("write_post", args=[post.id]),
        form(f"Look again: {link}", bluesky, bare_link=link, do="schedule", revision=1),
    )
    review = Review.objects.get()
    assert (review.state, review.revision) == ("open", 2)
    page = alice.get(reverse("review", args=[review.id])).content.decode()
    assert "goes out without a card" in page and "data-card-off" not in page


def test_a_reviewer_sees_the_card_and_chooses_nothing(
    cast: Cast, bluesky: Account, web: Site, browser: Browser
) -> None:
    link = web.put("/a", "Norlune in Ipoh")
    card_for(actor=cast.alice, url=link, now=timezone.now())
    post = write_words(cast.alice, f"Look: {link}")
    review = submit_post(actor=cast.alice, post_id=post.id, wish=ReviewWish((bluesky.id,)), now=timezone.now())
    page = browser(cast.alice).get(reverse("review", args=[review.id])).content.decode()
    assert "Norlune in Ipoh" in page and "data-card-off" not in page and "data-card-again" not in page
    choose_bare_links(actor=cast.alice, post_id=post.id, urls=[link], now=timezone.now())
    again = submit_post(actor=cast.alice, post_id=post.id, wish=ReviewWish((bluesky.id,)), now=timezone.now())
    page = browser(cast.alice).get(reverse("review", args=[again.id])).content.decode()
    assert "The card below the link:" in page and "No card" in page


def test_many_slow_pages_do_not_hold_the_desk_up(
    cast: Cast, bluesky: Account, web: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    monkeypatch.setattr(write_cards, "_reading", threading.BoundedSemaphore(1))
    assert write_cards._reading.acquire()
    answer = browser(cast.alice).post(reverse("read_card"), {"url": web.put("/a", "One")})
    assert answer.status_code == 503 and web.asked == []


@pytest.mark.parametrize("url", ["", "hello", "javascript:alert(1)"])
def test_what_is_no_link_is_not_read(cast: Cast, browser: Browser, url: str) -> None:
    answer = browser(cast.alice).post(reverse("read_card"), {"url": url}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert not Card.objects.exists()


def test_words_without_a_link_cost_no_query_for_cards(
    cast: Cast, bluesky: Account, browser: Browser, django_assert_num_queries: Callable
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    alice = browser(cast.alice)
    with CaptureQueriesContext(connection) as asked:
        previewed(alice, "Good morning.", bluesky)
    assert not [one for one in asked.captured_queries if "publishing_card" in one["sql"]]
