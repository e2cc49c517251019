"""Statuses, accounts and instances of the Mastodon API, read into the contract's plain values."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from pluralis.networks.addresses import Origin
from pluralis.networks.contract import (
    Access,
    Incoming,
    Kind,
    Reference,
    RemoteMedia,
    RemotePost,
    RemoteProfile,
    Visibility,
)
from pluralis.networks.mastodon.client import is_id, read_id
from pluralis.networks.mastodon.plain import plain_text
from pluralis.networks.transport import Json

VISIBILITIES = frozenset({"public", "unlisted", "private", "direct"})
# What an instance may change; docs.joinmastodon.org/entities/Instance, ``configuration``.
DEFAULTS = {
    "max_characters": 500,
    "characters_reserved_per_url": 23,
    "max_media_attachments": 4,
    "image_size_limit": 16 * 1024 * 1024,
    "description_limit": 1500,
    "video_size_limit": 99 * 1024 * 1024,
    "max_options": 4,
    "max_characters_per_option": 50,
    "min_expiration": 300,
    "max_expiration": 2_629_746,
}
# The page of a status for people, and the address by which other servers know it.
_PAGE = re.compile(r"(?:/web|/deck)?/(?:@(?P<shown>[^/]+)|users/(?P<named>[^/]+)/statuses)/(?P<id>\w+)/?", re.ASCII)
IMAGE_TYPES = "image/jpeg image/png image/gif image/webp"
FILM_TYPES = "video/mp4 video/quicktime video/webm"


def read_settings(instance: Json, origin: str) -> dict[str, str]:
    """Return an instance's limits as settings of an account; what it does not tell keeps Mastodon's defaults."""
    configuration = _part(instance, "configuration")
    statuses, media = _part(configuration, "statuses"), _part(configuration, "media_attachments")
    told = {**statuses, **media, **_part(configuration, "polls")}
    settings = {name: str(_count(told.get(name)) or default) for name, default in DEFAULTS.items()}
    types = [str(one) for one in media.get("supported_mime_types") or ()]
    settings["image_types"] = " ".join(one for one in types if one.startswith("image/")) or IMAGE_TYPES
    # An instance that names its types and no film among them takes none.
    settings["film_types"] = " ".join(one for one in types if one.startswith("video/")) if types else FILM_TYPES
    settings["domain"] = _own_domain(str(instance.get("domain") or ""), _host(origin))
    settings["software"] = str(instance.get("version") or "")
    return settings


def _own_domain(told: str, host: str) -> str:
    """Return the domain that handles end with: the host's own or one above it, never whatever an instance claims."""
    bare = told.casefold().strip(".")
    return bare if "." in bare and (host == bare or host.endswith(f".{bare}")) else host


def _part(value: Json, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def read_post(status: Json, text: str | None = None) -> RemotePost:
    """Return a status of ours. ``text`` is its source where that is known. ``ValueError`` when it has no id."""
    visibility = status.get("visibility")
    parent = status.get("in_reply_to_id")
    return RemotePost(
        reference=Reference(read_id(status["id"]), {"uri": str(status.get("uri") or "")}),
        url=str(status.get("url") or status.get("uri") or ""),
        text=read_text(status) if text is None else text,
        created_at=moment(status.get("created_at")),
        reply_to_id=str(parent) if parent else None,
        media_count=len(status.get("media_attachments") or ()),
        # A scope that only other servers know (local, list) is narrower than public.
        visibility=cast(Visibility, visibility) if visibility in VISIBILITIES else "private",
    )


def read_text(status: Json) -> str:
    """Return what a status says as plain text, its warning first."""
    mentions = [one for one in status.get("mentions") or () if isinstance(one, dict)]
    text = plain_text(str(status.get("content") or ""), mentions)
    warning = str(status.get("spoiler_text") or "").strip()
    return f"{warning}\n\n{text}" if warning else text


def read_message(status: Json, own_id: str, domain: str, quotes: bool = False) -> Incoming:
    """Return a status that somebody else wrote to us. ``KeyError`` or ``ValueError`` when it is misshapen."""
    author = read_profile(status["account"], domain)
    created_at = moment(status.get("created_at"))
    if created_at is None:
        raise ValueError("a status without a time")
    post = read_post(status)
    quoted = _part(_part(status, "quote"), "quoted_status").get("id")
    return Incoming(
        reference=Reference(post.reference.remote_id, {"handle": str(status["account"]["acct"])}),
        kind=_kind(status, own_id, quotes),
        text=post.text,
        author=author,
        created_at=created_at,
        url=post.url,
        in_reply_to_id=post.reply_to_id,
        quoted_id=str(quoted) if quoted else None,
        media=tuple(_media(status.get("media_attachments") or ())),
        language=str(status["language"]) if status.get("language") else None,
        visibility=post.visibility,
        recipient_id=own_id if post.visibility == "direct" else None,
    )


def _kind(status: Json, own_id: str, quotes: bool) -> Kind:
    if status.get("visibility") == "direct":
        return "direct"
    if quotes:
        return "quote"
    return "reply" if str(status.get("in_reply_to_account_id") or "") == own_id else "mention"


def _media(items: Iterable[Json]) -> Iterable[RemoteMedia]:
    for item in items:
        address = item.get("url") or item.get("remote_url") if isinstance(item, dict) else None
        if address:
            yield RemoteMedia(str(address), _media_type(item), str(item.get("description") or ""))


def _media_type(item: Json) -> str:
    kind = str(item.get("type") or "")
    return {"image": "image/*", "gifv": "video/*", "video": "video/*", "audio": "audio/*"}.get(kind, "")


def read_profile(account: Json, domain: str) -> RemoteProfile:
    """Return an account; a local handle gets its instance's domain, so that it is whole everywhere."""
    acct = str(account["acct"])
    return RemoteProfile(
        remote_id=str(account["id"]),
        handle=acct if "@" in acct else f"{acct}@{domain}",
        display_name=str(account.get("display_name") or ""),
        url=str(account.get("url") or ""),
        avatar_url=str(account.get("avatar_static") or account.get("avatar") or ""),
        bio=plain_text(str(account.get("note") or "")),
        followers=_count(account.get("followers_count")),
        following=_count(account.get("following_count")),
        posts=_count(account.get("statuses_count")),
        created_at=moment(account.get("created_at")),
    )


def domain_of(access: Access) -> str:
    """Return the domain that the handles of an account's instance end with."""
    return access.settings.get("domain") or _host(access.host)


def id_of_page(access: Access, url: str) -> str | None:
    """Return the id of a status of the account from its page on its instance, ``None`` for every other address.

    Pages of other instances show the same status under an id of theirs, which means nothing to ours.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    page = _PAGE.fullmatch(parts.path)
    places = {_host(access.host), domain_of(access)}
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in places or page is None:
        return None
    name = access.handle.lower().partition("@")[0]
    names = {name, *(f"{name}@{place}" for place in places)}
    written = (page["shown"] or page["named"]).lower()
    return page["id"] if written in names and is_id(page["id"]) else None


def _host(origin: str) -> str:
    return str(Origin.typed(origin)).partition("://")[2]


def _count(value: Any) -> int | None:
    """Return a figure; a negative one (hidden counts of some servers) is not known."""
    return value if isinstance(value, int) and value >= 0 else None


def moment(text: Any) -> datetime | None:
    """Return an instant of an answer, aware UTC; ``None`` when it is none."""
    try:
        read = datetime.fromisoformat(str(text))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
