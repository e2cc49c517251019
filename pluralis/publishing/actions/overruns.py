"""Let one post go although its price passes a budget: a lead's word, with its reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.states import HoldReason, PartState
from pluralis.publishing.access import access_part, lock_part
from pluralis.publishing.actions.change import try_again
from pluralis.publishing.models import Overrun, Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, require
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Membership

SHORTEST_REASON = 8
LONGEST_REASON = 500


def let_go_over_budget(*, actor: Membership, part_id: UUID, reason: str, now: datetime) -> Part:
    """Let a part go that is held because of a budget, with the rest of its thread; returns it as it waits.

    Raises :class:`Forbidden` for who may not override, :class:`Invalid` without a reason, :class:`Conflict` for a
    part that is not held because of a budget.
    """
    require(actor, Ability.OVERRIDE)
    part = access_part(actor, part_id, Ability.OVERRIDE)
    reason = _checked(reason)
    with transaction.atomic():
        part = lock_part(part.id)
        if (part.state, part.hold_reason) != (PartState.HELD, HoldReason.OVER_BUDGET):
            raise Conflict("not_over_budget", _("No budget holds this."), kept=_("Nothing was changed."))
        Overrun.objects.update_or_create(
            part=part,
            defaults={"team_id": part.team_id, "member": actor, "name": str(actor.user)[:120], "reason": reason,
                      "at": now},
        )  # fmt: skip
        audit.note("publishing.part.over_budget", team_id=part.team_id, actor=actor, about=part, now=now,
                   reason=audit.fingerprint(reason))  # fmt: skip
        return try_again(actor=actor, part_id=part.id, at=now, now=now)


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        wrong = _("Write the reason in a few words (8 to 500 characters).")
        raise Invalid("no_reason", wrong, kept=_("It is still held."), fields={"reason": wrong})
    return reason
