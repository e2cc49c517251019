"""What a person sets for their own desk, and what an owner sets for the team as a whole."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.teams import audit
from pluralis.teams.access import Ability, require, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid, NotFound
from pluralis.teams.models import LANGUAGES, Invitation, Membership, Team, User

OF_A_PERSON = frozenset({"name", "language", "zone", "theme", "shortcuts"})
OF_A_TEAM = frozenset({"name", "language", "zone"})


@transaction.atomic
def change_profile(*, actor: User, now: datetime, **changes: Any) -> User:
    """Change one's own ``name``, ``language``, ``zone``, ``theme`` or ``shortcuts``. Nobody else is concerned."""
    _check(changes, OF_A_PERSON)
    for name, value in changes.items():
        setattr(actor, name, value)
    actor.save(update_fields=list(changes))
    return actor


@transaction.atomic
def change_team(*, actor: Membership, now: datetime, **changes: Any) -> Team:
    """Change the team's ``name``, ``language`` or ``zone``."""
    require(actor, Ability.MANAGE_TEAM)
    _check(changes, OF_A_TEAM)
    for name, value in changes.items():
        setattr(actor.team, name, value)
    actor.team.save(update_fields=list(changes))
    audit.note("teams.team.changed", team_id=actor.team_id, actor=actor, about=actor.team, now=now,
               fields=sorted(changes))  # fmt: skip
    note_change(actor.team_id, "team")
    return actor.team


@transaction.atomic
def withdraw_invitation(*, actor: Membership, invitation_id: UUID | str, now: datetime) -> None:
    """Take a kept seat back; its link opens nothing from now on."""
    require(actor, Ability.MANAGE_TEAM)
    open_ones = Invitation.objects.filter(team=actor.team_id, accepted_at__isnull=True)
    deleted, _rows = open_ones.filter(id=valid_id(invitation_id)).delete()
    if not deleted:
        raise NotFound("invitation")
    audit.note("teams.member.invitation_withdrawn", team_id=actor.team_id, actor=actor, now=now)
    note_change(actor.team_id, "team")


def _check(changes: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := set(changes) - known:
        raise TypeError(f"cannot change {sorted(unknown)}")
    if "language" in changes and changes["language"] not in dict(LANGUAGES):
        raise Invalid("no_such_language", _("There is no such language."))
    if "theme" in changes and changes["theme"] not in User.Theme.values:
        raise Invalid("no_such_theme", _("There is no such look."))
    if "zone" in changes and not _is_zone(changes["zone"]):
        raise Invalid("no_such_zone", _("There is no such time zone."))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
