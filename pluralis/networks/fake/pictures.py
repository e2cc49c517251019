"""Small pictures made from nothing but a name, and the size of pictures that arrive."""

import struct
import zlib
from hashlib import sha256
from io import BytesIO

from PIL import Image, UnidentifiedImageError

CELLS = 5
CELL_PIXELS = 16


def avatar(name: str) -> bytes:
    """Return a PNG of 80 x 80 pixels: a mirrored pattern in one colour, the same for the same name."""
    digest = sha256(name.encode()).digest()
    colour = bytes(60 + digest[index] % 140 for index in range(3))
    cells = [
        [digest[3 + row * 3 + min(column, CELLS - 1 - column)] & 1 for column in range(CELLS)] for row in range(CELLS)
    ]
    rows = b""
    for row in cells:
        line = b"".join((colour if filled else b"\xf2\xf2\xf5") * CELL_PIXELS for filled in row)
        rows += (b"\x00" + line) * CELL_PIXELS
    side = CELLS * CELL_PIXELS
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, ``None`` when it is no picture."""
    try:
        with Image.open(BytesIO(content)) as image:
            return image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def film_size(content: bytes) -> tuple[int, int] | None:
    """Return ``(0, 0)`` for an MP4, QuickTime or WebM file by its first bytes, ``None`` when it is no film."""
    return (0, 0) if content[4:8] == b"ftyp" or content.startswith(b"\x1aE\xdf\xa3") else None
