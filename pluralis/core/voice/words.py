"""A text as words with their places, made once and read by every rule.

Tricks that would hide a word are undone here and nowhere else: decomposed accents, zero-width and direction
marks, letters of other alphabets that look Latin. Links, handles, hashtags, e-mail addresses and HTML tags are
not words of the writer and are left out.
"""

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
_OPAQUE = re.compile(
    r"https?://\S+|\bwww\.\S+"  # links
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"  # e-mail addresses
    r"|[@#＠＃]\w+"  # handles and hashtags
    r"|\b[\w-]{1,64}\.(?:com|org|net|id|fr|es|co|uk|io|app|gov)\b\S*"  # bare domains
    r"|</?[a-zA-Z][^<>]{0,200}>|&#?\w{2,8};"  # HTML
)
# Without one of these no text holds anything opaque; it saves the longer look.
_MAY_BE_OPAQUE = re.compile(r"[@#＠＃<&]|://|www\.|\.(?:com|org|net|id|fr|es|co|uk|io|app|gov)\b")
# Anything here sends the text down the slow road of `_plain`.
_ODD = re.compile(
    "[\u00ad\u0130\u0300-\u036f\u0370-\u052f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u2160-\u217f"
    "\ufe00-\ufe0f\ufeff\uff00-\uff5e\U0001d400-\U0001d7ff\U000e0000-\U000e007f]"
)
_LOOKS_LATIN = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχІЅЈАВЕКМНОРСТУХіѕјаеорсухӀ",
    "ABEZHIKMNOPTYXaiKvoptuxISJABEKMHOPCTYXisjaeopcyxI",
)
_ESCAPED = frozenset({"&#39;", "&#x27;", "&apos;", "&rsquo;"})
_APOSTROPHES = frozenset("'’ʼ‘`´′＇")


@dataclass(slots=True)
class Words:
    """The words of one text. ``low[i]`` is word *i* in lower case, standing at ``starts[i]:ends[i]`` of ``text``.

    ``text`` is the plain twin of what was typed; ``origin`` maps its offsets back, or is ``None`` when the two
    are the same.
    """

    typed: str
    text: str
    low: list[str]
    starts: list[int]
    ends: list[int]
    origin: list[int] | None
    _shouted: bool | None = None

    @property
    def shouted(self) -> bool:
        """Whether most words of the text are in capitals."""
        if self._shouted is None:
            long = [place for place in range(len(self.low)) if len(self.low[place]) > 1]
            self._shouted = sum(self.word(place).isupper() for place in long) * 2 > len(long)
        return self._shouted

    def gap(self, index: int) -> str:
        """Return what stands between the word before ``index`` and the word at ``index``."""
        start = self.ends[index - 1] if index else 0
        end = self.starts[index] if index < len(self.starts) else len(self.text)
        return self.text[start:end]

    def word(self, index: int) -> str:
        """Return word ``index`` as it was typed, or the empty string outside the text."""
        if 0 <= index < len(self.low):
            return self.text[self.starts[index] : self.ends[index]]
        return ""

    def at(self, index: int) -> str:
        """Return word ``index`` in lower case, or the empty string outside the text."""
        return self.low[index] if 0 <= index < len(self.low) else ""

    def typed_place(self, start: int, end: int) -> tuple[int, int]:
        """Return a place in ``text`` as offsets into what was typed."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end]


def is_apostrophe(gap: str) -> bool:
    """Return whether a gap is one apostrophe, of whichever shape a keyboard makes."""
    return gap in _APOSTROPHES or gap in _ESCAPED


def is_odd(text: str) -> bool:
    """Return whether a text holds anything that :func:`split` must undo before it can compare words."""
    return not text.isascii() and _ODD.search(text) is not None


def split(text: str) -> Words:
    """Return the words of a text of any kind and length; never raises."""
    plain, origin = _plain(text) if is_odd(text) else (text, None)
    low: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    lowered = plain.lower()
    if len(lowered) != len(plain):  # a letter whose small form is two characters would shift every place after it
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in plain)
    for first, last in _clear_stretches(plain):
        for match in _WORD.finditer(lowered, first, last):
            start, end = match.span()
            low.append(match[0])
            starts.append(start)
            ends.append(end)
    return Words(text, plain, low, starts, ends, origin)


def _clear_stretches(text: str) -> list[tuple[int, int]]:
    if not _MAY_BE_OPAQUE.search(text):
        return [(0, len(text))]
    stretches = []
    start = 0
    for match in _OPAQUE.finditer(text):
        stretches.append((start, match.start()))
        start = match.end()
    stretches.append((start, len(text)))
    return stretches


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the text composed, without invisible marks and look-alikes, and each character's origin.

    The origins carry one more entry, the length of what was typed, so that an end of a place maps too.
    """
    latin = sum("a" <= char.lower() <= "z" for char in text)
    foreign = sum("\u0370" <= char <= "\u052f" for char in text)
    table = _LOOKS_LATIN if latin > foreign else {}
    characters: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        for piece in _visible(char).translate(table):
            if characters and unicodedata.combining(piece):
                composed = unicodedata.normalize("NFC", characters[-1] + piece)
                if len(composed) == 1:
                    characters[-1] = composed
                    continue
            characters.append(piece)
            origin.append(place)
    origin.append(len(text))
    return "".join(characters), origin


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return ""
    if char == "\u0130":
        return "I"
    if category == "Nl" or char >= "\uff00":
        return unicodedata.normalize("NFKC", char)
    return char
