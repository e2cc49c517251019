"""What is read about saved views and columns."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from pluralis.core.states import ConversationState
from pluralis.inbox.models import Column, Conversation, ReadMark, SavedView
from pluralis.inbox.queries.hearing import QUESTIONS as HEARING
from pluralis.inbox.queries.hearing import Heard, asked_of, heard_in
from pluralis.teams.models import Account, Membership
from pluralis.teams.together import as_rows, read_together


def views_of(actor: Membership) -> list[SavedView]:
    """Return the actor's own views, then the team's. One query."""
    found = SavedView.objects.filter(Q(owner=actor) | Q(owner=None), team=actor.team_id)
    return _in_order(found)


def _in_order(views: Iterable[SavedView]) -> list[SavedView]:
    return sorted(views, key=lambda view: (view.owner_id is None, view.position, view.name))


@dataclass(frozen=True, slots=True)
class ListSide:
    """What stands around a page of the list: the reader's views, and how completely the accounts were heard."""

    views: list[SavedView]
    heard: Heard


_AROUND = {
    "views": "SELECT * FROM inbox_savedview WHERE team_id = %(team)s AND (owner_id = %(member)s OR owner_id IS NULL)",
    "marks": """SELECT * FROM inbox_readmark
      WHERE member_id = %(member)s AND conversation_id = ANY(%(shown)s)""",
    **HEARING,
}


def list_side(
    actor: Membership, shown: Sequence[Conversation], accounts: Sequence[Account], now: datetime
) -> ListSide:
    """Return what stands around a page of the list, and mark its rows as :func:`mark_shown` does. One query.

    ``accounts`` are those whose hearing is told: connected ones.
    """
    values = {"team": actor.team_id, "member": actor.id, "shown": [each.id for each in shown]}
    found = read_together(_AROUND, values | asked_of(accounts, now))
    marks = as_rows(ReadMark, found["marks"])
    read = {each.conversation_id: each.until for each in marks}
    seen = {each.id for each in shown if each.id in read and read[each.id] >= each.last_message_at}
    _mark(shown, seen, now)
    return ListSide(_in_order(as_rows(SavedView, found["views"])), heard_in(found, accounts))


def columns_of(actor: Membership) -> list[Column]:
    """Return the actor's columns with their views, in order. One query."""
    own = Column.objects.filter(member=actor, team=actor.team_id).select_related("view")
    return list(own.order_by("position", "id"))


def mark_shown(actor: Membership, shown: Sequence[Conversation], now: datetime) -> None:
    """Say of each conversation shown whether the actor has not read it, and whether it is late. One query."""
    read = ReadMark.objects.filter(
        member=actor, conversation__in=shown, until__gte=F("conversation__last_message_at")
    )
    _mark(shown, set(read.values_list("conversation_id", flat=True)), now)


def _mark(shown: Sequence[Conversation], seen: Collection[UUID], now: datetime) -> None:
    for each in shown:
        each.is_unread = each.state != ConversationState.RESOLVED and each.id not in seen  # type: ignore[attr-defined]
        late = each.answer_due_at is not None and each.answer_due_at < now
        each.is_late = late and each.state == ConversationState.OPEN  # type: ignore[attr-defined]
