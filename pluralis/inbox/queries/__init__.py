"""What is read about the inbox: lists, counts, a conversation with everything in it. Queries are counted in tests."""

from pluralis.inbox.queries.conversations import (
    PAGE,
    Page,
    Whole,
    count_each,
    counts,
    earlier_conversations,
    inbox_page,
    last_incoming,
    open_gaps,
    seen_until,
    whole_conversation,
)
from pluralis.inbox.queries.filters import Filter
from pluralis.inbox.queries.people import (
    PeoplePage,
    fact_names,
    history,
    named,
    people_page,
    same_name,
    tags_in_use,
)

__all__ = [
    "PAGE",
    "Filter",
    "Page",
    "PeoplePage",
    "Whole",
    "count_each",
    "counts",
    "earlier_conversations",
    "fact_names",
    "history",
    "inbox_page",
    "last_incoming",
    "named",
    "open_gaps",
    "people_page",
    "same_name",
    "seen_until",
    "tags_in_use",
    "whole_conversation",
]
