"""What is read about teams and accounts. The number of queries of each stands in its test."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from pluralis.core.privacy import ReferencePattern
from pluralis.networks.contract import Access, App, Network
from pluralis.networks.registry import network
from pluralis.teams.access import Ability, may
from pluralis.teams.fields import unseal
from pluralis.teams.models import (
    Account,
    ApiToken,
    AppRegistration,
    AuditEntry,
    Credential,
    Invitation,
    Membership,
    Team,
    User,
)


@dataclass(frozen=True, slots=True)
class PrivacyRules:
    """What a team taught: how its own references look, and which addresses of its own may stand in public."""

    references: tuple[ReferencePattern, ...] = ()
    allow: tuple[str, ...] = ()


def privacy_of(team: Team) -> PrivacyRules:
    """Return what the team taught about personal data; a stored pattern that can find nothing is passed over."""
    patterns = []
    for stored in team.settings.get("references", []):
        with suppress(KeyError, TypeError, ValueError):
            patterns.append(ReferencePattern.from_dict(stored))
    return PrivacyRules(tuple(patterns), tuple(map(str, team.settings.get("own_addresses", []))))


def database_now() -> datetime:
    """Return the instant on the database's clock, which every machine of an installation shares. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def network_of(account: Account) -> Network:
    """Return the network an account lives on. No query."""
    return network(account.network)


def access_of(account: Account, credential: Credential | None = None, *, app: App | None = None) -> Access:
    """Return the account as its connector sees it, with opened credentials. One query, none with ``credential``.

    ``app`` is our registration with the network, needed only to renew tokens. Raises
    ``Credential.DoesNotExist`` when the account has none, and ``SealBroken`` when no key opens them.
    """
    held = credential or Credential.objects.get(account_id=account.id)
    return Access(
        host=account.host,
        profile_id=account.remote_id,
        handle=account.handle,
        credentials=unseal(account.id, held.sealed),
        settings={**account.settings},
        app=app,
    )


def public_access_of(account: Account) -> Access:
    """Return the account as its connector sees it for decisions that need no credentials. No query."""
    return Access(
        host=account.host,
        profile_id=account.remote_id,
        handle=account.handle,
        credentials={},
        settings={**account.settings},
    )


def app_of(network_name: str, host: str) -> App | None:
    """Return our registration with a network or instance, or ``None``. One query."""
    found = AppRegistration.objects.filter(network=network_name, host=host).first()
    if found is None:
        return None
    return App(found.client_id, unseal(f"{network_name}:{host}", found.sealed).get("client_secret", ""))


def teams_of(user: User) -> list[Membership]:
    """Return the user's seats with their teams, oldest first. One query."""
    return list(user.memberships.select_related("team").order_by("created_at", "id"))


def members_of(team_id: UUID) -> list[Membership]:
    """Return the seats of a team with their people, oldest first. One query."""
    return list(Membership.objects.filter(team=team_id).select_related("user").order_by("created_at", "id"))


def invitations_of(team_id: UUID, now: datetime) -> list[Invitation]:
    """Return the invitations that are still open, newest first. One query."""
    open_ones = Invitation.objects.filter(team=team_id, accepted_at__isnull=True, expires_at__gt=now)
    return list(open_ones.select_related("invited_by__user").order_by("-created_at"))


def tokens_of(actor: Membership, now: datetime) -> list[ApiToken]:
    """Return the living tokens of one's own seat, for an owner of the whole team, newest first. One query."""
    tokens = ApiToken.objects.filter(team=actor.team_id, revoked_at__isnull=True, expires_at__gt=now)
    if not may(actor, Ability.MANAGE_TEAM):
        tokens = tokens.filter(membership=actor)
    return list(tokens.select_related("membership__user").order_by("-created_at"))


def on_duty(team_id: UUID) -> list[Membership]:
    """Return who is on duty now, longest first. One query."""
    seats = Membership.objects.filter(team=team_id, on_duty_since__isnull=False)
    return list(seats.select_related("user").order_by("on_duty_since"))


def audit_page(team_id: UUID, before: int | None = None, size: int = 50) -> list[AuditEntry]:
    """Return a page of the audit log, newest first, older than the entry ``before``. One query."""
    entries = AuditEntry.objects.filter(team=team_id).select_related("actor").order_by("-id")
    return list((entries.filter(id__lt=before) if before else entries)[:size])
