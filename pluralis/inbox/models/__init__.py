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
from pluralis.inbox.models.privacy import LegalHold, Unmasking
from pluralis.inbox.models.reads import ReadCount
from pluralis.inbox.models.replies import ConversationLink, HandOver, Offer, Reply, ReplyKind

__all__ = [
    "CONVERSATION_STATES",
    "Contact",
    "Conversation",
    "ConversationLink",
    "Cursor",
    "Gap",
    "HandOver",
    "LegalHold",
    "Message",
    "Offer",
    "Profile",
    "ReadCount",
    "Reply",
    "ReplyKind",
    "Tombstone",
    "Unmasking",
]
