"""Thin job functions that plan ahead: the times of repeats, and evergreen posts for empty slots."""

import logging
from datetime import timedelta
from uuid import UUID

from pluralis import jobs
from pluralis.core.schedule import AHEAD
from pluralis.publishing.actions.evergreen import refill_slots
from pluralis.publishing.actions.planning import plan_recurrence
from pluralis.publishing.models import Evergreen, Recurrence
from pluralis.teams.queries import database_now

log = logging.getLogger(__name__)

TOPPED_UP = AHEAD - timedelta(days=1)
MOST_AT_ONCE = 2_000


@jobs.task("plan_repeats", queue=jobs.UPKEEP, every="*/5 * * * *")
def plan_repeats(timestamp: int) -> int:
    """Plan the times of repeats that have less than thirteen days planned; returns how many times were planned."""
    now = database_now()
    going = Recurrence.objects.filter(ended_at__isnull=True, paused_at__isnull=True)
    due = going.filter(decided_until__lt=now + TOPPED_UP).order_by("decided_until")
    return sum(_plan_alone(each) for each in due.values_list("id", flat=True)[:MOST_AT_ONCE])


def _plan_alone(recurrence_id: UUID) -> int:
    """One repeat that cannot be planned must not hold up the others."""
    try:
        return plan_recurrence(recurrence_id, now=database_now())
    except Exception:
        log.exception("the repeat %s could not be planned", recurrence_id)
        return 0


@jobs.task("refill_slots", queue=jobs.UPKEEP, every="*/5 * * * *")
def refill_empty_slots(timestamp: int) -> int:
    """Put evergreen posts into the next empty slots; returns how many."""
    accounts = Evergreen.objects.filter(account__released_at__isnull=True).values_list("account_id", flat=True)
    return sum(refill_slots(account_id, now=database_now()) for account_id in accounts.distinct()[:MOST_AT_ONCE])
