"""Every write about posts: save, discard, add a picture."""

from pluralis.posts.actions.copies import copy_post
from pluralis.posts.actions.drafts import (
    add_picture,
    create_post,
    describe_picture,
    discard_post,
    lock_post,
    mark_scheduled,
    restore_post,
    save_post,
)

__all__ = [
    "add_picture",
    "copy_post",
    "create_post",
    "describe_picture",
    "discard_post",
    "lock_post",
    "mark_scheduled",
    "restore_post",
    "save_post",
]
