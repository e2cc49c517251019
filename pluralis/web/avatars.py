"""Faces of people outside, through our own address: strangers' servers never learn who looks, and send no code.

A picture is read once through the pinned-address transport, opened and written anew in a small size, and kept
beside the data, not in backups. What cannot be read is not asked for again for an hour.
"""

import hashlib
import io
import os
import threading
import time
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError
from pluralis.networks.transport import fetch_url

MOST_BYTES = 2 * 2**20
MOST_PIXELS = 16_000_000
SIDE = 160
"""Pixels: twice the largest face on the desk, for dense screens."""

FETCH_SECONDS = 4.0
TRY_AGAIN_SECONDS = 3600
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
CONTENT_TYPE = "image/webp"

# A page with fifty faces must not hold every thread of the desk while a slow server thinks.
_fetching = threading.BoundedSemaphore(2)


def face_of(url: str) -> bytes | None:
    """Return the picture at ``url`` as a small square WebP, or ``None`` when there is none to be had now."""
    if not url.startswith(("https://", "http://")):
        return None
    kept = _place(url)
    if kept.exists():
        content = kept.read_bytes()
        if content or time.time() - kept.stat().st_mtime < TRY_AGAIN_SECONDS:
            return content or None
    if not _fetching.acquire(blocking=False):
        return None
    try:
        return _keep(kept, _fetch(url))
    finally:
        _fetching.release()


def _place(url: str) -> Path:
    name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
    return Path(settings.ENVIRONMENT.data_dir) / "avatars" / name[:2] / f"{name}.webp"


def _fetch(url: str) -> bytes:
    """Return the picture written anew, ``b""`` for whatever is none."""
    try:
        return small(fetch_url(url, Deadline.after(FETCH_SECONDS), limit=MOST_BYTES).content)
    except (NetworkError, ValueError):
        return b""


def small(content: bytes) -> bytes:
    """Return a picture as a small square WebP without metadata. ``ValueError`` for what is no picture, or a bomb."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            upright = ImageOps.exif_transpose(image).convert("RGBA")
            square = ImageOps.fit(upright, (min(SIDE, *upright.size),) * 2)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
    buffer = io.BytesIO()
    square.save(buffer, format="WEBP", quality=80)
    return buffer.getvalue()


def _keep(kept: Path, content: bytes) -> bytes | None:
    """Keep a picture, or the note that there is none; a full disk costs a second look, not the page."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        draft.write_bytes(content)
        draft.replace(kept)
    except OSError:
        pass
    return content or None
