"""What we write: posts, their versions per account, segments and pictures."""

from pluralis.posts.models.posts import (
    Media,
    Post,
    PostState,
    Segment,
    SegmentMedia,
    Version,
)
from pluralis.posts.models.review import (
    ApprovalLink,
    Comment,
    Notice,
    Override,
    Review,
    ReviewAccount,
    Revision,
    Verdict,
)

__all__ = [
    "ApprovalLink",
    "Comment",
    "Media",
    "Notice",
    "Override",
    "Post",
    "PostState",
    "Review",
    "ReviewAccount",
    "Revision",
    "Segment",
    "SegmentMedia",
    "Verdict",
    "Version",
]
