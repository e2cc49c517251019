"""Queue slots: set them, put posts into the next free one, change their order, refill empty ones."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.schedule import Occurrence as Time
from pluralis.core.schedule import Slot, slot_times
from pluralis.posts.access import access_post
from pluralis.posts.queries import post_with_words
from pluralis.publishing.actions.change import move_delivery
from pluralis.publishing.actions.schedule import Plan, schedule_post
from pluralis.publishing.approvals import check_approved
from pluralis.publishing.checks import ON_ITS_WAY, Confirmations, check_before_scheduling
from pluralis.publishing.models import Delivery, Part, QueuedDelivery, QueueSlot
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.models import Account, Membership

MOST_SLOTS = 168
LOOK_AHEAD = timedelta(days=56)
SOONEST = timedelta(minutes=1)
"""A slot that begins within this time is left: the post would already be late by its own clock."""


def add_slots(
    *, actor: Membership, account_id: UUID, weekdays: Iterable[int], times: Iterable[time], now: datetime
) -> int:
    """Add every one of ``times`` on every one of ``weekdays`` (0 is Monday); returns how many were new."""
    account = access_account(actor, account_id, Ability.PUBLISH)
    wanted = {(weekday, at.replace(second=0, microsecond=0)) for weekday in weekdays for at in times}
    if not wanted or any(not 0 <= weekday <= 6 for weekday, _at in wanted):
        raise Invalid("no_slot", _("Choose at least one weekday and one time."), kept=_("Nothing was changed."))
    with transaction.atomic():
        known = _locked_slots(account)
        fresh = wanted - set(known)
        if len(known) + len(fresh) > MOST_SLOTS:
            raise Invalid("too_many_slots", _("An account has at most %(most)d slots a week.") % {"most": MOST_SLOTS},
                          kept=_("Nothing was changed."))  # fmt: skip
        _create(account, fresh, now)
        _note_slots(actor, account, now, added=len(fresh))
    return len(fresh)


def remove_slot(*, actor: Membership, account_id: UUID, slot_id: UUID, now: datetime) -> None:
    """Take a slot away; what was planned in it stays planned."""
    account = access_account(actor, account_id, Ability.PUBLISH)
    with transaction.atomic():
        gone, _kinds = QueueSlot.objects.filter(account=account, id=slot_id).delete()
        if not gone:
            raise NotFound("slot")
        _note_slots(actor, account, now, removed=1)


def set_slots(*, actor: Membership, account_id: UUID, slots: Iterable[Slot], now: datetime) -> list[QueueSlot]:
    """Make exactly these the slots of an account."""
    account = access_account(actor, account_id, Ability.PUBLISH)
    wanted = {(weekday, at.replace(second=0, microsecond=0, tzinfo=None)) for weekday, at in slots}
    if len(wanted) > MOST_SLOTS or any(not 0 <= weekday <= 6 for weekday, _at in wanted):
        raise Invalid("too_many_slots", _("An account has at most %(most)d slots a week.") % {"most": MOST_SLOTS},
                      kept=_("Nothing was changed."))  # fmt: skip
    with transaction.atomic():
        known = _locked_slots(account)
        QueueSlot.objects.filter(id__in=[slot.id for key, slot in known.items() if key not in wanted]).delete()
        _create(account, wanted - set(known), now)
        _note_slots(actor, account, now, set=len(wanted))
    return list(QueueSlot.objects.filter(account=account))


def add_to_queue(
    *,
    actor: Membership,
    post_id: UUID,
    account_ids: Sequence[UUID],
    confirmed: Confirmations,
    client_key: str,
    now: datetime,
) -> list[Delivery]:
    """Put a post into the next free slot of each account. The same ``client_key`` again returns the same deliveries.

    Raises :class:`Invalid` for an account without slots, :class:`Conflict` when all of eight weeks are taken, and
    whatever scheduling would raise; then none of the accounts gets it.
    """
    post = post_with_words(access_post(actor, post_id).id)
    accounts = [access_account(actor, each, Ability.PUBLISH) for each in dict.fromkeys(account_ids)]
    if not accounts:
        raise Invalid("no_account", _("No account is chosen."), next_step=_("Choose at least one account."))
    keys = {account.id: f"{client_key[:60]}:{account.id.hex}" for account in accounts}
    with transaction.atomic():
        lock_accounts(accounts)
        known = list(Delivery.objects.filter(team=actor.team_id, client_key__in=keys.values()))
        if len(known) == len(accounts):
            return known
        check_approved(post, accounts, actor)
        check_before_scheduling(post, accounts, confirmed, actor, now)
        return [_into_slot(actor, post_id, account, confirmed, keys[account.id], now) for account in accounts]


def _into_slot(
    actor: Membership, post_id: UUID, account: Account, confirmed: Confirmations, key: str, now: datetime
) -> Delivery:
    free = next(iter(free_slots(account, now, now + LOOK_AHEAD)), None)
    if free is None:
        raise _no_slot(account)
    plan = Plan(at=free.at, zone=account.zone, confirmed=confirmed)
    delivery = schedule_post(
        actor=actor, post_id=post_id, account_ids=[account.id], plan=plan, client_key=key, now=now
    )[0]
    note_queued(delivery, now)
    return delivery


def note_queued(delivery: Delivery, now: datetime) -> None:
    """Write that a delivery took a slot, in the caller's transaction."""
    QueuedDelivery.objects.get_or_create(
        delivery=delivery,
        defaults={"team_id": delivery.team_id, "account_id": delivery.account_id, "created_at": now},
    )


def _no_slot(account: Account) -> Invalid | Conflict:
    if not QueueSlot.objects.filter(account=account).exists():
        happened = _("@%(handle)s has no queue slots yet.") % {"handle": account.handle}
        return Invalid("no_slots", happened, kept=_("Your post is kept as a draft."),
                       next_step=_("Set the hours at which it speaks under Settings, Accounts, Queue slots."),
                       fields={"when": happened})  # fmt: skip
    return Conflict("queue_full", _("Every slot of @%(handle)s in the next eight weeks is taken.") % {
        "handle": account.handle}, kept=_("Your post is kept as a draft."),
        next_step=_("Add slots, or choose a time."))  # fmt: skip


def free_slots(account: Account, after: datetime, until: datetime) -> Iterable[Time]:
    """Yield the slots of an account in which nothing is planned. Two queries, made at the first step."""
    slots = list(QueueSlot.objects.filter(account=account).values_list("weekday", "local_time"))
    planned = Part.objects.filter(account=account, state__in=ON_ITS_WAY, position=0, planned_at__gte=after)
    taken = {at.replace(second=0, microsecond=0) for at in planned.values_list("planned_at", flat=True)}
    for each in slot_times(slots, account.zone, after + SOONEST, until):
        if each.at not in taken:
            yield each


def move_in_queue(*, actor: Membership, delivery_id: UUID, by: int, now: datetime) -> list[UUID]:
    """Let a queued delivery change places with the one before (``by`` -1) or after (1) it; returns the new order."""
    queued = QueuedDelivery.objects.filter(team=actor.team_id, delivery=delivery_id).first()
    if queued is None:
        raise NotFound("delivery")
    account = access_account(actor, queued.account_id, Ability.PUBLISH)
    with transaction.atomic():
        order = [each.id for each in locked_queue(account, now)]
        if delivery_id not in order:
            raise _queue_changed()
        place = order.index(delivery_id)
        other = place + (1 if by > 0 else -1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
            arrange_queue(actor=actor, account_id=account.id, order=order, now=now)
    return order


def arrange_queue(*, actor: Membership, account_id: UUID, order: Sequence[UUID], now: datetime) -> None:
    """Give the times of an account's queue to its deliveries in this order; refused if the queue changed since."""
    account = access_account(actor, account_id, Ability.PUBLISH)
    with transaction.atomic():
        queue = {each.id: each for each in locked_queue(account, now)}
        if set(order) != set(queue) or len(order) != len(queue):
            raise _queue_changed()
        times = [each.planned_at for each in queue.values()]
        for delivery_id, at in zip(order, times, strict=True):
            if queue[delivery_id].planned_at != at:
                move_delivery(actor=actor, delivery_id=delivery_id, to=at, now=now)
        audit.note("publishing.queue.arranged", team_id=actor.team_id, actor=actor, about=account, now=now)
        note_change(actor.team_id, "calendar", f"queue:{account.id}")


def shuffle_queue(*, actor: Membership, account_id: UUID, seed: int, now: datetime) -> list[UUID]:
    """Deal the times of an account's queue out anew; returns the order before, with which it can be undone."""
    account = access_account(actor, account_id, Ability.PUBLISH)
    with transaction.atomic():
        before = [each.id for each in locked_queue(account, now)]
        after = list(before)
        random.Random(seed).shuffle(after)  # noqa: S311 - an order of posts, nothing secret
        if after == before and len(after) > 1:
            after = [*after[1:], after[0]]
        arrange_queue(actor=actor, account_id=account_id, order=after, now=now)
    return before


def locked_queue(account: Account, now: datetime) -> list[Delivery]:
    """Return what waits in the slots of an account, soonest first, with the account locked until the transaction
    ends. Two queries."""
    lock_accounts([account])
    waiting = Delivery.objects.filter(queued__account=account, planned_at__gt=now, parts__state="waiting")
    return list(
        waiting.exclude(parts__state__in=("sending", "sent", "unconfirmed")).distinct().order_by("planned_at")
    )


def lock_accounts(accounts: Iterable[Account]) -> None:
    """Let nobody else give out slots of these accounts, nor claim one of their parts, until the transaction ends."""
    ids = [account.id for account in accounts]
    list(Account.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id").values_list("id"))


def _locked_slots(account: Account) -> dict[Slot, QueueSlot]:
    lock_accounts([account])
    return {(each.weekday, each.local_time): each for each in QueueSlot.objects.filter(account=account)}


def _create(account: Account, slots: Iterable[Slot], now: datetime) -> None:
    QueueSlot.objects.bulk_create(
        QueueSlot(team_id=account.team_id, account=account, weekday=weekday, local_time=at, created_at=now)
        for weekday, at in sorted(slots)
    )


def _queue_changed() -> Conflict:
    return Conflict("queue_changed", _("The queue has changed meanwhile."), kept=_("Nothing was changed."),
                    next_step=_("Look at it again, then change the order."))  # fmt: skip


def _note_slots(actor: Membership, account: Account, now: datetime, **data: int) -> None:
    audit.note("publishing.slots.changed", team_id=actor.team_id, actor=actor, about=account, now=now, **data)
    note_change(actor.team_id, "slots", f"queue:{account.id}")
