"""From X's JSON to our values: texts as people wrote them, references, profiles."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from pluralis.core.text import canonical, entities
from pluralis.networks.contract import Incoming, Kind, Reference, RemoteMedia, RemotePost, RemoteProfile
from pluralis.networks.errors import Refused
from pluralis.networks.x.dialect import Row, either

OWN_PICTURE = re.compile(r"/status/\d+/(?:photo|video)/\d+$")
# What reading a misshapen answer may raise.
MISSHAPEN = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError)
SCHEME = re.compile(r"^https?://", re.IGNORECASE)
HOST_END = re.compile(r"[/?#]")
SITES = frozenset({"x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"})
PAGE_OF_POST = re.compile(r"/(?P<name>i/web|\w{1,15})/status/(?P<id>\d{1,20})(?:/(?:photo|video)/\d+)?/?")
LEADING_MENTION = re.compile(r"@\w+\s+")


def web_origin(host: str) -> str:
    """Return where people read what the API at ``host`` publishes: x.com, or the fake's own pages."""
    return "https://x.com" if host in ("https://api.x.com", "https://api.twitter.com") else host


def post_url(host: str, handle: str, remote_id: str) -> str:
    """Return the page of a post; X finds it by its id, whatever the handle."""
    return f"{web_origin(host)}/{handle or 'i'}/status/{remote_id}"


def id_of_page(host: str, handle: str, url: str) -> str | None:
    """Return the id behind the page of a post by ``handle``, ``None`` for every other address.

    X shows a post whatever name stands before its id, and writes ``i`` where it knows none.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    ours = urlsplit(web_origin(host))
    known = SITES if ours.netloc in SITES else {ours.netloc}
    page = PAGE_OF_POST.fullmatch(parts.path)
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in known or page is None:
        return None
    return page["id"] if page["name"].lower() in ("i", "i/web", handle.lower()) else None


def safe_id(remote_id: str) -> str:
    """Return an id that is safe in a path. Raises Refused when it is none of X's."""
    if not re.fullmatch(r"[0-9]{1,19}", remote_id):
        raise Refused(f"{remote_id[:40]!r} is no id of X")
    return remote_id


def read_instant(text: str | None) -> datetime | None:
    """Return an RFC 3339 instant as aware UTC, ``None`` when there is none."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def word(row: Row, name: str) -> str:
    """Return a field that should be text, ``""`` when it is missing or something else."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def read_text(row: Row, ours: str = "") -> str:
    """Return the text as its author wrote it.

    Long posts are taken whole, entities unescaped, short links spelt out, links to the post's own pictures and
    to the quoted post dropped. ``ours`` is the text we sent, if any: a link is then spelt as we spelt it.
    """
    note = either(row, "note_post", "note_tweet") or {}
    text = html.unescape(word(note, "text") or word(row, "text"))
    quoted = reference_of(row, "quoted")
    links = (note.get("entities") or {}).get("urls") or (row.get("entities") or {}).get("urls") or ()
    for link in links:
        text = _spell_out(text, link, quoted, ours)
    return text.rstrip()


def _spell_out(text: str, link: Row, quoted: str | None, ours: str) -> str:
    short, full = word(link, "url"), word(link, "expanded_url")
    if not short or not full:
        return text
    quotes = quoted is not None and full.rstrip("/").endswith(f"/status/{quoted}")
    added = OWN_PICTURE.search(full) or (quotes and f"/status/{quoted}" not in ours)
    if added and text.rstrip().endswith(short):
        return text.rstrip()[: -len(short)].rstrip()
    return text.replace(short, _spelling(full, ours, quoted if quotes else None))


def _spelling(full: str, ours: str, quoted: str | None) -> str:
    """Return an address as it stands in ``ours``, else as X gives it.

    X adds a scheme, writes its own old name for its own pages, and may write a host in its ASCII form.
    """
    if not ours:
        return full
    written = [entity.value for entity in entities(ours) if entity.kind == "url"]
    for address in written:
        if _plain_address(address) == _plain_address(full) or (quoted and f"/status/{quoted}" in address):
            return address
    # Names with an ending that is no known domain are no links to our own reading of a text.
    bare = SCHEME.sub("", full)
    return next((one for one in (full, full.rstrip("/"), bare, bare.rstrip("/")) if one in ours), full)


def _plain_address(address: str) -> tuple[str, str]:
    """Return host and rest of an address in a form that is the same for every way to write it."""
    bare = SCHEME.sub("", address)
    host = HOST_END.split(bare, maxsplit=1)[0]
    rest = bare[len(host) :]
    try:
        host = host.casefold().encode("idna").decode()
    except UnicodeError:
        host = host.casefold()
    host = "x.com" if host in ("twitter.com", "www.twitter.com", "www.x.com") else host
    return host, unquote(rest).rstrip("/")


def without_added_mentions(text: str, ours: str) -> str:
    """Return the text of an own reply without the mentions that X put in front of what we wrote.

    They are dropped one by one until the rest is what we sent; if it never is, all of them stay.
    """
    rest, wanted = text, canonical(ours)
    while canonical(rest) != wanted:
        found = LEADING_MENTION.match(rest)
        if not found:
            return text
        rest = rest[found.end() :]
    return rest


def reference_of(row: Row, kind: str) -> str | None:
    """Return the id of the post that this one answers (*replied_to*) or quotes (*quoted*)."""
    references = either(row, "referenced_posts", "referenced_tweets") or ()
    return next((str(one["id"]) for one in references if one.get("type") == kind), None)


def read_own_post(row: Row, host: str, handle: str, ours: str) -> RemotePost:
    """Return a post of our own timeline, its text made comparable with ``ours``."""
    reply_to = reference_of(row, "replied_to")
    text = read_text(row, ours)
    return RemotePost(
        reference=Reference(str(row["id"]), {"own": "yes"}),
        url=post_url(host, handle, str(row["id"])),
        text=without_added_mentions(text, ours) if reply_to else text,
        created_at=read_instant(row.get("created_at")),
        reply_to_id=reply_to,
        media_count=len((row.get("attachments") or {}).get("media_keys") or ()),
    )


def read_profile(row: Row, host: str) -> RemoteProfile:
    """Return a user."""
    figures = row.get("public_metrics") or {}
    handle = word(row, "username")
    if not handle:
        raise ValueError("a user without a name")
    return RemoteProfile(
        remote_id=str(row["id"]),
        handle=handle,
        display_name=word(row, "name"),
        url=f"{web_origin(host)}/{handle}",
        avatar_url=word(row, "profile_image_url"),
        bio=html.unescape(word(row, "description")),
        followers=_count(figures.get("followers_count")),
        following=_count(figures.get("following_count")),
        posts=_count(either(figures, "post_count", "tweet_count")),
        created_at=read_instant(row.get("created_at")),
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 2**62 else None


class Included:
    """What an answer carries beside its rows: users and pictures, by id and key."""

    def __init__(self, answer: Row, host: str) -> None:
        includes = answer.get("includes") or {}
        self.host = host
        self.users = dict(_readable_users(includes.get("users") or (), host))
        self.media = {str(row.get("media_key")): row for row in includes.get("media") or ()}

    def author(self, profile_id: str) -> RemoteProfile:
        """Return an author; X leaves out those it hides, of whom we know the id alone."""
        return self.users.get(profile_id) or RemoteProfile(profile_id, f"user{profile_id}"[:15])

    def pictures(self, row: Row) -> tuple[RemoteMedia, ...]:
        """Return the pictures and films of a row."""
        keys: Sequence[str] = (row.get("attachments") or {}).get("media_keys") or ()
        return tuple(_picture(self.media[key]) for key in keys if key in self.media)


def _readable_users(rows: Iterable[Row], host: str) -> Iterator[tuple[str, RemoteProfile]]:
    """Yield the users that can be read; who cannot is known by id alone, and stops nobody's message."""
    for row in rows:
        try:
            profile = read_profile(row, host)
        except MISSHAPEN:
            continue
        yield profile.remote_id, profile


def _picture(row: Row) -> RemoteMedia:
    url = word(row, "url") or word(row, "preview_image_url")
    kind = "image/jpeg" if row.get("type") == "photo" or not row.get("url") else "video/mp4"
    return RemoteMedia(url, kind, word(row, "alt_text"))


def read_mention(row: Row, included: Included, us: Mapping[str, str]) -> Incoming:
    """Return a post from outside. ``us`` has our ``id`` and ``handle``."""
    author = included.author(word(row, "author_id"))
    kind = _kind(row, us)
    extra = {
        "author_id": author.remote_id,
        "author_handle": author.handle,
        "summoned": "yes" if kind == "quote" or names(mentions(row), us["handle"]) else "no",
    }
    return Incoming(
        reference=Reference(str(row["id"]), extra),
        kind=kind,
        text=read_text(row),
        author=author,
        created_at=_dated(row),
        url=post_url(included.host, author.handle, str(row["id"])),
        in_reply_to_id=reference_of(row, "replied_to"),
        quoted_id=reference_of(row, "quoted"),
        conversation=word(row, "conversation_id") or None,
        media=included.pictures(row),
        language=_language(row),
        earlier=tuple(one for one in versions_of(row) if int(one) < int(row["id"])),
    )


def versions_of(row: Row) -> list[str]:
    """Return the ids of all versions of a post, oldest first: an edit on X is another post."""
    told = either(row, "edit_history_post_ids", "edit_history_tweet_ids") or ()
    ids = {str(one) for one in told if re.fullmatch(r"[0-9]{1,19}", str(one))} if isinstance(told, list) else set()
    return sorted(ids | {str(row["id"])}, key=int)


def read_odd_mention(row: Row, included: Included, us: Mapping[str, str]) -> Incoming:
    """Return a post from outside even when X worded it in a way we do not know: its id, text and author at least.

    One odd post must not stop all that come after it.
    """
    try:
        return read_mention(row, included, us)
    except MISSHAPEN:
        return read_mention(_plainest(row), included, us)


def read_odd_message(row: Row, included: Included, our_id: str) -> Incoming:
    """Return a private message to us, like :func:`read_odd_mention`."""
    try:
        return read_message(row, included, our_id)
    except MISSHAPEN:
        return read_message(_plainest(row), included, our_id)


def _plainest(row: Row) -> Row:
    kept = ("id", "text", "author_id", "sender_id", "dm_conversation_id")
    return {name: row[name] for name in kept if isinstance(row.get(name), str)}


def _kind(row: Row, us: Mapping[str, str]) -> Kind:
    """Return *quote* or *reply* when it is one of ours that is quoted or answered, else *mention*."""
    if str(row.get("in_reply_to_user_id") or "") == us["id"]:
        return "reply"
    quoted = reference_of(row, "quoted")
    ours = f"/{us['handle']}/status/{quoted}".casefold()
    links = (row.get("entities") or {}).get("urls") or ()
    if quoted and any(ours in str(link.get("expanded_url")).casefold() for link in links):
        return "quote"
    return "mention"


def mentions(row: Row) -> list[str]:
    """Return the names that a post mentions."""
    note = either(row, "note_post", "note_tweet") or {}
    found = [
        *((row.get("entities") or {}).get("mentions") or ()),
        *((note.get("entities") or {}).get("mentions") or ()),
    ]
    return [word(one, "username") for one in found] or re.findall(r"@(\w+)", word(row, "text"))


def names(handles: Iterable[str], handle: str) -> bool:
    """Whether ``handle`` is among ``handles``, whatever the case."""
    return handle.casefold() in {one.casefold() for one in handles}


def _language(row: Row) -> str | None:
    """Return the language X detected; its own codes for *undetermined* and *only links* are none."""
    language = word(row, "lang")
    return None if language in ("", "und", "zxx") or language.startswith("q") else language


def _dated(row: Row) -> datetime:
    """Return when a row was made: as it says, else as its id says (snowflake: milliseconds since X's epoch)."""
    told = read_instant(row.get("created_at"))
    milliseconds = (int(row["id"]) >> 22) + 1288834974657
    return told or datetime.fromtimestamp(milliseconds / 1000, UTC)


def read_message(row: Row, included: Included, our_id: str) -> Incoming:
    """Return a private message to us."""
    author = included.author(word(row, "sender_id"))
    return Incoming(
        reference=Reference(str(row["id"]), {"author_id": author.remote_id, "author_handle": author.handle}),
        kind="direct",
        text=html.unescape(word(row, "text")),
        author=author,
        created_at=_dated(row),
        url=f"{web_origin(included.host)}/messages/{word(row, 'dm_conversation_id')}",
        conversation=word(row, "dm_conversation_id") or None,
        media=included.pictures(row),
        visibility="direct",
        recipient_id=our_id,
    )


def read_figures(row: Row) -> dict[str, int]:
    """Return the public figures of a post under our names."""
    figures: dict[str, Any] = row.get("public_metrics") or {}
    known = {
        "likes": figures.get("like_count"),
        "reshares": either(figures, "repost_count", "retweet_count"),
        "replies": figures.get("reply_count"),
        "impressions": figures.get("impression_count"),
    }
    return {name: int(value) for name, value in known.items() if value is not None}
