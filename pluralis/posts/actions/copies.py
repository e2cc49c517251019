"""Copies: a new draft with the words of an old post."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pluralis.posts.access import access_post
from pluralis.posts.actions.drafts import create_post
from pluralis.posts.models import Post
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Membership


def copy_post(*, actor: Membership, post_id: UUID, client_key: str, now: datetime) -> Post:
    """Save a new draft with the words, versions and pictures of a post; the original is left as it is.

    A copy answers nobody: what it replied to, and to whom it went privately, stays with the original; so do words
    for accounts that the actor no longer has. The same ``client_key`` again returns the same copy. Raises
    :class:`NotFound` for a post of another team.
    """
    draft = draft_from(post_with_words(access_post(actor, post_id).id))
    mine = {None, *accounts_of(actor).values_list("id", flat=True)}
    versions = tuple(version for version in draft.versions if version.account_id in mine)
    alone = replace(draft, versions=versions, reply_to=None, message_id=None, recipient=None)
    return create_post(actor=actor, draft=alone, client_key=client_key, now=now)
