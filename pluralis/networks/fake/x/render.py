"""Posts, users and private messages as X's API words them, in the dialect that was asked for.

X's description 2.159 says *tweet* where 2.167 says *post*; prose and clients use both.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pluralis.networks.fake.http import Request
from pluralis.networks.fake.world import MENTION, Media, Post, PrivateMessage, Profile, World

Json = dict[str, Any]
LINK = re.compile(r"https?://[^\s]+[^\s.,;:!?)»\"']")
SHORT = 280


@dataclass(frozen=True, slots=True)
class Dialect:
    """The names that differ, and what was asked for in this request."""

    name: str
    fields: frozenset[str]
    expansions: frozenset[str]
    user_fields: frozenset[str]

    @property
    def is_post(self) -> bool:
        """Whether the newer names are spoken."""
        return self.name == "post"

    def word(self, older: str) -> str:
        """Return the dialect's name of a field, given the older one."""
        return NEWER.get(older, older) if self.is_post else older

    def wants(self, older: str) -> bool:
        """Tell whether a field was asked for, by name or (newer) by its expansion."""
        return self.word(older) in self.fields | self.expansions or older in self.expansions


NEWER = {
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "note_tweet": "note_post",
    "tweet_count": "post_count",
    "retweet_count": "repost_count",
    "tweets": "posts",
}


def dialect_of(request: Request, spoken: str) -> Dialect:
    """Return the dialect to answer in; ``spoken`` *mirror* follows the request, else it is the answer's."""
    asked = dict(request.query)
    newer = "post.fields" in asked or "referenced_posts" in asked.get("expansions", "")
    name = ("post" if newer else "tweet") if spoken == "mirror" else spoken
    fields = _words(asked.get("post.fields", asked.get("tweet.fields", "")))
    fields |= _words(asked.get("dm_event.fields", ""))
    expansions = _words(asked.get("expansions", ""))
    if (name == "post") != newer:
        fields = _translated(fields, newer)
        expansions = _translated(expansions, newer)
    return Dialect(name, frozenset(fields), frozenset(expansions), frozenset(_words(asked.get("user.fields", ""))))


def _words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",") if word.strip()}


def _translated(words: set[str], from_newer: bool) -> set[str]:
    pairs = {newer: older for older, newer in NEWER.items()} if from_newer else NEWER
    bare = {word.removesuffix(".id") for word in words}
    return {pairs.get(word, word) for word in bare}


def short_link(address: str) -> str:
    """Return the t.co address that stands for ``address``."""
    return f"https://t.co/{sha256(address.encode()).hexdigest()[:10]}"


def stamp(at: Any) -> str:
    """Return an instant as X writes it: milliseconds and Z."""
    return str(at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z")


class Renderer:
    """Words one world for one dialect; gathers what the answer must include."""

    def __init__(self, world: World, origin: str, dialect: Dialect, subscription: str = "None") -> None:
        """``subscription`` is what our accounts pay X for: ``None``, ``Premium``, ..."""
        self.world = world
        self.origin = origin
        self.dialect = dialect
        self.subscription = subscription
        self._users: dict[str, Profile] = {}
        self._posts: dict[str, Post] = {}
        self._media: dict[str, Media] = {}

    def many(self, posts: Sequence[Post], meta: Json) -> Json:
        """Return the answer to a question for posts; without any there is no ``data``."""
        rows = [self.post(post) for post in posts]
        return _without_empty({"data": rows, "includes": self.includes(), "meta": meta})

    def includes(self) -> Json:
        """Return the users, posts and pictures that the rows so far name, as far as they were asked for."""
        posts = [self._plain(post) for post in self._posts.values()]
        return _without_empty(
            {
                "users": [self.user(user) for user in self._users.values()],
                self.dialect.word("tweets"): posts,
                "media": [self.media(media) for media in self._media.values()],
            }
        )

    def post(self, post: Post) -> Json:
        """Return one post, and note what it names."""
        self._note(post)
        return self._plain(post)

    def _note(self, post: Post) -> None:
        wanted = self.dialect.expansions
        if "author_id" in wanted:
            self._meet(post.author_id)
        if "in_reply_to_user_id" in wanted and post.draft.reply_to in self.world.posts:
            self._meet(self.world.posts[post.draft.reply_to].author_id)
        if "attachments.media_keys" in wanted:
            self._media |= {media_id: self.world.media[media_id] for media_id in post.draft.media}
        if wanted & {"referenced_tweets.id", "referenced_tweets", "referenced_posts"}:
            named = (post.draft.reply_to, post.draft.quote_of)
            self._posts |= {one: self.world.posts[one] for one in named if one in self.world.posts}

    def _meet(self, profile_id: str) -> None:
        if profile_id in self.world.profiles:
            self._users[profile_id] = self.world.profiles[profile_id]

    def _plain(self, post: Post) -> Json:
        text, links = self.shown(post)
        long = len(post.text) > SHORT
        parent = self.world.posts.get(post.draft.reply_to or "")
        everything: Json = {
            "author_id": post.author_id,
            "created_at": stamp(post.created_at),
            "conversation_id": post.conversation_id,
            "lang": post.draft.language or "und",
            "entities": _without_empty({"urls": links, "mentions": self._mentions(text)}),
            "public_metrics": self._metrics(post),
            "attachments": _without_empty({"media_keys": [media_key(one) for one in post.draft.media]}),
            "in_reply_to_user_id": parent.author_id if parent else "",
            "referenced_tweets": _referenced(post),
            "note_tweet": {"text": post.text} if long else {},
            "display_text_range": [len(text) - len(text.lstrip("@")), len(text)],
        }
        chosen = {self.dialect.word(name): value for name, value in everything.items() if self.dialect.wants(name)}
        history = list(post.history or (post.id,))
        fixed = {"id": post.id, "text": text, self.dialect.word("edit_history_tweet_ids"): history}
        return fixed | _without_empty(chosen)

    def shown(self, post: Post) -> tuple[str, list[Json]]:
        """Return the text as X shows it (escaped, links shortened, mentions in front) and its links."""
        text = post.text
        parent = self.world.posts.get(post.draft.reply_to or "")
        author = self.world.profiles.get(parent.author_id) if parent else None
        if author and author.id != post.author_id and f"@{author.handle}".casefold() not in text.casefold():
            text = f"@{author.handle} {text}"
        if len(post.text) > SHORT:
            text = text[: SHORT - 3] + "…"
        text = html.escape(text, quote=False)
        addresses = LINK.findall(text)
        for address in addresses:
            text = text.replace(address, short_link(address))
        extra = self._added_links(post)
        for address, _ in extra:
            text = f"{text} {short_link(address)}".strip()
        keyed: list[tuple[str, str]] = [(html.unescape(one), "") for one in addresses] + extra
        return text, _link_entities(text, keyed)

    def _added_links(self, post: Post) -> list[tuple[str, str]]:
        """Return what X adds at the end: the quoted post and the pictures, with the media key of the first."""
        added = []
        quoted = self.world.posts.get(post.draft.quote_of or "")
        if quoted:
            added.append((self.address(quoted), ""))
        if post.draft.media:
            added.append((f"{self.address(post)}/photo/1", media_key(post.draft.media[0])))
        return added

    def address(self, post: Post) -> str:
        """Return the page of a post."""
        return f"{self.origin}/{self.world.profiles[post.author_id].handle}/status/{post.id}"

    def _mentions(self, text: str) -> list[Json]:
        rows = []
        for match in MENTION.finditer(text):
            profile = self.world.find_profile(match.group(1))
            if profile:
                row = {"start": match.start(), "end": match.end(), "username": profile.handle, "id": profile.id}
                rows.append(row)
        return rows

    def _metrics(self, post: Post) -> Json:
        figures = {
            "retweet_count": post.reshares,
            "reply_count": post.replies,
            "like_count": post.likes,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": post.impressions,
        }
        return {self.dialect.word(name): value for name, value in figures.items()}

    def user(self, profile: Profile) -> Json:
        """Return a user."""
        everything: Json = {
            "created_at": stamp(profile.created_at),
            "description": profile.bio,
            "profile_image_url": f"{self.origin}/pictures/{profile.id}.png",
            "public_metrics": {
                "followers_count": profile.followers,
                "following_count": profile.following,
                self.dialect.word("tweet_count"): profile.posts,
                "listed_count": profile.followers // 400,
            },
            "subscription_type": self.subscription if profile.role == "brand" else "None",
            "verified": False,
            "verified_type": "none",
        }
        chosen = {name: value for name, value in everything.items() if name in self.dialect.user_fields}
        return {"id": profile.id, "name": profile.name, "username": profile.handle} | chosen

    def media(self, media: Media) -> Json:
        """Return a picture."""
        row: Json = {"media_key": media_key(media.id), "type": "photo", "url": f"{self.origin}/media/{media.id}"}
        return row | ({"alt_text": media.alt_text} if media.alt_text else {})

    def message(self, message: PrivateMessage) -> Json:
        """Return a private message as an event."""
        if "sender_id" in self.dialect.expansions:
            self._meet(message.sender_id)
        everything: Json = {
            "text": html.escape(message.text, quote=False),
            "created_at": stamp(message.created_at),
            "dm_conversation_id": conversation_of(message.sender_id, message.recipient_id),
            "sender_id": message.sender_id,
            "attachments": _without_empty({"media_keys": [media_key(one) for one in message.media]}),
        }
        chosen = {name: value for name, value in everything.items() if self.dialect.wants(name)}
        return {"id": message.id, "event_type": "MessageCreate"} | _without_empty(chosen)


def conversation_of(one: str, other: str) -> str:
    """Return the name of the private conversation between two profiles."""
    first, second = sorted((one, other), key=int)
    return f"{first}-{second}"


def media_key(media_id: str) -> str:
    """Return the key under which posts name a picture (3 is X's number for photographs)."""
    return f"3_{media_id}"


def _referenced(post: Post) -> list[Json]:
    kinds = (("replied_to", post.draft.reply_to), ("quoted", post.draft.quote_of))
    return [{"type": kind, "id": remote_id} for kind, remote_id in kinds if remote_id]


def _link_entities(text: str, addresses: Iterable[tuple[str, str]]) -> list[Json]:
    rows = []
    for address, key in addresses:
        short = (
            short_link(html.escape(address, quote=False)) if short_link(address) not in text else short_link(address)
        )
        start = text.find(short)
        if start < 0:
            continue
        row: Json = {
            "start": start,
            "end": start + len(short),
            "url": short,
            "expanded_url": address,
            "display_url": address.removeprefix("https://").removeprefix("http://")[:30],
        }
        rows.append(row | ({"media_key": key} if key else {}))
    return rows


def _without_empty(row: Json) -> Json:
    return {name: value for name, value in row.items() if value not in ({}, [], "", None)}
