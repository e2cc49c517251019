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
from pluralis.inbox.models.teamwork import (
    Alarm,
    AlarmCall,
    AlarmRule,
    Note,
    Notice,
    Presence,
    Promise,
    Regrouping,
    RoutingRule,
    RuleMember,
    Trace,
)

__all__ = [
    "CONVERSATION_STATES",
    "Alarm",
    "AlarmCall",
    "AlarmRule",
    "Contact",
    "Conversation",
    "ConversationLink",
    "Cursor",
    "Gap",
    "HandOver",
    "LegalHold",
    "Message",
    "Note",
    "Notice",
    "Offer",
    "Presence",
    "Profile",
    "Promise",
    "ReadCount",
    "Regrouping",
    "Reply",
    "ReplyKind",
    "RoutingRule",
    "RuleMember",
    "Tombstone",
    "Trace",
    "Unmasking",
]
