"""Teams and their people: found a team, invite, accept, change a role, go on duty."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.teams import audit
from pluralis.teams.access import Ability, access_member, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.models import Invitation, Membership, Role, Team, User

INVITATION_LIFE = timedelta(days=14)


@transaction.atomic
def found_team(*, user: User, name: str, language: str, zone: str, now: datetime, demo: bool = False) -> Membership:
    """Make a team with its first owner."""
    team = Team.objects.create(name=name, language=language, zone=zone, demo=demo, created_at=now)
    seat = Membership.objects.create(
        team=team, user=user, role=Role.OWNER, initials=initials_of(user), may_post_by_hand=True, created_at=now
    )
    audit.note("teams.team.founded", team_id=team.id, actor=seat, about=team, now=now)
    return seat


@transaction.atomic
def invite_member(*, actor: Membership, email: str, role: str, now: datetime) -> tuple[Invitation, str]:
    """Keep a seat for an address. Returns the invitation and its token, which is stored hashed only."""
    require(actor, Ability.MANAGE_TEAM)
    if role not in Role.values:
        raise Invalid("no_such_role", _("There is no such role."), fields={"role": _("Choose one of the list.")})
    if Membership.objects.filter(team=actor.team_id, user__email__iexact=email).exists():
        raise Conflict("already_member", _("This person is already in your team."))
    Invitation.objects.filter(team=actor.team_id, email__iexact=email, accepted_at__isnull=True).delete()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        team_id=actor.team_id,
        email=email.lower(),
        role=role,
        token_hash=_hash(token),
        invited_by=actor,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    audit.note("teams.member.invited", team_id=actor.team_id, actor=actor, about=invitation, now=now, role=role)
    return invitation, token


def open_invitation(token: str, now: datetime) -> Invitation:
    """Return the invitation a link names, if it still stands."""
    found = Invitation.objects.select_related("team").filter(
        token_hash=_hash(token), accepted_at__isnull=True, expires_at__gt=now
    ).first()  # fmt: skip
    if found is None:
        raise NotFound("invitation")
    return found


@transaction.atomic
def accept_invitation(*, user: User, token: str, now: datetime) -> Membership:
    """Take the seat an invitation keeps. The same link again returns the same seat."""
    invitation = open_invitation(token, now)
    seat, _created = Membership.objects.get_or_create(
        team=invitation.team,
        user=user,
        defaults={"role": invitation.role, "initials": initials_of(user), "created_at": now},
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    audit.note("teams.member.joined", team_id=invitation.team_id, actor=seat, about=seat, now=now, role=seat.role)
    note_change(invitation.team_id, "team")
    return seat


@transaction.atomic
def change_member(*, actor: Membership, membership_id: UUID, now: datetime, **changes: Any) -> Membership:
    """Change a seat: ``role``, ``initials``, ``may_post_by_hand``. The last owner stays one."""
    require(actor, Ability.MANAGE_TEAM)
    seat = access_member(actor, membership_id)
    if "role" in changes and changes["role"] not in Role.values:
        raise Invalid("no_such_role", _("There is no such role."), fields={"role": _("Choose one of the list.")})
    if seat.role == Role.OWNER and changes.get("role", Role.OWNER) != Role.OWNER:
        _keep_an_owner(seat)
    for name, value in changes.items():
        setattr(seat, name, value)
    seat.save(update_fields=list(changes))
    audit.note("teams.member.changed", team_id=actor.team_id, actor=actor, about=seat, now=now, **changes)
    note_change(actor.team_id, "team")
    return seat


@transaction.atomic
def remove_member(*, actor: Membership, membership_id: UUID, now: datetime) -> None:
    """Take a seat away; what the person wrote stays. A member may leave by themselves."""
    seat = access_member(actor, membership_id)
    if seat.id != actor.id:
        require(actor, Ability.MANAGE_TEAM)
    if seat.role == Role.OWNER:
        _keep_an_owner(seat)
    audit.note("teams.member.removed", team_id=actor.team_id, actor=actor, about=seat, now=now)
    seat.delete()
    note_change(actor.team_id, "team")


@transaction.atomic
def set_duty(*, actor: Membership, on: bool, now: datetime) -> Membership:
    """Go on duty, or off."""
    actor.on_duty_since = (actor.on_duty_since or now) if on else None
    actor.save(update_fields=["on_duty_since"])
    audit.note("teams.duty.began" if on else "teams.duty.ended", team_id=actor.team_id, actor=actor, now=now)
    note_change(actor.team_id, "duty")
    return actor


def initials_of(user: User) -> str:
    """Return two letters for a person: of their name, else of their address."""
    words = (user.name or user.email.split("@")[0].replace(".", " ")).split()
    return "".join(word[0] for word in words[:2]).upper()


def _keep_an_owner(seat: Membership) -> None:
    others = Membership.objects.select_for_update().filter(team=seat.team_id, role=Role.OWNER).exclude(id=seat.id)
    if not others.exists():
        raise Conflict(
            "last_owner",
            _("This is the team's only owner."),
            kept=_("Nothing was changed."),
            next_step=_("Make somebody else an owner first."),
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
