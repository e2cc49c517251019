"""The picture of a card: a stranger's, opened and written anew in the size that cards are shown in."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 25_000_000
SIDE = 1200
"""Pixels of the longer side: what networks show, twice over for dense screens."""

MOST_BYTES = 900_000
"""Below the least that any network takes."""

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


def card_picture(content: bytes) -> tuple[bytes, int, int]:
    """Return a picture as a JPEG without metadata, with its width and height.

    ``ValueError`` for what is no picture, a bomb, or so small that it is a counter and not a picture.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS or min(image.size) < 32:
                raise ValueError("too large or too small")
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
    upright.thumbnail((SIDE, SIDE))
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright)
    return _jpeg(flat), *flat.size


def _jpeg(picture: Image.Image) -> bytes:
    for quality in (85, 70, 50):
        buffer = io.BytesIO()
        picture.save(buffer, format="JPEG", quality=quality, optimize=True)
        if buffer.tell() <= MOST_BYTES:
            return buffer.getvalue()
    raise ValueError("too large")
