"""Describe a picture for people who cannot see it; a post on its road with other words is a changed post."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from pluralis.posts.access import access_media
from pluralis.posts.actions import describe_picture
from pluralis.posts.models import Media, Post
from pluralis.publishing.access import access_delivery
from pluralis.publishing.actions.change import open_deliveries, refuse_unsettled
from pluralis.publishing.actions.rewording import ON_THE_ROAD, lock_parts, reword, still_on_the_road
from pluralis.publishing.actions.schedule import ability_for
from pluralis.teams.access import Ability, require
from pluralis.teams.models import Membership


@dataclass(frozen=True, slots=True)
class Described:
    """A picture with its new words, and the new revision of every post that is on its road with it."""

    media: Media
    revisions: dict[UUID, int] = field(default_factory=dict)


@transaction.atomic
def describe_media(*, actor: Membership, media_id: UUID, alt_text: str, decorative: bool, now: datetime) -> Described:
    """Give a picture its words. Posts under review, approved or planned with it become a new wording of themselves.

    What these words do to approvals is what any change does: open requests end, approvals stay with what was seen,
    and planned deliveries hold where somebody must look first. The same words again change nothing.

    Raises :class:`Conflict` while such a post is being sent or is in doubt, and :class:`Forbidden` for whoever may
    not change it.
    """
    require(actor, Ability.WRITE)
    media = access_media(actor, media_id)
    if (media.alt_text, media.decorative) == (alt_text.strip(), decorative):
        return Described(media)
    posts = _posts_with(media)
    parts = lock_parts(posts)
    refuse_unsettled(parts)
    for delivery in open_deliveries(parts):
        access_delivery(actor, delivery.id, ability_for(delivery.post))
    describe_picture(actor=actor, media=media, alt_text=alt_text, decorative=decorative)
    changed = still_on_the_road(posts, parts)
    for post in changed:
        reword(actor=actor, post=post, parts=parts, now=now)
    return Described(media, {post.id: post.revision for post in changed})


def _posts_with(media: Media) -> list[Post]:
    using = Post.objects.filter(versions__segments__pictures__media=media, state__in=ON_THE_ROAD)
    locked = Post.objects.select_for_update().filter(team=media.team_id, id__in=using.values("id"))
    return list(locked.order_by("id"))
