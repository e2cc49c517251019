"""What a conversation shows of the team: who holds it, who is looking, notes and traces, later, merge and split."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pluralis.core.later import later
from pluralis.inbox.initials import initials_for
from pluralis.inbox.models import Conversation, Notice, Trace
from pluralis.inbox.queries import Whole
from pluralis.inbox.queries import teamwork as queries
from pluralis.inbox.queries.conversation_side import Beside
from pluralis.teams.access import Ability, may
from pluralis.teams.models import Membership
from pluralis.web.gates import SeatedRequest
from pluralis.web.here import members_here

LATER: dict[str, Any] = {
    "hour": gettext_lazy("In an hour"),
    "evening": gettext_lazy("This evening"),
    "tomorrow": gettext_lazy("Tomorrow morning"),
    "monday": gettext_lazy("On Monday"),
}
QUEUE_REASONS: dict[str, Any] = {
    "no_rule": gettext_lazy("With the team: no rule is for it."),
    "nobody_on_duty": gettext_lazy("With the team: nobody whom the rules name is on duty."),
    "nobody_speaks": gettext_lazy("With the team: nobody on duty speaks its language."),
    "all_full": gettext_lazy("With the team: everybody on duty holds as many as they may."),
    "expired": gettext_lazy("Back with the team: nothing had happened for too long."),
}
# What happened, by the kind of its trace. ``who`` did it, ``other`` is the second person, where there is one.
TRACES: dict[str, Any] = {
    "claimed": gettext_lazy("%(who)s claimed it"),
    "taken_over": gettext_lazy("%(who)s took it over from %(other)s"),
    "released": gettext_lazy("%(who)s gave it back to the team"),
    "assigned": gettext_lazy("%(who)s handed it to %(other)s"),
    "expired": gettext_lazy("Back to the team: %(other)s had done nothing for too long"),
    "routed": gettext_lazy("Given to %(other)s by a rule"),
    "queued": gettext_lazy("Left with the team"),
    "snoozed": gettext_lazy("%(who)s put it off until %(until)s"),
    "woken": gettext_lazy("It came back"),
    "resolved": gettext_lazy("%(who)s resolved it"),
    "open": gettext_lazy("%(who)s opened it again"),
    "merged": gettext_lazy("%(who)s merged another conversation into this one"),
    "split": gettext_lazy("%(who)s moved messages into a conversation of their own"),
    "split_off": gettext_lazy("%(who)s split this off another conversation"),
    "withdrawn": gettext_lazy("Closed: what they had asked is deleted"),
    "regrouping_undone": gettext_lazy("%(who)s took the merge or split back"),
}
QUEUED: dict[str, Any] = {
    "no_rule": gettext_lazy("Left with the team: no rule is for it"),
    "nobody_on_duty": gettext_lazy("Left with the team: nobody whom the rules name was on duty"),
    "nobody_speaks": gettext_lazy("Left with the team: nobody on duty spoke its language"),
    "all_full": gettext_lazy("Left with the team: everybody on duty held as many as they may"),
}
NOTICES: dict[str, Any] = {
    Notice.Kind.MENTIONED: gettext_lazy("%(who)s calls you in a note"),
    Notice.Kind.ASSIGNED: gettext_lazy("%(who)s handed you a conversation"),
    Notice.Kind.TAKEN_OVER: gettext_lazy("%(who)s took a conversation over from you"),
    Notice.Kind.EXPIRED: gettext_lazy("A conversation went back to the team: you had done nothing for too long"),
    Notice.Kind.BACK: gettext_lazy("What you had put off is back"),
    Notice.Kind.COVERING: gettext_lazy("%(who)s put you on duty in somebody's place"),
    Notice.Kind.SECURITY: gettext_lazy("Somebody reports a security hole: it is yours"),
    Notice.Kind.UPLOAD_REFUSED: gettext_lazy("The network refuses a file of a planned post: replace it in time"),
}
SOMEBODY = pgettext_lazy("a member who has left", "Somebody")


def conversation_context(
    actor: Membership, whole: Whole, side: Beside, members: Sequence[Membership], now: datetime
) -> dict[str, Any]:
    """Return what the conversation's pane shows besides its messages; ``members`` are the team's. No query."""
    found = whole.conversation
    names = {str(each.id): str(each.user) for each in members}
    for each in side.traces:
        each.words = trace_words(each, names)  # type: ignore[attr-defined]
    return {
        "entries": queries.in_time(whole.messages, side.notes, side.traces),
        "others_here": side.presences,
        "answering": [each for each in members if may(each, Ability.ANSWER)],
        "colleagues": [each for each in members if each.id != actor.id],
        "later": [(name, LATER[name], when) for name, when in later(now, _zone()).items()],
        "splittable": [each for each in whole.messages if each.direction == "in"],
        "queue_reason": QUEUE_REASONS.get(found.queue_reason, "") if not found.assigned_to_id else "",
        "is_late": _is_late(found, now),
        "my_initials": initials_for(found.account, actor, private=found.private),
    }


def answering_members(request: SeatedRequest) -> list[Membership]:
    """Return to whom many conversations can be handed at once; nobody where the actor may not answer."""
    if not may(request.membership, Ability.ANSWER):
        return []
    return [each for each in members_here(request) if may(each, Ability.ANSWER)]


def _zone() -> Any:
    return timezone.get_current_timezone()


def _is_late(found: Conversation, now: datetime) -> bool:
    return found.state == "open" and found.answer_due_at is not None and found.answer_due_at < now


def trace_words(trace: Trace, names: dict[str, str]) -> str:
    """Return what a trace tells, in the reader's language; ``names`` are those of the members by id."""
    data = trace.data
    other = names.get(data.get("to") or data.get("holder") or "", str(SOMEBODY))
    until = _instant(data.get("until", ""))
    words = QUEUED.get(data.get("reason", "")) if trace.kind == "queued" else None
    who = str(trace.actor.user) if trace.actor else str(SOMEBODY)
    return str(words or TRACES[trace.kind]) % {"who": who, "other": other, "until": until}


def _instant(stored: str) -> str:
    try:
        return date_format(timezone.localtime(datetime.fromisoformat(stored)), "SHORT_DATETIME_FORMAT")
    except ValueError:
        return ""


def notice_words(notice: Notice) -> str:
    """Return what a notice tells, in the reader's language."""
    who = str(notice.actor.user) if notice.actor else str(SOMEBODY)
    return str(NOTICES.get(notice.kind, _("Something changed"))) % {"who": who}
