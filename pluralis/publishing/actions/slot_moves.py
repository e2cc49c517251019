"""Move a queue slot to another hour of the week; what was planned in it stays planned."""

from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.publishing.actions.slots import lock_accounts
from pluralis.publishing.models import QueueSlot
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.models import Membership


@transaction.atomic
def move_slot(
    *, actor: Membership, account_id: UUID, slot_id: UUID, to: tuple[int, time], now: datetime
) -> tuple[int, time]:
    """Give a slot another weekday (0: Monday) and time; returns those it had, with which it can be undone.

    Raises :class:`Conflict` where another slot of the account stands already.
    """
    account = access_account(actor, account_id, Ability.PUBLISH)
    weekday, at = to[0], to[1].replace(second=0, microsecond=0, tzinfo=None)
    if not 0 <= weekday <= 6:
        raise Invalid("no_weekday", _("There is no such day of the week."), kept=_("Nothing was changed."))
    lock_accounts([account])
    slot = QueueSlot.objects.filter(account=account, id=slot_id).first()
    if slot is None:
        raise NotFound("slot")
    before = (slot.weekday, slot.local_time)
    if before == (weekday, at):
        return before
    if QueueSlot.objects.filter(account=account, weekday=weekday, local_time=at).exists():
        raise Conflict("slot_taken", _("There is a slot at this time already."), kept=_("Nothing was changed."),
                       next_step=_("Choose another time."))  # fmt: skip
    slot.weekday, slot.local_time = weekday, at
    slot.save(update_fields=["weekday", "local_time"])
    audit.note("publishing.slots.changed", team_id=account.team_id, actor=actor, about=account, now=now, moved=1)
    note_change(account.team_id, "slots", f"queue:{account.id}")
    return before
