"""A report of a security hole goes to a named person at once."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from pluralis.inbox.actions.tracing import notify
from pluralis.inbox.models import Conversation, Message, Notice
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_member, require
from pluralis.teams.models import Account, Membership, Team

SETTING = "security_member"


def name_for_security(*, actor: Membership, member_id: UUID | None, now: datetime) -> Team:
    """Name who gets reports of security holes; ``None`` names nobody, and they are sorted like everything else."""
    require(actor, Ability.MANAGE_TEAM)
    member = access_member(actor, member_id) if member_id else None
    with transaction.atomic():
        team = Team.objects.select_for_update().get(id=actor.team_id)
        team.settings = {**team.settings, SETTING: str(member.id) if member else ""}
        team.save(update_fields=["settings"])
        audit.note("teams.team.security_named", team_id=team.id, actor=actor, about=team, now=now,
                   member=member.id if member else "")  # fmt: skip
    return team


def named_for_security(team: Team) -> Membership | None:
    """Return who gets reports of security holes. One query where somebody is named."""
    chosen = team.settings.get(SETTING)
    if not chosen:
        return None
    return Membership.objects.filter(team=team.id, id=chosen, user__is_active=True).select_related("user").first()


def hand_security_reports(
    account: Account, messages: Iterable[Message], conversations: Iterable[Conversation], now: datetime
) -> None:
    """Give conversations with a report of a security hole to the named person, on the rows at hand, and tell them.

    The caller saves ``assigned_to``, ``assigned_at`` and ``acted_at``. No query where there is no such report.
    """
    reported = {each.conversation_id for each in messages if each.triage.get("escalate") == "security"}
    named = named_for_security(account.team) if reported else None
    if named is None:
        return
    for each in conversations:
        if each.id in reported:
            each.assigned_to, each.assigned_at, each.acted_at = named, now, now
            each.urgency = 1.0
            notify(named.id, Notice.Kind.SECURITY, team_id=account.team_id, now=now, conversation=each)
            audit.note("inbox.conversation.security", team_id=account.team_id, about=each, now=now, to=named.id)
