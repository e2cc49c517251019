"""Every write about conversations, messages and contacts."""

from pluralis.inbox.actions.converse import (
    Answer,
    answer,
    answer_changed,
    answer_was_sent,
    assign_conversation,
    claim_conversation,
    release_conversation,
    reopen_conversation,
    resolve_conversation,
    snooze_conversation,
    wake_snoozed,
)
from pluralis.inbox.actions.ingest import Ingested, ingest, ours_above

__all__ = [
    "Answer",
    "Ingested",
    "answer",
    "answer_changed",
    "answer_was_sent",
    "assign_conversation",
    "claim_conversation",
    "ingest",
    "ours_above",
    "release_conversation",
    "reopen_conversation",
    "resolve_conversation",
    "snooze_conversation",
    "wake_snoozed",
]
