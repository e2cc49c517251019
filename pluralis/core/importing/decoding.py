"""From bytes to text. What the bytes do not tell is never guessed silently: every reading is offered."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from pluralis.core.importing.problems import Unreadable
from pluralis.core.importing.tables import Guess

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_USUAL = ("cp1252", "iso8859_15", "mac_roman", "cp1250", "cp1251", "cp850")
"""What spreadsheets of Windows and of the Mac save in Europe and the Americas."""

_SIGNS = (
    (b"%PDF", "is_pdf"),
    (b"\x89PNG", "is_picture"),
    (b"\xff\xd8\xff", "is_picture"),
    (b"GIF8", "is_picture"),
    (b"{\\rtf", "is_document"),
    (b"\x1f\x8b", "is_archive"),
)
_WESTERN = frozenset("àâäáãåæçéèêëíîïìñóôöòõøœúûüùÿÀÂÄÁÃÅÆÇÉÈÊËÍÎÏÌÑÓÔÖÒÕØŒÚÛÜÙŸß¿¡«»€£°ºª·–—‘’“”„…•\u00a0")
_LOOK = 200_000
MOST_GUESSES = 6


def decode(content: bytes, encoding: str = "") -> tuple[str, str, tuple[Guess, ...]]:
    """Return the text, the encoding it was read with, and the readings to choose from where nothing tells.

    Raises :class:`Unreadable` for what is no text, and for an ``encoding`` that does not fit the bytes.
    """
    for sign, code in _SIGNS:
        if content.startswith(sign):
            raise Unreadable(code)
    if encoding:
        return _chosen(content, encoding), encoding, ()
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _chosen(content, name), name, ()
    if wide := _without_mark(content):
        return _chosen(content, wide), wide, ()
    try:
        return content.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        guesses = _guesses(content)
    if not guesses:
        raise Unreadable("no_text")
    return _chosen(content, guesses[0].encoding), guesses[0].encoding, guesses


def _chosen(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable("wrong_encoding", encoding=encoding) from error


def _without_mark(content: bytes) -> str:
    """Return UTF-16's name where every other byte of a text is null, as when it was saved without its mark."""
    sample = content[:_LOOK]
    if len(sample) < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else ""


def _guesses(content: bytes) -> tuple[Guess, ...]:
    """Return the readings under which the bytes are text, likeliest first, each with a piece that differs."""
    sample = content[:_LOOK]
    if _is_binary(sample):
        return ()
    likely = [match.encoding for match in from_bytes(sample)][:MOST_GUESSES]
    if _is_western(content):
        likely.insert(0, "cp1252")
    found: dict[str, Guess] = {}
    for name in dict.fromkeys([*likely, *_USUAL]):
        try:
            text = content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        piece = _telling_piece(text)
        found.setdefault(piece, Guess(name, piece))
    return tuple(found.values())[:MOST_GUESSES]


def _is_western(content: bytes) -> bool:
    """Say whether all that is not ASCII would be usual letters and signs of Western Europe."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return all(one in _WESTERN for one in text if ord(one) > 127)


def _is_binary(sample: bytes) -> bool:
    odd = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return odd > 0.02 * len(sample)


def _telling_piece(text: str) -> str:
    """Return up to three words with letters beyond ASCII, by which a person sees whether a reading is right."""
    words = re.findall(r"\S*[^\x00-\x7f]\S*", text[:_LOOK])
    shown = ["".join(one for one in word if unicodedata.category(one)[0] != "C")[:40] for word in words[:200]]
    return " ".join(list(dict.fromkeys(filter(None, shown)))[:3])
