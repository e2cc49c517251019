"""What is read about repeats, queue slots and evergreen posts, and what comes close together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from pluralis.core.schedule import LOCAL, Edge, RuleError, occurrences, parse_rule, summary, zone_named
from pluralis.core.schedule import Occurrence as Time
from pluralis.publishing.checks import ON_ITS_WAY
from pluralis.publishing.models import (
    Delivery,
    Evergreen,
    Occurrence,
    Part,
    QueueSlot,
    Recurrence,
    RecurrenceAccount,
)
from pluralis.teams.access import Ability, accounts_of, may
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of

CLOSE = timedelta(hours=1)
"""Posts of different accounts within this time compete for the same readers."""

COMING = 20


@dataclass(frozen=True, slots=True)
class ComingTime:
    """One coming time of a repeat as a page shows it. ``at`` is when it goes out, moved or not; ``state`` is
    ``planned``, ``skipped``, or ``later`` for what is not made yet."""

    local: str
    at: datetime
    edge: str
    state: str
    post_id: UUID | None = None
    text: str = ""
    moved: bool = False


def recurrences_of(actor: Membership) -> QuerySet[Recurrence]:
    """Return the repeats the actor may see, going ones first. Three queries with their accounts."""
    seats = RecurrenceAccount.objects.select_related("account").order_by("account__created_at")
    found = Recurrence.objects.filter(team=actor.team_id).select_related("post", "responsible__user")
    if not may(actor, Ability.VIEW):
        found = found.filter(seats__account__in=accounts_of(actor, released=True)).distinct()
    counted = found.annotate(texts_left=Count("texts", filter=Q(texts__uses=0), distinct=True))
    return counted.prefetch_related(Prefetch("seats", queryset=seats), "texts").order_by(
        "ended_at", "-paused_at", "created_at"
    )


def next_times(recurrences: Iterable[Recurrence], now: datetime) -> dict[UUID, datetime]:
    """Return by repeat when it goes out next, as planned, so moved times too. One query."""
    planned = Part.objects.filter(
        delivery__post__occurrences__recurrence__in=list(recurrences), state="waiting", planned_at__gt=now
    )
    rows = planned.values_list("delivery__post__occurrences__recurrence").annotate(at=Min("planned_at"))
    return dict(rows.order_by())


def coming_times(recurrence: Recurrence, now: datetime, size: int = COMING) -> list[ComingTime]:
    """Return the next times of a repeat, planned, skipped and to come, in order. Two queries.

    A rule or zone that cannot be read any more gives only what is planned.
    """
    rows = list(recurrence.occurrences.filter(planned_at__gt=now).select_related("text").order_by("planned_at"))
    planned = _planned_at([row.post_id for row in rows if row.post_id])
    known = {
        row.local: _of_row(row, planned, recurrence.zone) for row in rows if row.state != Occurrence.State.WITHDRAWN
    }
    found = list(known.values())
    if recurrence.ended_at is None:
        found += [
            ComingTime(each.local, each.at, each.edge.value, "later")
            for each in preview_times(recurrence, now, size)
            if each.local not in known
        ]
    return sorted(found, key=lambda each: each.at)[:size]


def _of_row(row: Occurrence, planned: dict[UUID, datetime], zone: str) -> ComingTime:
    at = planned.get(row.post_id, row.planned_at) if row.post_id else row.planned_at
    moved = row.state == Occurrence.State.PLANNED and row.edge != Edge.SKIPPED and _shows_another(at, zone, row.local)
    return ComingTime(row.local, at, row.edge, row.state, row.post_id, row.text.text if row.text else "", moved)


def _shows_another(at: datetime, zone: str, local: str) -> bool:
    try:
        return at.astimezone(zone_named(zone)).strftime(LOCAL) != local
    except RuleError:
        return False


def _planned_at(post_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    deliveries = Delivery.objects.filter(post__in=post_ids).exclude(parts__state="cancelled")
    return dict(deliveries.values_list("post").annotate(at=Min("planned_at")).order_by())


def preview_times(recurrence: Recurrence, now: datetime, size: int) -> list[Time]:
    """Return the next times by the rule alone; none where the rule or its zone cannot be read. No query."""
    try:
        return occurrences(recurrence.repeat, now, size)
    except RuleError:
        return []


def summary_of(recurrence: Recurrence, language: str) -> str:
    """Return the rule in plain words; the rule itself where it cannot be read any more. No query."""
    try:
        return summary(parse_rule(recurrence.rule), recurrence.repeat.start, language)
    except RuleError:
        return recurrence.rule


def missed_times(recurrence: Recurrence, size: int = 10) -> list[Occurrence]:
    """Return the last times that passed unplanned, newest first. One query."""
    return list(recurrence.occurrences.filter(state=Occurrence.State.MISSED).order_by("-planned_at")[:size])


def slots_of(account: Account) -> list[QueueSlot]:
    """Return the slots of an account by weekday and time. One query."""
    return list(QueueSlot.objects.filter(account=account))


def slot_queue(account: Account, now: datetime) -> list[Part]:
    """Return the first message of what waits in the slots of an account, soonest first. One query."""
    parts = Part.objects.filter(
        account=account, delivery__queued__isnull=False, state="waiting", position=0, planned_at__gt=now
    )
    return list(parts.select_related("account", "delivery__post").order_by("planned_at"))


def evergreens_of(account: Account) -> list[Evergreen]:
    """Return the evergreen posts of an account, the one whose turn it is first. Four queries with their words."""
    found = Evergreen.objects.filter(account=account).select_related("post", "responsible__user")
    ready = found.prefetch_related("post__versions__segments")
    return sorted(ready, key=lambda each: (each.last_used_at is not None, each.last_used_at or each.created_at))


def close_to(
    actor: Membership, at: datetime, account_ids: Iterable[UUID], *, besides: UUID | None = None
) -> list[Part]:
    """Return what *other* accounts of the team send within the hour around ``at``. One query."""
    parts = Part.objects.filter(
        team=actor.team_id,
        account__in=accounts_of(actor),
        state__in=ON_ITS_WAY,
        position=0,
        is_reply=False,
        planned_at__gt=at - CLOSE,
        planned_at__lt=at + CLOSE,
    ).exclude(account__in=list(account_ids))
    if besides is not None:
        parts = parts.exclude(delivery__post=besides)
    return list(parts.select_related("account").order_by("planned_at")[:20])


def mark_close(parts: Iterable[Part]) -> None:
    """Give each part ``close``: the accounts besides its own that send another post within the hour. No query.

    The same post on several accounts is meant that way and does not count, nor do answers to people.
    """
    ordered = sorted((part for part in parts if not part.is_reply), key=lambda part: part.planned_at)
    for index, part in enumerate(ordered):
        near: dict[UUID, Account] = {}
        for step in (-1, 1):
            other = index + step
            while 0 <= other < len(ordered) and abs(ordered[other].planned_at - part.planned_at) < CLOSE:
                found = ordered[other]
                if found.account_id != part.account_id and found.delivery.post_id != part.delivery.post_id:
                    near[found.account_id] = found.account
                other += step
        part.close = list(near.values())  # type: ignore[attr-defined]


def own_text_needed(accounts: Iterable[Account]) -> list[Account]:
    """Return the accounts whose network wants a new text for each time of a repeat. No query."""
    return [account for account in accounts if network_of(account).repeats_need_own_text]
