"""Thin job functions of the inbox: one unit of work, then return."""

from pluralis import jobs
from pluralis.inbox import listening
from pluralis.inbox.actions import wake_snoozed
from pluralis.teams.queries import database_now


@jobs.task("poll_due_streams", queue=jobs.LISTEN, every="* * * * * */5")
def poll_due_streams(timestamp: int) -> int:
    """Put a job for every stream that is due into the engine."""
    due = listening.due_streams(database_now())
    for cursor in due:
        jobs.defer("poll_stream", queue=jobs.LISTEN, cursor_id=str(cursor.id))
    return len(due)


@jobs.task("poll_stream", queue=jobs.LISTEN)
def poll_stream(cursor_id: str) -> int:
    """Read one stream of one account."""
    return listening.poll_stream(cursor_id)


@jobs.task("wake_snoozed_conversations", queue=jobs.UPKEEP, every="* * * * *")
def wake_snoozed_conversations(timestamp: int) -> int:
    """Bring back what was put off until now."""
    return wake_snoozed(now=database_now())
