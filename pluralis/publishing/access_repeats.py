"""The only way from a person and an id to a repeat."""

from uuid import UUID

from pluralis.publishing.models import Evergreen, Recurrence
from pluralis.teams.access import Ability, access_account, accounts_of, may, require, valid_id
from pluralis.teams.errors import NotFound
from pluralis.teams.models import AccountKind, Membership


def access_recurrence(actor: Membership, recurrence_id: UUID | str, ability: Ability = Ability.VIEW) -> Recurrence:
    """Return a repeat of the actor's team; an employee reaches those on their own account only."""
    found = Recurrence.objects.select_related("post", "responsible__user").filter(team=actor.team_id)
    recurrence = found.filter(id=valid_id(recurrence_id)).first()
    if recurrence is None:
        raise NotFound("recurrence")
    if not may(actor, Ability.VIEW) and not _on_own_accounts(actor, recurrence):
        raise NotFound("recurrence")
    if not _on_own_accounts(actor, recurrence):
        require(actor, ability)
    return recurrence


def _on_own_accounts(actor: Membership, recurrence: Recurrence) -> bool:
    own = accounts_of(actor, released=True).filter(kind=AccountKind.EMPLOYEE, member=actor)
    seats = set(recurrence.seats.values_list("account_id", flat=True))
    return bool(seats) and seats <= set(own.values_list("id", flat=True))


def access_evergreen(actor: Membership, evergreen_id: UUID | str, ability: Ability = Ability.VIEW) -> Evergreen:
    """Return an evergreen post on an account that the actor may do ``ability`` on."""
    found = Evergreen.objects.select_related("account", "post").filter(team=actor.team_id, id=valid_id(evergreen_id))
    evergreen = found.first()
    if evergreen is None:
        raise NotFound("evergreen")
    access_account(actor, evergreen.account_id, ability)
    return evergreen
