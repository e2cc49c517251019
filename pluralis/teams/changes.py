"""The change log: what live pages hear about. Ids only; the page reads again what it shows."""

import json
from collections.abc import Iterable
from uuid import UUID

from pluralis.teams.statements import write

CHANNEL = "pluralis_changes"

# One round trip: every action and every part that is sent writes one of these.
_NOTE = """
  WITH noted AS (INSERT INTO teams_change (team_id, topics) VALUES (%(team)s, %(topics)s::jsonb) RETURNING team_id)
  SELECT pg_notify(%(channel)s, team_id::text) FROM noted
"""


def note_change(team_id: UUID, *topics: str) -> None:
    """Write the topics into the log and wake the listeners, in the caller's transaction.

    PostgreSQL delivers equal notifications of one transaction once, so many calls are one wake-up.
    """
    note_changes(team_id, topics)


def note_changes(team_id: UUID, topics: Iterable[str]) -> None:
    """Like :func:`note_change`, for topics at hand as a collection."""
    write(_NOTE, {"team": team_id} | as_change(*topics))


def as_change(*topics: str) -> dict[str, str]:
    """Return the values ``topics`` and ``channel`` of a statement that writes its change itself."""
    return {"topics": json.dumps(sorted(set(topics))), "channel": CHANNEL}
