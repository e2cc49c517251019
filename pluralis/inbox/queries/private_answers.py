"""Private answers outside their conversation: on the calendar, in lists and exports, masked by its rule.

A direct message that we wrote may repeat what the person told us. Whoever sees the conversation's personal data sees
it here as well; for everybody else it is masked, in memory only.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from pluralis.core import privacy
from pluralis.inbox.models import Message
from pluralis.posts.models import Post
from pluralis.publishing.models import Part
from pluralis.teams.models import Membership, Team
from pluralis.teams.queries import privacy_of

PRIVATE = "direct"


def hide_private_answers(actor: Membership, parts: Iterable[Part], now: datetime) -> None:
    """Mask the private answers among the parts that the actor may not read; ``is_masked`` marks them. They must come
    with account and post.

    One query, none where there is no private answer.
    """
    private = [part for part in parts if part.delivery.post.visibility == PRIVATE]
    seen = _seen(actor, (part.delivery.post for part in private), now)
    for part in private:
        if part.delivery.post.message_id not in seen:
            plain = masked_answer(part.text, part.delivery.post.language or part.account.language, actor.team)
            part.is_masked = plain != part.text  # type: ignore[attr-defined]
            # The address of the page that finishes it by hand carries the words too.
            part.text, part.by_hand_url = plain, "" if plain != part.text else part.by_hand_url


def hide_private_posts(actor: Membership, posts: Iterable[Post], now: datetime) -> bool:
    """Mask the segments of private answers that the actor may not read; says whether anything was hidden.

    The posts must come with their words. One query, none where there is no private answer.
    """
    private = [post for post in posts if post.visibility == PRIVATE]
    seen = _seen(actor, private, now)
    hidden = False
    for post in private:
        for segment in (each for version in post.versions.all() for each in version.segments.all()):
            if post.message_id not in seen:
                plain = masked_answer(segment.text, post.language, actor.team)
                hidden, segment.text = hidden or plain != segment.text, plain
    return hidden


def masked_answer(text: str, language: str, team: Team) -> str:
    """Return what a private answer says without the personal data in it. No query."""
    rules = privacy_of(team)
    found = privacy.find(text, language=language or None, references=rules.references, allow=rules.allow)
    return privacy.mask(text, found)


def _seen(actor: Membership, posts: Iterable[Post], now: datetime) -> set[UUID | None]:
    """Return the answered messages in whose conversations the actor sees personal data now."""
    answered = {post.message_id for post in posts if post.message_id is not None}
    if not answered:
        return set()
    looked = Q(conversation__unmaskings__member=actor, conversation__unmaskings__until__gt=now)
    own = Q(conversation__assigned_to=actor) | Q(account__member=actor)
    found = Message.objects.filter(own | looked, team=actor.team_id, id__in=answered)
    return set(found.values_list("id", flat=True))
