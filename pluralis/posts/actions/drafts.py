"""Every write about posts: save, discard, describe a picture."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pluralis.posts.access import access_post
from pluralis.posts.actions.wordings import keep_wording, note_new_words, withdraw_open_reviews
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion, check_draft
from pluralis.posts.models import Media, Post, PostState, Segment, SegmentMedia, Version
from pluralis.posts.polls import stored_poll
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, NotFound
from pluralis.teams.models import Membership


def create_post(*, actor: Membership, draft: Draft, client_key: str, now: datetime) -> Post:
    """Save a new post. The same ``client_key`` again (a double click, a retry) returns the same post."""
    require(actor, Ability.WRITE)
    check_draft(draft)
    _check_accounts(actor, draft)
    try:
        with transaction.atomic():
            post = Post.objects.create(
                team_id=actor.team_id, author=actor, client_key=client_key, created_at=now, updated_at=now
            )
            _write(post, draft)
            keep_wording(actor=actor, post=post, draft=draft, now=now)
            audit.note("posts.post.created", team_id=actor.team_id, actor=actor, about=post, now=now)
            note_change(actor.team_id, "posts", f"post:{post.id}")
    except IntegrityError:
        twin = Post.objects.filter(team_id=actor.team_id, client_key=client_key).first()
        if twin is None:
            raise
        return twin
    return post


def save_post(*, actor: Membership, post_id: UUID, draft: Draft, revision: int, now: datetime) -> Post:
    """Save a changed post. ``revision`` is the one the person started from; an older one is a :class:`Conflict`."""
    check_draft(draft)
    _check_accounts(actor, draft)
    with transaction.atomic():
        post = lock_post(actor, post_id)
        if post.state == PostState.DISCARDED:
            raise Conflict("post_discarded", _("This post was discarded."), next_step=_("Copy it into a new one."))
        if post.revision != revision:
            raise Conflict(
                "post_changed",
                _("Somebody else saved this post while you were writing."),
                kept=_("Both texts are kept: theirs is saved, yours is still on your page."),
                next_step=_("Look at theirs, then save yours over it or copy what you need."),
            )
        post.revision += 1
        post.updated_at = now
        _write(post, draft)
        keep_wording(actor=actor, post=post, draft=draft, now=now)
        note_new_words(actor=actor, post=post, now=now)
        audit.note("posts.post.saved", team_id=post.team_id, actor=actor, about=post, now=now, revision=post.revision)
        note_change(post.team_id, "posts", f"post:{post.id}")
    return post


def discard_post(*, actor: Membership, post_id: UUID, now: datetime) -> Post:
    """Put a draft aside; it can be brought back."""
    return _set_state(
        actor, post_id, {PostState.DRAFT, PostState.SUBMITTED, PostState.APPROVED}, PostState.DISCARDED, now
    )


def restore_post(*, actor: Membership, post_id: UUID, now: datetime) -> Post:
    """Bring a discarded draft back."""
    return _set_state(actor, post_id, {PostState.DISCARDED}, PostState.DRAFT, now)


def mark_scheduled(*, actor: Membership, post: Post, now: datetime) -> None:
    """Note, in the scheduling transaction, that the post is on its road; nobody is asked about it any more."""
    withdraw_open_reviews(actor=actor, post=post, now=now)
    Post.objects.filter(id=post.id).update(state=PostState.SCHEDULED, updated_at=now)
    post.state = PostState.SCHEDULED


def describe_picture(*, actor: Membership, media: Media, alt_text: str, decorative: bool) -> Media:
    """Give a picture its text for those who cannot see it, or say that it only decorates."""
    require(actor, Ability.WRITE)
    media.alt_text, media.decorative = alt_text.strip(), decorative
    media.save(update_fields=["alt_text", "decorative"])
    return media


def lock_post(actor: Membership, post_id: UUID) -> Post:
    """Return the post, locked until the transaction ends."""
    post = access_post(actor, post_id)
    return Post.objects.select_for_update().get(id=post.id)


def _set_state(actor: Membership, post_id: UUID, before: set[PostState], after: PostState, now: datetime) -> Post:
    with transaction.atomic():
        post = lock_post(actor, post_id)
        if post.state not in before:
            raise Conflict(
                "post_state",
                _("This post is already on its way."),
                kept=_("Nothing was changed."),
                next_step=_("Cancel its deliveries on the calendar first."),
            )
        withdraw_open_reviews(actor=actor, post=post, now=now)
        post.state, post.updated_at = after, now
        post.save(update_fields=["state", "updated_at"])
        audit.note(f"posts.post.{after}", team_id=post.team_id, actor=actor, about=post, now=now)
        note_change(post.team_id, "posts", f"post:{post.id}")
    return post


def _check_accounts(actor: Membership, draft: Draft) -> None:
    for version in draft.versions:
        if version.account_id is not None:
            access_account(actor, version.account_id, Ability.WRITE)


def _write(post: Post, draft: Draft) -> None:
    """Bring the rows to what the draft says; segments keep their ids by position, for the parts that point there."""
    post.language = draft.language
    if post.message_id is None:
        # An answer's place is fixed when it is made: no later change of its words may land it on the timeline.
        post.visibility = draft.visibility
        post.reply_to, post.quote = draft.reply_to, draft.quote
        post.message_id = draft.message_id
        post.recipient = draft.recipient
    post.save()
    kept = [_write_version(post, version).id for version in draft.versions]
    post.versions.exclude(id__in=kept).delete()


def _write_version(post: Post, draft: DraftVersion) -> Version:
    whose: Any = draft.account_id  # None is a value here: the version for every account
    version, _created = Version.objects.get_or_create(team_id=post.team_id, post=post, account_id=whose)
    for position, segment in enumerate(draft.segments):
        _write_segment(version, position, segment)
    version.segments.filter(position__gte=len(draft.segments)).delete()
    return version


def _write_segment(version: Version, position: int, draft: DraftSegment) -> None:
    segment, _created = Segment.objects.update_or_create(
        team_id=version.team_id,
        version=version,
        position=position,
        defaults={"text": draft.text, "poll": stored_poll(draft.poll)},
    )
    _write_pictures(segment, draft.media_ids)


def _write_pictures(segment: Segment, media_ids: Sequence[UUID]) -> None:
    segment.pictures.all().delete()
    found = set(Media.objects.filter(team_id=segment.team_id, id__in=media_ids).values_list("id", flat=True))
    if found != set(media_ids):
        raise NotFound("media")
    SegmentMedia.objects.bulk_create(
        SegmentMedia(team_id=segment.team_id, segment=segment, media_id=media_id, position=position)
        for position, media_id in enumerate(media_ids)
    )
