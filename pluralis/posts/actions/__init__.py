"""Every write about posts: save, discard, add a picture."""

from pluralis.posts.actions.approval_links import make_link, open_link, revoke_link
from pluralis.posts.actions.comments import add_comment
from pluralis.posts.actions.copies import copy_post
from pluralis.posts.actions.create_many import create_many
from pluralis.posts.actions.drafts import (
    create_post,
    describe_picture,
    discard_post,
    lock_post,
    mark_scheduled,
    restore_post,
    save_post,
)
from pluralis.posts.actions.media import add_media, add_picture
from pluralis.posts.actions.notices import read_notices

__all__ = [
    "add_comment",
    "add_media",
    "add_picture",
    "copy_post",
    "create_many",
    "create_post",
    "describe_picture",
    "discard_post",
    "lock_post",
    "make_link",
    "mark_scheduled",
    "open_link",
    "read_notices",
    "restore_post",
    "revoke_link",
    "save_post",
]
