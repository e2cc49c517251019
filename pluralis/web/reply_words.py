"""Kinds of reply, their reasons and forms, said in words. One place, so that a test can ask whether each has some."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pluralis.core.replies import CommunityForm, Reason, ReplyKind, WayOut

KINDS: dict[ReplyKind, Any] = {
    ReplyKind.PRIVATE: pgettext_lazy("kind of reply", "Private"),
    ReplyKind.OPEN: pgettext_lazy("kind of reply", "Open"),
    ReplyKind.COMMUNITY: pgettext_lazy("kind of reply", "For everyone"),
}

READERS: dict[ReplyKind, Any] = {
    ReplyKind.PRIVATE: _("Only this person reads it."),
    ReplyKind.OPEN: _("It stands under their post: whoever looks there reads it."),
    ReplyKind.COMMUNITY: _("A post of its own: all followers read it."),
}

ICONS = {ReplyKind.PRIVATE: "lock", ReplyKind.OPEN: "reply", ReplyKind.COMMUNITY: "megaphone"}

REASONS: dict[Reason, Any] = {
    Reason.ARRIVED_PRIVATELY: _("They wrote to you privately."),
    Reason.DATA_GIVEN: _("Their post shows personal data."),
    Reason.DATA_IN_ANSWER: _("Your answer holds personal data, or asks for some."),
    Reason.DATA_NEEDED: _("It is about their own order, account or contract: you will need their details."),
    Reason.HEALTH: _("It is about somebody’s health."),
    Reason.RUMOUR: _("A rumour: a correction serves everybody who heard it."),
    Reason.OUTAGE: _("It touches many people: one answer serves all of them."),
    Reason.HOURS: _("Opening hours serve everybody."),
    Reason.ASKED_OFTEN: _("Several people asked the same lately."),
    Reason.ONE_PERSON: _("It matters to this person, and everybody may read it."),
}

WARNINGS: dict[ReplyKind, Any] = {
    ReplyKind.OPEN: _("Everybody can read an open reply. Private was proposed."),
    ReplyKind.COMMUNITY: _("All your followers will read this. A smaller circle was proposed."),
}

FORMS: dict[CommunityForm, Any] = {
    CommunityForm.DOT_MENTION: _("“.@name” in front"),
    CommunityForm.QUESTION: _("Question with its answer"),
    CommunityForm.QUOTE_POST: _("Quote their post"),
}

WAYS_OUT: dict[WayOut, Any] = {
    WayOut.INVITE: _("They take private messages only from people they follow. Invite them to write to you."),
    WayOut.FOLLOW_BACK: _("Follow them back, then they can write to you privately."),
    WayOut.ELSEWHERE: _("They take no private messages from you. Invite them to write, or hand over to e-mail."),
}
