"""What a page says of itself for a card below its link: Open Graph (ogp.me), else its title and description.

Pages are strangers' work: only the beginning is read, over the pinned-address transport, and its markup is made
harmless and well-formed before anything is looked for in it.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

import nh3
from charset_normalizer import from_bytes

from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Refused
from pluralis.networks.transport import Fetched, fetch_url, sendable

MOST_BYTES = 1024 * 1024
"""Of a page; what it says of itself stands at its beginning, and the rest is not read."""

HTML = ("text/html", "application/xhtml+xml")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9._:-]{1,40})", re.IGNORECASE)
_SNIFFED = 1024  # bytes, html.spec.whatwg.org, "prescan a byte stream to determine its encoding"
_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_ENCODINGS = re.compile(
    r"utf-(8|16)(-sig|-le|-be)?|iso8859-[0-9]+|cp[0-9]+|(shift_|euc_)j\w+|gb\w+|big5\w*|euc_kr|koi8-\w"
)
_ATTRIBUTES = {"meta": {"property", "name", "content"}}
_OF_INTEREST = re.compile(r"<(meta|title|script|style|svg|noscript|template|!--)", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "svg", "noscript", "template")}
_ENDS["!--"] = re.compile("-->")
MOST_PIECES, LONGEST_PIECE = 300, 8192


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself. ``picture`` is a whole address or ``""``."""

    title: str
    description: str
    picture: str


def read_page(url: str, deadline: Deadline, *, title: int, description: int) -> Page:
    """Read a page and return what it says of itself, in at most so many characters each.

    Raises Refused when it is no page, has no title or lies where we do not go, NotNow when it cannot be read.
    """
    found = fetch_url(url, deadline, limit=MOST_BYTES, cut=True)
    if found.content_type not in HTML:
        raise Refused("there is no web page at this address")
    reader = _Reader()
    for piece in _pieces(_text_of(found)):
        reader.read(_harmless(piece))
    said = {name: shown(value) for name, value in reader.said.items()}
    heading = said.get("og:title") or said.get("twitter:title") or shown(reader.title)
    if not heading:
        raise Refused("the page has no title")
    words = said.get("og:description") or said.get("twitter:description") or said.get("description", "")
    picture = said.get("og:image:secure_url") or said.get("og:image") or said.get("twitter:image", "")
    return Page(cut(heading, title), cut(words, description), _whole(found.url, picture))


def shown(text: str) -> str:
    """Return a text as one line that can be stored and shown: no control characters, nothing that turns it round."""
    return " ".join(_NOT_SHOWN.sub(" ", sendable(text)).split())


def cut(text: str, most: int) -> str:
    """Return at most ``most`` characters, with an ellipsis where some are left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _whole(base: str, picture: str) -> str:
    try:
        address = urljoin(base, picture) if picture else ""
    except ValueError:
        return ""
    return address if address.startswith(("https://", "http://")) and len(address) <= 2048 else ""


def _text_of(found: Fetched) -> str:
    """Return the page as text, by what its server says, then what it says itself, then what it looks like."""
    named = _META.search(found.content[:_SNIFFED])
    for name in (found.charset, named[1].decode("ascii") if named else "", "utf-8"):
        try:
            return _decoded(found.content, name)
        except (LookupError, UnicodeError):
            continue
    best = from_bytes(found.content[:65536]).best()
    return found.content.decode(best.encoding if best is not None else "latin-1", "replace")


def _decoded(content: bytes, name: str) -> str:
    """Return a page in a named encoding of texts; its end may be cut in the middle of a character.

    Raises ``LookupError`` for any other: strangers could name what unpacks archives.
    """
    known = codecs.lookup(name)
    if not _ENCODINGS.fullmatch(known.name):
        raise LookupError(name)
    return codecs.getincrementaldecoder(known.name)().decode(content)


def _pieces(markup: str) -> Iterator[str]:
    """Return where a page may say something of itself, in order, each with what follows it.

    Looking goes forward only, and pieces are short: reading a whole page that somebody nested a hundred thousand
    levels deep takes minutes.
    """
    at, count = 0, 0
    while (match := _OF_INTEREST.search(markup, at)) and count < MOST_PIECES:
        name = match[1].lower()
        if name in _ENDS:
            end = _ENDS[name].search(markup, match.end())
            if end is None:
                return
            at = end.end()
        else:
            count += 1
            yield markup[match.start() : match.start() + LONGEST_PIECE]
            at = match.end()


def _harmless(piece: str) -> str:
    return nh3.clean(
        piece, tags={"title", "meta"}, clean_content_tags={"script", "style"}, attributes=_ATTRIBUTES, link_rel=None
    )


class _Reader(HTMLParser):
    """Reads what nh3 has already made well-formed and harmless: the first element of each piece, and of these the
    first of each name."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.title = ""
        self._seen = 0
        self._in_title = False

    def read(self, piece: str) -> None:
        self._seen, self._in_title = 0, False
        self.reset()
        self.feed(piece)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._seen += 1
        if self._seen > 1:
            return
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name", "")).strip().lower()
            if name and given.get("content", "").strip():
                self.said.setdefault(name, given["content"])
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
