"""The words of a proposal: what is known, what is proposed, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pluralis.core.privacy import PersonalData


class ReplyKind(StrEnum):
    """Who reads a reply: one person, whoever follows the exchange, everybody."""

    PRIVATE = "private"
    OPEN = "open"
    COMMUNITY = "community"


class Reason(StrEnum):
    """Why a kind is proposed; the shells put it in words."""

    ARRIVED_PRIVATELY = "arrived_privately"
    DATA_GIVEN = "data_given"
    DATA_IN_ANSWER = "data_in_answer"
    DATA_NEEDED = "data_needed"
    HEALTH = "health"
    RUMOUR = "rumour"
    OUTAGE = "outage"
    HOURS = "hours"
    ASKED_OFTEN = "asked_often"
    ONE_PERSON = "one_person"


class WayOut(StrEnum):
    """What to do where a private reply is right and we may not write privately first."""

    NONE = ""
    INVITE = "invite"
    FOLLOW_BACK = "follow_back"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a proposal depends on.

    ``messages`` are what they wrote since our last answer, oldest first; ``given`` the personal data found in
    them; ``answering`` what was found in our draft. ``asked_lately`` counts how often the same was asked within
    the last days. ``arrived_privately`` says that they chose to write privately. ``may_message`` says whether
    the network lets us write to them privately now, ``None`` when it does not tell before we try;
    ``they_follow`` and ``may_follow`` say whether following back could open the way.
    """

    messages: Sequence[str]
    language: str = ""
    given: Sequence[PersonalData] = ()
    draft: str = ""
    answering: Sequence[PersonalData] = ()
    asked_lately: int = 0
    label: str = ""
    arrived_privately: bool = False
    may_message: bool | None = None
    they_follow: bool | None = None
    may_follow: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed kind, its reason, and the way out where private is right and not possible yet.

    ``delete_advised`` says that their own post shows personal data that should go.
    """

    kind: ReplyKind
    reason: Reason
    way_out: WayOut = WayOut.NONE
    delete_advised: bool = False


_OPENNESS = {ReplyKind.PRIVATE: 0, ReplyKind.OPEN: 1, ReplyKind.COMMUNITY: 2}


def riskier(chosen: ReplyKind, proposed: ReplyKind) -> bool:
    """Say whether ``chosen`` is read by more people than ``proposed``: that is where a warning belongs."""
    return _OPENNESS[chosen] > _OPENNESS[proposed]
