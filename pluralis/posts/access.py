"""The only way from a person and an id to a post or a picture."""

from uuid import UUID

from pluralis.posts.models import Media, Post, Review
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Membership


def access_post(actor: Membership, post_id: UUID | str, ability: Ability = Ability.WRITE) -> Post:
    """Return a post of the actor's team; an author always reaches their own."""
    post = Post.objects.filter(team=actor.team_id, id=valid_id(post_id)).first()
    if post is None:
        raise NotFound("post")
    if post.author_id != actor.id:
        if not may(actor, Ability.VIEW):
            raise NotFound("post")
        require(actor, ability)
    return post


def access_media(actor: Membership, media_id: UUID | str) -> Media:
    """Return a picture of the actor's team; for whoever sees only what is theirs, one they took in themselves."""
    media = Media.objects.filter(team=actor.team_id, id=valid_id(media_id)).first()
    if media is None or not (media.created_by_id == actor.id or may(actor, Ability.VIEW)):
        raise NotFound("media")
    return media


def access_review(actor: Membership, review_id: UUID | str) -> Review:
    """Return a review of the actor's team; whoever sees only what is theirs reaches those of their own posts."""
    found = Review.objects.select_related("post__author__user", "submitted_by__user")
    review = found.filter(team=actor.team_id, id=valid_id(review_id)).first()
    if review is None:
        raise NotFound("review")
    if actor.id not in (review.submitted_by_id, review.post.author_id) and not may(actor, Ability.VIEW):
        raise NotFound("review")
    return review
