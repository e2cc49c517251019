"""Letting an account go: disconnected with a way back, or released so that another team may connect the profile."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account, Credential, Membership

BY_HAND = "by_hand"
"""The reason of an account that a person disconnected, for :attr:`Account.disconnected_reason`."""


@transaction.atomic
def disconnect_by_hand(*, actor: Membership, account_id: UUID | str, now: datetime) -> Account:
    """Forget an account's credentials. What it planned will be held; connecting it again brings all back."""
    account = _locked(access_account(actor, account_id, Ability.MANAGE_ACCOUNTS))
    Credential.objects.filter(account=account).delete()
    account.connected, account.disconnected_reason = False, BY_HAND
    account.save(update_fields=["connected", "disconnected_reason"])
    audit.note("teams.account.disconnected", team_id=actor.team_id, actor=actor, about=account, now=now, why=BY_HAND)
    note_change(actor.team_id, "accounts", "calendar", f"account:{account.id}")
    return account


@transaction.atomic
def release_profile(*, actor: Membership, account_id: UUID | str, now: datetime) -> Account:
    """Give a disconnected account's profile up for good: another team may connect it from now on.

    The row stays for the history of what was published and heard; it can never send again.
    """
    account = _locked(access_account(actor, account_id, Ability.MANAGE_ACCOUNTS))
    if account.connected:
        raise Conflict(
            "still_connected",
            _("@%(handle)s is still connected.") % {"handle": account.handle},
            kept=_("Nothing was changed."),
            next_step=_("Disconnect it first."),
        )
    Credential.objects.filter(account=account).delete()
    account.released_at = now
    account.save(update_fields=["released_at"])
    audit.note("teams.account.released", team_id=actor.team_id, actor=actor, about=account, now=now)
    note_change(actor.team_id, "accounts", "calendar", f"account:{account.id}")
    return account


def _locked(account: Account) -> Account:
    """Return the account's row locked: a claim that waits for it sees it disconnected."""
    return Account.objects.select_for_update().get(id=account.id)
