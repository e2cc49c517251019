"""Every wording a post had; and what a change does to an approval that was asked for or given."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from pluralis.config import wiring
from pluralis.core.review import ReviewRule, ReviewState, check_review_move, is_trivial
from pluralis.posts.drafts import Draft
from pluralis.posts.models import Media, Post, PostState, Review, ReviewAccount, Revision
from pluralis.posts.wordings import Place, comparable, content_of, digest_of, texts_of, without_texts
from pluralis.teams import audit
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership


def keep_wording(*, actor: Membership | None, post: Post, draft: Draft, now: datetime) -> Revision:
    """Keep the words a post has now, in the caller's transaction; kept already is fine.

    Two queries, one more with pictures, two more with links.
    """
    content = _content_now(post, draft)
    kept, _created = Revision.objects.get_or_create(
        team_id=post.team_id,
        post=post,
        revision=post.revision,
        defaults={"content": content, "digest": digest_of(content), "saved_by": actor, "saved_at": now},
    )
    return kept


def says_other(post: Post, draft: Draft) -> bool:
    """Say whether a post is other now than the wording kept at its revision: its pictures are told of in other words,
    or other cards stand below its links. One query, and those of what is beside its words."""
    kept = Revision.objects.filter(post=post, revision=post.revision).first()
    if kept is None:
        return False
    before, after = comparable(kept.content, _content_now(post, draft))
    return before != after


def _content_now(post: Post, draft: Draft) -> dict[str, Any]:
    cards: dict[Place, dict[str, Any]] = {}
    wiring.tell("wording_kept", post=post, draft=draft, cards=cards)
    return content_of(draft, _described(draft), cards)


def _described(draft: Draft) -> dict[UUID, str | None]:
    """Return by picture what people are told who cannot see it, ``None`` for decoration."""
    wanted = {each for version in draft.versions for one in version.segments for each in one.media_ids}
    if not wanted:
        return {}
    found = Media.objects.filter(id__in=wanted).values_list("id", "alt_text", "decorative")
    return {media_id: None if decorative else words for media_id, words, decorative in found}


def note_new_words(*, actor: Membership, post: Post, now: datetime) -> None:
    """Let a change do what it must to approvals, in the transaction that saved it and holds the post's lock.

    A request that is open ends and is asked for again; an approval stays with the words it was given for. Saving the
    same words once more changes nothing, and all accounts of an approval may let white space and capitals keep it.
    """
    reviews = Review.objects.select_for_update().filter(post=post, state__in=[ReviewState.OPEN, ReviewState.APPROVED])
    for review in reviews:
        if not _carried(review, post):
            check_review_move(ReviewState(review.state), ReviewState.CHANGED)
            review.state, review.closed_at, review.trouble = ReviewState.CHANGED, now, ""
            review.save(update_fields=["state", "closed_at", "trouble"])
            audit.note("posts.review.changed", team_id=post.team_id, actor=actor, about=review, now=now)
            note_change(post.team_id, "reviews", f"review:{review.id}")
    _step_back(post)


def _carried(review: Review, post: Post) -> bool:
    """Move a request or an approval on to the new words where they say the same, and say whether it was."""
    kept = {one.revision: one.content for one in Revision.objects.filter(post=post)}
    before, after = kept.get(review.covered_revision or review.revision), kept.get(post.revision)
    if before is None or after is None:
        return False
    before, after = comparable(before, after)
    if before != after and not (review.state == ReviewState.APPROVED and _trivial(review, before, after)):
        return False
    _carry(review, post)
    return True


def _trivial(review: Review, before: dict[str, Any], after: dict[str, Any]) -> bool:
    rules = [ReviewRule.from_dict(wish.account.settings.get("review")) for wish in _wishes(review)]
    if not rules or not all(rule.trivial for rule in rules):
        return False
    same_rest = without_texts(before) == without_texts(after)
    return same_rest and is_trivial(texts_of(before), texts_of(after))


def _carry(review: Review, post: Post) -> None:
    if review.state == ReviewState.OPEN:
        review.revision = post.revision
        review.save(update_fields=["revision"])
        return
    review.covered_revision = post.revision
    review.save(update_fields=["covered_revision"])
    Post.objects.filter(id=post.id).update(approved_revision=post.revision)
    post.approved_revision = post.revision


def _wishes(review: Review) -> QuerySet[ReviewAccount]:
    return review.wishes.select_related("account")


def _step_back(post: Post) -> None:
    """A post that waits for its reviewers, or has their word, is a draft again once its words are others."""
    waits = Review.objects.filter(post=post, state=ReviewState.OPEN).exists()
    seen = waits or post.approved_revision == post.revision
    if post.state in (PostState.SUBMITTED, PostState.APPROVED) and not seen:
        Post.objects.filter(id=post.id).update(state=PostState.DRAFT)
        post.state = PostState.DRAFT


def withdraw_open_reviews(*, actor: Membership, post: Post, now: datetime) -> None:
    """End a request that is open because nobody wants the post any more, in the caller's transaction."""
    for review in Review.objects.select_for_update().filter(post=post, state=ReviewState.OPEN):
        review.state, review.closed_at = ReviewState.WITHDRAWN, now
        review.save(update_fields=["state", "closed_at"])
        audit.note("posts.review.withdrawn", team_id=post.team_id, actor=actor, about=review, now=now)
        note_change(post.team_id, "reviews", f"review:{review.id}")
