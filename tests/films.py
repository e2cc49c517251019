"""Films of a few bytes: every header that is read, and nothing that would be seen."""

import struct

PLACE = b"+59.9139+010.7522/"


def box(kind: bytes, *content: bytes) -> bytes:
    """Return one box of an MP4 or QuickTime file."""
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def track(
    handler: bytes = b"vide", codec: bytes = b"avc1", size: tuple[int, int] = (64, 36), turned: bool = False
) -> bytes:
    """Return a track; ``turned`` as a telephone held upright writes it."""
    flat, unit = struct.pack(">i", 0), struct.pack(">i", 0x10000)
    first = [flat, unit, flat, struct.pack(">i", -0x10000), flat] if turned else [unit, flat, flat, flat, unit]
    matrix = b"".join([*first, flat, flat, flat, struct.pack(">i", 0x40000000)])
    header = box(b"tkhd", bytes(4 + 20 + 16), matrix, struct.pack(">HHHH", size[0], 0, size[1], 0))
    table = box(b"stbl", box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(8))))
    return box(b"trak", header, box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13)), box(b"minf", table)))


def mp4(
    seconds: float = 3.0, *, brand: bytes = b"isom", tracks: tuple[bytes, ...] | None = None, remarks: bytes = b"",
    frames: int = 64,
) -> bytes:  # fmt: skip
    """Return a film with the place where it was taken in its remarks, and ``frames`` bytes of frames."""
    told = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0), PLACE))
    head = box(b"mvhd", bytes(12), struct.pack(">II", 1000, round(seconds * 1000)), bytes(80))
    shown = (track(), track(b"soun", b"mp4a")) if tracks is None else tracks
    moov = box(b"moov", head, *shown, told)
    return box(b"ftyp", brand, bytes(4), b"isom") + moov + remarks + box(b"mdat", b"\x01" * frames)


def element(identity: str, *content: bytes, length: int | None = None) -> bytes:
    """Return one element of a WebM file; ``length`` 0 leaves its end untold."""
    body = b"".join(content)
    size = b"\x01" + b"\xff" * 7 if length == 0 else b"\x01" + len(body).to_bytes(7, "big")
    return bytes.fromhex(identity) + size + body


def webm(
    seconds: float | None = 3.0, *, doc_type: bytes = b"webm", live: bool = False, kind: bytes = b"\x01"
) -> bytes:
    """Return a film; ``live`` as a browser records it, with a cluster of unknown length in front of the tags."""
    length = b"" if seconds is None else element("4489", struct.pack(">d", seconds * 1000))
    info = element("1549A966", element("2AD7B1", (1_000_000).to_bytes(3, "big")), length)
    video = element("E0", element("B0", b"\x00\x40"), element("BA", b"\x24"))
    tracks = element("1654AE6B", element("AE", element("83", kind), element("86", b"V_VP9"), video))
    tags = element("1254C367", element("7373", PLACE))
    cluster = element("1F43B675", b"\x01" * 32, length=0 if live else None)
    return element("1A45DFA3", element("4282", doc_type)) + element("18538067", info, tracks, cluster, tags)
