"""Every write about deliveries and parts."""

from pluralis.publishing.actions.approving import Answer, answer_by_link, approve_review, plan_approved, send_back
from pluralis.publishing.actions.by_hand import (
    NOT_FOUND,
    link_by_url,
    may_finish_by_hand,
    open_by_hand,
    settle_by_hand,
)
from pluralis.publishing.actions.change import (
    cancel_delivery,
    edit_scheduled,
    let_be,
    link_by_hand,
    move_delivery,
    try_again,
)
from pluralis.publishing.actions.claim import Claim, claim_part
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
from pluralis.publishing.actions.quarantine import (
    check_instance,
    enter_quarantine,
    release_account,
    settle_from_timeline,
)
from pluralis.publishing.actions.reconcile import begin_look, doubt_abandoned_parts, judge
from pluralis.publishing.actions.record import record_outcome, settle_as_sent
from pluralis.publishing.actions.schedule import UNDO, Plan, schedule_post
from pluralis.publishing.actions.schedule_many import Order, schedule_many
from pluralis.publishing.actions.stop import active_stop, hold_parts, lift_stop, stop_everything
from pluralis.publishing.actions.submitting import ReviewWish, ask_again, submit_post, withdraw_review

__all__ = [
    "NOT_FOUND",
    "UNDO",
    "Answer",
    "Claim",
    "Decisions",
    "Order",
    "Plan",
    "Reading",
    "ReviewWish",
    "active_stop",
    "add_import_pictures",
    "answer_by_link",
    "approve_review",
    "ask_again",
    "begin_look",
    "cancel_delivery",
    "check_instance",
    "check_rows",
    "choose_rows",
    "claim_part",
    "decide",
    "discard_import",
    "doubt_abandoned_parts",
    "edit_scheduled",
    "enter_quarantine",
    "forget_imports",
    "hold_parts",
    "judge",
    "let_be",
    "lift_stop",
    "link_by_hand",
    "link_by_url",
    "may_finish_by_hand",
    "move_delivery",
    "open_by_hand",
    "plan_approved",
    "read_again",
    "record_outcome",
    "release_account",
    "resume_imports",
    "save_import",
    "save_rows",
    "schedule_many",
    "schedule_post",
    "send_back",
    "settle_as_sent",
    "settle_by_hand",
    "settle_from_timeline",
    "start_import",
    "stop_everything",
    "submit_post",
    "take_back",
    "try_again",
    "withdraw_review",
]
