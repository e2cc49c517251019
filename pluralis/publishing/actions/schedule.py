"""Schedule a post: one delivery per account, one part per segment, every key chosen and stored now."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pluralis.core.delivery import MissedPolicy
from pluralis.posts.access import access_post
from pluralis.posts.actions import mark_scheduled
from pluralis.posts.models import Override, Post, PostState, Segment
from pluralis.posts.queries import post_with_words, segments_for
from pluralis.publishing.approvals import check_approved
from pluralis.publishing.cards import set_known_cards
from pluralis.publishing.checks import (
    ON_ITS_WAY,
    SAME_TEXT,
    Checked,
    Confirmations,
    check_before_scheduling,
    same_text,
)
from pluralis.publishing.models import Delivery, Part
from pluralis.publishing.uploads import prepare_soon
from pluralis.publishing.wakeups import wake_many
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of

PAST = timedelta(minutes=2)
"""A time at most this far in the past means *now*: a page was open, a clock is off."""

UNDO = timedelta(seconds=10)
"""How long *send now* waits, so that a person can take it back."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When and how a post goes out. ``at`` is aware; ``zone`` is where its wall clock was read.

    On the accounts of ``by_hand`` a person sends what costs a program much more, once its time has come.
    """

    at: datetime
    zone: str = "UTC"
    missed_policy: MissedPolicy = MissedPolicy.ASK
    late_limit: timedelta = timedelta(hours=2)
    confirmed: Confirmations = field(default_factory=Confirmations)
    by_hand: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Order:
    """Who asked for what, under which key, when."""

    actor: Membership
    plan: Plan
    client_key: str
    now: datetime


def schedule_post(
    *, actor: Membership, post_id: UUID, account_ids: Sequence[UUID], plan: Plan, client_key: str, now: datetime
) -> list[Delivery]:
    """Put a post on its road to the given accounts; the same ``client_key`` again returns the same deliveries.

    Raises :class:`Invalid` with every reason why it cannot go out, and :class:`Conflict` when a question must be
    answered first (the same text again, a second answer).
    """
    again = _already(actor, client_key)
    if again:
        return again
    post = post_with_words(access_post(actor, post_id).id)
    accounts = [access_account(actor, each, ability_for(post)) for each in dict.fromkeys(account_ids)]
    check_approved(post, accounts, actor)
    return _put_on_road(_Order(actor, plan, client_key, now), post, accounts)


def schedule_approved(
    *, actor: Membership, post: Post, accounts: Sequence[Account], plan: Plan, client_key: str, now: datetime
) -> list[Delivery]:
    """Put a post on its road that its reviewers let go: their word stands for the actor's own right to publish.

    ``post`` comes with its words. Checked like any other, and done once under its ``client_key``.
    """
    again = _already(actor, client_key)
    return again or _put_on_road(_Order(actor, plan, client_key, now), post, accounts)


def _put_on_road(order: _Order, post: Post, accounts: Sequence[Account]) -> list[Delivery]:
    check_plan(post, accounts, order.plan, order.now)
    checked = check_before_scheduling(post, accounts, order.plan.confirmed, order.actor, order.now)
    try:
        with transaction.atomic():
            return _write(order, post, accounts, checked)
    except IntegrityError:
        again = _already(order.actor, order.client_key)
        if not again:
            raise
        return again


def _already(actor: Membership, client_key: str) -> list[Delivery]:
    return list(Delivery.objects.filter(team=actor.team_id, client_key=client_key).order_by("created_at", "id"))


def ability_for(post: Post) -> Ability:
    """Return what a member must be allowed to do to put a post on its road."""
    return Ability.ANSWER if post.message_id is not None else Ability.PUBLISH


def check_plan(post: Post, accounts: Sequence[Account], plan: Plan, now: datetime) -> None:
    """Raise :class:`Invalid` or :class:`Conflict` for a plan that nothing can follow."""
    if not accounts:
        raise Invalid("no_account", _("No account is chosen."), next_step=_("Choose at least one account."))
    if plan.at < now - PAST:
        raise Invalid(
            "in_the_past",
            _("This time has passed."),
            kept=_("Your post is kept as a draft."),
            next_step=_("Choose a later time, or send it now."),
            fields={"at": _("This time has passed.")},
        )
    if post.state == PostState.DISCARDED:
        raise Conflict("post_discarded", _("This post was discarded."), next_step=_("Bring it back first."))


def _write(order: _Order, post: Post, accounts: Sequence[Account], checked: Checked) -> list[Delivery]:
    actor, now = order.actor, order.now
    # Of two at the same instant the second waits here, and then finds what the first has done.
    Post.objects.select_for_update().only("id").get(id=post.id)
    again = _already(actor, order.client_key)
    if again:
        return again
    _check_not_scheduled(order, post, accounts)
    deliveries = [_delivery(order, post, account) for account in accounts]
    parts: list[Part] = []
    for delivery, account in zip(deliveries, accounts, strict=True):
        parts += [make_part(delivery, account, segment, post, now) for segment in segments_for(post, account)]
    set_known_cards(parts)
    Part.objects.bulk_create(parts)
    prepare_soon(parts, now)
    wake_many([part for part in parts if part.position == 0], now)
    mark_scheduled(actor=actor, post=post, now=now)
    keep_override(actor, post, order.plan.confirmed, checked, now)
    for delivery in deliveries:
        audit.note("publishing.delivery.scheduled", team_id=post.team_id, actor=actor, about=delivery, now=now,
                   planned_at=delivery.planned_at, overridden=checked.overridden)  # fmt: skip
    note_change(post.team_id, "calendar", "posts", f"post:{post.id}")
    return deliveries


def keep_override(
    actor: Membership, post: Post, confirmed: Confirmations, checked: Checked, now: datetime
) -> Override | None:
    """Keep why a post goes out although a rule stops it, to be shown at the post; in the caller's transaction."""
    if not checked.overridden:
        return None
    override = Override.objects.create(
        team_id=post.team_id, post=post, revision=post.revision, member=actor, name=str(actor.user)[:120],
        reason=confirmed.override_reason, rules=list(checked.overridden), at=now,
    )  # fmt: skip
    audit.note("posts.post.overridden", team_id=post.team_id, actor=actor, about=post, now=now,
               rules=override.rules, reason=audit.fingerprint(override.reason))  # fmt: skip
    return override


def _check_not_scheduled(order: _Order, post: Post, accounts: Sequence[Account]) -> None:
    """Ask before one draft goes out twice on an account: two people, or one with two pages, pressed the button."""
    if order.plan.confirmed.same_text:
        return
    twins = Part.objects.filter(
        delivery__post=post, account__in=accounts, state__in=ON_ITS_WAY, planned_at__gte=order.now - SAME_TEXT
    )
    twin = twins.select_related("account").first()
    if twin is not None:
        raise same_text(twin.account)


def _delivery(order: _Order, post: Post, account: Account) -> Delivery:
    plan = order.plan
    return Delivery.objects.create(
        team_id=post.team_id,
        post=post,
        account=account,
        client_key=order.client_key,
        planned_at=max(plan.at, order.now),
        zone=plan.zone,
        missed_policy=plan.missed_policy,
        late_limit=plan.late_limit,
        post_revision=post.revision,
        by_hand=account.id in plan.by_hand,
        created_by=order.actor,
        created_at=order.now,
    )


def make_part(delivery: Delivery, account: Account, segment: Segment, post: Post, now: datetime) -> Part:
    connector = network_of(account).connector
    return Part(
        team_id=delivery.team_id,
        delivery=delivery,
        account=account,
        segment=segment,
        position=segment.position,
        text=segment.text,
        planned_at=delivery.planned_at,
        due_at=delivery.planned_at,
        is_reply=post.message_id is not None,
        key=connector.choose_key(now, secrets.token_bytes(16)),
        created_at=now,
    )
