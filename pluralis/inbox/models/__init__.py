"""What comes in: messages in conversations, and the contacts who wrote them."""

from pluralis.inbox.models.conversations import (
    CONVERSATION_STATES,
    Contact,
    Conversation,
    Cursor,
    Gap,
    Message,
    Profile,
    Tombstone,
)

__all__ = [
    "CONVERSATION_STATES",
    "Contact",
    "Conversation",
    "Cursor",
    "Gap",
    "Message",
    "Profile",
    "Tombstone",
]
