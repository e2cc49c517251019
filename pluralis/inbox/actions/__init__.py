"""Every write about conversations, messages and contacts."""

from pluralis.inbox.actions.alarms import WishedAlarm, follow_team_alarm, raise_alarms, set_alarm
from pluralis.inbox.actions.bulk import Bulk, Outcome, do_many
from pluralis.inbox.actions.claiming import (
    assign_conversation,
    claim_conversation,
    claim_minutes,
    expire_claims,
    release_conversation,
    set_claim_minutes,
)
from pluralis.inbox.actions.converse import Answer, answer, answer_changed, answer_was_sent
from pluralis.inbox.actions.distancing import (
    end_distance,
    keep_distance,
    moderate,
    moderation_page,
    offered,
)
from pluralis.inbox.actions.evidencing import (
    make_evidence,
)
from pluralis.inbox.actions.faq import (
    Words,
    publish_entry,
    put_entry_aside,
    save_entry,
    set_page,
    withdraw_entry,
    words_from,
)
from pluralis.inbox.actions.giving_out import as_archive, export_contact
from pluralis.inbox.actions.handing_over import close_case, hand_over, remind_of_cases
from pluralis.inbox.actions.incidents import (
    answer_was_for_incident,
    approve_text,
    close_incident,
    gather,
    leave_out,
    open_incident,
    write_text,
)
from pluralis.inbox.actions.ingest import Ingested, ingest, ingest_older, ours_above
from pluralis.inbox.actions.learning import (
    ask_lesson,
    correct_label,
    learn_lesson,
    use_lesson,
)
from pluralis.inbox.actions.moving import reopen_conversation, resolve_conversation, snooze_conversation, wake_snoozed
from pluralis.inbox.actions.notes import add_note, remove_note
from pluralis.inbox.actions.offering import decide_offer, offer_message, rules_of, set_rules
from pluralis.inbox.actions.polling import apply_poll_plan, drop_poll_plan, plan_polls_again, read_as_before
from pluralis.inbox.actions.presence import be_present
from pluralis.inbox.actions.privacy import erase_contact, hold_contact, lift_hold, mask_old, unmask_conversation
from pluralis.inbox.actions.promising import reckon_again
from pluralis.inbox.actions.regrouping import merge_conversations, split_conversation, undo_regrouping
from pluralis.inbox.actions.relating import ask_relation
from pluralis.inbox.actions.remembering import (
    remember_answer,
)
from pluralis.inbox.actions.reporting import (
    name_for_security,
    named_for_security,
)
from pluralis.inbox.actions.reposting import (
    RepostWay,
    repost_message,
    repost_way,
    take_back_repost,
)
from pluralis.inbox.actions.routing_rules import WishedRule, add_rule, move_rule, remove_rule, replace_rules
from pluralis.inbox.actions.saved_replies import (
    note_use,
    put_reply_aside,
    save_reply,
    voice_findings,
)
from pluralis.inbox.actions.tracing import see_notices, tell_cover, tell_of_refused_files

__all__ = [
    "Answer",
    "Bulk",
    "Ingested",
    "Outcome",
    "RepostWay",
    "WishedAlarm",
    "WishedRule",
    "Words",
    "add_note",
    "add_rule",
    "answer",
    "answer_changed",
    "answer_was_for_incident",
    "answer_was_sent",
    "apply_poll_plan",
    "approve_text",
    "as_archive",
    "ask_lesson",
    "ask_relation",
    "assign_conversation",
    "be_present",
    "claim_conversation",
    "claim_minutes",
    "close_case",
    "close_incident",
    "correct_label",
    "decide_offer",
    "do_many",
    "drop_poll_plan",
    "end_distance",
    "erase_contact",
    "expire_claims",
    "export_contact",
    "follow_team_alarm",
    "gather",
    "hand_over",
    "hold_contact",
    "ingest",
    "ingest_older",
    "keep_distance",
    "learn_lesson",
    "leave_out",
    "lift_hold",
    "make_evidence",
    "mask_old",
    "merge_conversations",
    "moderate",
    "moderation_page",
    "move_rule",
    "name_for_security",
    "named_for_security",
    "note_use",
    "offer_message",
    "offered",
    "open_incident",
    "ours_above",
    "plan_polls_again",
    "publish_entry",
    "put_entry_aside",
    "put_reply_aside",
    "raise_alarms",
    "read_as_before",
    "reckon_again",
    "release_conversation",
    "remember_answer",
    "remind_of_cases",
    "remove_note",
    "remove_rule",
    "reopen_conversation",
    "replace_rules",
    "repost_message",
    "repost_way",
    "resolve_conversation",
    "rules_of",
    "save_entry",
    "save_reply",
    "see_notices",
    "set_alarm",
    "set_claim_minutes",
    "set_page",
    "set_rules",
    "snooze_conversation",
    "split_conversation",
    "take_back_repost",
    "tell_cover",
    "tell_of_refused_files",
    "undo_regrouping",
    "unmask_conversation",
    "use_lesson",
    "voice_findings",
    "wake_snoozed",
    "withdraw_entry",
    "words_from",
    "write_text",
]
