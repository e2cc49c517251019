"""The words, signs and tones for what core declares: states, hold reasons and severities.

Colour never alone carries meaning, so each has a word and a sign.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pluralis.core.states import ConversationState, HoldReason, PartState


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: ``label`` to read, ``icon`` of the icon set, ``tone`` (good, warn, bad, active, "")."""

    label: Any
    icon: str
    tone: str = ""


PARTS: dict[str, Look] = {
    PartState.WAITING: Look(pgettext_lazy("state of a post", "Planned"), "clock"),
    PartState.SENDING: Look(pgettext_lazy("state of a post", "Being sent"), "loader-circle", "active"),
    PartState.SENT: Look(pgettext_lazy("state of a post", "Published"), "check", "good"),
    PartState.REFUSED: Look(pgettext_lazy("state of a post", "Refused"), "circle-x", "bad"),
    PartState.UNCONFIRMED: Look(pgettext_lazy("state of a post", "Unconfirmed"), "circle-help", "warn"),
    PartState.HELD: Look(pgettext_lazy("state of a post", "Held"), "circle-pause", "warn"),
    PartState.MISSED: Look(pgettext_lazy("state of a post", "Missed"), "alarm-clock-off", "bad"),
    PartState.CANCELLED: Look(pgettext_lazy("state of a post", "Cancelled"), "ban"),
    PartState.DELETED: Look(pgettext_lazy("state of a post", "Taken down"), "trash-2"),
}

POSTS: dict[str, Look] = {
    "draft": Look(pgettext_lazy("state of a post", "Draft"), "pencil"),
    "submitted": Look(pgettext_lazy("state of a post", "For review"), "eye", "active"),
    "approved": Look(pgettext_lazy("state of a post", "Approved"), "check", "good"),
    "scheduled": Look(pgettext_lazy("state of a post", "Planned"), "clock"),
    "discarded": Look(pgettext_lazy("state of a post", "Discarded"), "archive"),
}

CONVERSATIONS: dict[str, Look] = {
    ConversationState.OPEN: Look(pgettext_lazy("state of a conversation", "Open"), "circle", "active"),
    ConversationState.WAITING: Look(pgettext_lazy("state of a conversation", "Waiting for them"), "hourglass"),
    ConversationState.SNOOZED: Look(pgettext_lazy("state of a conversation", "Later"), "alarm-clock-off"),
    ConversationState.RESOLVED: Look(pgettext_lazy("state of a conversation", "Resolved"), "check", "good"),
}

SEVERITIES: dict[str, Look] = {
    "stop": Look(pgettext_lazy("severity of a finding", "Stops"), "octagon-alert", "bad"),
    "warn": Look(pgettext_lazy("severity of a finding", "Look again"), "triangle-alert", "warn"),
    "hint": Look(pgettext_lazy("severity of a finding", "Hint"), "info", "active"),
}

HOLD_REASONS: dict[str, Any] = {
    HoldReason.DISCONNECTED: _("The account is disconnected. Connect it again and this goes on."),
    HoldReason.STOPPED: _("Everything was stopped. Look at it once more, then let it go."),
    HoldReason.PAUSED: _("The account is paused."),
    HoldReason.RESTORED: _("This comes from a backup. A lead releases the account first."),
    HoldReason.BY_HAND: _("The network allows this only by hand: open it there and send it."),
    HoldReason.CHANGED: _("It was changed after its approval."),
    HoldReason.THREAD_BROKEN: _("An earlier part of the thread did not go out."),
    HoldReason.OVER_BUDGET: _("Its price would pass the month’s budget. A lead lets it go, or raises the budget."),
}

REVIEWS: dict[str, Look] = {
    "open": Look(pgettext_lazy("state of a review", "Waits"), "hourglass", "active"),
    "approved": Look(pgettext_lazy("state of a review", "Approved"), "check", "good"),
    "sent_back": Look(pgettext_lazy("state of a review", "Sent back"), "corner-up-left", "warn"),
    "withdrawn": Look(pgettext_lazy("state of a review", "Taken back"), "undo-2"),
    "changed": Look(pgettext_lazy("state of a review", "Changed since"), "history"),
}

REPEATS: dict[str, Look] = {
    "going": Look(pgettext_lazy("state of a repeat", "Going on"), "repeat", "good"),
    "waiting": Look(pgettext_lazy("state of a repeat", "Waits"), "hourglass", "warn"),
    "paused": Look(pgettext_lazy("state of a repeat", "Paused"), "pause", "warn"),
    "ended": Look(pgettext_lazy("state of a repeat", "Ended"), "circle-check"),
}

FAMILIES: dict[str, dict[str, Look]] = {
    "part": PARTS,
    "post": POSTS,
    "review": REVIEWS,
    "conversation": CONVERSATIONS,
    "severity": SEVERITIES,
    "repeat": REPEATS,
}
