"""Thin job functions of publishing: one unit of work, then return."""

import os
import socket
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from pluralis import jobs
from pluralis.publishing import actions, ahead, looking, sending
from pluralis.publishing.actions import check_rows, doubt_abandoned_parts, save_rows
from pluralis.publishing.actions.costs import LOOK_BACK, RECENT
from pluralis.publishing.models import Part, Worker
from pluralis.publishing.wakeups import SOON, wake_many
from pluralis.teams.ids import new_id
from pluralis.teams.queries import database_now

WORKER_NAME = f"{socket.gethostname()}:{os.getpid()}"
OVERLOOKED = timedelta(seconds=60)
"""A part that waits this long after its time has lost its wake-up and gets another."""

MOST_AT_ONCE = 5_000


@jobs.task("publish_part", queue=jobs.PUBLISH)
def publish_part(part_id: str) -> None:
    """Take a part along its road, and what else is due on its account."""
    sending.publish_part(part_id, worker=WORKER_NAME)


@jobs.task("reconcile_part", queue=jobs.UPKEEP)
def reconcile_part(part_id: str) -> None:
    """Look one part in doubt up."""
    looking.reconcile_part(part_id)


@jobs.task("look_for_by_hand", queue=jobs.UPKEEP)
def look_for_by_hand(part_id: str, since: str) -> None:
    """Look once for a part that a person sends on the network by hand."""
    looking.look_for_by_hand(part_id, datetime.fromisoformat(since))


@jobs.task("wake_due_parts", queue=jobs.UPKEEP, every="* * * * *")
def wake_due_parts(timestamp: int) -> int:
    """Put the wake-ups of the next minutes into the engine, and of parts that were overlooked; returns how many."""
    now = database_now()
    due = Q(due_at__lte=now + SOON) & (Q(woken_for__isnull=True) | ~Q(woken_for=F("due_at")))
    overlooked = Q(due_at__lte=now - OVERLOOKED)
    first_or_ready = Q(position=0) | (Q(due_at__lte=now) & Exists(_decided_before()))
    waiting = Part.objects.filter(due | overlooked, first_or_ready, state="waiting").order_by("due_at")
    parts = list(waiting.only("id", "due_at")[:MOST_AT_ONCE])
    wake_many(parts, now)
    return len(parts)


def _decided_before() -> QuerySet[Part]:
    """The part before in a thread, if it is out or will never be: until then the rest would only be woken in vain,
    and the rests of threads that stand still for weeks would crowd out those that are due."""
    settled = ("sent", "refused", "cancelled", "deleted")
    return Part.objects.filter(delivery=OuterRef("delivery"), position=OuterRef("position") - 1, state__in=settled)


@jobs.task("prepare_due_parts", queue=jobs.UPKEEP, every="* * * * * 20")
def prepare_due_parts(timestamp: int) -> int:
    """Make what is due in the next minutes ready: cards below links, pictures and films; returns how many parts."""
    found = ahead.parts_to_prepare(database_now())
    arguments = ({"part_id": str(part_id)} for part_id in found)
    jobs.defer_many("prepare_part", queue=jobs.UPKEEP, at=None, arguments=arguments)
    return len(found)


@jobs.task("prepare_part", queue=jobs.UPKEEP)
def prepare_part(part_id: str) -> None:
    """Give one part its card and upload its files before its time."""
    ahead.prepare_part(part_id)


@jobs.task("forget_cards", queue=jobs.UPKEEP, every="50 3 * * *")
def forget_cards(timestamp: int) -> int:
    """Remove cards that no part carries, once a night."""
    return actions.forget_cards(database_now())


@jobs.task("look_after_doubts", queue=jobs.UPKEEP, every="* * * * * */10")
def look_after_doubts(timestamp: int) -> int:
    """Put abandoned parts into doubt, and look again at those whose look was itself abandoned."""
    now = database_now()
    count = doubt_abandoned_parts(now=now)
    overdue = Part.objects.filter(state="unconfirmed", look_again_at__lte=now - timedelta(seconds=20))
    for part_id in overdue.values_list("id", flat=True)[:500]:
        jobs.defer("reconcile_part", queue=jobs.UPKEEP, part_id=str(part_id))
        count += 1
    return count


@jobs.task("rescue_jobs", queue=jobs.UPKEEP, every="* * * * * */10")
async def rescue_jobs(timestamp: int) -> int:
    """Give back the jobs of workers that no longer live."""
    return await jobs.rescue()


@jobs.task("forget_jobs", queue=jobs.UPKEEP, every="50 3 * * *")
async def forget_jobs(timestamp: int) -> None:
    """Remove the engine's jobs that ended long ago, once a night."""
    await jobs.forget()


@jobs.task("check_import_rows", queue=jobs.UPKEEP)
def check_import_rows(import_id: str) -> bool:
    """Check the next rows of a file of posts."""
    return check_rows(import_id, database_now())


@jobs.task("save_import_rows", queue=jobs.UPKEEP)
def save_import_rows(import_id: str) -> bool:
    """Plan the next rows of a file of posts."""
    return save_rows(import_id, database_now())


@jobs.task("charge_sent_parts", queue=jobs.UPKEEP, every="* * * * *")
def charge_sent_parts(timestamp: int) -> int:
    """Note what the last writes cost, where a network is paid by use; each full hour also what was left out."""
    now = database_now()
    return actions.charge_sent_parts(now, LOOK_BACK if now.minute == 0 else RECENT)


@jobs.task("resume_imports", queue=jobs.UPKEEP, every="* * * * *")
def resume_imports(timestamp: int) -> int:
    """Go on with imports whose worker is gone."""
    return actions.resume_imports(database_now())


@jobs.task("forget_imports", queue=jobs.UPKEEP, every="40 3 * * *")
def forget_imports(timestamp: int) -> int:
    """Forget what old files said, once a night."""
    return actions.forget_imports(database_now())


def register_worker(queues: tuple[str, ...], version: str) -> Worker:
    """Say that this process lives; people see it, nothing is decided by it."""
    now = database_now()
    Worker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    return Worker.objects.create(
        id=new_id(),
        host=socket.gethostname(),
        pid=os.getpid(),
        queues=",".join(queues),
        version=version,
        started_at=now,
        seen_at=now,
    )


def beat(worker: Worker) -> None:
    """Say again that this process lives."""
    Worker.objects.filter(id=worker.id).update(seen_at=database_now())
