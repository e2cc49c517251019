"""The audit log: what was done in the team's name. Ids, names of fields and hashes; never text or secrets."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from pluralis.teams.models import AuditEntry, Membership, User


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
    user = actor.user if isinstance(actor, Membership) else actor
    AuditEntry.objects.create(
        team_id=team_id,
        actor=user,
        action=action,
        object_type=about._meta.model_name or "" if about is not None else "",
        object_id=about.pk if about is not None else None,
        data={name: str(value) if isinstance(value, UUID | datetime) else value for name, value in data.items()},
        at=now,
    )


def fingerprint(text: str) -> str:
    """Return the hash under which a text is named in the log."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
