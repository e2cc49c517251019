"""What is read about posts: the words for an account, and what a check says of them before they go out."""

from pluralis.posts.queries.drafts import (
    ADVICE,
    DRAFTS,
    SegmentCheck,
    check_segment,
    draft_count,
    draft_from,
    draft_segments_for,
    drafts_of,
    post_with_words,
    posts_with_words,
    preview,
    price_of,
    segments_for,
    voice_of,
)

__all__ = [
    "ADVICE",
    "DRAFTS",
    "SegmentCheck",
    "check_segment",
    "draft_count",
    "draft_from",
    "draft_segments_for",
    "drafts_of",
    "post_with_words",
    "posts_with_words",
    "preview",
    "price_of",
    "segments_for",
    "voice_of",
]
