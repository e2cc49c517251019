"""What may be uploaded beside pictures: films, by what their container says; never decoded, never packed anew.

The remarks of cameras (place, device, author) are overwritten where they lie, so that nothing else in the file moves.
"""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from pluralis.posts.boxes import HARMLESS, PICTURE, Damaged, Track, read_boxes, wipe
from pluralis.posts.elements import read_elements, wipe_element
from pluralis.teams.errors import Invalid

SUFFIXES = {"video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm"}
WEBM = b"\x1aE\xdf\xa3"
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Film:
    """A film as its container tells. ``seconds`` is ``None`` where it does not say how long it runs.

    ``uncleaned`` says that it may still tell where it was taken: in a track of data, or behind a part of unknown
    length.
    """

    content_type: str
    size: int
    width: int
    height: int
    seconds: float | None
    codec: str
    uncleaned: bool
    sha256: str = ""

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.content_type]


def is_film(stream: BinaryIO) -> bool:
    """Say by the first bytes whether this is a film and no picture. The stream stands at its beginning afterwards."""
    stream.seek(0)
    head = stream.read(12)
    stream.seek(0)
    return head.startswith(WEBM) or head[4:8] == b"ftyp"


def take_film(stream: BinaryIO, size: int) -> Film:
    """Read the film, overwrite its remarks in place, and return what it is. Raises :class:`Invalid` with the reason.

    ``stream`` must be writable; ``size`` is its length in bytes.
    """
    if size > settings.FILM_MAX_BYTES:
        raise _refusal(_("It is larger than %(most)d MB.") % {"most": settings.FILM_MAX_BYTES // 2**20})
    try:
        stream.seek(0)
        film = _take_webm(stream, size) if stream.read(4) == WEBM else _take_boxes(stream, size)
    except Damaged as error:
        raise _refusal(_("It is damaged or cut off.")) from error
    return Film(*film, sha256=_sha256(stream))


def _take_boxes(stream: BinaryIO, size: int) -> tuple[str, int, int, int, float | None, str, bool]:
    found = read_boxes(stream, size)
    shown = _picture(found.tracks)
    for box in found.remarks:
        wipe(stream, box)
    kind = "video/quicktime" if found.brand == b"qt  " else "video/mp4"
    uncleaned = any(track.handler not in HARMLESS for track in found.tracks)
    return kind, size, shown.width, shown.height, found.seconds, shown.codec, uncleaned


def _take_webm(stream: BinaryIO, size: int) -> tuple[str, int, int, int, float | None, str, bool]:
    found = read_elements(stream, size)
    if found.doc_type != "webm":
        raise _refusal(_("It is not an MP4, MOV or WebM film."))
    shown = _picture(found.tracks)
    for element in found.remarks:
        wipe_element(stream, element)
    uncleaned = not found.whole or any(track.handler not in HARMLESS for track in found.tracks)
    return "video/webm", size, shown.width, shown.height, found.seconds, shown.codec, uncleaned


def _picture(tracks: list[Track]) -> Track:
    """Return the track that is seen."""
    for track in tracks:
        if track.handler == PICTURE:
            return track
    raise _refusal(_("It has no picture, only sound or data."))


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(PIECE):
        digest.update(piece)
    stream.seek(0)
    return digest.hexdigest()


def _refusal(why: str) -> Invalid:
    return Invalid(
        "film_refused",
        _("This film cannot be used.") + " " + why,
        kept=_("Your text and the pictures are kept."),
        next_step=_("Choose another file."),
    )
