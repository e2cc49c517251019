"""Labels of buttons and pages, in which "my" is the product's word: an editable list, and a few plain signs."""

import re
from bisect import bisect_left
from functools import lru_cache

from pluralis.core.voice.lists import word_list
from pluralis.core.voice.matches import Match
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.words import Words

# Words that announce the name of a page, a button or a menu, in the languages of the product.
_ANNOUNCES = word_list("labels", "announces")
_OPENING = "\"“«'‘[‹ \u00a0\u202f"
_CLAUSE_END = re.compile(r"[.!?…;:](?:\s|$)")
_TITLED = frozenset({"Mon", "Ma", "Mes", "Mi", "Mis", "My", "Saya"})


def without_labels(words: Words, matches: list[Match], profile: VoiceProfile) -> list[Match]:
    """Return the matches that do not stand in a label of the profile or in an announced page name."""
    covered = _covered(words, tuple(profile.allowed))
    return [match for match in matches if not _in_label(words, match, covered)]


def _in_label(words: Words, match: Match, covered: set[int]) -> bool:
    if match.rule not in ("first_person", "first_person_verb"):
        return False
    return match.start in covered or _is_page_name(words, match)


def _covered(words: Words, allowed: tuple[str, ...]) -> set[int]:
    """Return where each word begins that stands in a label of the list."""
    covered: set[int] = set()
    firsts, phrases = _phrases(allowed)
    for index, low in enumerate(words.low):
        if low in firsts and words.word(index)[0].isupper():
            for phrase in phrases[low]:
                if _stands(words, index, phrase):
                    covered.update(words.starts[index : index + len(phrase)])
    return covered


@lru_cache(maxsize=256)
def _phrases(allowed: tuple[str, ...]) -> tuple[frozenset[str], dict[str, list[tuple[str, ...]]]]:
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for label in allowed:
        parts = tuple(label.split())
        if parts:
            phrases.setdefault(parts[0].lower(), []).append(parts)
    return frozenset(phrases), phrases


def _stands(words: Words, index: int, phrase: tuple[str, ...]) -> bool:
    """Return whether a label stands at ``index`` with its own capitals: "My Account", not "My account"."""
    return all(words.word(index + place) == part for place, part in enumerate(phrase))


def _is_page_name(words: Words, match: Match) -> bool:
    """Return whether a capital "My" names a page or a product: "menu Mes contrats", "> My data", "Mi Movistar"."""
    text = words.text
    if match.start == 0 or text[match.start : match.end] not in _TITLED:
        return False
    before = text[max(0, match.start - 60) : match.start].rstrip()
    if before[-1:] == ">":
        return True
    return _is_announced(before) or _is_product(words, match)


def _is_announced(before: str) -> bool:
    """Return whether one of the last three words, quotation marks apart, tells to open or to press something."""
    clause = _CLAUSE_END.split(before.rstrip(_OPENING))[-1]
    return not _ANNOUNCES.isdisjoint(clause.lower().split()[-3:])


def _is_product(words: Words, match: Match) -> bool:
    """Return whether "Mi" and the next word both have a capital in the middle of a sentence."""
    if words.gap(bisect_left(words.starts, match.start)) != " ":
        return False
    return words.text[match.end : match.end + 1] == " " and words.text[match.end + 1 : match.end + 2].isupper()
