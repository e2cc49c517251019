"""Which kind of reply is right. Rules of the company-account articles, in the order in which they outrank each other.

Private when personal data is given or needed, in either direction; for everyone when everyone gains from the
answer (an outage, opening hours, a false rumour, what several people ask); open otherwise.
"""

from pluralis.core.replies.cues import has, said
from pluralis.core.replies.kinds import Proposal, Reason, ReplyKind, Situation, WayOut

ASKED_OFTEN = 2
"""From so many other people who asked the same lately, the answer is for everyone."""


def propose(situation: Situation) -> Proposal:
    """Return the kind of reply that fits, with its reason and the way out where it is barred."""
    reason = _reason(situation)
    kind = _KINDS[reason]
    return Proposal(
        kind=kind,
        reason=reason,
        way_out=way_out(situation) if kind is ReplyKind.PRIVATE else WayOut.NONE,
        delete_advised=bool(situation.given) and not situation.arrived_privately,
    )


def _reason(situation: Situation) -> Reason:
    if situation.arrived_privately:
        return Reason.ARRIVED_PRIVATELY
    if situation.given:
        return Reason.DATA_GIVEN
    if situation.answering or has("asks_privately", said(situation.draft), situation.language):
        return Reason.DATA_IN_ANSWER
    return _wanted(said("\n".join(situation.messages)), situation)


def _wanted(folded: str, situation: Situation) -> Reason:
    """Read from the words what an answer needs and whom it serves."""
    language = situation.language
    if has("rumour", folded, language):
        return Reason.RUMOUR
    if has("health", folded, language):
        return Reason.HEALTH
    if _is_about_themselves(folded, situation):
        return Reason.DATA_NEEDED
    if has("outage", folded, language):
        return Reason.OUTAGE
    if has("hours", folded, language):
        return Reason.HOURS
    if situation.asked_lately >= ASKED_OFTEN and _asks(folded, situation):
        return Reason.ASKED_OFTEN
    return Reason.ONE_PERSON


def _is_about_themselves(folded: str, situation: Situation) -> bool:
    """Whether only their own file can answer: a thing of theirs that is in trouble, not how things are done."""
    language = situation.language
    if has("locked_out", folded, language):
        return True
    if has("how_to", folded, language) and situation.asked_lately >= ASKED_OFTEN:
        return False
    return has("own_thing", folded, language) and has("own_trouble", folded, language)


def _asks(folded: str, situation: Situation) -> bool:
    return "?" in folded or situation.label == "question" or has("how_to", folded, situation.language)


def way_out(situation: Situation) -> WayOut:
    """Return what opens the private way: nothing, a follow, their writing first, or another channel."""
    if situation.arrived_privately or situation.may_message is not False:
        return WayOut.NONE
    if situation.they_follow and situation.may_follow:
        return WayOut.FOLLOW_BACK
    return WayOut.ELSEWHERE if situation.they_follow else WayOut.INVITE


_KINDS = {
    Reason.ARRIVED_PRIVATELY: ReplyKind.PRIVATE,
    Reason.DATA_GIVEN: ReplyKind.PRIVATE,
    Reason.DATA_IN_ANSWER: ReplyKind.PRIVATE,
    Reason.DATA_NEEDED: ReplyKind.PRIVATE,
    Reason.HEALTH: ReplyKind.PRIVATE,
    Reason.RUMOUR: ReplyKind.COMMUNITY,
    Reason.OUTAGE: ReplyKind.COMMUNITY,
    Reason.HOURS: ReplyKind.COMMUNITY,
    Reason.ASKED_OFTEN: ReplyKind.COMMUNITY,
    Reason.ONE_PERSON: ReplyKind.OPEN,
}
