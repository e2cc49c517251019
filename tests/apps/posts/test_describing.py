"""What people are told of a picture who cannot see it is a part of the post: changing it asks for approval again."""

import io
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone
from PIL import Image

from pluralis.core.review import ReviewRule, ReviewState
from pluralis.core.states import HoldReason, PartState
from pluralis.networks.contract import Poll
from pluralis.posts.actions import add_picture, create_post, save_post
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.models import Media, Post, PostState, Review, Revision
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.posts.wordings import changes_between
from pluralis.publishing import queries
from pluralis.publishing.actions import (
    Answer,
    Described,
    ReviewWish,
    approve_review,
    claim_part,
    describe_media,
    submit_post,
)
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.actions import set_review_rule
from pluralis.teams.errors import Conflict, Forbidden, NotFound
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast, schedule

NOW = timezone.now


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(held, "PNG")
    return held.getvalue()


def take_in(actor: Membership, alt: str = "A field of teal") -> Media:
    return add_picture(actor=actor, content=picture(), alt_text=alt, now=NOW())


def with_pictures(actor: Membership, *pictures: Media, **more: object) -> Post:
    drawn = Draft((DraftVersion((DraftSegment("Look.", tuple(one.id for one in pictures)),)),), language="en", **more)
    return create_post(actor=actor, draft=drawn, client_key=str(uuid.uuid4()), now=NOW())


def describe(actor: Membership, media: Media, words: str, *, decorative: bool = False) -> Described:
    return describe_media(actor=actor, media_id=media.id, alt_text=words, decorative=decorative, now=NOW())


def approved(cast: Cast, account: Account, *pictures: Media) -> Post:
    """Return a post of Bob's that Alice approved and that is planned for now."""
    set_review_rule(actor=cast.alice, account_id=account.id, rule=ReviewRule(1), now=NOW())
    post = with_pictures(cast.bob, *pictures)
    wish = ReviewWish((account.id,), same_text=True)
    review = submit_post(actor=cast.bob, post_id=post.id, wish=wish, now=NOW())
    approve_review(actor=cast.alice, review_id=review.id, answer=Answer(), now=NOW())
    Delivery.objects.update(created_by=cast.bob)
    return Post.objects.get(id=post.id)


def test_another_description_after_approval_holds_the_post_until_somebody_approves_it(
    cast: Cast, account: Account
) -> None:
    media = take_in(cast.bob)
    post = approved(cast, account, media)
    done = describe(cast.bob, media, "Our shop, seen from the street")
    assert done.revisions == {post.id: 2}
    part = Part.objects.get()
    assert claim_part(part.id, worker="w") is None
    part.refresh_from_db()
    assert (part.state, part.hold_reason) == (PartState.HELD, HoldReason.CHANGED)
    (review,) = Review.objects.filter(state=ReviewState.OPEN)
    _before, (change,) = queries.changes_since_approval(review)
    assert [(one.number, one.before, one.after) for one in change.descriptions] == [
        (1, "A field of teal", "Our shop, seen from the street")
    ]
    approve_review(actor=cast.alice, review_id=review.id, answer=Answer(at=NOW()), now=NOW())
    assert claim_part(part.id, worker="w") is not None


def test_the_same_description_again_changes_nothing(cast: Cast, account: Account) -> None:
    media = take_in(cast.bob)
    post = approved(cast, account, media)
    assert describe(cast.bob, media, " A field of teal ").revisions == {}
    post.refresh_from_db()
    assert post.revision == 1 and Delivery.objects.get().post_revision == 1


def test_calling_a_picture_decoration_is_a_change_too(cast: Cast, account: Account) -> None:
    media = take_in(cast.bob)
    approved(cast, account, media)
    describe(cast.bob, media, "A field of teal", decorative=True)
    (review,) = Review.objects.filter(state=ReviewState.OPEN)
    _before, (change,) = queries.changes_since_approval(review)
    assert change.descriptions[0].after is None


def test_a_description_that_changes_under_review_ends_the_request(cast: Cast, account: Account) -> None:
    media = take_in(cast.bob)
    post = with_pictures(cast.bob, media)
    review = submit_post(actor=cast.bob, post_id=post.id, wish=ReviewWish((account.id,)), now=NOW())
    describe(cast.bob, media, "Another thing")
    review.refresh_from_db()
    post.refresh_from_db()
    assert (review.state, post.state) == (ReviewState.CHANGED, PostState.DRAFT)


def test_where_nobody_has_to_look_a_planned_post_goes_out_with_the_new_description(
    cast: Cast, account: Account
) -> None:
    media = take_in(cast.alice)
    post = with_pictures(cast.alice, media)
    schedule(cast.alice, post, account)
    describe(cast.alice, media, "Our shop")
    assert Delivery.objects.get().post_revision == Post.objects.get().revision == 2
    claim = claim_part(Part.objects.get().id, worker="w")
    assert claim is not None and claim.part.delivery.post.revision == 2


def test_a_draft_is_described_without_becoming_another_version(cast: Cast) -> None:
    media = take_in(cast.bob)
    post = with_pictures(cast.bob, media)
    assert describe(cast.bob, media, "Our shop").revisions == {}
    assert [one.revision for one in Revision.objects.filter(post=post)] == [1]


def test_one_picture_in_two_posts_asks_again_for_both(cast: Cast, account: Account) -> None:
    media = take_in(cast.bob)
    posts = {approved(cast, account, media).id, approved(cast, account, media).id}
    assert set(describe(cast.bob, media, "Our shop").revisions) == posts
    assert Review.objects.filter(state=ReviewState.OPEN).count() == 2


def test_what_is_being_sent_is_not_described_anew(cast: Cast, account: Account) -> None:
    media = take_in(cast.alice)
    schedule(cast.alice, with_pictures(cast.alice, media), account)
    claim_part(Part.objects.get().id, worker="w")
    with pytest.raises(Conflict) as refused:
        describe(cast.alice, media, "Our shop")
    assert refused.value.code == "sending"
    media.refresh_from_db()
    assert media.alt_text == "A field of teal"


def test_what_is_out_is_described_for_the_next_time_only(cast: Cast, account: Account) -> None:
    media = take_in(cast.alice)
    post = with_pictures(cast.alice, media)
    schedule(cast.alice, post, account)
    Part.objects.update(state=PartState.SENDING)
    Part.objects.update(state=PartState.SENT, remote_id="7")
    assert describe(cast.alice, media, "Our shop").revisions == {}
    post.refresh_from_db()
    assert post.revision == 1


def test_only_who_may_change_a_planned_post_describes_its_pictures(cast: Cast, account: Account) -> None:
    media = take_in(cast.alice)
    schedule(cast.alice, with_pictures(cast.alice, media), account, after=600)
    with pytest.raises(Forbidden):
        describe(cast.bob, media, "Our shop")
    with pytest.raises(NotFound):
        describe(cast.charlie, media, "Our shop")


def swapped(one: Draft) -> Draft:
    return _with(one, media_ids=tuple(reversed(one.versions[0].segments[0].media_ids)))


def asking(one: Draft) -> Draft:
    return _with(one, poll=Poll(("Nantes", "Ipoh"), 60))


def linking(one: Draft) -> Draft:
    return _with(one, text="Look. https://example.org/other")


def quoting(one: Draft) -> Draft:
    return replace(one, quote={"remote_id": "7", "extra": {}})


def _with(one: Draft, **more: object) -> Draft:
    segment = replace(one.versions[0].segments[0], **more)
    return replace(one, versions=(replace(one.versions[0], segments=(segment,)),))


@pytest.mark.parametrize("change", [swapped, asking, linking, quoting])
def test_whatever_stands_on_the_network_asks_again_when_it_changes(
    change: Callable[[Draft], Draft], cast: Cast, account: Account
) -> None:
    post = with_pictures(cast.bob, take_in(cast.bob), take_in(cast.bob, "Our shop"))
    review = submit_post(actor=cast.bob, post_id=post.id, wish=ReviewWish((account.id,)), now=NOW())
    before = draft_from(post_with_words(post.id))
    save_post(actor=cast.bob, post_id=post.id, draft=change(before), revision=1, now=NOW())
    review.refresh_from_db()
    assert review.state == ReviewState.CHANGED


def test_a_wording_from_before_descriptions_were_kept_is_not_taken_for_another(cast: Cast, account: Account) -> None:
    post = with_pictures(cast.bob, take_in(cast.bob))
    review = submit_post(actor=cast.bob, post_id=post.id, wish=ReviewWish((account.id,)), now=NOW())
    kept = Revision.objects.get()
    whole = dict(kept.content)
    del kept.content["versions"][0]["segments"][0]["alt"]
    kept.save(update_fields=["content"])
    assert changes_between(kept.content, whole) == []
    save_post(actor=cast.bob, post_id=post.id, draft=draft_from(post_with_words(post.id)), revision=1, now=NOW())
    review.refresh_from_db()
    assert (review.state, review.revision) == (ReviewState.OPEN, 2)
