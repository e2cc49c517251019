"""Work like the workers that are left, until nothing is open any more."""

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bench.exactly_once.world import World, grant_of

if TYPE_CHECKING:
    from bench.exactly_once.batch import Batch

REST_SECONDS = 240.0
STEP_SECONDS = 0.05
SOON_SECONDS = 0.5
LATE_SECONDS = 8.0
OPEN = ("waiting", "sending", "unconfirmed")


def come_to_rest(batch: "Batch") -> None:
    """Do what is due again and again; half of the frozen processes wake soon, the others late."""
    forge = batch.world.forge
    began = time.monotonic()
    accounts = [account.id for account in batch.accounts.values()]
    while (passed := time.monotonic() - began) < REST_SECONDS:
        for name in list(forge.frozen):
            late = int(name) % 2 == 0
            if passed > (LATE_SECONDS if late else SOON_SECONDS):
                forge.wake(name)
        still_open = _work(batch.world, accounts)
        if not still_open and not forge.lives():
            return
        time.sleep(STEP_SECONDS)


def _work(world: World, account_ids: list[Any]) -> bool:
    """Do what a worker would do now; returns whether anything is still open."""
    from django.db.models import Q

    from pluralis.publishing.actions import doubt_abandoned_parts
    from pluralis.publishing.models import Part
    from pluralis.publishing.tasks import publish_part, reconcile_part
    from pluralis.teams.queries import database_now

    doubt_abandoned_parts(now=database_now())
    _person_reconnects(world, account_ids)
    parts = Part.objects.filter(account__in=account_ids, state__in=OPEN).select_related("delivery")
    # Back-offs and limits of minutes are a matter of waiting, not of the protocol: here their time has come.
    _come_due(account_ids)
    for part in parts.filter(state="waiting").order_by("position"):
        publish_part(str(part.id))
    for part in parts.filter(Q(look_again_at__lte=database_now()), state="unconfirmed"):
        reconcile_part(str(part.id))
    asked = Q(state="unconfirmed", look_again_at__isnull=True)
    return parts.exclude(asked).exclude(Q(state="waiting") & _waits_for_a_person()).exists()


def _waits_for_a_person() -> Any:
    """Say of the rest of a thread that a person must act on the message before it."""
    from django.db.models import Q

    before = Q(delivery__parts__state__in=["refused", "held"]) | Q(
        delivery__parts__state="unconfirmed", delivery__parts__look_again_at__isnull=True
    )
    return Q(position__gt=0) & before


def _come_due(account_ids: list[Any]) -> None:
    from django.db import transaction

    from pluralis.publishing.models import Part
    from pluralis.teams.queries import database_now

    with transaction.atomic():
        waiting = Part.objects.filter(account__in=account_ids, state="waiting")
        # A frozen process may hold its row; everybody else's time comes all the same.
        ids = list(waiting.select_for_update(skip_locked=True).values_list("id", flat=True))
        Part.objects.filter(id__in=ids).update(due_at=database_now() - timedelta(milliseconds=1))


def _person_reconnects(world: World, account_ids: list[Any]) -> None:
    """Connect an account again that lost its tokens, and let its held parts go on, as a person does."""
    from django.utils import timezone

    from pluralis.publishing.actions import try_again
    from pluralis.publishing.models import Part
    from pluralis.teams.actions import store_grant
    from pluralis.teams.models import Account

    held = Part.objects.filter(account__in=account_ids, state="held", hold_reason="disconnected")
    for part in held.select_related("account"):
        network = next(name for name, all_of in world.accounts.items() if part.account in all_of)
        world.spent.add(part.account_id)
        grant, _keys = grant_of(world.place(network), part.account, network)
        store_grant(part.account, grant)
        Account.objects.filter(id=part.account_id).update(connected=True, disconnected_reason="")
        try_again(actor=world.alice, part_id=part.id, at=timezone.now(), now=timezone.now())
