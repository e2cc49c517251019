"""Uploading pictures and films: one-shot or in pieces, then their description."""

import base64
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.pictures import film_size, picture_size
from pluralis.networks.fake.world import Media
from pluralis.networks.fake.x.posts import INVALID
from pluralis.networks.fake.x.render import media_key

if TYPE_CHECKING:
    from pluralis.networks.fake.x.network import FakeX

EXPIRES_SECONDS = 86400
MOST_FILM_BYTES = 512 * 1024 * 1024
FILMS = ("video/mp4", "video/quicktime", "video/webm")
MOST_BYTES = {"image/gif": 15 * 1024 * 1024} | dict.fromkeys(FILMS, MOST_FILM_BYTES)
MOST_IMAGE_BYTES = 5 * 1024 * 1024
MOST_TEXT = 1000


class Uploads:
    """The addresses under ``/2/media``."""

    KEPT: ClassVar[tuple[str, ...]] = ("_pieces", "_ready_at")

    def __init__(self, network: "FakeX") -> None:
        self.network = network
        self._pieces: dict[str, dict[int, bytes]] = {}
        self._ready_at: dict[str, datetime] = {}

    def one_shot(self, request: Request) -> Response:
        """Take a whole picture in one request."""
        content, kind, category = _sent_whole(request)
        if not content or not category:
            return self.network.refusal(400, "media and media_category are required", INVALID)
        if category.endswith("_video"):
            return self.network.refusal(400, "Videos are uploaded in chunks.", INVALID)
        media = self.network.world.add_media(self.network.asker(request).id, content, kind or "image/png")
        return self._finished(media)

    def initialize(self, request: Request) -> Response:
        """Begin an upload in pieces."""
        body = request.json()
        kind = str(body.get("media_type", ""))
        if int(body.get("total_bytes", 0)) > MOST_BYTES.get(kind, MOST_IMAGE_BYTES):
            return self.network.refusal(400, "The media is too large.", INVALID)
        if (kind in FILMS) != str(body.get("media_category", "")).endswith("_video"):
            return self.network.refusal(400, "media_category does not match the media_type", INVALID)
        media = self.network.world.add_media(self.network.asker(request).id, b"", kind)
        media.ready = False
        self._pieces[media.id] = {}
        return self._answer(self._row(media))

    def append(self, request: Request) -> Response:
        """Take one piece."""
        media = self._own(request)
        if media is None:
            return self.network.refusal(400, "Your media IDs are invalid.", INVALID)
        parts = request.parts()
        if parts:
            number, content = int(parts["segment_index"].content), parts["media"].content
        else:
            body = request.json()
            number, content = int(body["segment_index"]), base64.b64decode(body["media"])
        self._pieces[media.id][number] = content
        expires_at = int(self.network.clock.now().timestamp()) + EXPIRES_SECONDS
        return self._answer({"expires_at": expires_at})

    def finalize(self, request: Request) -> Response:
        """Put the pieces together."""
        media = self._own(request)
        pieces = self._pieces.get(media.id) if media else None
        if media is None or not pieces or sorted(pieces) != list(range(len(pieces))):
            return self.network.refusal(400, "Your media IDs are invalid.", INVALID)
        media.content = b"".join(content for _, content in sorted(pieces.items()))
        return self._finished(media)

    def _finished(self, media: Media) -> Response:
        if len(media.content) > MOST_BYTES.get(media.content_type, MOST_IMAGE_BYTES):
            return self.network.refusal(400, "The media is too large.", INVALID)
        size = (film_size if media.content_type in FILMS else picture_size)(media.content)
        if size is None:
            return self.network.refusal(400, "The media could not be read as an image.", INVALID)
        media.width, media.height = size
        wait = self.network.clock.shorten(self.network.processing_seconds)
        self._ready_at[media.id] = self.network.clock.now() + timedelta(seconds=wait)
        media.ready = wait == 0
        return self._answer(self._row(media) | {"size": len(media.content)} | self._processing(media))

    def _processing(self, media: Media) -> dict[str, Any]:
        """Return how far the network is. Description 2.159 demands a ``type`` here, 2.167 forbids it."""
        kind = {"type": "image"} if self.network.spoken == "tweet" else {}
        if media.ready:
            return {}
        if self.network.clock.now() >= self._ready_at[media.id]:
            media.ready = True
            return {"processing_info": {"state": "succeeded", "progress_percent": 100} | kind}
        return {"processing_info": {"state": "in_progress", "check_after_secs": 1, "progress_percent": 40} | kind}

    def status(self, request: Request) -> Response:
        """Tell how far the network is with a picture."""
        media = self.network.world.upload_of(self.network.asker(request).id, request.asked("media_id"))
        if media is None:
            return self.network.refusal(400, "Your media IDs are invalid.", INVALID)
        return self._answer(self._row(media) | {"size": len(media.content)} | self._processing(media))

    def describe(self, request: Request) -> Response:
        """Take the text for those who cannot see the picture."""
        body = request.json()
        media = self.network.world.upload_of(self.network.asker(request).id, str(body.get("id", "")))
        text = str(body.get("metadata", {}).get("alt_text", {}).get("text", ""))
        if media is None or len(text) > MOST_TEXT or media.content_type in FILMS:
            return self.network.refusal(400, "One or more parameters to your request was invalid.", INVALID)
        media.alt_text = text
        data = {"id": media.id, "associated_metadata": {"alt_text": {"text": text}}}
        return Response.of_json({"data": data})

    def _own(self, request: Request) -> Media | None:
        return self.network.world.upload_of(self.network.asker(request).id, request.captures["id"])

    def _row(self, media: Media) -> dict[str, Any]:
        return {"id": media.id, "media_key": media_key(media.id), "expires_after_secs": EXPIRES_SECONDS}

    def _answer(self, data: dict[str, Any]) -> Response:
        # Description 2.159 demands a "meta" here that no prose mentions; 2.167 does not forbid it.
        return Response.of_json({"data": data, "meta": {}})


def _sent_whole(request: Request) -> tuple[bytes, str, str]:
    """Return the picture, its type and category, from a form or from JSON."""
    parts = request.parts()
    if parts:
        media = parts.get("media")
        category = parts.get("media_category")
        return (
            (media.content, media.content_type, category.content.decode() if category else "")
            if media
            else (b"", "", "")
        )
    body = request.json()
    return (
        base64.b64decode(body.get("media", "")),
        str(body.get("media_type", "")),
        str(body.get("media_category", "")),
    )
