"""What we write: posts, their versions per account, segments and pictures."""

from pluralis.posts.models.posts import (
    Media,
    Post,
    PostState,
    Segment,
    SegmentMedia,
    Version,
)

__all__ = [
    "Media",
    "Post",
    "PostState",
    "Segment",
    "SegmentMedia",
    "Version",
]
