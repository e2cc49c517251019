"""Posts that become a new wording of themselves: nobody touched their words, yet what stands beside them is other."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pluralis.posts.actions.wordings import keep_wording, note_new_words
from pluralis.posts.models import Post, PostState
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.publishing.actions.change import let_new_words_go, open_deliveries
from pluralis.publishing.models import Part
from pluralis.teams import audit
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership

ON_THE_ROAD = (PostState.SUBMITTED, PostState.APPROVED, PostState.SCHEDULED)


def lock_parts(posts: Sequence[Post]) -> list[Part]:
    """Return every part of some posts, locked until the transaction ends."""
    locked = Part.objects.select_for_update(of=("self",)).select_related(
        "account", "delivery__account", "delivery__post", "segment", "card"
    )
    return list(locked.filter(delivery__post__in=posts).order_by("delivery_id", "position")) if posts else []


def still_on_the_road(posts: Iterable[Post], parts: Sequence[Part]) -> list[Post]:
    """Return the posts of which anything is still asked for, approved or to go out. No query."""
    going = {delivery.post_id for delivery in open_deliveries(parts)}
    on_it = [post for post in posts if post.state in ON_THE_ROAD]
    return [post for post in on_it if post.state != PostState.SCHEDULED or post.id in going]


def reword(*, actor: Membership, post: Post, parts: Sequence[Part], now: datetime) -> None:
    """Make a locked post a new wording, with all that any change does: open requests end, approvals stay with what
    was seen, and planned deliveries hold where somebody must look first. ``parts`` are locked too."""
    deliveries = [one for one in open_deliveries(parts) if one.post_id == post.id]
    post.revision, post.updated_at = post.revision + 1, now
    post.save(update_fields=["revision", "updated_at"])
    whole = post_with_words(post.id)
    keep_wording(actor=actor, post=whole, draft=draft_from(whole), now=now)
    note_new_words(actor=actor, post=whole, now=now)
    audit.note("posts.post.saved", team_id=post.team_id, actor=actor, about=post, now=now, revision=post.revision)
    let_new_words_go(actor, whole, deliveries, now)
    note_change(post.team_id, "posts", f"post:{post.id}")
