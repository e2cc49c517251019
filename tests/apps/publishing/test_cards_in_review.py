"""The card below a link is a part of what was approved: switched off, on, or another one, it asks again."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.utils import timezone

from pluralis.core.review import ReviewRule, ReviewState
from pluralis.core.states import HoldReason, PartState
from pluralis.networks.fake.network import FakeNetwork
from pluralis.posts.actions import save_post
from pluralis.posts.models import Post, PostState, Review, Revision
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.posts.wordings import CardChange, changes_between, comparable
from pluralis.publishing import queries
from pluralis.publishing.actions import (
    Answer,
    ReviewWish,
    approve_review,
    card_for,
    choose_bare_links,
    claim_part,
    submit_post,
)
from pluralis.publishing.ahead import prepare_part
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.actions import set_review_rule
from pluralis.teams.models import Account
from tests.apps.cast import Cast, connect, draft, schedule, write
from tests.apps.publishing.ahead import Site, fake, site

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now
NEWS = "Norlune opens · All about Norlune opens"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bluesky() -> Iterator[FakeNetwork]:
    with fake("bluesky") as opened:
        yield opened


@pytest.fixture
def account(cast: Cast, bluesky: FakeNetwork) -> Account:
    return connect(cast.alice, bluesky)


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as there:
        yield there


@pytest.fixture
def link(web: Site) -> str:
    return web.put("/news", "Norlune opens", "/shop.jpg")


@pytest.fixture
def seen(cast: Cast, account: Account, link: str) -> Post:
    """A post of Bob's with a card, approved by Alice and planned for now."""
    set_review_rule(actor=cast.alice, account_id=account.id, rule=ReviewRule(1), now=NOW())
    card_for(actor=cast.bob, url=link, now=NOW())
    post = write(cast.bob, f"Read this: {link}")
    review = submit_post(actor=cast.bob, post_id=post.id, wish=ReviewWish((account.id,), same_text=True), now=NOW())
    approve_review(actor=cast.alice, review_id=review.id, answer=Answer(), now=NOW())
    Delivery.objects.update(created_by=cast.bob)
    return Post.objects.get(id=post.id)


def choose(cast: Cast, post: Post, *urls: str) -> Post:
    return choose_bare_links(actor=cast.bob, post_id=post.id, urls=urls, now=NOW())


def held() -> tuple[str, str]:
    part = Part.objects.get()
    assert claim_part(part.id, worker="w") is None
    part.refresh_from_db()
    return part.state, part.hold_reason


def asked() -> tuple[Review, CardChange | None]:
    """The one open request, and what it says of the card."""
    (review,) = Review.objects.filter(state=ReviewState.OPEN)
    _before, (change,) = queries.changes_since_approval(review)
    return review, change.card


def test_a_card_switched_off_after_approval_holds_the_post_until_somebody_approves_it(
    cast: Cast, seen: Post, link: str
) -> None:
    assert choose(cast, seen, link).revision == 2
    assert held() == (PartState.HELD, HoldReason.CHANGED)
    review, card = asked()
    assert card == CardChange(NEWS, None)
    approve_review(actor=cast.alice, review_id=review.id, answer=Answer(at=NOW()), now=NOW())
    part = Part.objects.get()
    assert part.card is None and claim_part(part.id, worker="w") is not None


def test_switched_on_again_it_asks_again_too(cast: Cast, seen: Post, link: str) -> None:
    choose(cast, seen, link)
    review, _card = asked()
    approve_review(actor=cast.alice, review_id=review.id, answer=Answer(at=NOW()), now=NOW())
    choose(cast, seen)
    assert held() == (PartState.HELD, HoldReason.CHANGED)
    assert asked()[1] == CardChange(None, NEWS)
    assert Part.objects.get().card is not None


def test_a_page_that_says_something_else_asks_again(cast: Cast, seen: Post, link: str, web: Site) -> None:
    web.put("/news", "Norlune closes")
    card_for(actor=cast.alice, url=link, now=NOW(), again=True)
    set_by_a_lead = Part.objects.get()
    assert set_by_a_lead.card is not None and set_by_a_lead.card.title == "Norlune closes"
    assert held() == (PartState.HELD, HoldReason.CHANGED)
    assert asked()[1] == CardChange(NEWS, "Norlune closes · All about Norlune closes", other_picture=True)


def test_a_page_that_says_the_same_asks_nobody(cast: Cast, seen: Post, link: str) -> None:
    card_for(actor=cast.alice, url=link, now=NOW(), again=True)
    seen.refresh_from_db()
    assert (seen.revision, Review.objects.filter(state=ReviewState.OPEN).count()) == (1, 0)
    assert claim_part(Part.objects.get().id, worker="w") is not None


def test_a_page_read_for_the_first_time_after_approval_asks_nobody(cast: Cast, account: Account, link: str) -> None:
    set_review_rule(actor=cast.alice, account_id=account.id, rule=ReviewRule(1), now=NOW())
    post = write(cast.bob, f"Read this: {link}")
    review = submit_post(actor=cast.bob, post_id=post.id, wish=ReviewWish((account.id,)), now=NOW())
    approve_review(actor=cast.alice, review_id=review.id, answer=Answer(), now=NOW())
    prepare_part(str(Part.objects.get().id))
    assert Part.objects.get().card is not None
    same = draft_from(post_with_words(post.id))
    saved = save_post(actor=cast.bob, post_id=post.id, draft=same, revision=1, now=NOW())
    assert saved.approved_revision == 2, "the same words with the page's own card are what was approved"


def test_under_review_a_switch_ends_the_request_and_the_next_one_shows_it(
    cast: Cast, account: Account, link: str
) -> None:
    card_for(actor=cast.bob, url=link, now=NOW())
    post = write(cast.bob, f"Read this: {link}")
    review = submit_post(actor=cast.bob, post_id=post.id, wish=ReviewWish((account.id,)), now=NOW())
    choose(cast, post, link)
    review.refresh_from_db()
    post.refresh_from_db()
    assert (review.state, post.state) == (ReviewState.CHANGED, PostState.DRAFT)
    submit_post(actor=cast.bob, post_id=post.id, wish=ReviewWish((account.id,)), now=NOW())
    assert asked()[1] == CardChange(NEWS, None)


def test_what_was_chosen_on_a_draft_is_in_the_words_that_are_handed_in(
    cast: Cast, account: Account, link: str
) -> None:
    post = write(cast.bob, f"Read this: {link}")
    choose(cast, post, link)
    review = submit_post(actor=cast.bob, post_id=post.id, wish=ReviewWish((account.id,)), now=NOW())
    kept = Revision.objects.get(post=post, revision=review.revision)
    assert kept.content["versions"][0]["segments"][0]["card"] == {"url": link, "off": True}
    assert review.digest == kept.digest
    assert Post.objects.get().revision == review.revision


def test_where_nobody_has_to_look_the_post_goes_out_as_chosen(cast: Cast, account: Account, link: str) -> None:
    card_for(actor=cast.alice, url=link, now=NOW())
    post = write(cast.alice, f"Read this: {link}")
    schedule(cast.alice, post, account)
    choose_bare_links(actor=cast.alice, post_id=post.id, urls=[link], now=NOW())
    claim = claim_part(Part.objects.get().id, worker="w")
    assert claim is not None and claim.part.card_id is None


def test_a_switch_for_a_link_that_the_post_does_not_have_changes_no_wording(cast: Cast, seen: Post) -> None:
    assert choose(cast, seen, "https://norlune.example/elsewhere").revision == 1


def test_words_without_links_ask_nothing_of_cards(cast: Cast, django_assert_num_queries: Callable) -> None:
    from pluralis.publishing.cards import tell_cards

    post = write(cast.alice, "No links here.")
    with django_assert_num_queries(0):
        tell_cards(post=post, draft=draft("No links here."), cards={})


OFF = {"url": "https://a.example", "off": True}
ONE = {"url": "https://a.example", "title": "One", "description": "", "picture": ""}


def wording(card: dict | None) -> dict:
    segment = {"text": "https://a.example", "media": []} | ({"card": card} if card else {})
    return {"versions": [{"account": None, "segments": [segment]}]}


OTHER = ONE | {"picture": "other"}
SAME = [(None, ONE, True), (ONE, None, True), (None, OFF, False), (OFF, None, False), (ONE, OFF, False),
        (OFF, ONE, False), (ONE, ONE, True), (ONE, OTHER, False), (None, None, True)]  # fmt: skip


def test_a_page_that_was_not_read_is_no_choice_and_a_switch_is() -> None:
    for before, after, same in SAME:
        one, other = comparable(wording(before), wording(after))
        assert (one == other) is same, (before, after)
        assert (changes_between(wording(before), wording(after)) == []) is same, (before, after)


def test_a_change_of_capitals_does_not_carry_another_card(
    cast: Cast, seen: Post, account: Account, link: str
) -> None:
    rule = replace(ReviewRule(1), trivial=True)
    set_review_rule(actor=cast.alice, account_id=account.id, rule=rule, now=NOW())
    choose(cast, seen, link)
    assert held() == (PartState.HELD, HoldReason.CHANGED)
