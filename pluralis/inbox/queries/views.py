"""What is read about saved views and columns."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q

from pluralis.core.states import ConversationState
from pluralis.inbox.models import Column, Conversation, ReadMark, SavedView
from pluralis.teams.models import Membership


def views_of(actor: Membership) -> list[SavedView]:
    """Return the actor's own views, then the team's. One query."""
    found = SavedView.objects.filter(Q(owner=actor) | Q(owner=None), team=actor.team_id)
    return sorted(found, key=lambda view: (view.owner_id is None, view.position, view.name))


def columns_of(actor: Membership) -> list[Column]:
    """Return the actor's columns with their views, in order. One query."""
    own = Column.objects.filter(member=actor, team=actor.team_id).select_related("view")
    return list(own.order_by("position", "id"))


def mark_shown(actor: Membership, shown: Sequence[Conversation], now: datetime) -> None:
    """Say of each conversation shown whether the actor has not read it, and whether it is late. One query."""
    read = ReadMark.objects.filter(
        member=actor, conversation__in=shown, until__gte=F("conversation__last_message_at")
    )
    seen = set(read.values_list("conversation_id", flat=True))
    for each in shown:
        each.is_unread = each.state != ConversationState.RESOLVED and each.id not in seen  # type: ignore[attr-defined]
        late = each.answer_due_at is not None and each.answer_due_at < now
        each.is_late = late and each.state == ConversationState.OPEN  # type: ignore[attr-defined]
