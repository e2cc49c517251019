"""Who sees personal data: whoever holds the conversation, and whoever asked to see it, which is noted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pluralis.inbox.models import Conversation, Message, Unmasking
from pluralis.inbox.reading import masked_text
from pluralis.teams.access import Ability, may
from pluralis.teams.models import Membership

LOOK = timedelta(minutes=15)
"""How long somebody sees the data of a conversation after asking to."""


def sees_data(actor: Membership, conversation: Conversation, now: datetime) -> bool:
    """Say whether the member sees personal data in this conversation now. At most one query.

    Holding the conversation is the need to know, and so is its being on one's own account.
    """
    if conversation.assigned_to_id == actor.id or conversation.account.member_id == actor.id:
        return True
    return Unmasking.objects.filter(conversation=conversation, member=actor, until__gt=now).exists()


def may_ask(actor: Membership, conversation: Conversation) -> bool:
    """Say whether the member's role lets them ask to see it: those who answer. No query."""
    return may(actor, Ability.ANSWER) or conversation.account.member_id == actor.id


def hide(messages: Iterable[Message]) -> bool:
    """Mask the messages in memory, for showing; says whether anything was hidden. No query, and nothing is stored."""
    hidden = False
    for message in messages:
        if message.personal_data:
            message.text = masked_text(message.text, message.personal_data)
            message.is_masked = True  # type: ignore[attr-defined]
            hidden = True
    return hidden
