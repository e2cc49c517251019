"""One spelling for texts that mean the same: what the word lists and the n-grams are matched against.

``fold`` turns a text into small letters without accents, one space between words, a space at both ends.
Handles, links and numbers lose their content (``@u``, ``http``, ``0``), so that no model can learn a person.
Tricks that hide a word are undone: wide and mathematical letters (NFKC), Greek and Cyrillic twins inside a
Latin word, zero-width marks, digits for letters ("1d10t"), letters set apart ("i d i o t").
"""

import re
import unicodedata

LIMIT = 10_000
"""Code points that are read; what stands behind them does not change the label of a message."""

_TWINS = str.maketrans("аеорсухіјѕԁԛԝɡοαενικρτυχ", "aeopcyxijsdqwgoaevikptux")
_LEET = str.maketrans("013457@$", "oieastas")
_APOSTROPHES = str.maketrans("’‘ʼ´`“”«»„", "'''''\"\"\"\"\"")
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff]"
)
_TOKEN = re.compile(
    r"https?\b\S*|www\.\S+|[a-z0-9-]{2,}\.[a-z]{2,6}/\S*"
    r"|@\w[\w.]*"
    r"|>?[:;=]'?-?[()dp/|*](?!\w)|<3|\^\^"
    r"|\d[\d.,:]*(?![\w])"
    r"|\w+(?:[*'@$]+\w+)*"
    r"|[!?\"$%]|[^\w\s!-~\u00a0-\u00bf\u2000-\u206f]"
)
_ELISION = re.compile(r"(?<!\w)(l|d|j|n|s|c|m|t|qu|jusqu|lorsqu|puisqu)'(?=\w)")
_LONG = re.compile(r"(.)\1{2,}")
_SPACED = re.compile(r"(?<=\s)(?:\w ){2,}\w(?=\s)")
_HAS_DIGIT = re.compile(r"[a-z]\d|\d[a-z]")
_INNER_DIGIT = re.compile(r"[a-z][0134578@$]+[a-z]|^[013457][a-z]{3}")
_DIGITS = re.compile(r"\d+")


def fold(text: str) -> str:
    """Return ``text`` in the one spelling; a blank text gives a single space. Never raises on odd Unicode."""
    text = _plain_letters(text[:LIMIT].lower())
    tokens = [_token(found) for found in _TOKEN.findall(text)]
    folded = f" {' '.join(tokens)} " if tokens else " "
    return _SPACED.sub(_joined, folded)


def _plain_letters(text: str) -> str:
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
        text = _INVISIBLE.sub("", text.translate(_APOSTROPHES))
        text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
        text = "".join(mark for mark in text if not unicodedata.combining(mark))
        text = _without_twins(text)
    return _LONG.sub(r"\1\1", _ELISION.sub(r"\1' ", text))


def _without_twins(text: str) -> str:
    """Greek and Cyrillic letters become Latin only in words that also hold Latin letters."""
    swapped = text.translate(_TWINS)
    if swapped == text:
        return text
    pairs = zip(text.split(" "), swapped.split(" "), strict=True)
    return " ".join(latin if any("a" <= mark <= "z" for mark in word) else word for word, latin in pairs)


def _token(found: str) -> str:
    first = found[0]
    if first == "@":
        return "@u"
    if first.isdigit() and found[-1] in "0123456789.,:":
        return "0"
    if len(found) > 3 and (found.startswith(("http", "www.")) or "/" in found):
        return "http"
    if found.isalpha():
        return found
    return _undisguised(found)


def _undisguised(found: str) -> str:
    if _INNER_DIGIT.search(found):
        found = found.translate(_LEET)
    return _DIGITS.sub("0", found) if _HAS_DIGIT.search(found) else found


def _joined(match: re.Match[str]) -> str:
    return match.group().replace(" ", "")
