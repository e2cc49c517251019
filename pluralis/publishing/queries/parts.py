"""What is read about deliveries and parts: the calendar, the queue, what needs a person."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from pluralis.core.states import HoldReason, PartState
from pluralis.publishing.models import Attempt, Instance, Part, Worker
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Membership

QUEUE_PAGE = 50
NEEDS_A_PERSON = (PartState.REFUSED, PartState.MISSED, PartState.HELD, PartState.UNCONFIRMED)


def parts_of(actor: Membership) -> QuerySet[Part]:
    """Return every part on the accounts the actor may see, with what a row shows. One query."""
    parts = Part.objects.filter(team=actor.team_id, account__in=accounts_of(actor, released=True))
    return parts.select_related("account", "delivery__post", "delivery__created_by__user", "upload")


def calendar_between(
    actor: Membership,
    start: datetime,
    end: datetime,
    account_ids: Iterable[UUID] = (),
    *,
    states: Collection[PartState] = (),
) -> list[Part]:
    """Return what is planned from ``start`` to before ``end``, in order. One query.

    ``states`` narrows to some; without it everything but cancelled parts is shown.
    """
    parts = parts_of(actor).filter(planned_at__gte=start, planned_at__lt=end)
    parts = parts.filter(state__in=states) if states else parts.exclude(state=PartState.CANCELLED)
    return list(_on(parts, account_ids).order_by("planned_at", "delivery_id", "position"))


def queue_page(
    actor: Membership, after: tuple[datetime, UUID] | None = None, *, account_ids: Iterable[UUID] = ()
) -> list[Part]:
    """Return :data:`QUEUE_PAGE` parts that wait, soonest first, behind an instant and id. One query."""
    parts = parts_of(actor).filter(state=PartState.WAITING)
    if after:
        parts = parts.filter(due_at__gte=after[0]).exclude(due_at=after[0], id__lte=after[1])
    return list(_on(parts, account_ids).order_by("due_at", "id")[:QUEUE_PAGE])


def sent_page(
    actor: Membership, before: tuple[datetime, UUID] | None = None, *, account_ids: Iterable[UUID] = ()
) -> list[Part]:
    """Return :data:`QUEUE_PAGE` parts that are out, newest first, before an instant and id. One query."""
    parts = parts_of(actor).filter(state__in=[PartState.SENT, PartState.DELETED], sent_at__isnull=False)
    if before:
        parts = parts.filter(sent_at__lte=before[0]).exclude(sent_at=before[0], id__gte=before[1])
    return list(_on(parts, account_ids).order_by("-sent_at", "-id")[:QUEUE_PAGE])


def _on(parts: QuerySet[Part], account_ids: Iterable[UUID]) -> QuerySet[Part]:
    wanted = list(account_ids)
    return parts.filter(account__in=wanted) if wanted else parts


def waiting_for_a_person(actor: Membership, size: int = 200) -> list[Part]:
    """Return what does not go on by itself, oldest first. One query."""
    parts = parts_of(actor).filter(state__in=NEEDS_A_PERSON)
    return list(parts.order_by("planned_at", "position")[:size])


def held_after_restore(actor: Membership) -> dict[UUID, list[Part]]:
    """Return by account what waits since a backup was restored: held for that reason, or in doubt. One query."""
    wanted = Q(state=PartState.HELD, hold_reason=HoldReason.RESTORED) | Q(state=PartState.UNCONFIRMED)
    found: dict[UUID, list[Part]] = {}
    for part in parts_of(actor).filter(wanted).order_by("planned_at", "position")[:500]:
        found.setdefault(part.account_id, []).append(part)
    return found


def history_of(part: Part) -> list[Attempt]:
    """Return every attempt of a part with its results, oldest first. Two queries."""
    return list(Attempt.objects.filter(part=part).prefetch_related("results").order_by("id"))


def instance_row() -> Instance | None:
    """Return the row about this installation. One query."""
    return Instance.objects.filter(id=1).first()


def living_workers(since: datetime) -> list[Worker]:
    """Return the workers that were seen since an instant. One query."""
    return list(Worker.objects.filter(seen_at__gte=since).order_by("started_at"))


_sent_once = False


def demo_problem() -> str | None:
    """Return what is wrong with a demo, None once a post of it has gone out, or when it plans none. Two queries
    until then."""
    global _sent_once
    _sent_once = _sent_once or Part.objects.filter(state=PartState.SENT).exists()
    planned = not _sent_once and Part.objects.exists()
    return "its first post has not gone out yet" if planned else None
