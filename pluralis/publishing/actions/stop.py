"""Stop everything, and bring back what was held, one by one."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from pluralis.core.states import HoldReason, PartState
from pluralis.publishing.models import Part, StopOrder
from pluralis.teams import audit
from pluralis.teams.access import Ability, require
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership


def stop_everything(*, actor: Membership, reason: str, now: datetime) -> int:
    """Hold all that waits on all accounts of the team; returns how many parts. Pressed twice is pressed once.

    The order stands first, in a transaction of its own: from its commit no claim lets anything go. What is on
    its way at that instant is not called back.
    """
    require(actor, Ability.STOP)
    try:
        with transaction.atomic():
            order = StopOrder.objects.create(
                team_id=actor.team_id, ordered_by=actor, ordered_at=now, reason=reason.strip()[:500]
            )
            audit.note("publishing.stop.ordered", team_id=actor.team_id, actor=actor, about=order, now=now)
            note_change(actor.team_id, "stop", "calendar")
    except IntegrityError:
        pass
    with transaction.atomic():
        waiting = Part.objects.filter(team=actor.team_id, state=PartState.WAITING)
        held = waiting.update(state=PartState.HELD, hold_reason=HoldReason.STOPPED)
        note_change(actor.team_id, "stop", "calendar")
    return held


def lift_stop(*, actor: Membership, now: datetime) -> None:
    """End the stop. What was held stays held until a person looks at it."""
    require(actor, Ability.STOP)
    with transaction.atomic():
        lifted = StopOrder.objects.filter(team=actor.team_id, lifted_at__isnull=True)
        for order in lifted.select_for_update():
            order.lifted_by, order.lifted_at = actor, now
            order.save(update_fields=["lifted_by", "lifted_at"])
            audit.note("publishing.stop.lifted", team_id=actor.team_id, actor=actor, about=order, now=now)
        note_change(actor.team_id, "stop", "calendar")


def active_stop(team_id: UUID) -> StopOrder | None:
    """Return the team's standing stop order. One query."""
    return StopOrder.objects.select_related("ordered_by__user").filter(team=team_id, lifted_at__isnull=True).first()


def hold_parts(part_ids: Iterable[UUID], reason: HoldReason) -> int:
    """Hold waiting parts, in the caller's transaction; returns how many."""
    return Part.objects.filter(id__in=list(part_ids), state=PartState.WAITING).update(
        state=PartState.HELD, hold_reason=reason
    )
