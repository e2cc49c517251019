"""Links in a text, found as X's twitter-text 3.1.0 finds them, in linear time.

twitter-text looks for links with one large regular expression that starts again at every character. Here the
text is cut once into stretches of characters a host name may have; each stretch is read label by label from its
end, so every character is looked at a bounded number of times and the result is the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pluralis.core.data import load_lines

LATIN_ACCENTS = "À-ÖØ-öø-ɏɓɔɖɗəɛɣɨɯɲʉʋʻ\u0300-\u036fḀ-ỿ"
PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
SPACES = "\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
FORBIDDEN = "\ufffe\ufeff\uffff"
DIRECTIONS = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"

_LONGEST_URL, _LONGEST_LABEL, _LONGEST_SHORTENED = 4096, 63, 40
_LABEL = f"[^{PUNCTUATION}{SPACES}{FORBIDDEN}{DIRECTIONS}]"
_STRETCH = re.compile(f"(?:{_LABEL}|[_.-])++")
_DOTTED = re.compile(rf"\.{_LABEL}")
_START = re.compile(f"(?:(?<=[^A-Za-z0-9@＠$#＃{FORBIDDEN}])|\\A){_LABEL}")
_IDEOGRAPHIC_STOPS = re.compile("[。．｡]")
_SCHEME = re.compile(r"https?\Z", re.IGNORECASE)
_BEFORE = re.compile(f"[^A-Za-z0-9@＠$#＃{FORBIDDEN}]")
_PLAIN_LABEL = re.compile(f"[-a-z0-9{LATIN_ACCENTS}]+\\Z", re.IGNORECASE)
_WORD = re.compile("[0-9a-z]+", re.IGNORECASE)
_PUNYCODE = re.compile("xn--[-0-9a-z]+", re.IGNORECASE)

_PATH_CHARACTER = f"[a-zЀ-ӿ0-9!*';:=+,.$/%#\\[\\]\\-–_~@|&{LATIN_ACCENTS}]"
_PARENTHESES = rf"\((?:{_PATH_CHARACTER}+|(?:{_PATH_CHARACTER}*\({_PATH_CHARACTER}+\){_PATH_CHARACTER}*))\)"
_PATH_END = rf"(?:[+\-a-zЀ-ӿ0-9=_#/{LATIN_ACCENTS}]|{_PARENTHESES})"
_PATH = rf"(?:{_PATH_CHARACTER}*(?:{_PARENTHESES}{_PATH_CHARACTER}*)*{_PATH_END}|@{_PATH_CHARACTER}+/)"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
_REST = re.compile(rf"(?::[0-9]+)?(/{_PATH}*)?({_QUERY})?", re.IGNORECASE)
_SHORTENED = re.compile(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY})?", re.IGNORECASE)


def url_spans(text: str, *, bare: bool) -> list[tuple[int, int]]:
    """Return start and end of each link, in code points, left to right.

    ``bare`` also takes links without a scheme, such as ``example.com/path``; otherwise only http and https.
    """
    if not _DOTTED.search(text) or not (bare or "://" in text):
        return []
    return list(_Search(text, bare).spans())


@dataclass(slots=True)
class _Search:
    """One pass over a text. ``last`` is the end of the last candidate: a link begins behind the sign after it."""

    text: str
    bare: bool
    last: int = 0

    def spans(self) -> Iterator[tuple[int, int]]:
        for stretch in _STRETCH.finditer(self.text):
            if stretch.end() > self.last and "." in stretch.group():
                yield from self._in_stretch(_Labels(self.text, *stretch.span()))

    def _in_stretch(self, labels: "_Labels") -> Iterator[tuple[int, int]]:
        start = self._scheme_before(labels.start)
        if start is not None and labels.whole[0]:
            yield from self._with_scheme(start, labels.start, labels.whole[0])
        for number, span in enumerate(labels.spans):
            while span[1] > self.last and (found := self._host_in(labels, number)):
                yield from self._without_scheme(*found)

    def _scheme_before(self, host: int) -> int | None:
        """Return where ``http://`` begins that ends at ``host``, if a link may begin there."""
        if not self.text.startswith("://", host - 3) or host < 3:
            return None
        scheme = _SCHEME.search(self.text, max(host - 8, 0), host - 3)
        return scheme.start() if scheme and self._may_begin(scheme.start()) else None

    def _may_begin(self, start: int) -> bool:
        if start == 0:
            return True
        return start > self.last and _BEFORE.match(self.text, start - 1) is not None

    def _host_in(self, labels: "_Labels", number: int) -> tuple[int, int] | None:
        """Return the first host name that begins in this label: its start, and its end at a known domain."""
        begin, end = labels.spans[number]
        host_end = labels.far[number]
        if not host_end:
            host_end = labels.near[number]
            begin = max(begin, self.text.rfind("_", begin, end) + 1)
        if self.last:
            begin = max(begin, self.last + 1)
        found = _START.search(self.text, begin, end) if host_end and begin < end else None
        return (found.start(), host_end) if found else None

    def _with_scheme(self, start: int, host: int, host_end: int) -> Iterator[tuple[int, int]]:
        end, _ = self._rest(host_end)
        if not self._is_valid(host, host_end, host - start + end - start):
            return
        shortened = _SHORTENED.match(self.text, start, end)
        if shortened and len(shortened[1]) > _LONGEST_SHORTENED:
            return
        yield start, shortened.end() if shortened else end

    def _without_scheme(self, start: int, host_end: int) -> Iterator[tuple[int, int]]:
        end, has_path = self._rest(host_end)
        if not self.bare or (start and self.text[start - 1] in "-_./"):
            return
        if not self._is_valid(start, host_end, len("https://") + end - start):
            return
        pieces = _plain_hosts(self.text, start, host_end)
        if pieces and has_path:
            pieces[-1] = (pieces[-1][0], end)
        yield from pieces

    def _rest(self, host_end: int) -> tuple[int, bool]:
        """Return where port, path and query end, and whether there is a path; the search goes on from there."""
        rest = _REST.match(self.text, host_end)
        self.last = rest.end() if rest else host_end
        return self.last, bool(rest and rest[1])

    def _is_valid(self, start: int, end: int, length: int) -> bool:
        """Whether the host name can be encoded for the DNS and the link is not too long."""
        host = self.text[start:end]
        if length > _LONGEST_URL or (host.startswith("xn--") and not _plain_hosts(self.text, start, end)):
            return False
        return all(0 < _encoded_length(label) <= _LONGEST_LABEL for label in host.split("."))


class _Labels:
    """The labels of one stretch, and where the host names end that begin in them.

    A host name is any number of subdomains, one domain without underscore and a top-level domain; it runs to the
    last top-level domain that such a chain reaches. For each label, 0 standing for none: ``whole`` is that end
    for a name that begins with the whole label, ``far`` for one that begins anywhere in it and goes beyond the
    next label, ``near`` for one whose top-level domain is the next label.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.start = start
        self.spans: list[tuple[int, int]] = []
        for label in text[start:end].split("."):
            self.spans.append((start, start + len(label)))
            start += len(label) + 1
        count = len(self.spans)
        self.whole, self.far, self.near = [0] * count, [0] * count, [0] * count
        for number in range(count - 2, -1, -1):
            self._read(text, number)

    def _read(self, text: str, number: int) -> None:
        begin, end = self.spans[number]
        if begin == end or text[end - 1] in "_-":
            return
        self.far[number] = self.whole[number + 1]
        self.near[number] = _domain_end(text, *self.spans[number + 1])
        if text[begin] not in "_-":
            near = self.near[number] if "_" not in text[begin:end] else 0
            self.whole[number] = self.far[number] or near


def _domain_end(text: str, start: int, end: int) -> int:
    """Return where the top-level domain ends that a label begins with, or 0."""
    word = _WORD.match(text, start, end)
    if word and word.group().lower() in _domains() and _is_delimited(text, word.end()):
        return word.end()
    if encoded := _PUNYCODE.match(text, start, end):
        return encoded.end()
    longest = 0
    for domain in _foreign_domains().get(text[start : start + 1].lower(), ()):
        stop = start + len(domain)
        if stop <= end and text[start:stop].lower() == domain and _is_delimited(text, stop):
            longest = max(longest, stop)
    return longest


def _is_delimited(text: str, end: int) -> bool:
    """Whether a top-level domain may end here: no letter or digit, no ``@``, ``+`` or ``-`` follows."""
    following = text[end : end + 1]
    return not (following in ("@", "+", "-") or (following.isascii() and following.isalnum()))


def _plain_hosts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of a host name written in Latin letters only: a link without a scheme has no others."""
    hosts: list[tuple[int, int]] = []
    chain, chain_end = -1, 0
    for label in text[start:end].split("."):
        stop = start + len(label)
        if chain >= 0:
            chain_end = min(_domain_end(text, start, stop), end) or chain_end
        plain = _PLAIN_LABEL.search(label)
        if plain is None or plain.start() > 0:
            if chain_end:
                hosts.append((chain, chain_end))
            chain, chain_end = (-1 if plain is None else start + plain.start()), 0
        elif chain < 0:
            chain = start
        start = stop + 1
    return [*hosts, (chain, chain_end)] if chain_end else hosts


def _encoded_length(label: str) -> int:
    """Return the length of a label in the DNS, where other letters are written in Punycode."""
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return len(label)
    total = 0
    for part in _IDEOGRAPHIC_STOPS.split(label):
        total += len(part) + 1 if part.isascii() else len(part.encode("punycode", "replace")) + len("xn--") + 1
    return total - 1


@cache
def _domains() -> frozenset[str]:
    return frozenset(name for name in load_lines("tld.txt") if name.isascii())


@cache
def _foreign_domains() -> dict[str, list[str]]:
    """Top-level domains in other letters, by their first character."""
    groups: dict[str, list[str]] = {}
    for name in load_lines("tld.txt"):
        if not name.isascii():
            groups.setdefault(name[0], []).append(name)
    return groups


def is_known_domain(label: str) -> bool:
    """Whether ``label`` is a top-level domain, in Latin letters or others."""
    return label.lower() in _domains() or label.lower() in _foreign_domains().get(label[:1].lower(), ())
