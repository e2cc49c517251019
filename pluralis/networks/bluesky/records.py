"""Post records of the AT Protocol: made from a part, compared with what stands, and read back."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pluralis.core.text.facets import Facet
from pluralis.networks.bluesky.client import POSTS, Record
from pluralis.networks.contract import Attachment, Card, Outgoing, Reference, RemotePost

_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
# A page of the app view, or the record's own URI (atproto.com/specs/at-uri-scheme, atproto.com/specs/record-key).
_PAGE = re.compile(
    r"(?:https://(?:main\.)?bsky\.app/profile/(?P<shown>[^/]+)/post|at://(?P<named>[^/]+)/app\.bsky\.feed\.post)"
    r"/(?P<key>[\w.:~-]{1,512})",
    re.ASCII,
)
_FEATURES = {"url": ("link", "uri"), "mention": ("mention", "did"), "hashtag": ("tag", "tag")}

VIDEO = "app.bsky.embed.video"

Blob = dict[str, Any]


def make_key(now: datetime, entropy: bytes) -> str:
    """Return a TID (atproto.com/specs/tid): 53 bits of microseconds and 10 of chance, sortable base 32.

    A whole thread is scheduled at one instant, so the lowest 23 bits of the time (8 seconds) are chance too.
    """
    chance = int.from_bytes(hashlib.sha256(entropy).digest()[:8], "big")
    micros = (int(now.timestamp() * 1_000_000) >> 23 << 23) | (chance >> 10 & 0x7FFFFF)
    return _tid(micros, chance & 0x3FF)


def key_for(subject: str) -> str:
    """Return a TID that is always the same for ``subject``, so that blocking twice is blocking once."""
    digest = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], "big")
    return _tid(digest >> 11 & (1 << 50) - 1, digest & 0x3FF)


def _tid(micros: int, clock: int) -> str:
    number = (micros & (1 << 53) - 1) << 10 | clock
    return "".join(_SORTABLE[number >> shift & 31] for shift in range(60, -1, -5))


def make_record(
    outgoing: Outgoing, facets: Sequence[Facet], blobs: Sequence[Blob], dids: Mapping[str, str]
) -> dict[str, Any]:
    """Return the record of a part.

    ``blobs`` are those of its files. ``dids`` resolves handles; a handle without one stays plain text.
    Raises ``ValueError`` when a facet lies outside the text or cuts a character: the server would accept it.
    """
    record: dict[str, Any] = {"$type": POSTS, "text": outgoing.text, "createdAt": stamp(outgoing.created_at)}
    if shown := make_facets(outgoing.text, facets, dids):
        record["facets"] = shown
    if outgoing.language:
        record["langs"] = [outgoing.language]
    if outgoing.reply_to is not None:
        record["reply"] = {"root": _strong(_root_of(outgoing)), "parent": _strong(outgoing.reply_to)}
    if embed := _embed(outgoing, blobs):
        record["embed"] = embed
    return record


def stamp(moment: datetime) -> str:
    """Return an instant as the protocol writes it: UTC, milliseconds, ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make_facets(text: str, facets: Sequence[Facet], dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the facets as the record holds them, each checked against the bytes of the text."""
    data = text.encode()
    made = []
    for facet in facets:
        _check_place(data, facet)
        value = dids.get(facet.value.lower(), "") if facet.kind == "mention" else facet.value
        if not value:
            continue
        name, field = _FEATURES[facet.kind]
        feature = {"$type": f"app.bsky.richtext.facet#{name}", field: value}
        made.append({"index": {"byteStart": facet.byte_start, "byteEnd": facet.byte_end}, "features": [feature]})
    return made


def _check_place(data: bytes, facet: Facet) -> None:
    if not 0 <= facet.byte_start < facet.byte_end <= len(data):
        raise ValueError(f"a {facet.kind} lies outside the text")
    data[facet.byte_start : facet.byte_end].decode()
    data[: facet.byte_start].decode()


def _root_of(outgoing: Outgoing) -> Reference:
    assert outgoing.reply_to is not None
    if outgoing.root is not None:
        return outgoing.root
    extra = outgoing.reply_to.extra
    if extra.get("root_uri"):
        return Reference(extra["root_uri"], {"cid": extra.get("root_cid", "")})
    return outgoing.reply_to


def _strong(reference: Reference) -> dict[str, str]:
    return {"uri": reference.remote_id, "cid": reference.extra["cid"]}


def _embed(outgoing: Outgoing, blobs: Sequence[Blob]) -> dict[str, Any] | None:
    """Return what stands below the words; ``blobs`` are those of :attr:`Outgoing.files`."""
    count = len(outgoing.attachments)
    pictures = _shown(outgoing.attachments, blobs[:count]) if count else None
    if outgoing.card is not None and not pictures and outgoing.quote is None:
        return _card(outgoing.card, blobs)
    quoted = None
    if outgoing.quote is not None:
        quoted = {"$type": "app.bsky.embed.record", "record": _strong(outgoing.quote)}
    if pictures and quoted:
        return {"$type": "app.bsky.embed.recordWithMedia", "record": quoted, "media": pictures}
    return pictures or quoted


def _card(card: Card, blobs: Sequence[Blob]) -> dict[str, Any]:
    """Return app.bsky.embed.external: what the network shows below a link, since it reads no page itself."""
    external: dict[str, Any] = {"uri": card.url, "title": card.title, "description": card.description}
    if blobs:
        external["thumb"] = blobs[0]
    return {"$type": "app.bsky.embed.external", "external": external}


def _shown(attachments: Sequence[Attachment], blobs: Sequence[Blob]) -> dict[str, Any]:
    return _film(attachments[0], blobs[0]) if attachments[0].is_film else _pictures(attachments, blobs)


def _film(attachment: Attachment, blob: Blob) -> dict[str, Any]:
    """Return app.bsky.embed.video: one film, alone."""
    film: dict[str, Any] = {"$type": VIDEO, "video": blob, "alt": attachment.alt_text}
    if attachment.width > 0 and attachment.height > 0:
        film["aspectRatio"] = {"width": attachment.width, "height": attachment.height}
    return film


def _pictures(attachments: Sequence[Attachment], blobs: Sequence[Blob]) -> dict[str, Any]:
    images = []
    for attachment, blob in zip(attachments, blobs, strict=True):
        image: dict[str, Any] = {"image": blob, "alt": attachment.alt_text}
        if attachment.width > 0 and attachment.height > 0:
            image["aspectRatio"] = {"width": attachment.width, "height": attachment.height}
        images.append(image)
    return {"$type": "app.bsky.embed.images", "images": images}


def is_ours(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Compare two records field by field. Mentions are left out: who a handle leads to may change meanwhile."""
    return _comparable(ours) == _comparable(theirs)


def _comparable(record: Mapping[str, Any]) -> dict[str, Any]:
    compared = {name: record.get(name) for name in ("text", "createdAt", "langs", "reply", "embed")}
    marked = [facet for facet in record.get("facets") or [] if not _is_mention(facet)]
    return compared | {"facets": marked}


def _is_mention(facet: Mapping[str, Any]) -> bool:
    features = facet.get("features") or [{}]
    return any(str(feature.get("$type", "")).endswith("#mention") for feature in features)


def remote_post(record: Record) -> RemotePost:
    """Return a record of ours as the rest of Pluralis sees it."""
    return RemotePost(
        reference=reference(record.uri, record.cid, record.value),
        url=page_of(record.uri),
        text=str(record.value.get("text", "")),
        created_at=moment(record.value.get("createdAt")),
        reply_to_id=parent_of(record.value),
        media_count=len(images_of(record.value)) + has_film(record.value),
    )


def reference(uri: str, cid: str, value: Mapping[str, Any]) -> Reference:
    """Return what is needed to answer a post: its URI and cid, and those of the root of its thread."""
    root = _part(_part(value, "reply"), "root")
    extra = {"cid": cid}
    if root.get("uri") and root.get("cid"):
        extra |= {"root_uri": str(root["uri"]), "root_cid": str(root["cid"])}
    return Reference(uri, extra)


def parent_of(value: Mapping[str, Any]) -> str | None:
    """Return the URI of the post that a record answers."""
    uri = _part(_part(value, "reply"), "parent").get("uri")
    return str(uri) if uri else None


def quoted_by(value: Mapping[str, Any]) -> str | None:
    """Return the URI of the post that a record quotes."""
    embed = _part(value, "embed")
    quoted = _part(embed, "record")
    uri = quoted.get("uri") or _part(quoted, "record").get("uri")
    return str(uri) if uri else None


def has_film(value: Mapping[str, Any]) -> bool:
    """Say whether a record shows a film, also one that quotes too."""
    embed = _part(value, "embed")
    return VIDEO in (embed.get("$type"), _part(embed, "media").get("$type"))


def images_of(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the pictures of a record, also of one that quotes too."""
    embed = _part(value, "embed")
    images = embed.get("images") or _part(embed, "media").get("images") or []
    return [image for image in images if isinstance(image, dict)] if isinstance(images, list) else []


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def page_of(uri: str) -> str:
    """Return the page of a post for people: ``at://DID/app.bsky.feed.post/KEY``."""
    did, _, key = uri.removeprefix("at://").partition(f"/{POSTS}/")
    return f"https://bsky.app/profile/{did}/post/{key}"


def uri_of_page(did: str, handle: str, url: str) -> str | None:
    """Return the URI of a post of ours from its page or from the URI itself, ``None`` for every other address."""
    page = _PAGE.fullmatch(url.partition("?")[0].partition("#")[0].rstrip("/"))
    if page is None or (page["shown"] or page["named"]).lower() not in (did.lower(), handle.lower()):
        return None
    return f"at://{did}/{POSTS}/{page['key']}"


def moment(text: Any) -> datetime | None:
    """Return an instant as written by any client, aware UTC; ``None`` when it is no instant."""
    try:
        read = datetime.fromisoformat(str(text))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
