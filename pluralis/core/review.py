"""Review before publishing: whose approval counts, how many are missing, and which states there are.

Pure decisions over plain values. The rule of an account says how many approvals a post needs there, by whom, and
whether somebody may approve their own words.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_APPROVALS = 9


class ReviewState(StrEnum):
    """Where a request for approval stands."""

    OPEN = "open"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"


REVIEW_MOVES: dict[ReviewState, frozenset[ReviewState]] = {
    ReviewState.OPEN: frozenset(
        {ReviewState.APPROVED, ReviewState.SENT_BACK, ReviewState.WITHDRAWN, ReviewState.CHANGED}
    ),
    ReviewState.APPROVED: frozenset({ReviewState.CHANGED}),
    ReviewState.SENT_BACK: frozenset(),
    ReviewState.WITHDRAWN: frozenset(),
    ReviewState.CHANGED: frozenset(),
}


def check_review_move(before: ReviewState, after: ReviewState) -> None:
    """Raise :class:`ValueError` unless a request may go from ``before`` to ``after``; a fault of the program."""
    if after not in REVIEW_MOVES[before]:
        raise ValueError(f"a review cannot go from {before} to {after}")


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """What an account asks for before a post goes out on it.

    ``approvals`` is how many are needed (0: none); ``members`` whose approval counts (none named: every role that
    approves); ``own`` whether people may approve their own words; ``trivial`` whether a change of white space and
    capitals alone keeps an approval.
    """

    approvals: int = 0
    members: tuple[str, ...] = ()
    own: bool = False
    trivial: bool = False

    @property
    def needed(self) -> int:
        """How many approvals close a request: one at least, since somebody asked for it."""
        return max(1, self.approvals)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any] | None) -> "ReviewRule":
        """Return a stored rule; what cannot be read asks for nothing less than it says."""
        kept = stored or {}
        return cls(
            approvals=min(MOST_APPROVALS, max(0, int(kept.get("approvals", 0)))),
            members=tuple(str(each) for each in kept.get("members", ())),
            own=bool(kept.get("own", False)),
            trivial=bool(kept.get("trivial", False)),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as it is stored."""
        return {
            "approvals": self.approvals, "members": list(self.members), "own": self.own, "trivial": self.trivial,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who approves: a member, or a client who came by a link that somebody entitled made for them.

    ``approves`` says that the member's role approves; ``wrote`` that they wrote the text or changed it since the
    last approval.
    """

    id: str
    approves: bool = False
    wrote: bool = False
    by_link: bool = False


def counts(rule: ReviewRule, voter: Voter) -> bool:
    """Say whether somebody's approval counts for an account with this rule."""
    if voter.by_link:
        return True
    if voter.wrote and not rule.own:
        return False
    return voter.id in rule.members if rule.members else voter.approves


def missing(rules: Mapping[str, ReviewRule], approvals: Iterable[Voter]) -> dict[str, int]:
    """Return by account how many approvals are still needed; empty when the post may go out on all of them."""
    voters = list({voter.id: voter for voter in approvals}.values())
    left = {account: rule.needed - sum(counts(rule, voter) for voter in voters) for account, rule in rules.items()}
    return {account: number for account, number in left.items() if number > 0}


def is_trivial(before: Iterable[str], after: Iterable[str]) -> bool:
    """Say whether texts differ in white space and capitals alone."""
    return [_plain(text) for text in before] == [_plain(text) for text in after]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def named_in(text: str, names: Mapping[str, str]) -> set[str]:
    """Return the ids of those who are called by ``@name`` in a comment.

    ``names`` gives every spelling with its id; the longest spelling at a place wins, capitals do not matter, and
    a name must not go on with a letter or a digit.
    """
    folded, found = text.casefold(), set()
    spellings = sorted(names, key=len, reverse=True)
    at = folded.find("@")
    while at >= 0:
        rest = folded[at + 1 :]
        before = folded[at - 1] if at else " "
        for spelling in spellings if not before.isalnum() else ():
            if rest.startswith(spelling.casefold()) and not rest[len(spelling) : len(spelling) + 1].isalnum():
                found.add(names[spelling])
                break
        at = folded.find("@", at + 1)
    return found
