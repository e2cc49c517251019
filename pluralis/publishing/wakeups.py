"""Wake-ups of parts. The part row is the truth; a job that finds nothing to do ends quietly."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from pluralis import jobs
from pluralis.publishing.models import Part
from pluralis.publishing.statements import TO_WAKE
from pluralis.teams.statements import read_all

SOON = timedelta(minutes=5)
"""How far ahead a wake-up is put into the engine; a task every minute takes care of what lies beyond."""

RACE = timedelta(seconds=5)
"""A part due within this time is woken with the next one: it may have met an account that was still busy."""


def wake(part: Part, now: datetime) -> None:
    """Put the part's wake-up into the engine if it is due soon. In the caller's transaction."""
    wake_many([part], now)


def wake_many(parts: Iterable[Part], now: datetime) -> None:
    """Put the wake-ups of parts that are due soon into the engine, those of one instant together.

    One wake-up is enough for what is due on one account at one instant: the job goes on to the next by itself.
    """
    by_instant: dict[datetime, list[Part]] = {}
    for part in parts:
        if part.due_at <= now + SOON:
            by_instant.setdefault(part.due_at, []).append(part)
    for due_at, group in by_instant.items():
        first = {part.account_id: part for part in reversed(group)}
        woken = _woken(first, due_at, group) if due_at > now + RACE else ()
        arguments = ({"part_id": str(part.id)} for part in first.values() if part.account_id not in woken)
        jobs.defer_many("publish_part", queue=jobs.PUBLISH, at=due_at if due_at > now else None, arguments=arguments)
        _note_woken([part.id for part in group], due_at)


def _woken(accounts: Iterable[UUID], due_at: datetime, but: list[Part]) -> set[UUID]:
    """Return the accounts of which another part is woken at this very instant, which is still to come."""
    waiting = Part.objects.filter(account__in=list(accounts), state="waiting", due_at=due_at, woken_for=due_at)
    return set(waiting.exclude(id__in=[part.id for part in but]).values_list("account", flat=True))


def _note_woken(part_ids: list[UUID], due_at: datetime) -> None:
    """Remember for which instant parts were woken. A part that somebody holds is being dealt with: it is passed
    over, since waiting for it while holding others is how two transactions come to wait for each other."""
    free = Part.objects.filter(id__in=part_ids).select_for_update(skip_locked=True)
    with transaction.atomic():
        Part.objects.filter(id__in=list(free.values_list("id", flat=True))).update(woken_for=due_at)


def wake_next(account_id: UUID, now: datetime) -> None:
    """Wake the account's next due part, answers to people first. In the transaction that freed the account.

    A thread's part whose predecessor is not out is passed over: it would leave at once, and nobody wake the next.
    """
    for part_id, due_at in read_all(TO_WAKE, {"account": account_id, "until": now + RACE}):
        at = due_at if due_at > now else None
        jobs.defer("publish_part", queue=jobs.PUBLISH, at=at, part_id=str(part_id))


def wake_look(part_id: UUID, at: datetime) -> None:
    """Put the next look at a part in doubt into the engine."""
    jobs.defer("reconcile_part", queue=jobs.UPKEEP, at=at, part_id=str(part_id))
