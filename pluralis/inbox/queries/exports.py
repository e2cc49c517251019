"""What a team takes home: posts, deliveries, attempts and messages as plain rows, a page at a time.

Every row holds only what the actor may see at the desk; what the desk masks stays masked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from pluralis.inbox.models import Message
from pluralis.inbox.queries.private_answers import PRIVATE, masked_answer
from pluralis.inbox.reading import masked_text
from pluralis.posts.models import Post
from pluralis.posts.queries import posts_with_words
from pluralis.publishing.models import AttemptResult, Part
from pluralis.teams.access import Ability, accounts_of, may
from pluralis.teams.models import Membership

PAGE = 1000
Row = dict[str, Any]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: from ``start`` to before ``end``, and of which accounts; no accounts means all the actor sees."""

    start: datetime
    end: datetime
    account_ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of export: its columns in order, and how its rows are read."""

    columns: tuple[str, ...]
    rows: Callable[[Membership, Wanted], Iterator[Row]]


def _pages(found: QuerySet[M]) -> Iterator[list[M]]:
    """Yield the rows of a query by their id, a page at a time: no cursor stays open however slowly they are taken."""
    last = None
    while True:
        page = list((found if last is None else found.filter(pk__gt=last)).order_by("pk")[:PAGE])
        if page:
            yield page
        if len(page) < PAGE:
            return
        last = page[-1].pk


def _accounts(actor: Membership, wanted: Wanted) -> QuerySet[Any]:
    accounts = accounts_of(actor, released=True)
    return accounts.filter(id__in=wanted.account_ids) if wanted.account_ids else accounts


def posts(actor: Membership, wanted: Wanted) -> Iterator[Row]:
    """Yield the posts written in that time, with the accounts they were planned on. Seven queries a page."""
    found = Post.objects.filter(team=actor.team_id, created_at__gte=wanted.start, created_at__lt=wanted.end)
    if not may(actor, Ability.VIEW):
        found = found.filter(author=actor)
    if wanted.account_ids:
        found = found.filter(deliveries__account__in=_accounts(actor, wanted)).distinct()
    for page in _pages(found.only("id")):
        whole = {post.id: post for post in posts_with_words([post.id for post in page])}
        handles = _handles(actor, list(whole))
        for post in (whole[each.id] for each in page):
            yield {
                "id": post.id, "state": post.state, "author": str(post.author.user) if post.author else "",
                "language": post.language, "visibility": post.visibility, "text": _words(actor, post),
                "accounts": " ".join(handles.get(post.id, ())), "created_at": post.created_at,
                "updated_at": post.updated_at,
            }  # fmt: skip


def _words(actor: Membership, post: Post) -> str:
    """Return the words for every account; the messages of a thread are parted by a line with three dashes."""
    shared = next((version for version in post.versions.all() if version.account_id is None), None)
    texts = [segment.text for segment in shared.segments.all()] if shared else []
    return "\n---\n".join(_plain(actor, post, text) for text in texts)


def _plain(actor: Membership, post: Post, text: str) -> str:
    """Return a text of ours; a private answer is masked like every message that is taken home."""
    return masked_answer(text, post.language, actor.team) if post.visibility == PRIVATE else text


def _handles(actor: Membership, post_ids: list[UUID]) -> Mapping[UUID, list[str]]:
    seen = Part.objects.filter(delivery__post__in=post_ids, position=0, account__in=accounts_of(actor, released=True))
    found: dict[UUID, list[str]] = {}
    for post_id, network, handle in seen.values_list("delivery__post", "account__network", "account__handle"):
        found.setdefault(post_id, []).append(f"{network}:@{handle}")
    return found


def deliveries(actor: Membership, wanted: Wanted) -> Iterator[Row]:
    """Yield what was planned for that time, a row for each message. One query a page."""
    found = Part.objects.filter(
        team=actor.team_id, planned_at__gte=wanted.start, planned_at__lt=wanted.end,
        account__in=_accounts(actor, wanted),
    )  # fmt: skip
    for page in _pages(found.select_related("account", "delivery__post")):
        for part in page:
            yield {
                "id": part.id, "delivery_id": part.delivery_id, "post_id": part.delivery.post_id,
                "network": part.account.network, "account": f"@{part.account.handle}", "position": part.position + 1,
                "text": _plain(actor, part.delivery.post, part.text), "state": part.state,
                "hold_reason": part.hold_reason, "reason": part.reason,
                "planned_at": part.planned_at, "zone": part.delivery.zone, "sent_at": part.sent_at, "url": part.url,
                "remote_id": part.remote_id or "", "tries": part.tries,
            }  # fmt: skip


def attempts(actor: Membership, wanted: Wanted) -> Iterator[Row]:
    """Yield how every try of that time ended, and what later looks said. One query a page."""
    found = AttemptResult.objects.filter(
        team=actor.team_id, attempt__at__gte=wanted.start, attempt__at__lt=wanted.end,
        attempt__part__account__in=_accounts(actor, wanted),
    )  # fmt: skip
    for page in _pages(found.select_related("attempt__part__account")):
        for result in page:
            part = result.attempt.part
            yield {
                "attempt": result.attempt_id, "part_id": part.id, "network": part.account.network,
                "account": f"@{part.account.handle}", "began_at": result.attempt.at, "outcome": result.outcome,
                "told_at": result.at,
            }  # fmt: skip


def messages(actor: Membership, wanted: Wanted) -> Iterator[Row]:
    """Yield what came in and was answered in that time, personal data masked. One query a page."""
    found = Message.objects.filter(
        team=actor.team_id, created_at__gte=wanted.start, created_at__lt=wanted.end,
        account__in=_accounts(actor, wanted),
    )  # fmt: skip
    for page in _pages(found.select_related("account", "profile")):
        for message in page:
            yield {
                "id": message.id, "conversation_id": message.conversation_id, "network": message.account.network,
                "account": f"@{message.account.handle}", "direction": message.direction, "kind": message.kind,
                "author": f"@{message.profile.handle}" if message.profile else "",
                "text": masked_text(message.text, message.personal_data), "url": message.url,
                "written_at": message.created_at,
            }  # fmt: skip


KINDS: Mapping[str, Kind] = {
    "posts": Kind(
        ("id", "state", "author", "language", "visibility", "text", "accounts", "created_at", "updated_at"), posts
    ),
    "deliveries": Kind(
        ("id", "delivery_id", "post_id", "network", "account", "position", "text", "state", "hold_reason", "reason",
         "planned_at", "zone", "sent_at", "url", "remote_id", "tries"),
        deliveries,
    ),
    "attempts": Kind(("attempt", "part_id", "network", "account", "began_at", "outcome", "told_at"), attempts),
    "messages": Kind(
        ("id", "conversation_id", "network", "account", "direction", "kind", "author", "text", "url", "written_at"),
        messages,
    ),
}  # fmt: skip
