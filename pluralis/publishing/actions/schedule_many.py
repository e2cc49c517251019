"""Schedule many posts at once, by the very checks of one: an import is thousands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from pluralis.core.text import canonical
from pluralis.posts.models import Post, PostState, Segment
from pluralis.posts.queries import segments_for
from pluralis.publishing.actions.schedule import Plan, ability_for, check_plan, keep_override, make_part
from pluralis.publishing.approvals import check_approved
from pluralis.publishing.cards import set_known_cards
from pluralis.publishing.checks import ON_ITS_WAY, SAME_TEXT, Checked, check_before_scheduling, same_text
from pluralis.publishing.models import Delivery, Part
from pluralis.publishing.wakeups import wake_many
from pluralis.teams.access import access_account
from pluralis.teams.audit_many import note_many
from pluralis.teams.changes import note_change
from pluralis.teams.errors import ActionError
from pluralis.teams.models import Account, Membership


@dataclass(frozen=True, slots=True)
class Order:
    """One post to put on its road: the post with its words, where to, when, and the command's key."""

    post: Post
    account_ids: tuple[UUID, ...]
    plan: Plan
    client_key: str


@transaction.atomic
def schedule_many(*, actor: Membership, orders: Sequence[Order], now: datetime) -> dict[str, ActionError | None]:
    """Put posts on their road; returns by client key why one was not taken, ``None`` for one that is on its way.

    What is refused leaves nothing behind, the others go. A key whose deliveries exist is on its way already. The
    posts were made in the caller's transaction, so that nobody else can be scheduling them.
    """
    keys = [order.client_key for order in orders]
    done = set(Delivery.objects.filter(team=actor.team_id, client_key__in=keys).values_list("client_key", flat=True))
    fresh = [order for order in orders if order.client_key not in done]
    accounts = _Accounts(actor)
    standing = _standing_texts(actor, fresh, now)
    outcome: dict[str, ActionError | None] = dict.fromkeys(done)
    taken: list[tuple[Order, list[Account], Checked]] = []
    for order in fresh:
        try:
            theirs = [accounts.get(each, order.post) for each in dict.fromkeys(order.account_ids)]
            taken.append((order, theirs, _check(order, theirs, actor, standing, now)))
            outcome[order.client_key] = None
        except ActionError as error:
            outcome[order.client_key] = error
    _write(taken, actor, now)
    return outcome


class _Accounts:
    """The accounts as the actor may use them, each asked for once."""

    def __init__(self, actor: Membership) -> None:
        self._actor = actor
        self._known: dict[tuple[UUID, str], Account] = {}

    def get(self, account_id: UUID, post: Post) -> Account:
        ability = ability_for(post)
        if (account_id, ability) not in self._known:
            self._known[account_id, ability] = access_account(self._actor, account_id, ability)
        return self._known[account_id, ability]


def _standing_texts(actor: Membership, orders: Iterable[Order], now: datetime) -> set[tuple[UUID, str]]:
    """Return the texts, by account, that the orders would repeat within the time that asks first. One query."""
    texts = {each.text for order in orders for each in _all_segments(order.post) if each.text.strip()}
    ids = {each for order in orders for each in order.account_ids}
    standing = Part.objects.filter(
        team=actor.team_id, account__in=ids, state__in=ON_ITS_WAY, planned_at__gte=now - SAME_TEXT, text__in=texts
    )
    return {(account_id, canonical(text)) for account_id, text in standing.values_list("account_id", "text")}


def _all_segments(post: Post) -> list[Segment]:
    return [segment for version in post.versions.all() for segment in version.segments.all()]


def _check(
    order: Order, accounts: Sequence[Account], actor: Membership, standing: set[tuple[UUID, str]], now: datetime
) -> Checked:
    check_approved(order.post, accounts, actor)
    check_plan(order.post, accounts, order.plan, now)
    # The same question as for one post, asked of the whole batch by one query instead of one for each account.
    asked = replace(order.plan.confirmed, same_text=True)
    checked = check_before_scheduling(order.post, accounts, asked, actor, now)
    if not order.plan.confirmed.same_text:
        for account in accounts:
            for segment in segments_for(order.post, account):
                words = (account.id, canonical(segment.text))
                if segment.text.strip() and words in standing:
                    raise same_text(account)
                standing.add(words)
    return checked


def _write(taken: Sequence[tuple[Order, list[Account], Checked]], actor: Membership, now: datetime) -> None:
    deliveries: list[Delivery] = []
    parts: list[Part] = []
    notes = []
    for order, accounts, checked in taken:
        keep_override(actor, order.post, order.plan.confirmed, checked, now)
        for account in accounts:
            delivery = _delivery(order, account, actor, now)
            deliveries.append(delivery)
            segments = segments_for(order.post, account)
            parts += [make_part(delivery, account, segment, order.post, now) for segment in segments]
            notes.append((delivery, {"planned_at": delivery.planned_at, "overridden": checked.overridden}))
    Delivery.objects.bulk_create(deliveries)
    set_known_cards(parts)
    Part.objects.bulk_create(parts)
    wake_many([part for part in parts if part.position == 0], now)
    ids = [order.post.id for order, _accounts, _checked in taken]
    Post.objects.filter(id__in=ids).update(state=PostState.SCHEDULED, updated_at=now)
    note_many("publishing.delivery.scheduled", notes, actor=actor, now=now)
    if taken:
        note_change(actor.team_id, "calendar", "posts")


def _delivery(order: Order, account: Account, actor: Membership, now: datetime) -> Delivery:
    plan = order.plan
    return Delivery(
        team_id=order.post.team_id, post=order.post, account=account, client_key=order.client_key,
        planned_at=max(plan.at, now), zone=plan.zone, missed_policy=plan.missed_policy, late_limit=plan.late_limit,
        post_revision=order.post.revision, created_by=actor, created_at=now,
    )  # fmt: skip
