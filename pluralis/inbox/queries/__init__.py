"""What is read about the inbox: lists, counts, a conversation with everything in it. Queries are counted in tests."""

from pluralis.inbox.queries.conversations import (
    PAGE,
    Filter,
    Page,
    Whole,
    counts,
    earlier_conversations,
    inbox_page,
    last_incoming,
    open_gaps,
    seen_until,
    whole_conversation,
)

__all__ = [
    "PAGE",
    "Filter",
    "Page",
    "Whole",
    "counts",
    "earlier_conversations",
    "inbox_page",
    "last_incoming",
    "open_gaps",
    "seen_until",
    "whole_conversation",
]
