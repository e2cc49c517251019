"""What may be uploaded: pictures by their content, within bounds, without the place they were taken."""

import hashlib
import io
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from pluralis.teams.errors import Invalid

_FORMATS = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "GIF": ("image/gif", ".gif"),
            "WEBP": ("image/webp", ".webp")}  # fmt: skip
MOST_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was opened and written again by us."""

    content: bytes
    content_type: str
    suffix: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_picture(content: bytes) -> Picture:
    """Return the picture without metadata, turned the way it was taken. Raises :class:`Invalid`.

    The type is what the bytes are, not what the name says: no SVG, no HTML, no bombs.
    """
    if len(content) > settings.MEDIA_MAX_BYTES:
        raise _refusal(_("It is larger than %(most)d MB.") % {"most": settings.MEDIA_MAX_BYTES // 2**20})
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_FORMATS)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _refusal(_("It has more than %(most)d million pixels.") % {"most": MOST_PIXELS // 1_000_000})
            return _rewrite(image, content)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refusal(_("It is not a JPEG, PNG, GIF or WebP picture, or it is damaged.")) from error


def _rewrite(image: Image.Image, content: bytes) -> Picture:
    content_type, suffix = _FORMATS[image.format or ""]
    if getattr(image, "is_animated", False):
        image.load()
        return Picture(content, content_type, suffix, image.width, image.height)
    upright = ImageOps.exif_transpose(image)
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    if upright.mode == "P" and upright.palette is not None:
        clean.putpalette(upright.getpalette() or [])
    buffer = io.BytesIO()
    clean.save(buffer, format=image.format, quality=92, icc_profile=image.info.get("icc_profile"))
    return Picture(buffer.getvalue(), content_type, suffix, clean.width, clean.height)


def _refusal(why: str) -> Invalid:
    return Invalid(
        "picture_refused",
        _("This picture cannot be used.") + " " + why,
        kept=_("Your text and the other pictures are kept."),
        next_step=_("Choose another file."),
    )
