"""A row of the inbox, drawn once for each thing it says."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language

from pluralis.inbox.models import Conversation
from pluralis.teams.models import Membership

register = template.Library()
URGENT = 0.7


class Row(NamedTuple):
    """Everything ``inbox/row.html`` may show of a conversation; the template is given nothing else."""

    id: UUID
    who: str
    network: str
    handle: str
    excerpt: str
    language: str
    label: str
    state: str
    assigned_to: str
    last_message_at: datetime
    is_unread: bool
    is_late: bool
    is_urgent: bool
    is_private: bool
    personal_data: bool
    is_open_here: bool
    can_be_chosen: bool
    query: str


@register.simple_tag
def conversation_row(one: Conversation, query: str, here: Conversation | None, choosing: Sequence[Membership]) -> str:
    """``{% conversation_row one query whole.conversation bulk_members %}``: the row of a list, as its reader sees it.

    What a row says is its key, so a row that says the same to the next reader is not drawn again: thirty of them
    were a third of a page's work.
    """
    contact, account = one.contact, one.account
    row = Row(
        one.id, contact.name if contact else "", account.network, account.handle, one.excerpt, one.language or "",
        one.label, one.state, str(one.assigned_to.user) if one.assigned_to else "", one.last_message_at,
        _told(one, "is_unread"), _told(one, "is_late"), one.urgency >= URGENT, one.private, bool(one.personal_data),
        here is not None and one == here, bool(choosing), query,
    )  # fmt: skip
    return _drawn(row, get_language() or "", timezone.get_current_timezone_name())


def _told(one: Any, name: str) -> bool:
    return bool(getattr(one, name, False))


@lru_cache(maxsize=4096)
def _drawn(row: Row, _language: str, _zone: str) -> str:
    return get_template("inbox/row.html").render({"one": row})
