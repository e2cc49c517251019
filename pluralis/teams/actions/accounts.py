"""Connecting accounts: by keys or by OAuth, bound for ever to the network's own id of the profile."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pluralis.networks.contract import App, Grant
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError, Refused
from pluralis.networks.registry import network
from pluralis.networks.transport import check_host
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.actions.credentials import store_grant
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.fields import seal, unseal
from pluralis.teams.models import Account, AccountKind, AppRegistration, Membership, OAuthState
from pluralis.teams.queries import app_of

CONNECT_SECONDS = 20.0
STATE_LIFE = timedelta(minutes=10)
COLOURS = ("teal", "amber", "violet", "rose", "sky", "lime", "orange", "slate")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to connect: which network and instance, for which part, or which account again."""

    network: str
    host: str
    kind: str = AccountKind.MAIN
    account_id: UUID | None = None


def connect_with_keys(*, actor: Membership, wish: Wish, values: dict[str, str], now: datetime) -> Account:
    """Connect an account by typed keys. Raises :class:`Invalid` with the network's words, fields named."""
    _check_may_connect(actor, wish)
    wish, connector = _with_checked_host(wish), network(wish.network).connector
    try:
        grant = connector.connect_with_keys(wish.host, values, Deadline.after(CONNECT_SECONDS))
    except NetworkError as error:
        raise _not_connected(error) from error
    return store_connection(actor=actor, wish=wish, grant=grant, now=now)


def begin_oauth(*, actor: Membership, wish: Wish, session_key: str, redirect_uri: str, now: datetime) -> str:
    """Return the network's page to send the person to; what must come back is kept, bound to this session."""
    _check_may_connect(actor, wish)
    wish, connector = _with_checked_host(wish), network(wish.network).connector
    try:
        app = app_of(wish.network, wish.host) or register_app(wish, redirect_uri, now)
    except NetworkError as error:
        raise _not_connected(error) from error
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    OAuthState.objects.create(
        state_hash=_hash(state),
        session_hash=_hash(session_key),
        team_id=actor.team_id,
        membership=actor,
        account_id=wish.account_id,
        network=wish.network,
        host=wish.host,
        kind=wish.kind,
        sealed_verifier=seal(_hash(state), {"verifier": verifier}),
        expires_at=now + STATE_LIFE,
    )
    return connector.authorise_url(wish.host, app, redirect_uri, state, _challenge(verifier))


def finish_oauth(
    *, actor: Membership, state: str, code: str, session_key: str, redirect_uri: str, now: datetime
) -> Account:
    """Turn the callback into a connected account. The state is used up whatever happens next."""
    kept = _use_state(actor, state, session_key, now)
    wish = Wish(kept.network, kept.host, kept.kind, kept.account_id)
    _check_may_connect(actor, wish)
    app = app_of(kept.network, kept.host) or App("")
    verifier = unseal(_hash(state), kept.sealed_verifier)["verifier"]
    try:
        grant = network(kept.network).connector.exchange(
            kept.host, app, redirect_uri, code, verifier, Deadline.after(CONNECT_SECONDS)
        )
    except NetworkError as error:
        raise _not_connected(error) from error
    return store_connection(actor=actor, wish=wish, grant=grant, now=now)


def register_app(wish: Wish, redirect_uri: str, now: datetime) -> App:
    """Register this installation with an instance and keep the registration."""
    app = network(wish.network).connector.register(wish.host, redirect_uri, Deadline.after(CONNECT_SECONDS))
    return keep_app(wish.network, wish.host, app, now)


def keep_app(network_name: str, host: str, app: App, now: datetime) -> App:
    """Keep a registration with a network or instance, replacing an older one."""
    AppRegistration.objects.update_or_create(
        network=network_name,
        host=host,
        defaults={
            "client_id": app.client_id,
            "sealed": seal(f"{network_name}:{host}", {"client_secret": app.client_secret}),
            "created_at": now,
        },
    )
    return app


def store_connection(*, actor: Membership, wish: Wish, grant: Grant, now: datetime) -> Account:
    """Store what a network granted: a new account, or the same profile connected again."""
    if grant.profile is None:
        raise Invalid(
            "no_profile", _("The network did not say whose account this is."), kept=_("Nothing was stored.")
        )
    if wish.account_id is not None:
        return _reconnect(actor, wish, grant, now)
    living = Account.objects.filter(network=wish.network, host=wish.host, released_at__isnull=True)
    found = living.filter(remote_id=grant.profile.remote_id).first()
    if found is not None and found.team_id == actor.team_id:
        return _reconnect(actor, Wish(wish.network, wish.host, found.kind, found.id), grant, now)
    try:
        with transaction.atomic():
            account = _create(actor, wish, grant, now)
            store_grant(account, grant)
            audit.note("teams.account.connected", team_id=actor.team_id, actor=actor, about=account, now=now)
            note_change(actor.team_id, "accounts")
    except IntegrityError as error:
        raise Conflict(
            "already_connected",
            _("This profile is already connected here."),
            kept=_("Nothing was stored."),
            next_step=_("Ask its owner to release it first."),
        ) from error
    return account


def _create(actor: Membership, wish: Wish, grant: Grant, now: datetime) -> Account:
    assert grant.profile is not None
    count = Account.objects.filter(team=actor.team_id).count()
    return Account.objects.create(
        team_id=actor.team_id,
        kind=wish.kind,
        network=wish.network,
        host=wish.host,
        remote_id=grant.profile.remote_id,
        colour=COLOURS[count % len(COLOURS)],
        language=actor.team.language,
        zone=actor.team.zone,
        member=actor if wish.kind == AccountKind.EMPLOYEE else None,
        created_at=now,
        **_shown(grant),
    )


def _shown(grant: Grant) -> dict[str, Any]:
    assert grant.profile is not None
    return {
        "handle": grant.profile.handle,
        "display_name": grant.profile.display_name,
        "profile_url": grant.profile.url,
        "avatar_url": grant.profile.avatar_url,
        "settings": dict(grant.settings),
    }


def _reconnect(actor: Membership, wish: Wish, grant: Grant, now: datetime) -> Account:
    """Renew an account's keys, if the network says that it is the same profile; its held parts wait for a person."""
    account = access_account(actor, wish.account_id or "", Ability.MANAGE_ACCOUNTS)
    assert grant.profile is not None
    if (account.network, account.host, account.remote_id) != (wish.network, wish.host, grant.profile.remote_id):
        raise Conflict(
            "other_profile",
            _("You signed in as @%(other)s, but this account is @%(handle)s.")
            % {"other": grant.profile.handle, "handle": account.handle},
            kept=_("Nothing was stored, and its posts stay held."),
            next_step=_("Sign out on the network, sign in as the right profile, and connect again."),
        )
    with transaction.atomic():
        shown = _shown(grant)
        shown["settings"] = {**account.settings, **shown["settings"]}
        Account.objects.filter(id=account.id).update(connected=True, disconnected_reason="", **shown)
        store_grant(account, grant)
        audit.note("teams.account.reconnected", team_id=actor.team_id, actor=actor, about=account, now=now)
        note_change(actor.team_id, "accounts", f"account:{account.id}")
    account.refresh_from_db()
    return account


def change_account(*, actor: Membership, account_id: UUID, now: datetime, **changes: Any) -> Account:
    """Change what an account is to us: ``kind``, ``language``, ``zone``, ``colour``, ``voice``, ``settings``."""
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    require(actor, Ability.MANAGE_ACCOUNTS)
    if account.kind == AccountKind.EMPLOYEE and changes.get("kind", account.kind) != AccountKind.EMPLOYEE:
        raise Conflict(
            "employee_consent",
            _("This account belongs to an employee, who connected it for themselves."),
            kept=_("Nothing was changed."),
            next_step=_("Ask them to connect it again for its new part."),
        )
    for name, value in changes.items():
        setattr(account, name, value)
    with transaction.atomic():
        account.save(update_fields=list(changes))
        audit.note("teams.account.changed", team_id=actor.team_id, actor=actor, about=account, now=now,
                   fields=sorted(changes))  # fmt: skip
        note_change(actor.team_id, "accounts", f"account:{account.id}")
    return account


def pause_account(*, actor: Membership, account_id: UUID, paused: bool, now: datetime) -> Account:
    """Hold (or let go on) everything an account would send."""
    require(actor, Ability.STOP)
    return change_account(actor=actor, account_id=account_id, now=now, paused_at=now if paused else None)


def _with_checked_host(wish: Wish) -> Wish:
    """Return the wish with its instance written in the one way it is stored; another spelling is no other place."""
    if wish.account_id is not None or not network(wish.network).many_hosts:
        return wish
    try:
        return replace(wish, host=check_host(wish.host, Deadline.after(CONNECT_SECONDS)))
    except NetworkError as error:
        raise _not_connected(error) from error


def _check_may_connect(actor: Membership, wish: Wish) -> None:
    """An employee connects their own account; everything else is for owners and leads."""
    if wish.account_id is not None:
        access_account(actor, wish.account_id, Ability.MANAGE_ACCOUNTS)
    elif wish.kind != AccountKind.EMPLOYEE:
        require(actor, Ability.MANAGE_ACCOUNTS)
    else:
        require(actor, Ability.WRITE)


@transaction.atomic
def _use_state(actor: Membership, state: str, session_key: str, now: datetime) -> OAuthState:
    kept = OAuthState.objects.select_for_update().filter(state_hash=_hash(state)).first()
    if kept is None or kept.session_hash != _hash(session_key) or kept.membership_id != actor.id:
        raise NotFound("oauth_state")
    if kept.used_at is not None or kept.expires_at < now:
        raise Conflict(
            "oauth_too_late",
            _("This sign-in took longer than ten minutes, or was used before."),
            kept=_("Nothing was stored."),
            next_step=_("Start connecting again."),
        )
    kept.used_at = now
    kept.save(update_fields=["used_at"])
    return kept


def _not_connected(error: NetworkError) -> Invalid:
    fields = error.fields if isinstance(error, Refused) else {}
    return Invalid(
        "not_connected",
        _("The network did not let us in: %(reason)s") % {"reason": error.reason},
        kept=_("Nothing was stored."),
        next_step=_("Check what you typed and try again."),
        fields=fields,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
