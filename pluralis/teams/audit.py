"""The audit log: what was done in the team's name. Ids, names of fields and hashes; never text or secrets."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from pluralis.teams.models import Membership, User
from pluralis.teams.statements import write

# In SQL, for every action and every part that is sent writes one of these.
_NOTE = """
  INSERT INTO teams_auditentry (team_id, actor_id, action, object_type, object_id, data, at)
  VALUES (%(team)s, %(actor)s, %(action)s, %(type)s, %(object)s, %(data)s::jsonb, %(at)s)
"""


def note(
    action: str,
    *,
    team_id: UUID,
    now: datetime,
    about: Model | None = None,
    actor: Membership | User | None = None,
    **data: Any,
) -> None:
    """Append an entry, in the caller's transaction.

    ``action`` is ``<app>.<thing>.<what>``, such as ``publishing.part.unconfirmed``; with no actor the program did
    it by itself.
    """
    named = {name: str(value) if isinstance(value, UUID | datetime) else value for name, value in data.items()}
    person = actor.user_id if isinstance(actor, Membership) else actor.pk if actor is not None else None
    values = {
        "team": team_id,
        "actor": person,
        "action": action,
        "type": about._meta.model_name or "" if about is not None else "",
        "object": about.pk if about is not None else None,
        "data": json.dumps(named),
        "at": now,
    }
    write(_NOTE, values)


def fingerprint(text: str) -> str:
    """Return the hash under which a text is named in the log."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
