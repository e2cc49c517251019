"""Keys of accounts: sealed, refreshed in one place, and never two refreshes at once.

A single-use refresh token whose answer is lost cannot be had again: the old one is tried once more, and then the
account is *disconnected*, with a way back. No transaction stays open during the call.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from pluralis.failpoints import reach
from pluralis.networks.contract import Grant
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NotNow, Unconfirmed
from pluralis.teams import audit
from pluralis.teams.changes import note_change
from pluralis.teams.fields import reseal, seal
from pluralis.teams.ids import new_id
from pluralis.teams.locks import is_owned, locks
from pluralis.teams.models import Account, AppRegistration, Credential
from pluralis.teams.queries import access_of, app_of, database_now, network_of

EARLY = timedelta(minutes=2)
"""Tokens are refreshed this long before they end."""

REFRESH_SECONDS = 20.0


def ensure_fresh(account: Account) -> Credential:
    """Return the account's credential, its tokens renewed first if they are about to end. One query if not.

    Raises :class:`NotNow` while somebody else refreshes, :class:`Disconnected` when the account must be connected
    again by a person.
    """
    credential = Credential.objects.get(account_id=account.id)
    if credential.expires_at is not None and credential.expires_at <= database_now() + EARLY:
        refresh_credentials(account.id)
        credential.refresh_from_db()
    return credential


def refresh_credentials(account_id: UUID) -> None:
    """Refresh one account's tokens: claim, call, store. Raises as :func:`ensure_fresh`."""
    token = new_id()
    locks.hold(token)
    try:
        credential = _claim(account_id, token)
        if credential is not None:
            reach("refresh.before_call")
            _store(credential, token, _call(credential, token))
            reach("refresh.after_commit")
    finally:
        locks.release(token)


@transaction.atomic
def _claim(account_id: UUID, token: UUID) -> Credential | None:
    credential = (
        Credential.objects.select_related("account").select_for_update(of=("self",)).get(account_id=account_id)
    )
    now = database_now()
    if credential.expires_at is None or credential.expires_at > now + EARLY:
        return None
    if credential.account.quarantined_at is not None:
        # In a copy of another installation a renewal would end the keys of the original.
        raise NotNow("the account is in quarantine", now + timedelta(minutes=1))
    if is_owned(credential.refreshing_token):
        raise NotNow("the account's access is being renewed", now + timedelta(seconds=2))
    credential.refreshing_since, credential.refreshing_token = now, token
    credential.save(update_fields=["refreshing_since", "refreshing_token"])
    return credential


def _call(credential: Credential, token: UUID) -> Grant:
    """Ask for fresh tokens; when the answer is lost, once more with the old one."""
    connector = network_of(credential.account).connector
    account = credential.account
    access = access_of(account, credential, app=app_of(account.network, account.host))
    try:
        try:
            grant = connector.refresh(access, Deadline.after(REFRESH_SECONDS))
        except Unconfirmed:
            grant = connector.refresh(access, Deadline.after(REFRESH_SECONDS))
    except NotNow:
        _let_go(credential, token)
        raise
    except (Disconnected, Unconfirmed) as error:
        _let_go(credential, token)
        disconnect_account(credential.account, error.reason)
        raise Disconnected(error.reason) from error
    reach("refresh.after_answer")
    return grant


@transaction.atomic
def _store(credential: Credential, token: UUID, grant: Grant) -> None:
    now = database_now()
    Credential.objects.filter(account_id=credential.account_id, refreshing_token=token).update(
        sealed=seal(credential.account_id, dict(grant.credentials)),
        expires_at=grant.expires_at,
        version=credential.version + 1,
        refreshing_since=None,
        refreshing_token=None,
        updated_at=now,
    )


def _let_go(credential: Credential, token: UUID) -> None:
    Credential.objects.filter(account_id=credential.account_id, refreshing_token=token).update(
        refreshing_since=None, refreshing_token=None
    )


def mark_stale(account_id: UUID) -> None:
    """Note that the network no longer takes the tokens we thought fresh: the next use renews them first."""
    Credential.objects.filter(account_id=account_id, expires_at__isnull=False).update(expires_at=database_now())


def store_grant(account: Account, grant: Grant) -> None:
    """Store the credentials of a fresh connection, in the caller's transaction."""
    Credential.objects.update_or_create(
        account=account,
        defaults={
            "sealed": seal(account.id, dict(grant.credentials)),
            "expires_at": grant.expires_at,
            "refreshing_since": None,
            "refreshing_token": None,
            "updated_at": database_now(),
        },
    )


@transaction.atomic
def disconnect_account(account: Account, reason: str) -> None:
    """Note that the network no longer accepts our keys; its due parts will be held until a person reconnects it."""
    changed = Account.objects.filter(id=account.id, connected=True).update(
        connected=False, disconnected_reason=reason[:500]
    )
    if changed:
        now = database_now()
        audit.note("teams.account.disconnected", team_id=account.team_id, about=account, now=now, why=reason[:200])
        note_change(account.team_id, "accounts", f"account:{account.id}")


def rotate_keys() -> int:
    """Seal every secret again with the newest key; returns how many. Safe to run again and while in use."""
    count = 0
    for model, key in ((Credential, "account_id"), (AppRegistration, "id")):
        for row_id in model.objects.values_list(key, flat=True):
            with transaction.atomic():
                row = model.objects.select_for_update().get(**{key: row_id})
                row.sealed = reseal(row.sealed)
                row.save(update_fields=["sealed"])
                count += 1
    return count
