"""Who is worth following back, and why: points for what is known of a follower, with the reason of each.

Following somebody is a courtesy, and on networks where a follow opens private messages it lets two people speak
privately. So whoever could not be answered privately comes first, then people the team has marked, then those who
write often or well of us; the number of followers only orders what is left, by its logarithm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log10

from pluralis.core.folding import fold

MARKS = frozenset(
    fold(each)
    for each in (
        *("VIP", "V.I.P.", "partner", "partenaire", "socio", "colaborador", "rakan", "rakan kongsi"),
        *("journalist", "journaliste", "periodista", "wartawan", "press", "presse", "prensa", "media", "média"),
    )
)
"""Tags that say a person matters, in the four languages of the desk."""
MOST_WRITTEN, MOST_PRAISE = 10, 5


class Why(StrEnum):
    """Why somebody is worth following back."""

    PRIVATE = "private"
    TAG = "tag"
    WROTE = "wrote"
    PRAISE = "praise"
    FOLLOWERS = "followers"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: how many ``points`` it gives, the ``number`` behind it, or the ``words`` (a tag)."""

    why: Why
    points: float
    number: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Follower:
    """What is known of somebody who follows us, of the last ninety days: messages, praise among them, tags,
    followers (``None`` where the network does not tell), and whether a private answer was wanted and not possible."""

    wrote: int = 0
    praised: int = 0
    tags: Sequence[str] = ()
    followers: int | None = None
    private_wanted: bool = False


def reasons(follower: Follower) -> tuple[Reason, ...]:
    """Return why somebody is worth following back, the strongest reason first."""
    found = []
    if follower.private_wanted:
        found.append(Reason(Why.PRIVATE, 40))
    found += [Reason(Why.TAG, 30, words=tag) for tag in follower.tags if fold(tag) in MARKS][:1]
    if follower.wrote:
        found.append(Reason(Why.WROTE, 2 * min(follower.wrote, MOST_WRITTEN), follower.wrote))
    if follower.praised:
        found.append(Reason(Why.PRAISE, 3 * min(follower.praised, MOST_PRAISE), follower.praised))
    if follower.followers:
        found.append(Reason(Why.FOLLOWERS, 2 * log10(follower.followers + 1), follower.followers))
    return tuple(sorted(found, key=lambda each: -each.points))


def worth(found: Iterable[Reason]) -> float:
    """Return the sum of the points, by which a list is ordered."""
    return sum(each.points for each in found)
