"""Who may do what: the only way from a person and an id to an object of a team.

A person of another team and a stranger get :class:`NotFound`, as if the thing did not exist; a member whose role
is too small gets :class:`Forbidden`.
"""

from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from pluralis.teams.errors import Forbidden, NotFound
from pluralis.teams.models import Account, AccountKind, ApiToken, Membership, Role, User


class Ability(StrEnum):
    """What a role may allow."""

    VIEW = "view"
    WRITE = "write"
    PUBLISH = "publish"
    ANSWER = "answer"
    APPROVE = "approve"
    OVERRIDE = "override"
    STOP = "stop"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_TEAM = "manage_team"


_A = Ability
_LEAD = frozenset({_A.VIEW, _A.WRITE, _A.PUBLISH, _A.ANSWER, _A.APPROVE, _A.OVERRIDE, _A.STOP, _A.MANAGE_ACCOUNTS})
ABILITIES: dict[str, frozenset[Ability]] = {
    Role.OWNER: _LEAD | {_A.MANAGE_TEAM},
    Role.LEAD: _LEAD,
    Role.WRITER: frozenset({_A.VIEW, _A.WRITE, _A.PUBLISH}),
    Role.AGENT: frozenset({_A.VIEW, _A.WRITE, _A.ANSWER}),
    Role.EMPLOYEE: frozenset({_A.WRITE, _A.PUBLISH}),
    Role.VIEWER: frozenset({_A.VIEW}),
}


def may(actor: Membership, ability: Ability) -> bool:
    """Say whether the member's role has the ability."""
    return ability in ABILITIES[actor.role]


def require(actor: Membership, ability: Ability) -> None:
    """Raise :class:`Forbidden` unless the member's role has the ability."""
    if not may(actor, ability):
        raise Forbidden(ability)


def access_membership(user: User, team_id: UUID | str | None = None) -> Membership:
    """Return the user's seat in the team, or in their first team when none is named."""
    seats = Membership.objects.select_related("team", "user").filter(user=user, user__is_active=True)
    if team_id is not None:
        seats = seats.filter(team_id=valid_id(team_id))
    seat = seats.order_by("created_at", "id").first()
    if seat is None:
        raise NotFound("team")
    return seat


def access_member(actor: Membership, membership_id: UUID | str) -> Membership:
    """Return another seat of the actor's team."""
    seat = Membership.objects.select_related("user").filter(team=actor.team_id, id=valid_id(membership_id)).first()
    if seat is None:
        raise NotFound("member")
    return seat


def access_token(actor: Membership, token_id: UUID | str) -> ApiToken:
    """Return a token of the actor's own seat; an owner reaches every token of the team, to end it."""
    tokens = ApiToken.objects.filter(team=actor.team_id, id=valid_id(token_id))
    if not may(actor, Ability.MANAGE_TEAM):
        tokens = tokens.filter(membership=actor)
    token = tokens.first()
    if token is None:
        raise NotFound("token")
    return token


def access_account(actor: Membership, account_id: UUID | str, ability: Ability = Ability.VIEW) -> Account:
    """Return an account of the actor's team, if the actor may do ``ability`` on it."""
    account = accounts_of(actor).filter(id=valid_id(account_id)).first()
    if account is None:
        raise NotFound("account")
    if account.kind == AccountKind.EMPLOYEE and account.member_id == actor.id:
        return account
    require(actor, ability)
    return account


def accounts_of(actor: Membership, *, released: bool = False) -> QuerySet[Account]:
    """Return the accounts the actor may see, with their team: all of it; for an employee their own only.

    With ``released`` those too that were given up: their history stays.
    """
    accounts = Account.objects.select_related("team").filter(team=actor.team_id)
    if not released:
        accounts = accounts.filter(released_at__isnull=True)
    if not may(actor, Ability.VIEW):
        accounts = accounts.filter(member=actor)
    return accounts


def valid_id(value: UUID | str) -> UUID:
    """Return ``value`` as an id; what is no id names nothing, so it is :class:`NotFound`."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise NotFound("object") from None
