"""E-mail addresses, also those spelled out to fool a machine: "marie arobase exemple point fr"."""

import re
from collections.abc import Iterator
from functools import cache

from pluralis.core.data import load_json
from pluralis.core.privacy.model import PROVED, SURE, DataType
from pluralis.core.privacy.reading import Reading, fold
from pluralis.core.privacy.spans import Candidate

# RFC 5321 4.5.3.1: at most 64 octets before the sign; a label of a domain has at most 63 (RFC 1035 2.3.4).
_LONGEST_NAME = 64
_NAME_BEFORE = re.compile(r"[\w.%+'&-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])|(?:[\w-]{1,63}\.){1,8}xn--[\w-]{2,59}")
_SHOUTED = re.compile(
    r"(?<![\w.+-])[a-z0-9][a-z0-9._+-]{0,63}(?:AT|ARROBA|AROBASE)[a-z0-9-]{2,63}(?:DOT|PUNTO|POINT|TITIK)[a-z]{2,12}\b"
)
_SIGN_IN_BRACKETS = re.compile(r"[\[({<*_-] {0,2}@ {0,2}[\])}>*_-]")
_DOTTED = re.compile(r"[a-z0-9]\s?[.,]\s?[a-z]{2}")  # a domain's dot, or the comma of a slip
_SPACES = re.compile(r"\s{0,3}")
_SPACED_NAME = re.compile(r"(?<![\w@.+-])[\w.+%'-]{1,64}\s{1,3}\Z|(?<![\w@.+-])[\w.+%'-]{1,64}\Z")
_OPEN, _CLOSE = r"[\[({<*_\-]{1,2}", r"[\])}>*_\-]{1,2}"


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(fold(word).lower() for word in load_json("privacy_email.json")[name])


def _any_of(name: str) -> str:
    return "|".join(re.escape(word) for word in sorted(_words(name), key=lambda word: (-len(word), word)))


@cache
def _spelled() -> re.Pattern[str]:
    """The sign in one of its written forms, followed by a domain whose dots may be written too."""
    bracketed = rf"\s{{0,3}}{_OPEN}\s{{0,2}}(?:@|{_any_of('at')})\s{{0,2}}{_CLOSE}\s{{0,3}}"
    plain = rf"\s{{1,3}}(?P<alone>{_any_of('at_alone')})\s{{1,3}}"
    proof = rf"\s{{1,3}}(?P<bare>{_any_of('at_with_proof')})\s{{1,3}}"
    return re.compile(rf"(?:(?P<bracketed>{bracketed})|{plain}|{proof})(?P<domain>{_domain()})")


def _domain() -> str:
    """A domain whose dots may be words, in brackets or between spaces, or a comma by a slip of the finger."""
    words = _any_of("dot")
    bracketed = rf"\s{{0,3}}{_OPEN}\s{{0,2}}(?:\.|{words})\s{{0,2}}{_CLOSE}\s{{0,3}}"
    dot = rf"(?:\.|{bracketed}|\s{{1,3}}(?:{words})\s{{1,3}}|\s\.\s?|,(?=\w))"
    label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    return rf"{label}(?:{dot}{label}){{0,3}}{dot}(?:{_any_of('top_level')})(?![\w@])"


@cache
def _spelled_name() -> re.Pattern[str]:
    """What stands before a written sign: a name whose dots and dashes may be written too."""
    join = rf"(?:\s{{1,2}}(?:{_any_of('joined')})\s{{1,2}}|\s?{_OPEN}\s?(?:{_any_of('joined')}|\.)\s?{_CLOSE}\s?)"
    return re.compile(rf"(?<![\w@.+-])(?:[\w.+%-]{{1,40}}{join}){{0,4}}[\w.+%'-]{{1,64}}\Z")


def emails(reading: Reading) -> Iterator[Candidate]:
    """Yield the e-mail addresses of a text, plain or spelled out."""
    if "@" in reading.flat:
        yield from _plain(reading)
    signed = not reading.words.isdisjoint(_words("at")) or _SIGN_IN_BRACKETS.search(reading.flat)
    if signed and (not reading.words.isdisjoint(_words("dot")) or _DOTTED.search(reading.lower)):
        yield from _spelled_out(reading)
    for match in _SHOUTED.finditer(reading.flat) if _may_shout(reading.flat) else ():
        yield Candidate(*match.span(), DataType.EMAIL, SURE)


def _may_shout(flat: str) -> bool:
    return any(sign in flat for sign in ("DOT", "PUNTO", "POINT", "TITIK"))


def _plain(reading: Reading) -> Iterator[Candidate]:
    text = reading.flat
    sign = text.find("@")
    while sign >= 0:
        domain = _DOMAIN.match(text, sign + 1)
        name = domain and _NAME_BEFORE.search(text[max(0, sign - _LONGEST_NAME) : sign])
        if name and domain:
            start = sign - len(name.group())
            # "@alice@social.example" is a handle of the fediverse, not an address.
            if not (start and text[start - 1] == "@"):
                yield Candidate(_without_quote(text, start), domain.end(), DataType.EMAIL, PROVED)
        else:
            yield from _spaced(reading, sign)
        sign = text.find("@", sign + 1)


def _spaced(reading: Reading, sign: int) -> Iterator[Candidate]:
    """An address with spaces around its sign: "ann.lee @ gmail.com", but not "see you @ gmail.com"."""
    text = reading.lower
    gap = _SPACES.match(text, sign + 1)
    domain = gap and _DOMAIN.match(text, gap.end())
    begin = max(0, sign - _LONGEST_NAME)
    name = domain and _SPACED_NAME.search(text[begin:sign])
    if domain and name:
        written = name.group().strip()
        provider = domain.group().split(".")[0] in _words("providers")
        if written not in _words("never_a_name") and (provider or not written.isalpha()):
            yield Candidate(begin + name.start(), domain.end(), DataType.EMAIL, SURE)


def _without_quote(text: str, start: int) -> int:
    while text[start] in "'.-&%+":
        start += 1
    return start


def _spelled_out(reading: Reading) -> Iterator[Candidate]:
    text = reading.lower
    for match in _spelled().finditer(text):
        begin = max(0, match.start() - 3 * _LONGEST_NAME)
        name = _spelled_name().search(text[begin : match.start()])
        if name and _is_address(name.group(), match, reading):
            yield Candidate(begin + name.start(), match.end(), DataType.EMAIL, SURE)


def _is_address(name: str, match: re.Match[str], reading: Reading) -> bool:
    """Whether a written sign between ``name`` and a domain makes an address, not "look at shop.example"."""
    if match["bracketed"] or match["alone"]:
        return True
    if name in _words("never_a_name"):
        return False
    first_label = re.split(r"\W", match["domain"], maxsplit=1)[0]
    written_dot = "." not in match["domain"]
    announced = not reading.words.isdisjoint(_words("announced_by"))
    return first_label in _words("providers") or (written_dot and (announced or not name.isalpha()))


def unspelled(address: str) -> str:
    """Return an address as it is sent to, lower-case: "Marie arobase exemple point fr" -> "marie@exemple.fr"."""
    text = address.lower()
    if "@" not in text:
        text = _spelled_sign().sub("@", text, count=1)
    text = _spelled_dot().sub(".", text)
    return re.sub(r"[\s\[\](){}<>*]+", "", text)


@cache
def _spelled_sign() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{_any_of('at')})(?![^\W_])")


@cache
def _spelled_dot() -> re.Pattern[str]:
    return re.compile(rf"(?<=[\s\[(<{{])(?:{_any_of('dot')})(?=[\s\])>}}])")
