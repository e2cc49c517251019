"""A part as its connector sees it: the frozen text, pictures or card, and its place in a thread or conversation."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from pluralis.networks.contract import Attachment, Outgoing, Reference
from pluralis.posts.models import SegmentMedia
from pluralis.posts.polls import read_poll
from pluralis.publishing.cards import card_of
from pluralis.publishing.models import Part
from pluralis.publishing.uploads import with_uploads

PICTURES = Prefetch("pictures", SegmentMedia.objects.select_related("media").order_by("position"))


def compose(part: Part, created_at: datetime, *, with_pictures: bool = True) -> Outgoing:
    """Return the part as it is to stand on the network. At most three queries, and the picture files.

    With pictures or a card three more at most: where they lie on the network already, and what the card says.

    Without pictures, for looking it up, only their number matters and no file is opened.
    """
    post = part.delivery.post
    before, first = _thread(part)
    answered = before or _reference(post.reply_to)
    recipient = post.recipient or {}
    outgoing = Outgoing(
        text=part.text,
        key=part.key,
        created_at=created_at,
        reply_to=answered,
        root=first or _reference((post.reply_to or {}).get("root")) or answered,
        quote=_reference(post.quote) if part.position == 0 else None,
        attachments=_attachments(part, with_pictures),
        language=post.language or part.account.language or None,
        visibility=post.visibility,  # type: ignore[arg-type]
        recipient=recipient.get("remote_id"),
        recipient_handle=recipient.get("handle"),
        poll=read_poll(part.segment.poll) if part.segment is not None else None,
        card=card_of(part, with_picture=with_pictures),
    )
    return with_uploads(part, outgoing) if with_pictures and outgoing.files else outgoing


def _thread(part: Part) -> tuple[Reference | None, Reference | None]:
    """Return the reference of the part before and, when the thread starts with us, of the first."""
    if part.position == 0:
        return None, None
    around = {each.position: each for each in part.delivery.parts.filter(position__in=[0, part.position - 1])}
    root = _reference(part.delivery.post.reply_to)
    return _remote(around[part.position - 1]), None if root else _remote(around[0])


def _remote(part: Part) -> Reference | None:
    return Reference(part.remote_id, part.remote) if part.remote_id else None


def _reference(stored: Any) -> Reference | None:
    if not stored:
        return None
    return Reference(stored["remote_id"], stored.get("extra", {}))


def _attachments(part: Part, with_pictures: bool) -> tuple[Attachment, ...]:
    if part.segment is None:
        return ()
    found = []
    prefetch_related_objects([part.segment], PICTURES)  # asks nothing where many parts were read at once
    for picture in part.segment.pictures.all():
        media = picture.media
        path = media.file.path if media.is_film else ""
        content = media.file.open("rb").read() if with_pictures and not path else b""
        size = (media.width, media.height)
        found.append(Attachment(content, media.content_type, media.alt_text, *size, path, media.seconds))
    return tuple(found)
