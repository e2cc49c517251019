"""Is a post that stands on the network the part we tried to send?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pluralis.core.text import canonical

WINDOW = timedelta(minutes=5)
"""How far before the attempt, on the network's clock, a post may be dated and still be ours."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What of a post can be compared: canonical text, what it answers, how many pictures, when it appeared."""

    text: str
    reply_to_id: str | None = None
    media_count: int = 0
    created_at: datetime | None = None


def is_same(ours: Sample, theirs: Sample) -> bool:
    """Say whether both are one post: same canonical text, same reply target, same number of pictures."""
    return (
        _text(ours) == _text(theirs)
        and ours.reply_to_id == theirs.reply_to_id
        and ours.media_count == theirs.media_count
    )


def is_near(ours: Sample, theirs: Sample) -> bool:
    """Say whether they are alike enough that a person must look: same text, but another place or pictures."""
    return not is_same(ours, theirs) and bool(_text(ours)) and _text(ours) == _text(theirs)


def in_window(theirs: Sample, since: datetime) -> bool:
    """Say whether a post is recent enough to be the part first claimed at ``since``; undated posts are."""
    return theirs.created_at is None or theirs.created_at >= since - WINDOW


def _text(sample: Sample) -> str:
    return canonical(sample.text)
