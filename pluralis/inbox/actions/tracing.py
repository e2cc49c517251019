"""What a conversation remembers of the team's dealings with it, and what a member should know."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from pluralis.inbox.models import Conversation, Notice, Trace
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership


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


def see_notices(*, actor: Membership, now: datetime, conversation_id: UUID | None = None) -> int:
    """Mark one's own notices as seen, all or those of one conversation; returns how many."""
    mine = Notice.objects.filter(member=actor, seen_at__isnull=True)
    if conversation_id is not None:
        mine = mine.filter(conversation=conversation_id)
    count = mine.update(seen_at=now)
    if count:
        note_change(actor.team_id, f"notices:{actor.id}")
    return count


def tell_cover(*, covering: Membership, actor: Membership, now: datetime) -> None:
    """Hear that somebody covers for somebody else: they should know."""
    notify(covering.id, Notice.Kind.COVERING, team_id=covering.team_id, actor=actor, now=now)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID | datetime) else value for name, value in data.items()}
