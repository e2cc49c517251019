"""The card below a link on the page of a client without an account: as it was handed in, its own page not asked."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pluralis.core.review import ReviewState
from pluralis.posts.actions import make_link
from pluralis.posts.models import Post, PostState, Review
from pluralis.publishing.actions import ReviewWish, card_for, choose_bare_links, forget_cards, submit_post
from pluralis.publishing.models import Card, Delivery, Part
from pluralis.teams.models import Account
from tests.apps.cast import Cast, connect, write
from tests.apps.publishing.ahead import Site, fake, site
from tests.web.conftest import refused_by_policy

NOW = timezone.now


@pytest.fixture(autouse=True)
def _clean(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def bluesky(cast: Cast) -> Iterator[Account]:
    with fake("bluesky") as network:
        yield connect(cast.alice, network)


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as opened:
        yield opened


def hand_in(cast: Cast, text: str, *accounts: Account) -> Post:
    post = write(cast.bob, text)
    hand_in_again(cast, post, *accounts)
    return post


def hand_in_again(cast: Cast, post: Post, *accounts: Account) -> Review:
    wish = ReviewWish(tuple(one.id for one in accounts), NOW() + timedelta(days=20), same_text=True)
    return submit_post(actor=cast.bob, post_id=post.id, wish=wish, now=NOW())


def words_of(cast: Cast, post: Post) -> str:
    review = Review.objects.get(post=post, state=ReviewState.OPEN)
    until = NOW() + timedelta(days=20)
    _link, words = make_link(actor=cast.alice, review_id=review.id, recipient="Ipoh", expires_at=until, now=NOW())
    return words


def read(words: str) -> str:
    answer = Client().get(reverse("approval", args=[words]))
    assert answer.status_code == 200 and answer.cookies == {}
    return answer.content.decode()


def test_a_client_sees_the_card_with_its_picture_and_no_page_is_asked(
    cast: Cast, bluesky: Account, web: Site
) -> None:
    link = web.put("/shop", "Norlune & Ipoh", "/shop.jpg")
    card_for(actor=cast.bob, url=link, now=NOW())
    words = words_of(cast, hand_in(cast, f"Look: {link}", bluesky))
    web.asked.clear()
    with CaptureQueriesContext(connection) as asked:
        page = read(words)
    assert len([one for one in asked.captured_queries if "publishing_card" in one["sql"]]) == 1
    address = reverse("approval_card", args=[words, Card.objects.get().id])
    assert "Norlune &amp; Ipoh" in page and "All about Norlune" in page and f'src="{address}"' in page
    assert refused_by_policy(page) == [] and web.asked == []
    shown = Client().get(address)
    assert (shown["Content-Type"], shown["Referrer-Policy"], shown.cookies) == ("image/jpeg", "no-referrer", {})
    other = words_of(cast, hand_in(cast, "Without a link.", bluesky))
    assert Client().get(reverse("approval_card", args=[other, Card.objects.get().id])).status_code == 404


def test_the_page_says_where_the_card_is_left_out_or_not_known_yet(cast: Cast, bluesky: Account, web: Site) -> None:
    link = web.put("/a", "One")
    post = hand_in(cast, f"Look: {link}", bluesky)
    words = words_of(cast, post)
    assert "If the page behind the link can be read" in read(words) and web.asked == []
    choose_bare_links(actor=cast.bob, post_id=post.id, urls=[link], now=NOW())
    page = read(words)
    assert "decided or changed meanwhile" in page and "without a card" not in page
    hand_in_again(cast, post, bluesky)
    page = read(words_of(cast, post))
    assert "The link goes out without a card." in page and "One" not in page


def test_where_the_network_builds_the_card_itself_nothing_is_told_of_it(
    cast: Cast, account: Account, web: Site
) -> None:
    link = web.put("/a", "One")
    card_for(actor=cast.bob, url=link, now=NOW())
    assert "link-card" not in read(words_of(cast, hand_in(cast, f"Look: {link}", account)))


def test_another_card_than_the_one_that_was_seen_takes_no_approval_by_the_old_link(
    cast: Cast, bluesky: Account, web: Site
) -> None:
    link = web.put("/a", "One", "/shop.jpg")
    card_for(actor=cast.bob, url=link, now=NOW())
    words = words_of(cast, hand_in(cast, f"Look: {link}", bluesky))
    web.put("/a", "Another")
    card_for(actor=cast.bob, url=link, now=NOW(), again=True)
    answer = Client().post(reverse("approval", args=[words]), {"do": "approve", "name": "Dana"})
    assert answer.status_code == 409 and not Delivery.objects.exists()
    page = answer.content.decode()
    assert "One" in page and "Another" not in page and "/cards/" in page


def test_a_card_that_waits_long_for_its_approval_is_the_one_that_goes_out(
    cast: Cast, bluesky: Account, web: Site
) -> None:
    link = web.put("/a", "One", "/shop.jpg")
    card = card_for(actor=cast.bob, url=link, now=NOW())
    words = words_of(cast, hand_in(cast, f"Look: {link}", bluesky))
    web.put("/a", "What nobody approved")
    assert forget_cards(NOW() + timedelta(days=8)) == 0
    Client().post(reverse("approval", args=[words]), {"do": "approve", "name": "Dana"})
    assert Part.objects.get().card == card
    Part.objects.update(card=None)
    Post.objects.update(state=PostState.DRAFT)
    assert forget_cards(NOW() + timedelta(days=8)) == 1
    assert "One" in read(words) and "/cards/" not in read(words)
