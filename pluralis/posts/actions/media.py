"""Taking pictures and films in."""

import os
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile, File

from pluralis.posts.films import is_film, take_film
from pluralis.posts.models import Media
from pluralis.posts.pictures import read_picture
from pluralis.teams.access import Ability, require
from pluralis.teams.models import Membership


def add_media(
    *, actor: Membership, content: BinaryIO, alt_text: str, now: datetime, decorative: bool = False
) -> Media:
    """Store a picture or film, told apart by content. ``content`` must be writable. Raises :class:`Invalid`."""
    add = add_film if is_film(content) else add_picture
    return add(actor=actor, content=content, alt_text=alt_text, now=now, decorative=decorative)


def add_picture(
    *, actor: Membership, content: BinaryIO | bytes, alt_text: str, now: datetime, decorative: bool = False
) -> Media:
    """Store a picture: typed by its content, without its place of origin. Raises :class:`Invalid` with the reason."""
    require(actor, Ability.WRITE)
    picture = read_picture(content if isinstance(content, bytes) else content.read())
    media = Media(
        team_id=actor.team_id,
        content_type=picture.content_type,
        size_bytes=len(picture.content),
        width=picture.width,
        height=picture.height,
        sha256=picture.sha256,
        alt_text=alt_text.strip(),
        decorative=decorative,
        created_by=actor,
        created_at=now,
    )
    media.file.save(f"{media.id}{picture.suffix}", ContentFile(picture.content), save=False)
    media.save(force_insert=True)
    return media


def add_film(
    *, actor: Membership, content: BinaryIO | bytes, alt_text: str, now: datetime, decorative: bool = False
) -> Media:
    """Store a film, its remarks overwritten in ``content`` itself: a file on disk is never read into memory whole.

    Raises :class:`Invalid` with the reason.
    """
    require(actor, Ability.WRITE)
    stream = BytesIO(content) if isinstance(content, bytes) else content
    film = take_film(stream, stream.seek(0, os.SEEK_END))
    media = Media(
        team_id=actor.team_id,
        content_type=film.content_type,
        size_bytes=film.size,
        width=film.width,
        height=film.height,
        sha256=film.sha256,
        alt_text=alt_text.strip(),
        decorative=decorative,
        seconds=film.seconds,
        codec=film.codec[:64],
        uncleaned=film.uncleaned,
        created_by=actor,
        created_at=now,
    )
    media.file.save(f"{media.id}{film.suffix}", File(stream), save=False)
    media.save(force_insert=True)
    return media
