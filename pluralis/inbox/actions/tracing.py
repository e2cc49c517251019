"""What a conversation remembers of the team's dealings with it, and what a member should know."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from pluralis.inbox.models import Conversation, Notice, Trace
from pluralis.publishing.models import Part
from pluralis.teams.access import Ability, accounts_of, may
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership
from pluralis.teams.queries import members_of


def trace(
    conversation: Conversation, kind: str, *, now: datetime, actor: Membership | None = None, **data: Any
) -> Trace:
    """Write a line into a conversation's memory, in the caller's transaction; without actor the program did it."""
    return Trace.objects.create(
        team_id=conversation.team_id, conversation=conversation, actor=actor, kind=kind, data=_plain(data), at=now
    )


def trace_many(lines: Iterable[tuple[Conversation, str, dict[str, Any]]], now: datetime) -> None:
    """Write lines that the program left in many conversations. One query."""
    Trace.objects.bulk_create(
        Trace(team_id=conversation.team_id, conversation=conversation, kind=kind, data=_plain(data), at=now)
        for conversation, kind, data in lines
    )


def notify(
    member_id: UUID,
    kind: str,
    *,
    team_id: UUID,
    now: datetime,
    conversation: Conversation | None = None,
    actor: Membership | None = None,
) -> None:
    """Let a member know, in the caller's transaction; nobody is told of what they did themselves."""
    if actor is not None and actor.id == member_id:
        return
    Notice.objects.create(
        team_id=team_id, member_id=member_id, kind=kind, conversation=conversation, actor=actor, created_at=now
    )
    note_change(team_id, f"notices:{member_id}")


def see_notices(
    *, actor: Membership, now: datetime, conversation_id: UUID | None = None, part_id: UUID | None = None
) -> int:
    """Mark one's own notices as seen, all or those of one conversation or planned post; returns how many."""
    mine = Notice.objects.filter(member=actor, seen_at__isnull=True)
    if conversation_id is not None:
        mine = mine.filter(conversation=conversation_id)
    if part_id is not None:
        mine = mine.filter(part=part_id)
    count = mine.update(seen_at=now)
    if count:
        note_change(actor.team_id, f"notices:{actor.id}")
    return count


def tell_cover(*, covering: Membership, actor: Membership, now: datetime) -> None:
    """Hear that somebody covers for somebody else: they should know."""
    notify(covering.id, Notice.Kind.COVERING, team_id=covering.team_id, actor=actor, now=now)


def tell_of_refused_files(*, part: Part, now: datetime) -> None:
    """Hear that a network refused the files of a planned post: who wrote it, who planned it and the leads can still
    replace them. Nobody is told of an account that they may not see."""
    known = {part.delivery.post.author_id, part.delivery.created_by_id}
    seats = [each for each in members_of(part.team_id) if each.id in known or may(each, Ability.MANAGE_ACCOUNTS)]
    told = [each for each in seats if accounts_of(each).filter(id=part.account_id).exists()]
    Notice.objects.bulk_create(
        Notice(team_id=part.team_id, member=each, kind=Notice.Kind.UPLOAD_REFUSED, part=part, created_at=now)
        for each in told
    )
    if told:
        note_change(part.team_id, *(f"notices:{each.id}" for each in told))


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID | datetime) else value for name, value in data.items()}
