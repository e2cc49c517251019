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
from pluralis.publishing.actions.quarantine import (
    check_instance,
    enter_quarantine,
    release_account,
    settle_from_timeline,
)
from pluralis.publishing.actions.reconcile import begin_look, doubt_abandoned_parts, judge
from pluralis.publishing.actions.record import record_outcome, settle_as_sent
from pluralis.publishing.actions.schedule import UNDO, Plan, schedule_post
from pluralis.publishing.actions.stop import active_stop, hold_parts, lift_stop, stop_everything
from pluralis.publishing.actions.submitting import ReviewWish, ask_again, submit_post, withdraw_review

__all__ = [
    "NOT_FOUND",
    "UNDO",
    "Answer",
    "Claim",
    "Plan",
    "ReviewWish",
    "active_stop",
    "answer_by_link",
    "approve_review",
    "ask_again",
    "begin_look",
    "cancel_delivery",
    "check_instance",
    "claim_part",
    "doubt_abandoned_parts",
    "edit_scheduled",
    "enter_quarantine",
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
    "record_outcome",
    "release_account",
    "schedule_post",
    "send_back",
    "settle_as_sent",
    "settle_by_hand",
    "settle_from_timeline",
    "stop_everything",
    "submit_post",
    "try_again",
    "withdraw_review",
]
