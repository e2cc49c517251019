"""MP4 and QuickTime files by their boxes (ISO/IEC 14496-12): what they hold, and where the hidden remarks lie."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

MOST_BOXES = 50_000  # of one file; a fragmented film of hours has some thousand
# Remarks of cameras and programs, the place among them (©xyz in udta, mdta keys in meta, XMP in uuid). What was once
# deleted may still lie in free space.
REMARKS = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip"})
PICTURE, SOUND = b"vide", b"soun"
# Handlers of tracks that hold nothing about where and by whom: subtitles, captions, time code, hints.
HARMLESS = frozenset({PICTURE, SOUND, b"text", b"sbtl", b"subt", b"clcp", b"tmcd", b"hint", b"auxv"})


class Damaged(ValueError):
    """The file does not hold what its own headers say."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its four letters, and where in the file it starts, its content starts, and it ends."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(slots=True)
class Track:
    """One track: what it is for, how it is packed, and how large its picture is shown."""

    handler: bytes = b""
    codec: str = ""
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class Contents:
    """What a file tells of itself. ``remarks`` are the boxes that nobody needs in order to see the film."""

    brand: bytes = b""
    seconds: float | None = None
    tracks: list[Track] = field(default_factory=list)
    remarks: list[Box] = field(default_factory=list)


def read_boxes(stream: BinaryIO, size: int) -> Contents:
    """Return what an MP4 or QuickTime file of ``size`` bytes tells of itself. Raises :class:`Damaged`."""
    found = Contents()
    for box in _children(stream, 0, size):
        if box.kind == b"ftyp":
            found.brand = _bytes(stream, box.body, 4)
        elif box.kind == b"moov":
            _read_film(stream, box, found)
        elif box.kind in REMARKS:
            found.remarks.append(box)
    return found


def wipe(stream: BinaryIO, box: Box) -> None:
    """Make a box free space of the same length, so that nothing else in the file moves."""
    stream.seek(box.start + 4)
    stream.write(b"free")
    zero(stream, box.body, box.end)


def zero(stream: BinaryIO, start: int, end: int) -> None:
    """Overwrite a stretch with zeros."""
    stream.seek(start)
    while start < end:
        start += stream.write(bytes(min(end - start, 65536)))


def _read_film(stream: BinaryIO, film: Box, found: Contents) -> None:
    for box in _children(stream, film.body, film.end):
        if box.kind == b"mvhd":
            found.seconds = _seconds(stream, box)
        elif box.kind == b"trak":
            track = Track()
            _read_track(stream, box, track, found.remarks)
            found.tracks.append(track)
        elif box.kind in REMARKS:
            found.remarks.append(box)


def _read_track(stream: BinaryIO, parent: Box, track: Track, remarks: list[Box]) -> None:
    """Read what is told below a track: its size, its handler and its codec lie at different depths."""
    for box in _children(stream, parent.body, parent.end):
        match box.kind:
            case b"mdia" | b"minf" | b"stbl":
                _read_track(stream, box, track, remarks)
            case b"tkhd":
                track.width, track.height = _shown_size(stream, box)
            case b"hdlr" if parent.kind == b"mdia":
                track.handler = _bytes(stream, box.body + 8, 4)
            case b"stsd":
                track.codec = _bytes(stream, box.body + 12, 4).decode("latin-1").strip()
            case kind if kind in REMARKS:
                remarks.append(box)


def _children(stream: BinaryIO, start: int, end: int) -> Iterator[Box]:
    for _ in range(MOST_BOXES):
        if start >= end:
            return
        if start + 8 > end and not any(_bytes(stream, start, end - start)):
            return  # QuickTime ends some lists with four zeros
        box = _box(stream, start, end)
        yield box
        start = box.end
    raise Damaged("too many boxes")


def _box(stream: BinaryIO, start: int, end: int) -> Box:
    head = _bytes(stream, start, 8)
    length, kind, body = int.from_bytes(head[:4], "big"), head[4:], start + 8
    if length == 1:
        length, body = int.from_bytes(_bytes(stream, body, 8), "big"), body + 8
    stop = end if length == 0 else start + length
    if not body <= stop <= end:
        raise Damaged("a box is longer than what holds it")
    return Box(kind, start, body, stop)


def _seconds(stream: BinaryIO, box: Box) -> float | None:
    """Return the length of the film (mvhd), ``None`` where it is told nowhere, as in fragmented files."""
    if _bytes(stream, box.body, 1) == b"\x01":
        told = _bytes(stream, box.body + 20, 12)
    else:
        told = _bytes(stream, box.body + 12, 8)
    scale, length = int.from_bytes(told[:4], "big"), told[4:]
    if not scale or not any(length) or all(one == 0xFF for one in length):
        return None
    return int.from_bytes(length, "big") / scale


def _shown_size(stream: BinaryIO, box: Box) -> tuple[int, int]:
    """Return width and height in pixels as shown: a film taken upright is stored lying, with a turned matrix."""
    if box.end - box.body < 84:
        raise Damaged("a track header is too short")
    matrix = _bytes(stream, box.end - 44, 36)
    told = _bytes(stream, box.end - 8, 8)
    width, height = int.from_bytes(told[:2], "big"), int.from_bytes(told[4:6], "big")
    turned = not any(matrix[:4]) and not any(matrix[16:20])
    return (height, width) if turned and any(matrix) else (width, height)


def _bytes(stream: BinaryIO, start: int, count: int) -> bytes:
    stream.seek(start)
    found = stream.read(count)
    if len(found) != count:
        raise Damaged("the file is cut off")
    return found
