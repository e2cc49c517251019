"""Thin job functions of teams: one unit of work, then return."""

from datetime import timedelta

from pluralis import jobs
from pluralis.teams.actions.duty import follow_roster
from pluralis.teams.actions.tokens import KEEP_ANSWERS
from pluralis.teams.models import Change, KeptAnswer, OAuthState
from pluralis.teams.queries import database_now

KEEP_CHANGES = timedelta(hours=24)


@jobs.task("forget_old_changes", queue=jobs.UPKEEP, every="17 3 * * *")
def forget_old_changes(timestamp: int) -> int:
    """Remove what no page will replay any more; returns how many rows went."""
    now = database_now()
    OAuthState.objects.filter(expires_at__lt=now - KEEP_CHANGES).delete()
    KeptAnswer.objects.filter(at__lte=now - KEEP_ANSWERS).delete()
    return Change.objects.filter(at__lt=now - KEEP_CHANGES).delete()[0]


@jobs.task("follow_roster", queue=jobs.UPKEEP, every="* * * * * */15")
def follow_rosters(timestamp: int) -> int:
    """Put on and off duty whom the roster names now."""
    return follow_roster(now=database_now())
