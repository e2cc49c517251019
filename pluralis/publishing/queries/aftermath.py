"""What did not go as planned: after a stop, an outage or a restored backup, every post with what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from pluralis.core.delivery import GRACE
from pluralis.core.states import HoldReason, PartState
from pluralis.publishing.models import Correction, Delivery, Part
from pluralis.publishing.queries.parts import parts_of
from pluralis.teams.models import Membership

BACK = timedelta(days=14)
"""How far back the page looks for what was published late or skipped; what still waits is shown however old."""

HANGING = timedelta(minutes=3)
"""A part that is *being sent* for longer has an owner that neither ends nor dies: a person should know."""

MOST = 500
_WAITS = Q(state=PartState.HELD) | Q(state=PartState.MISSED, reason__in=("ask", "too_late"))


@dataclass(frozen=True, slots=True)
class Affected:
    """One post on one account: the parts that did not go as planned, in order."""

    delivery: Delivery
    parts: tuple[Part, ...]

    @property
    def first(self) -> Part:
        """The part that says what happened."""
        return self.parts[0]

    @property
    def late(self) -> timedelta:
        """By how much it was published late."""
        return max((part.sent_at or part.planned_at) - part.planned_at for part in self.parts)

    @property
    def by_hand(self) -> bool:
        """Whether only a person can finish it on the network."""
        return any(part.hold_reason == HoldReason.BY_HAND for part in self.parts)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Everything that did not go as planned, by what became of it."""

    missed: list[Affected]
    held: list[Affected]
    late: list[Affected]
    skipped: list[Affected]
    unconfirmed: list[Affected]
    hanging: list[Affected]

    @property
    def parts(self) -> list[Part]:
        """Every part that is told of."""
        fates = (self.missed, self.held, self.late, self.skipped, self.unconfirmed, self.hanging)
        return [part for fate in fates for each in fate for part in each.parts]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.parts


def aftermath_of(actor: Membership, now: datetime) -> Aftermath:
    """Return what did not go as planned on the accounts the actor may see, the oldest plan first. Two queries."""
    since = now - BACK
    late = Q(state=PartState.SENT, sent_at__gte=since, sent_at__gt=F("planned_at") + GRACE, position=0)
    skipped = Q(state=PartState.MISSED, reason="skipped", planned_at__gte=since)
    unsettled = Q(state=PartState.UNCONFIRMED) | Q(state=PartState.SENDING, claimed_at__lt=now - HANGING)
    found = parts_of(actor).filter(_WAITS | late | skipped | unsettled)
    by_fate: dict[str, list[Part]] = {}
    for part in found.order_by("planned_at", "delivery_id", "position")[:MOST]:
        by_fate.setdefault(_fate(part), []).append(part)
    names = ("missed", "held", "late", "skipped", "unconfirmed", "hanging")
    return Aftermath(**{name: _by_delivery(by_fate.get(name, ())) for name in names})


def waiting_posts(actor: Membership) -> QuerySet[Part, Any]:
    """Return the posts that wait for a person since a stop or an outage, each once. No query yet."""
    stopped = Q(state=PartState.HELD, hold_reason=HoldReason.STOPPED)
    missed = Q(state=PartState.MISSED, reason__in=("ask", "too_late"))
    return parts_of(actor).filter(stopped | missed).values("delivery_id").distinct()


def waiting_count(actor: Membership) -> int:
    """Return how many posts wait for a person since a stop or an outage. One query."""
    return waiting_posts(actor).count()


def _fate(part: Part) -> str:
    if part.state == PartState.MISSED:
        return "skipped" if part.reason == "skipped" else "missed"
    return {
        PartState.HELD: "held", PartState.SENT: "late", PartState.UNCONFIRMED: "unconfirmed",
        PartState.SENDING: "hanging",
    }[PartState(part.state)]  # fmt: skip


def _by_delivery(parts: Iterable[Part]) -> list[Affected]:
    found: dict[object, list[Part]] = {}
    for part in parts:
        found.setdefault(part.delivery_id, []).append(part)
    return [Affected(several[0].delivery, tuple(several)) for several in found.values()]


def corrections_of(part: Part) -> list[Correction]:
    """Return what was asked to be done to a part that was out, newest first. One query."""
    return list(part.corrections.select_related("asked_by__user").order_by("-asked_at"))


def out_in_thread(part: Part) -> int:
    """Return how many messages of the part's thread are out. One query."""
    return Part.objects.filter(delivery=part.delivery_id, state=PartState.SENT).count()
