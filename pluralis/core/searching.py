"""Text cut into what can be found: the words that are stored of a message, and what was typed as a question.

Both sides are cut here and by the same rule, not by the database's parser, which knows no Chinese words and takes
``and/or`` for a file. Scripts without blanks between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are cut
into overlapping pairs, so that any two neighbouring characters are found. No stemming: a search for *delay* finds
*delay*, and ``delay*`` finds *delays* and *delayed*, alike in every language, Malay included, which has no stemmer.
"""

import re
from dataclasses import dataclass

from pluralis.core.folding import fold

LONGEST_WORD = 60
MOST_WORDS = 2_000
MOST_ASKED = 8
SHORTEST_BEGINNING = 3

_NO_BLANKS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
_LETTER = rf"(?:[^\W_{_NO_BLANKS}]|[\u0900-\u0dff])"  # the vowel signs of India's scripts are no letters to Python
_PIECES = re.compile(rf"[{_NO_BLANKS}]+|{_LETTER}+")
_ASKED = re.compile(r"(?P<without>-?)(?P<text>[^\s\"]+)|\"(?P<phrase>[^\"]*)\"?")
_ALONE = re.compile(rf"[{_NO_BLANKS}]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: words that must all be there, beginnings of words, phrases, and words that must not."""

    words: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing is left to look for: what must be absent does not find anything alone."""
        return not (self.words or self.beginnings)


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in their order, folded; at most :data:`MOST_WORDS`."""
    found: list[str] = []
    for piece in _PIECES.findall(fold(text)):
        found += _cut(piece)
        if len(found) >= MOST_WORDS:
            break
    return found[:MOST_WORDS]


def indexed(text: str) -> str:
    """Return ``text`` as it is stored for searching: its words, parted by single blanks."""
    return " ".join(words_of(text))


def asked(typed: str) -> Asked:
    """Return what was typed into a search box as a question.

    ``delay*`` asks for a beginning (of three letters at least), ``"no network"`` for words side by side,
    ``-fibre`` for messages without the word. Everything else are words that must all be there.
    """
    words: list[str] = []
    beginnings: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    for match in _ASKED.finditer(typed.replace("\x00", "")):
        if match["phrase"] is not None:
            said = _said(match["phrase"])
            words += said
            phrases += [" ".join(said)] if len(said) > 1 else []
        elif match["without"]:
            without += words_of(match["text"])
        else:
            _sort(match["text"], words, beginnings)
    return Asked(
        tuple(dict.fromkeys(words))[:MOST_ASKED], tuple(beginnings)[:2], tuple(phrases)[:2], tuple(without)[:4]
    )


def _sort(text: str, words: list[str], beginnings: list[str]) -> None:
    found = _said(text)
    alone = bool(found) and bool(_ALONE.match(found[-1]))
    if found and (len(found[-1]) == 1 if alone else text.endswith("*") and len(found[-1]) >= SHORTEST_BEGINNING):
        beginnings.append(found.pop())
    words += found


def _said(text: str) -> list[str]:
    """Return the words of a question: the last single character of a run of pairs says nothing that they do not."""
    found = words_of(text)
    pairs = any(len(each) > 1 and _ALONE.match(each) for each in found)
    return [each for each in found if not (pairs and len(each) == 1 and _ALONE.match(each))]


def _cut(piece: str) -> list[str]:
    if not _ALONE.match(piece):
        return [piece[:LONGEST_WORD]]
    # The last character stands alone too: it begins no pair, and somebody may look for it.
    return [piece[at : at + 2] for at in range(len(piece))]
