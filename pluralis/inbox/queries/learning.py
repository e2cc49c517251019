"""What people corrected, and what was learnt of it."""

from collections import Counter
from dataclasses import dataclass

from pluralis.core.triage.learn import LEAST
from pluralis.inbox.models import Correction, Lesson
from pluralis.teams.models import Membership


@dataclass(frozen=True, slots=True)
class Taught:
    """How many corrections there are and of which kind: (proposed, corrected to) and how often, commonest first.

    ``needed`` are those that are missing until a lesson can begin.
    """

    corrections: int
    agreed: int
    pairs: tuple[tuple[str, str, int], ...]

    @property
    def needed(self) -> int:
        return max(0, LEAST - self.corrections)


def taught(actor: Membership) -> Taught:
    """Return what the team corrected. One query."""
    rows = Correction.objects.filter(team=actor.team_id).values_list("proposed", "label")
    counted = Counter(rows)
    changed = {pair: many for pair, many in counted.items() if pair[0] != pair[1]}
    pairs = sorted(((old, new, many) for (old, new), many in changed.items()), key=lambda each: -each[2])
    return Taught(sum(counted.values()), sum(counted.values()) - sum(changed.values()), tuple(pairs[:12]))


def lessons_of(actor: Membership, most: int = 20) -> list[Lesson]:
    """Return the team's lessons, newest first, without their weights. One query."""
    rows = Lesson.objects.filter(team=actor.team_id).defer("overlay").select_related("asked_by__user")
    return list(rows.order_by("-asked_at")[:most])
