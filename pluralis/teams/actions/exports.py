"""That a member took data home: noted before the first row leaves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from pluralis.teams import audit
from pluralis.teams.access import accounts_of
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Membership


@transaction.atomic
def note_export(
    *, actor: Membership, what: str, span: tuple[datetime, datetime], account_ids: Sequence[UUID], now: datetime
) -> None:
    """Write into the audit log what is about to be exported. Raises :class:`NotFound` for an account of others."""
    # Accounts that were given up count too: their history stays.
    known = set(accounts_of(actor, released=True).filter(id__in=account_ids).values_list("id", flat=True))
    if known != set(account_ids):
        raise NotFound("account")
    audit.note(
        "teams.export.made",
        team_id=actor.team_id,
        actor=actor,
        now=now,
        what=what,
        start=span[0],
        end=span[1],
        accounts=[str(each) for each in account_ids],
    )
