"""What comes in: messages in conversations, and the contacts who wrote them."""

from pluralis.inbox.models.contacts import AwaitedProfile, ContactFact, ContactJoin, FormerHandle, Ground
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
from pluralis.inbox.models.distance import Distance, Evidence, Incident, IncidentConversation, Moderation
from pluralis.inbox.models.follow_backs import FollowBack
from pluralis.inbox.models.following import MessageRevision
from pluralis.inbox.models.knowledge import EVERY_QUESTION, AnsweredQuestion, FaqEntry, FaqPage, SavedReply, TermCount
from pluralis.inbox.models.learning import Correction, Lesson
from pluralis.inbox.models.privacy import LegalHold, Unmasking
from pluralis.inbox.models.reads import ReadCount
from pluralis.inbox.models.replies import ConversationLink, HandOver, Offer, ProfileRelation, Reply
from pluralis.inbox.models.reposts import Repost
from pluralis.inbox.models.search import NetworkSearch, SearchEntry
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
from pluralis.inbox.models.views import Column, ReadMark, SavedView

__all__ = [
    "CONVERSATION_STATES",
    "EVERY_QUESTION",
    "Alarm",
    "AlarmCall",
    "AlarmRule",
    "AnsweredQuestion",
    "AwaitedProfile",
    "Column",
    "Contact",
    "ContactFact",
    "ContactJoin",
    "Conversation",
    "ConversationLink",
    "Correction",
    "Cursor",
    "Distance",
    "Evidence",
    "FaqEntry",
    "FaqPage",
    "FollowBack",
    "FormerHandle",
    "Gap",
    "Ground",
    "HandOver",
    "Incident",
    "IncidentConversation",
    "LegalHold",
    "Lesson",
    "Message",
    "MessageRevision",
    "Moderation",
    "NetworkSearch",
    "Note",
    "Notice",
    "Offer",
    "Presence",
    "Profile",
    "ProfileRelation",
    "Promise",
    "ReadCount",
    "ReadMark",
    "Regrouping",
    "Reply",
    "Repost",
    "RoutingRule",
    "RuleMember",
    "SavedReply",
    "SavedView",
    "SearchEntry",
    "TermCount",
    "Tombstone",
    "Trace",
    "Unmasking",
]
