"""The only way from a person and an id to a post or a picture."""

from uuid import UUID

from pluralis.posts.models import Media, Post
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
