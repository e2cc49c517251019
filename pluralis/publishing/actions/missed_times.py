"""Times of a repeat that passed while nothing could be planned: sent after all, or left."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.publishing.access_repeats import access_recurrence
from pluralis.publishing.actions.planning import plan_by_hand
from pluralis.publishing.models import Occurrence, Recurrence
from pluralis.teams import audit
from pluralis.teams.access import Ability
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Membership


@transaction.atomic
def send_missed_time(*, actor: Membership, recurrence_id: UUID | str, local: str, now: datetime) -> Occurrence:
    """Send one time that passed unplanned now, through the same checks as any post; the earlier ones are left.

    Pressed twice is sent once: the second sees that somebody has dealt with it.
    """
    recurrence = _lock(actor, recurrence_id)
    row = recurrence.occurrences.filter(local=local, state=Occurrence.State.MISSED).first()
    if row is None:
        raise _settled()
    plan_by_hand(recurrence, row, actor, now)
    _leave(recurrence)
    _note(actor, recurrence, "sent_late", now, local=local)
    return row


@transaction.atomic
def leave_missed_times(*, actor: Membership, recurrence_id: UUID | str, now: datetime) -> int:
    """Write that a repeat's missed times are not made up for, so that nobody is asked again; returns how many."""
    recurrence = _lock(actor, recurrence_id)
    count = _leave(recurrence)
    if not count:
        raise _settled()
    _note(actor, recurrence, "left", now, count=count)
    return count


def _lock(actor: Membership, recurrence_id: UUID | str) -> Recurrence:
    found = access_recurrence(actor, recurrence_id, Ability.PUBLISH)
    return Recurrence.objects.select_for_update(of=("self",)).select_related("team", "post").get(id=found.id)


def _leave(recurrence: Recurrence) -> int:
    return recurrence.occurrences.filter(state=Occurrence.State.MISSED).update(state=Occurrence.State.SKIPPED)


def _settled() -> Conflict:
    return Conflict("settled", _("Somebody has dealt with this already."), kept=_("Nothing was changed."))


def _note(actor: Membership, recurrence: Recurrence, what: str, now: datetime, **data: object) -> None:
    audit.note(f"publishing.recurrence.{what}", team_id=actor.team_id, actor=actor, about=recurrence, now=now, **data)
    note_change(actor.team_id, "repeats", "calendar", f"recurrence:{recurrence.id}")
