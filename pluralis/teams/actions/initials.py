"""Whose answers an account signs with ^initials, and whether it has a public legend."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.teams import audit
from pluralis.teams.access import ABILITIES, Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Account, Membership

SIGNING = tuple(role for role, abilities in ABILITIES.items() if Ability.ANSWER in abilities)


@transaction.atomic
def set_initials(
    *, actor: Membership, account_id: UUID, roles: Sequence[str], private: bool, legend: bool, now: datetime
) -> Account:
    """Say which roles' answers are signed, privately too or not, and whether a public page tells whose they are.

    The page's address cannot be guessed; taking the page down and putting it up again gives it a new one.
    """
    found = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    if unknown := set(roles) - set(SIGNING):
        raise Invalid("no_such_role", _("There is no such role."), fields={"roles": ", ".join(sorted(unknown))})
    account = Account.objects.select_for_update().get(id=found.id)
    settings = {**account.settings, "initials": {"roles": sorted(set(roles)), "private": private}}
    if legend:
        settings.setdefault("legend_key", secrets.token_urlsafe(24))
    else:
        settings.pop("legend_key", None)
    account.settings = settings
    account.save(update_fields=["settings"])
    audit.note("teams.account.changed", team_id=actor.team_id, actor=actor, about=account, now=now,
               fields=["initials"], legend=legend)  # fmt: skip
    note_change(actor.team_id, "accounts", f"account:{account.id}")
    return account
