"""WebM files by their elements (RFC 8794, RFC 9559): what they hold, and where the hidden remarks lie."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from pluralis.posts.boxes import Damaged, Track, zero

MOST_ELEMENTS = 50_000
HEAD, DOC_TYPE, SEGMENT, INFO, TRACKS, TRACK, CLUSTER = (
    0x1A45DFA3, 0x4282, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675,
)  # fmt: skip
SCALE, DURATION, TRACK_TYPE, CODEC, VIDEO, WIDTH, HEIGHT = 0x2AD7B1, 0x4489, 0x83, 0x86, 0xE0, 0xB0, 0xBA
TAGS, ATTACHMENTS, VOID = 0x1254C367, 0x1941A469, 0xEC
HANDLERS = {1: b"vide", 2: b"soun", 0x11: b"text"}


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its id, and where it starts, its content starts, and it ends (``None``: it does not tell)."""

    id: int
    start: int
    body: int
    end: int | None


@dataclass(slots=True)
class Told:
    """What a file tells of itself. ``whole`` is false where a part of unknown length hid what follows."""

    doc_type: str = ""
    seconds: float | None = None
    tracks: list[Track] = field(default_factory=list)
    remarks: list[Element] = field(default_factory=list)
    whole: bool = True


def read_elements(stream: BinaryIO, size: int) -> Told:
    """Return what a WebM file of ``size`` bytes tells of itself. Raises :class:`Damaged`."""
    found = Told()
    for element in _children(stream, 0, size):
        end = size if element.end is None else element.end
        if element.id == HEAD:
            kinds = [_content(stream, one) for one in _children(stream, element.body, end) if one.id == DOC_TYPE]
            found.doc_type = kinds[0].rstrip(b"\0").decode("latin-1") if kinds else ""
        elif element.id == SEGMENT:
            _read_segment(stream, element.body, end, found)
    return found


def wipe_element(stream: BinaryIO, element: Element) -> None:
    """Make an element void space of the same length, so that nothing else in the file moves."""
    assert element.end is not None
    length = element.end - element.start
    head = bytes([VOID, 0x01]) + (length - 9).to_bytes(7, "big") if length >= 9 else bytes([VOID, 0x80 | length - 2])
    stream.seek(element.start)
    stream.write(head)
    zero(stream, element.start + len(head), element.end)


def _read_segment(stream: BinaryIO, start: int, end: int, found: Told) -> None:
    for element in _children(stream, start, end):
        if element.end is None:
            # As browsers record: nobody knows where the rest of it ends without reading every frame.
            found.whole = False
            return
        if element.id == INFO:
            found.seconds = _seconds(stream, element)
        elif element.id == TRACKS:
            tracks = _children(stream, element.body, element.end)
            found.tracks = [_track(stream, one) for one in tracks if one.id == TRACK]
        elif element.id in (TAGS, ATTACHMENTS):
            found.remarks.append(element)


def _seconds(stream: BinaryIO, info: Element) -> float | None:
    told = {one.id: _content(stream, one) for one in _known(stream, info)}
    scale = int.from_bytes(told.get(SCALE, b""), "big") or 1_000_000
    length = told.get(DURATION, b"")
    if len(length) not in (4, 8):
        return None
    (ticks,) = struct.unpack(">f" if len(length) == 4 else ">d", length)
    return ticks * scale / 1e9 if 0 < ticks < 1e15 else None


def _track(stream: BinaryIO, element: Element) -> Track:
    track = Track()
    for one in _known(stream, element):
        if one.id == TRACK_TYPE:
            track.handler = HANDLERS.get(int.from_bytes(_content(stream, one), "big"), b"")
        elif one.id == CODEC:
            track.codec = _content(stream, one).decode("latin-1")
        elif one.id == VIDEO:
            sides = {each.id: int.from_bytes(_content(stream, each), "big") for each in _known(stream, one)}
            track.width, track.height = sides.get(WIDTH, 0), sides.get(HEIGHT, 0)
    return track


def _known(stream: BinaryIO, parent: Element) -> Iterator[Element]:
    if parent.end is None:
        raise Damaged("an element of unknown length")
    return _children(stream, parent.body, parent.end)


def _children(stream: BinaryIO, start: int, end: int) -> Iterator[Element]:
    for _ in range(MOST_ELEMENTS):
        if start >= end:
            return
        element = _element(stream, start, end)
        yield element
        if element.end is None:
            return
        start = element.end
    raise Damaged("too many elements")


def _element(stream: BinaryIO, start: int, end: int) -> Element:
    stream.seek(start)
    head = stream.read(12)
    id_length = _length(head)
    size_length = _length(head[id_length:])
    body = start + id_length + size_length
    size = int.from_bytes(head[id_length : id_length + size_length], "big") & (1 << 7 * size_length) - 1
    identity = int.from_bytes(head[:id_length], "big")
    if size == (1 << 7 * size_length) - 1:
        return Element(identity, start, body, None)
    if id_length > 4 or body + size > end:
        raise Damaged("an element is longer than what holds it")
    return Element(identity, start, body, body + size)


def _length(head: bytes) -> int:
    """Return how many bytes a number of variable length takes, by its first one (RFC 8794, 4)."""
    if not head or not head[0]:
        raise Damaged("the file is cut off")
    length = 9 - head[0].bit_length()
    if len(head) < length:
        raise Damaged("the file is cut off")
    return length


def _content(stream: BinaryIO, element: Element) -> bytes:
    if element.end is None or element.end - element.body > 4096:
        return b""
    stream.seek(element.body)
    return stream.read(element.end - element.body)
