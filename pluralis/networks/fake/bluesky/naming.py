"""Names of the AT Protocol for people, posts and contents of the fake's world."""

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

from pluralis.networks.fake.world import Profile

POSTS = "app.bsky.feed.post"
REPOSTS = "app.bsky.feed.repost"
SUFFIX = ".test"
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"


def did_of(profile_id: str) -> str:
    """Return the identifier of a profile."""
    return "did:plc:" + _letters(hashlib.sha256(profile_id.encode()).digest())[:24]


def handle_of(profile: Profile) -> str:
    """Return the whole handle of a profile."""
    handle = profile.handle.lower()
    return handle if handle.endswith(SUFFIX) else f"{handle}{SUFFIX}"


def key_of(number: int) -> str:
    """Return the record key for a post that nobody gave a key."""
    return "".join(_SORTABLE[number >> shift & 31] for shift in range(60, -1, -5))


def number_of(key: str) -> int:
    """Return the number that :func:`key_of` spelt; 0 when it is none of its keys."""
    number = 0
    for letter in key:
        if letter not in _SORTABLE:
            return 0
        number = number << 5 | _SORTABLE.index(letter)
    return number


def cid_of(content: Any) -> str:
    """Return a content hash: of bytes, or of a record in one spelling."""
    data = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    return ("bafkrei" if isinstance(content, bytes) else "bafyrei") + _letters(hashlib.sha256(data).digest())[:52]


def _letters(data: bytes) -> str:
    return base64.b32encode(data).decode().lower().rstrip("=")


def stamp(at: datetime) -> str:
    """Return an instant as the protocol writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
