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
from pluralis.inbox.actions.giving_out import as_archive, export_contact
from pluralis.inbox.actions.handing_over import close_case, hand_over, remind_of_cases
from pluralis.inbox.actions.ingest import Ingested, ingest, ours_above
from pluralis.inbox.actions.offering import decide_offer, offer_message, rules_of, set_rules
from pluralis.inbox.actions.privacy import erase_contact, hold_contact, lift_hold, mask_old, unmask_conversation
from pluralis.inbox.actions.relating import ask_relation

__all__ = [
    "Answer",
    "as_archive",
    "export_contact",
    "close_case",
    "hand_over",
    "remind_of_cases",
    "decide_offer",
    "offer_message",
    "rules_of",
    "set_rules",
    "erase_contact",
    "hold_contact",
    "lift_hold",
    "mask_old",
    "unmask_conversation",
    "ask_relation",
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
