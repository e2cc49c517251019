"""The change log: what live pages hear about. Ids only; the page reads again what it shows."""

import json
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

CHANNEL = "pluralis_changes"

# One round trip: every action and every part that is sent writes one of these.
_NOTE = """
  WITH noted AS (INSERT INTO teams_change (team_id, topics) VALUES (%s, %s) RETURNING id)
  SELECT pg_notify(%s, %s) FROM noted
"""


def note_change(team_id: UUID, *topics: str) -> None:
    """Write the topics into the log and wake the listeners, in the caller's transaction.

    PostgreSQL delivers equal notifications of one transaction once, so many calls are one wake-up.
    """
    note_changes(team_id, topics)


def note_changes(team_id: UUID, topics: Iterable[str]) -> None:
    """Like :func:`note_change`, for topics at hand as a collection."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [team_id, json.dumps(sorted(set(topics))), CHANNEL, str(team_id)])
