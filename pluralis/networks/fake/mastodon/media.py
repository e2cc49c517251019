"""Uploading pictures and films with their description."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.mastodon.asking import fields_of
from pluralis.networks.fake.pictures import film_size, picture_size
from pluralis.networks.fake.world import Media

if TYPE_CHECKING:
    from pluralis.networks.fake.mastodon.network import FakeMastodon

MOST_BYTES = 16 * 1024 * 1024
MOST_FILM_BYTES = 103_809_024
MOST_TEXT = 1500
FILMS = ("video/mp4", "video/quicktime", "video/webm")
TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


class Uploads:
    """The addresses under ``/api/v2/media`` and ``/api/v1/media``."""

    KEPT: ClassVar[tuple[str, ...]] = ("_ready_at",)

    def __init__(self, network: "FakeMastodon") -> None:
        self.network = network
        self._ready_at: dict[str, datetime] = {}

    def upload(self, request: Request) -> Response:
        """Take a picture; 202 while the server works on it."""
        file = request.parts().get("file")
        is_film = file is not None and file.content_type in FILMS
        size = (film_size if is_film else picture_size)(file.content) if file else None
        if file is None or size is None:
            return self.network.refusal(422, "Validation failed: File content type is invalid")
        most = MOST_FILM_BYTES if is_film else MOST_BYTES
        if len(file.content) > most:
            return self.network.refusal(422, f"Validation failed: File must be less than {most // 2**20} MB")
        described = str(fields_of(request).get("description") or "")
        if len(described) > MOST_TEXT:
            return self.network.refusal(422, f"Validation failed: Description is too long (maximum is {MOST_TEXT})")
        kind = file.content_type if file.content_type in (*TYPES, *FILMS) else "image/png"
        media = self.network.world.add_media(self.network.asker(request).id, file.content, kind)
        media.width, media.height = size
        media.alt_text = "" if self.network.moods.standing("speechless", "upload", "") else described
        wait = self.network.clock.shorten(self.network.processing_seconds)
        self._ready_at[media.id] = self.network.clock.now() + timedelta(seconds=wait)
        media.ready = wait == 0
        return Response.of_json(self.network.renderer.media(media), 200 if media.ready else 202)

    def show(self, request: Request) -> Response:
        """Return a picture's state: 206 while the server works on it."""
        media = self._own(request)
        if media is None:
            return self.network.refusal(404, "Record not found")
        media.ready = media.ready or self.network.clock.now() >= self._ready_at[media.id]
        return Response.of_json(self.network.renderer.media(media), 200 if media.ready else 206)

    def describe(self, request: Request) -> Response:
        """Change the description."""
        media = self._own(request)
        if media is None:
            return self.network.refusal(404, "Record not found")
        media.alt_text = str(fields_of(request).get("description") or "")
        return Response.of_json(self.network.renderer.media(media))

    def _own(self, request: Request) -> Media | None:
        return self.network.world.upload_of(self.network.asker(request).id, request.captures["id"])
