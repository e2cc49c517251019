"""Repeats that could not even be planned while the program was away, with what may be sent after all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pluralis.publishing.models import Occurrence, Recurrence
from pluralis.publishing.queries.aftermath import BACK
from pluralis.publishing.queries.repeats import recurrences_of
from pluralis.teams.models import Account, Membership

MOST = 500


@dataclass(frozen=True, slots=True)
class MissedRepeat:
    """A repeat with the times that passed unplanned: the ``last`` of them may go out after all."""

    recurrence: Recurrence
    last: Occurrence
    number: int

    @property
    def earlier(self) -> int:
        """How many times before the last one passed too."""
        return self.number - 1

    @property
    def accounts(self) -> list[Account]:
        """Where it goes out."""
        return [seat.account for seat in self.recurrence.seats.all()]

    @property
    def text(self) -> str:
        """The words the repeat was set up with."""
        texts = sorted(self.recurrence.texts.all(), key=lambda one: one.position)
        return texts[0].text if texts else ""


def missed_repeats(actor: Membership, now: datetime) -> list[MissedRepeat]:
    """Return the repeats of which times passed unplanned lately, the newest first. Four queries, one without any."""
    missed = Occurrence.objects.filter(
        team=actor.team_id, state=Occurrence.State.MISSED, planned_at__gte=now - BACK, planned_at__lte=now
    )
    rows = list(missed.order_by("-planned_at")[:MOST])
    if not rows:
        return []
    found = {one.id: one for one in recurrences_of(actor).filter(id__in={row.recurrence_id for row in rows})}
    return list(_grouped(rows, found))


def _grouped(rows: Iterable[Occurrence], found: dict[object, Recurrence]) -> Iterable[MissedRepeat]:
    by_repeat: dict[object, list[Occurrence]] = {}
    for row in rows:
        by_repeat.setdefault(row.recurrence_id, []).append(row)
    for recurrence_id, times in by_repeat.items():
        if recurrence_id in found:
            yield MissedRepeat(found[recurrence_id], times[0], len(times))
