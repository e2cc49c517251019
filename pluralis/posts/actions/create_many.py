"""Save many posts at once, by the same rules as one: an import is thousands."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from pluralis.posts.access import access_media
from pluralis.posts.drafts import Draft, check_draft
from pluralis.posts.models import Post, Segment, SegmentMedia, Version
from pluralis.posts.polls import stored_poll
from pluralis.posts.queries import posts_with_words
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.audit_many import note_many
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership


@transaction.atomic
def create_many(*, actor: Membership, drafts: Mapping[str, Draft], now: datetime) -> dict[str, Post]:
    """Save new posts by their client keys; a key that has a post already returns that one, unchanged.

    Returns the posts with their words and pictures. Raises :class:`Invalid` when any draft cannot be stored: then
    none is.
    """
    require(actor, Ability.WRITE)
    _check(actor, drafts)
    known = dict(Post.objects.filter(team=actor.team_id, client_key__in=list(drafts)).values_list("client_key", "id"))
    fresh = {key: draft for key, draft in drafts.items() if key not in known}
    posts = {key: _post(actor, key, draft, now) for key, draft in fresh.items()}
    Post.objects.bulk_create(posts.values())
    _write(fresh, posts)
    note_many("posts.post.created", ((post, {}) for post in posts.values()), actor=actor, now=now)
    if posts:
        note_change(actor.team_id, "posts")
    found = posts_with_words([*known.values(), *(post.id for post in posts.values())])
    return {post.client_key: post for post in found}


def _check(actor: Membership, drafts: Mapping[str, Draft]) -> None:
    accounts: set[UUID] = set()
    pictures: set[UUID] = set()
    for draft in drafts.values():
        check_draft(draft)
        accounts |= {version.account_id for version in draft.versions if version.account_id is not None}
        pictures |= {each for version in draft.versions for one in version.segments for each in one.media_ids}
    for account_id in accounts:
        access_account(actor, account_id, Ability.WRITE)
    for media_id in pictures:
        access_media(actor, media_id)


def _post(actor: Membership, key: str, draft: Draft, now: datetime) -> Post:
    return Post(team_id=actor.team_id, author=actor, client_key=key, language=draft.language,
                visibility=draft.visibility, reply_to=draft.reply_to, message_id=draft.message_id,
                recipient=draft.recipient, created_at=now, updated_at=now)  # fmt: skip


def _write(drafts: Mapping[str, Draft], posts: Mapping[str, Post]) -> None:
    versions: list[Version] = []
    segments: list[Segment] = []
    pictures: list[SegmentMedia] = []
    for key, draft in drafts.items():
        for words in draft.versions:
            version = Version(team_id=posts[key].team_id, post=posts[key], account_id=words.account_id)
            versions.append(version)
            for position, one in enumerate(words.segments):
                segment = Segment(
                    team_id=version.team_id,
                    version=version,
                    position=position,
                    text=one.text,
                    poll=stored_poll(one.poll),
                )
                segments.append(segment)
                pictures += [
                    SegmentMedia(team_id=version.team_id, segment=segment, media_id=media_id, position=place)
                    for place, media_id in enumerate(one.media_ids)
                ]
    Version.objects.bulk_create(versions)
    Segment.objects.bulk_create(segments)
    SegmentMedia.objects.bulk_create(pictures)
