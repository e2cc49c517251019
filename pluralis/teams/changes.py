"""The change log: what live pages hear about. Ids only; the page reads again what it shows."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from pluralis.teams.models import Change

CHANNEL = "pluralis_changes"


def note_change(team_id: UUID, *topics: str) -> None:
    """Write the topics into the log and wake the listeners, in the caller's transaction.

    PostgreSQL delivers equal notifications of one transaction once, so many calls are one wake-up.
    """
    note_changes(team_id, topics)


def note_changes(team_id: UUID, topics: Iterable[str]) -> None:
    """Like :func:`note_change`, for topics at hand as a collection."""
    Change.objects.create(team_id=team_id, topics=sorted(set(topics)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(team_id)])
