"""What a visitor sees of an account, and how much of what it says is to one and to all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pluralis.core.replies.cues import has, said
from pluralis.core.replies.kinds import ReplyKind

SHOPFRONT = 20
"""How many of the last posts a visitor is taken to look at."""


@dataclass(frozen=True, slots=True)
class Written:
    """Something we sent: its text and language, and as which kind of reply (``None``: a post of its own).

    ``repost``: somebody else's words, shown among ours.
    """

    text: str
    language: str = ""
    kind: ReplyKind | None = None
    repost: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """How much was said to one person (private and open replies) and to all (posts, reposts, replies for everyone).

    ``announcements`` are posts that only tell: they answer nobody, ask nothing and name nobody. A repost is none: it
    lets somebody else speak.
    """

    private: int
    open: int
    community: int
    posts: int
    announcements: int
    reposts: int = 0

    @property
    def to_one(self) -> int:
        """Replies that one person reads, or whoever follows the exchange."""
        return self.private + self.open

    @property
    def to_all(self) -> int:
        """What every follower reads."""
        return self.posts + self.reposts + self.community

    @property
    def share_to_one(self) -> float | None:
        """The share of 1-to-1 in all, 0 to 1; ``None`` when nothing was said."""
        return _share(self.to_one, self.to_one + self.to_all)

    @property
    def share_of_announcements(self) -> float | None:
        """The share of mere announcements in what every follower reads; ``None`` when that is nothing."""
        return _share(self.announcements, self.to_all)


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the last posts as a visitor meets it. A ``repost`` is a kind of its own: its words are not ours."""

    text: str
    apology: bool = False
    trouble: bool = False
    support: bool = False
    repost: bool = False

    @property
    def burdened(self) -> bool:
        """Whether it is about something that went wrong, or a support reply."""
        return self.apology or self.trouble or self.support


@dataclass(frozen=True, slots=True)
class Shopfront:
    """The last posts of an account, newest first, and how many of them are of which burden."""

    shown: tuple[Shown, ...]

    @property
    def apologies(self) -> int:
        """How many apologise."""
        return sum(each.apology for each in self.shown)

    @property
    def troubles(self) -> int:
        """How many speak of trouble."""
        return sum(each.trouble for each in self.shown)

    @property
    def support(self) -> int:
        """How many are open replies to one person."""
        return sum(each.support for each in self.shown)

    @property
    def reposts(self) -> int:
        """How many are somebody else's words."""
        return sum(each.repost for each in self.shown)

    @property
    def burdened(self) -> int:
        """How many are any of the three, each counted once."""
        return sum(each.burdened for each in self.shown)

    @property
    def share(self) -> float | None:
        """The share of burdened posts, 0 to 1; ``None`` for an account that said nothing yet."""
        return _share(self.burdened, len(self.shown))


def balance(written: Iterable[Written]) -> Balance:
    """Count what was said to one and to all."""
    counted = dict.fromkeys(("private", "open", "community", "posts", "reposts", "announcements"), 0)
    for each in written:
        counted[_counted_as(each)] += 1
        counted["announcements"] += _counted_as(each) == "posts" and is_announcement(each.text)
    return Balance(**counted)


def _counted_as(written: Written) -> str:
    if written.repost:
        return "reposts"
    return "posts" if written.kind is None else written.kind.value


def is_announcement(text: str) -> bool:
    """Say whether a post only tells: it names nobody and asks nothing."""
    return "@" not in text and "?" not in text and "¿" not in text


def shopfront(written: Sequence[Written]) -> Shopfront:
    """Return what a visitor sees among the last posts (newest first). Private replies are not there to be seen."""
    public = [each for each in written if each.kind is not ReplyKind.PRIVATE][:SHOPFRONT]
    return Shopfront(tuple(_shown(each) for each in public))


def _shown(written: Written) -> Shown:
    if written.repost:
        return Shown(written.text, repost=True)
    folded = said(written.text)
    return Shown(
        text=written.text,
        apology=has("apology", folded, written.language),
        trouble=has("trouble", folded, written.language),
        support=written.kind is ReplyKind.OPEN,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
