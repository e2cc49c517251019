"""The people, posts, pictures and private messages of one fake network, whatever protocol it speaks."""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import ClassVar, Literal

from pluralis.networks.fake.clock import Clock

Role = Literal["brand", "customer", "influencer", "spammer", "rude"]
MENTION = re.compile(r"(?<![\w/])@([A-Za-z0-9_]+)")


@dataclass(slots=True)
class Profile:
    """Somebody on the network. ``followers`` and ``following`` are plain figures, not lists."""

    id: str
    handle: str
    name: str
    created_at: datetime
    bio: str = ""
    language: str = "en"
    followers: int = 0
    following: int = 0
    posts: int = 0
    role: Role = "customer"
    accepts_messages: bool = True


@dataclass(slots=True)
class Media:
    """An uploaded picture. ``ready`` is false while the network still works on it.

    ``shown`` is true once something stands with it: until then it is kept for a while only, from ``uploaded_at`` on.
    """

    id: str
    owner_id: str
    content: bytes
    content_type: str
    alt_text: str = ""
    width: int = 0
    height: int = 0
    ready: bool = True
    uploaded_at: datetime | None = None
    shown: bool = False


@dataclass(slots=True)
class Draft:
    """What somebody wants to post. ``created_at`` ``None`` is now."""

    text: str
    reply_to: str | None = None
    quote_of: str | None = None
    media: tuple[str, ...] = ()
    visibility: str = "public"
    language: str | None = None
    created_at: datetime | None = None
    warning: str = ""
    poll: tuple[str, ...] = ()


@dataclass(slots=True)
class Post:
    """A post that stands, or stood (``deleted``).

    ``history`` has the ids of all versions where an edit makes a post of its own; ``replaced`` is one of the former.
    """

    id: str
    author_id: str
    draft: Draft
    created_at: datetime
    conversation_id: str
    mentioned: tuple[str, ...] = ()
    deleted: bool = False
    likes: int = 0
    reshares: int = 0
    replies: int = 0
    impressions: int = 0
    edited_at: datetime | None = None
    history: tuple[str, ...] = ()
    replaced: bool = False

    @property
    def text(self) -> str:
        """The text as its author wrote it."""
        return self.draft.text


@dataclass(slots=True)
class PrivateMessage:
    """A direct message between two profiles."""

    id: str
    sender_id: str
    recipient_id: str
    text: str
    created_at: datetime
    media: tuple[str, ...] = ()


@dataclass(slots=True)
class Window:
    """Which part of a list is wanted: ids strictly between, times within, hiding what is younger than ``until``."""

    after_id: str | None = None
    before_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def _order(remote_id: str) -> int:
    return int(remote_id)


@dataclass(slots=True)
class _Shelf:
    """Ids in rising order, with room for late (back-dated) arrivals."""

    ids: list[int] = field(default_factory=list)

    def put(self, remote_id: str) -> None:
        insort(self.ids, _order(remote_id))

    def between(self, window: Window) -> list[str]:
        low = bisect_right(self.ids, _order(window.after_id)) if window.after_id else 0
        high = bisect_left(self.ids, _order(window.before_id)) if window.before_id else len(self.ids)
        return [str(number) for number in reversed(self.ids[low:high])]


class World:
    """One network's state. Every method may be called from any thread."""

    KEPT: ClassVar[tuple[str, ...]] = (
        "profiles", "posts", "messages", "media", "muted", "blocked", "follows", "reposts",
        "_taken", "_newest", "_handles", "_own", "_mentions", "_private",
    )  # fmt: skip

    def __init__(self, clock: Clock, stamp: Callable[[datetime], int]) -> None:
        """``stamp`` turns an instant into the least id of that instant, as the network makes its ids."""
        self.clock = clock
        self.lock = RLock()
        self.profiles: dict[str, Profile] = {}
        self.posts: dict[str, Post] = {}
        self.messages: dict[str, PrivateMessage] = {}
        self.media: dict[str, Media] = {}
        self.muted: set[tuple[str, str]] = set()
        self.blocked: set[tuple[str, str]] = set()
        self.follows: set[tuple[str, str]] = set()
        self.reposts: set[tuple[str, str]] = set()
        self.watchers: list[Callable[[Post], None]] = []
        self.uploads_last = timedelta(days=1)
        self._stamp = stamp
        self._taken: set[int] = set()
        self._newest = 0
        self._handles: dict[str, str] = {}
        self._own: dict[str, _Shelf] = {}
        self._mentions: dict[str, _Shelf] = {}
        self._private: dict[str, _Shelf] = {}

    def reached_by(self, sender_id: str, recipient: Profile) -> bool:
        """Tell whether somebody takes private messages of a sender: all of them, or of those they follow."""
        if (recipient.id, sender_id) in self.blocked:
            return False
        return recipient.accepts_messages or (recipient.id, sender_id) in self.follows

    def make_id(self, at: datetime | None = None) -> str:
        """Return a fresh id: rising with time, and above every other when ``at`` is ``None``."""
        with self.lock:
            number = self._stamp(at or self.clock.now())
            if at is None:
                number = max(number, self._newest + 1)
            while number in self._taken:
                number += 1
            self._taken.add(number)
            self._newest = max(self._newest, number)
            return str(number)

    def add_profile(self, handle: str, name: str = "", **more: object) -> Profile:
        """Create a profile, or return the one that has this handle already."""
        with self.lock:
            known = self.find_profile(handle)
            if known:
                return known
            created_at = more.pop("created_at", None) or self.clock.now() - timedelta(days=700)
            assert isinstance(created_at, datetime)
            remote_id = str(more.pop("id", "") or self.make_id(created_at))
            profile = Profile(remote_id, handle, name or handle, created_at)
            for field_name, value in more.items():
                setattr(profile, field_name, value)
            self.profiles[profile.id] = profile
            self._handles[handle.casefold()] = profile.id
            return profile

    def find_profile(self, handle: str) -> Profile | None:
        """Return the profile with this handle, whatever its case."""
        return self.profiles.get(self._handles.get(handle.casefold().lstrip("@"), ""))

    def write(self, author_id: str, draft: Draft) -> Post:
        """Let ``author_id`` post ``draft``, and tell the watchers."""
        with self.lock:
            created_at = draft.created_at or self.clock.now()
            remote_id = self.make_id(draft.created_at)
            parent = self.posts.get(draft.reply_to or "")
            conversation = parent.conversation_id if parent else remote_id
            post = Post(remote_id, author_id, draft, created_at, conversation, self.mentioned(draft))
            self.posts[remote_id] = post
            self._show(draft.media)
            self._own.setdefault(author_id, _Shelf()).put(remote_id)
            for profile_id in set(post.mentioned) - {author_id}:
                self._mentions.setdefault(profile_id, _Shelf()).put(remote_id)
            if parent:
                parent.replies += 1
        for watch in list(self.watchers):
            watch(post)
        return post

    def mentioned(self, draft: Draft) -> tuple[str, ...]:
        """Return the ids of those whom a post concerns: named in it, answered or quoted by it."""
        named = [self.find_profile(handle) for handle in MENTION.findall(draft.text)]
        ids = [profile.id for profile in named if profile]
        for other in (draft.reply_to, draft.quote_of):
            if other in self.posts:
                ids.append(self.posts[other].author_id)
        return tuple(dict.fromkeys(ids))

    def delete(self, remote_id: str) -> bool:
        """Take a post down; false when it does not stand."""
        with self.lock:
            post = self.posts.get(remote_id)
            if post is None or post.deleted:
                return False
            for version in post.history or (remote_id,):
                self.posts[version].deleted = True
            return True

    def repost(self, profile_id: str, post: Post) -> bool:
        """Let a profile repost a post; false when it has already."""
        with self.lock:
            fresh = (profile_id, post.id) not in self.reposts
            self.reposts.add((profile_id, post.id))
            post.reshares += fresh
            return fresh

    def take_back_repost(self, profile_id: str, post: Post) -> bool:
        """End a profile's repost; false when there is none."""
        with self.lock:
            stood = (profile_id, post.id) in self.reposts
            self.reposts.discard((profile_id, post.id))
            post.reshares -= stood
            return stood

    def rewrite(self, remote_id: str, draft: Draft) -> None:
        """Give a standing post another draft; who it concerns and where it stands stay as they were."""
        with self.lock:
            post = self.posts[remote_id]
            post.edited_at = self.clock.now() if draft != post.draft else post.edited_at
            post.draft = draft

    def reissue(self, remote_id: str, text: str) -> Post:
        """Give a standing post other words as X does: a new post takes its place, and both know all versions."""
        with self.lock:
            former = self.posts[remote_id]
            post = self.write(former.author_id, replace(former.draft, text=text, created_at=None))
            post.conversation_id, post.edited_at = former.conversation_id, post.created_at
            history = (*(former.history or (former.id,)), post.id)
            for version in history:
                self.posts[version].history = history
                self.posts[version].replaced = version != post.id
            return post

    def posts_saying(self, words: str, window: Window) -> list[Post]:
        """Return the public posts that hold all the words, newest first; ``#word`` is that hashtag alone."""
        wanted = [_whole(word) if word.startswith("#") else word for word in words.casefold().split()]
        shelf = _Shelf(sorted(map(_order, self.posts)))
        found = self._standing(shelf, window)
        return [post for post in found if post.draft.visibility == "public" and _says(post.text, wanted)]

    def posts_of(self, profile_id: str, window: Window) -> list[Post]:
        """Return the standing posts of a profile, newest first."""
        return self._standing(self._own.get(profile_id), window)

    def posts_mentioning(self, profile_id: str, window: Window) -> list[Post]:
        """Return the standing posts that concern a profile, newest first."""
        return self._standing(self._mentions.get(profile_id), window)

    def _standing(self, shelf: _Shelf | None, window: Window) -> list[Post]:
        with self.lock:
            ids = shelf.between(window) if shelf else []
            found = [self.posts[remote_id] for remote_id in ids]
        return [post for post in found if not (post.deleted or post.replaced) and _within(post.created_at, window)]

    def send_privately(
        self, sender_id: str, recipient_id: str, text: str, *, media: Sequence[str] = (), at: datetime | None = None
    ) -> PrivateMessage:
        """Let one profile write to another in private."""
        with self.lock:
            created_at = at or self.clock.now()
            message = PrivateMessage(self.make_id(at), sender_id, recipient_id, text, created_at, tuple(media))
            self.messages[message.id] = message
            self._show(message.media)
            for profile_id in {sender_id, recipient_id}:
                self._private.setdefault(profile_id, _Shelf()).put(message.id)
            return message

    def messages_of(self, profile_id: str, window: Window) -> list[PrivateMessage]:
        """Return the private messages from and to a profile, newest first."""
        shelf = self._private.get(profile_id)
        with self.lock:
            ids = shelf.between(window) if shelf else []
            found: Iterable[PrivateMessage] = [self.messages[remote_id] for remote_id in ids]
        return [message for message in found if _within(message.created_at, window)]

    def add_media(self, owner_id: str, content: bytes, content_type: str) -> Media:
        """Keep an uploaded picture."""
        with self.lock:
            media = Media(self.make_id(), owner_id, content, content_type, uploaded_at=self.clock.now())
            self.media[media.id] = media
            return media

    def upload_of(self, owner_id: str, media_id: str) -> Media | None:
        """Return a picture that its owner may still post; ``None`` for others', and for one that lay here unused for
        longer than ``uploads_last``: the network has cleared it away."""
        media = self.media.get(media_id)
        if media is None or media.owner_id != owner_id:
            return None
        lay = self.clock.now() - media.uploaded_at if media.uploaded_at and not media.shown else timedelta(0)
        return media if lay < self.uploads_last else None

    def _show(self, media_ids: Iterable[str]) -> None:
        for media_id in media_ids:
            if media_id in self.media:
                self.media[media_id].shown = True


def _whole(hashtag: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(hashtag)}(?!\w)")


def _says(text: str, wanted: Iterable[str | re.Pattern[str]]) -> bool:
    said = text.casefold()
    return all(one in said if isinstance(one, str) else one.search(said) for one in wanted)


def _within(at: datetime, window: Window) -> bool:
    after = window.since is None or at >= window.since
    return after and (window.until is None or at <= window.until)
