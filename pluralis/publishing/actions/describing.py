"""Describe a picture for people who cannot see it; a post on its road with other words is a changed post."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from pluralis.posts.access import access_media
from pluralis.posts.actions import describe_picture
from pluralis.posts.actions.wordings import keep_wording, note_new_words
from pluralis.posts.models import Media, Post, PostState
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.publishing.access import access_delivery
from pluralis.publishing.actions.change import let_new_words_go, open_deliveries, refuse_unsettled
from pluralis.publishing.actions.schedule import ability_for
from pluralis.publishing.models import Delivery, Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, require
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership

ON_THE_ROAD = (PostState.SUBMITTED, PostState.APPROVED, PostState.SCHEDULED)


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
    parts = _lock_parts(posts)
    refuse_unsettled(parts)
    for delivery in open_deliveries(parts):
        access_delivery(actor, delivery.id, ability_for(delivery.post))
    describe_picture(actor=actor, media=media, alt_text=alt_text, decorative=decorative)
    still_going = {delivery.post_id for delivery in open_deliveries(parts)}
    changed = [post for post in posts if post.state != PostState.SCHEDULED or post.id in still_going]
    for post in changed:
        _note_new_wording(actor, post, [one for one in open_deliveries(parts) if one.post_id == post.id], now)
    return Described(media, {post.id: post.revision for post in changed})


def _posts_with(media: Media) -> list[Post]:
    using = Post.objects.filter(versions__segments__pictures__media=media, state__in=ON_THE_ROAD)
    locked = Post.objects.select_for_update().filter(team=media.team_id, id__in=using.values("id"))
    return list(locked.order_by("id"))


def _lock_parts(posts: list[Post]) -> list[Part]:
    locked = Part.objects.select_for_update(of=("self",)).select_related("delivery__account", "delivery__post")
    return list(locked.filter(delivery__post__in=posts).order_by("delivery_id", "position")) if posts else []


def _note_new_wording(actor: Membership, post: Post, deliveries: list[Delivery], now: datetime) -> None:
    post.revision, post.updated_at = post.revision + 1, now
    post.save(update_fields=["revision", "updated_at"])
    whole = post_with_words(post.id)
    keep_wording(actor=actor, post=whole, draft=draft_from(whole), now=now)
    note_new_words(actor=actor, post=whole, now=now)
    audit.note("posts.post.saved", team_id=post.team_id, actor=actor, about=post, now=now, revision=post.revision)
    let_new_words_go(actor, whole, deliveries, now)
    note_change(post.team_id, "posts", f"post:{post.id}")
