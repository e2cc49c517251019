"""HTML of other people's posts, reduced to the text that a person reads. No markup leaves this module."""

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any

import nh3

LONGEST = 100_000  # characters of HTML that are looked at; the largest instances allow a few thousand of text

_TAGS = {"p", "br", "a", "span", "li", "ul", "ol", "blockquote", "pre", "div", "h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = {"p", "ul", "ol", "blockquote", "pre", "div", "h1", "h2", "h3", "h4", "h5", "h6"}
# Nobody reads these in a message: they go with all they hold.
_WITH_CONTENT = {"script", "style", "title", "textarea", "template", "noscript", "iframe", "object", "svg", "math"}
_SCHEMES = {"http", "https"}
_ATTRIBUTES = {"a": {"href", "class"}, "span": {"class"}}
# Cc without tab and line feed: no use in a message, and terminals obey some of them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[ \t]+\n")
_LINES = re.compile(r"\n{3,}")


def plain_text(markup: str, mentions: Iterable[Mapping[str, Any]] = ()) -> str:
    """Return the text of a status. ``mentions`` are its entities: their ``url`` tells whose full name to write.

    A link whose words are not its address shows both, so that nobody is sent elsewhere than they read.
    """
    safe = nh3.clean(
        markup[:LONGEST],
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    reader = _Reader({str(one.get("url", "")): str(one.get("acct", "")) for one in mentions})
    reader.feed(safe)
    reader.close()
    text = _CONTROL.sub("", reader.text().replace("\r", "\n"))
    return _LINES.sub("\n\n", _SPACES.sub("\n", text)).strip("\n ")


class _Reader(HTMLParser):
    """Reads what nh3 has already made well-formed and harmless."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._names = names
        self._pieces: list[str] = []
        self._link: tuple[str, str, int] | None = None  # address, class, where its words begin

    def text(self) -> str:
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._pieces.append("\n")
        elif tag == "li":
            self._pieces.append("\n- ")
        elif tag in _BLOCKS and self._pieces:
            self._pieces.append("\n\n")
        elif tag == "a":
            self._link = (given.get("href", ""), given.get("class", ""), len(self._pieces))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            address, kind, start = self._link
            words = "".join(self._pieces[start:])
            self._pieces[start:] = [self._shown(words, address, kind.split())]
            self._link = None
        elif tag in _BLOCKS:
            self._pieces.append("\n\n")

    def _shown(self, words: str, address: str, kinds: list[str]) -> str:
        if "mention" in kinds and address in self._names:
            return f"@{self._names[address]}" if words.startswith("@") else words
        if not address or "mention" in kinds or "hashtag" in kinds or words.startswith("#"):
            return words
        if _same_address(words, address):
            return words
        return address if words.endswith("…") else f"{words} ({address})"

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)


def _same_address(words: str, address: str) -> bool:
    """Say whether the words are the address, as written or without scheme and last slash."""
    return _bare(words) == _bare(address)


def _bare(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address.strip()).rstrip("/")
