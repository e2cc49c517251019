"""Every write about deliveries and parts."""

from pluralis.publishing.actions.aftermath import BroughtBack, cancel_deliveries, release_deliveries
from pluralis.publishing.actions.approving import Answer, answer_by_link, approve_review, plan_approved, send_back
from pluralis.publishing.actions.by_hand import (
    NOT_FOUND,
    link_by_url,
    may_finish_by_hand,
    open_by_hand,
    settle_by_hand,
)
from pluralis.publishing.actions.card_choices import card_for, choose_bare_links
from pluralis.publishing.actions.cards import forget_cards
from pluralis.publishing.actions.change import (
    cancel_delivery,
    edit_scheduled,
    let_be,
    link_by_hand,
    move_delivery,
    try_again,
)
from pluralis.publishing.actions.claim import Claim, claim_part
from pluralis.publishing.actions.corrections import correct_words, follow_up, may_edit, take_down
from pluralis.publishing.actions.costs import charge_sent_parts, charge_write, set_budget
from pluralis.publishing.actions.describing import Described, describe_media
from pluralis.publishing.actions.evergreen import mark_evergreen, refill_slots, unmark_evergreen
from pluralis.publishing.actions.import_steps import check_rows, forget_imports, resume_imports, save_rows
from pluralis.publishing.actions.imports import (
    Decisions,
    Reading,
    add_import_pictures,
    choose_rows,
    decide,
    discard_import,
    read_again,
    save_import,
    start_import,
    take_back,
)
from pluralis.publishing.actions.overruns import let_go_over_budget
from pluralis.publishing.actions.planning import plan_recurrence
from pluralis.publishing.actions.quarantine import (
    check_instance,
    enter_quarantine,
    release_account,
    settle_from_timeline,
)
from pluralis.publishing.actions.reconcile import begin_look, doubt_abandoned_parts, judge
from pluralis.publishing.actions.record import record_outcome, settle_as_sent
from pluralis.publishing.actions.repeats import (
    RepeatOrder,
    carry_words,
    change_repeat,
    change_texts,
    end_repeat,
    move_occurrence,
    pause_repeat,
    repeat_post,
    resume_repeat,
    skip_occurrence,
    unskip_occurrence,
)
from pluralis.publishing.actions.schedule import UNDO, Plan, schedule_post
from pluralis.publishing.actions.schedule_many import Order, schedule_many
from pluralis.publishing.actions.slots import (
    add_slots,
    add_to_queue,
    arrange_queue,
    move_in_queue,
    remove_slot,
    set_slots,
    shuffle_queue,
)
from pluralis.publishing.actions.stop import active_stop, hold_parts, lift_stop, stop_everything
from pluralis.publishing.actions.submitting import ReviewWish, ask_again, submit_post, withdraw_review

__all__ = [
    "NOT_FOUND",
    "UNDO",
    "Answer",
    "BroughtBack",
    "Claim",
    "Decisions",
    "Described",
    "Order",
    "Plan",
    "Reading",
    "RepeatOrder",
    "ReviewWish",
    "active_stop",
    "add_import_pictures",
    "add_slots",
    "add_to_queue",
    "answer_by_link",
    "approve_review",
    "arrange_queue",
    "ask_again",
    "begin_look",
    "cancel_deliveries",
    "cancel_delivery",
    "card_for",
    "carry_words",
    "change_repeat",
    "change_texts",
    "charge_sent_parts",
    "charge_write",
    "check_instance",
    "check_rows",
    "choose_bare_links",
    "choose_rows",
    "claim_part",
    "correct_words",
    "decide",
    "describe_media",
    "discard_import",
    "doubt_abandoned_parts",
    "edit_scheduled",
    "end_repeat",
    "enter_quarantine",
    "follow_up",
    "forget_cards",
    "forget_imports",
    "hold_parts",
    "judge",
    "let_be",
    "let_go_over_budget",
    "lift_stop",
    "link_by_hand",
    "link_by_url",
    "mark_evergreen",
    "may_edit",
    "may_finish_by_hand",
    "move_delivery",
    "move_in_queue",
    "move_occurrence",
    "open_by_hand",
    "pause_repeat",
    "plan_approved",
    "plan_recurrence",
    "read_again",
    "record_outcome",
    "refill_slots",
    "release_account",
    "release_deliveries",
    "remove_slot",
    "repeat_post",
    "resume_imports",
    "resume_repeat",
    "save_import",
    "save_rows",
    "schedule_many",
    "schedule_post",
    "send_back",
    "set_budget",
    "set_slots",
    "settle_as_sent",
    "settle_by_hand",
    "settle_from_timeline",
    "shuffle_queue",
    "skip_occurrence",
    "start_import",
    "stop_everything",
    "submit_post",
    "take_back",
    "take_down",
    "try_again",
    "unmark_evergreen",
    "unskip_occurrence",
    "withdraw_review",
]
