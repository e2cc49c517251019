"""Malay and Indonesian: saya, aku, gue, ku-, -ku, and the English "I" that Malay speakers mix in.

"We" is *kami* without the person spoken to, and *kita* with that person; the profile says which, *kami* unless
it says otherwise, since a company that answers a customer does not count the customer in.
"""

import re

from pluralis.core.voice import english
from pluralis.core.voice.english import is_capital_plain, is_shouted, starts_sentence
from pluralis.core.voice.lists import word_list
from pluralis.core.voice.matches import Edit, Match, like
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.verbs import words_of
from pluralis.core.voice.words import Words, is_apostrophe

_PRONOUNS = word_list("ms", "pronouns")
_SLANG = word_list("ms", "slang")
_ENGLISH = word_list("ms", "english")
_ENGLISH_VERBS = word_list("ms", "english_verbs")
_NUMBERED = word_list("ms", "numbered")
_AFTER_I = word_list("ms", "after_i")
_ROOTS = words_of("ms", "roots") | word_list("ms", "extra_roots")
_BASES = words_of("ms", "bases")
_NOT_POSSESSIVE = words_of("ms", "not_possessive") | word_list("ms", "not_possessive")
_NOT_PREFIXED = words_of("ms", "not_prefixed")
_TRIGGERS = _PRONOUNS | _ENGLISH
_ATTACHED = re.compile(r"\bku\w{3}|\w{2}ku\b")
_DRAWN_OUT = re.compile(r"\b(?:ak+u+h?|say+a{2,}|g+u+e+h?)\b")
# Before a root in -ku (*berpaku, terbeku*) these hide that nobody owns anything.
_PREFIXES = ("ber", "ter", "se", "pe", "mem", "meng")
_ABBREVIATION = re.compile("[bcdfghjklmnpqrstvwxz]{2}")
_ROMAN = re.compile("[ivx]{2,5}")


class Malay:
    """Finds "saya" and its kin in Malay and Indonesian and proposes "kami" or "kita"."""

    def may_speak(self, lowered: str, words: frozenset[str] | set[str]) -> bool:
        """Return whether a pronoun stands in the text, alone or attached to another word."""
        return not _TRIGGERS.isdisjoint(words) or _may_be_attached(lowered)

    def find(self, words: Words, profile: VoiceProfile) -> list[Match]:
        """Return every first person singular of a Malay or Indonesian text."""
        slang = not _SLANG.isdisjoint(words.low)
        found = (_match_at(words, index, profile.malay_we, slang=slang) for index in range(len(words.low)))
        return [match for match in found if match]


def _may_be_attached(lowered: str) -> bool:
    if "ku" in lowered and _ATTACHED.search(lowered) is not None:
        return True
    return _DRAWN_OUT.search(lowered) is not None


def _match_at(words: Words, index: int, we: str, *, slang: bool) -> Match | None:
    low = words.low[index]
    if low == "gua" and (not slang or _is_cave(words, index)):
        return None
    if low in _PRONOUNS or _DRAWN_OUT.fullmatch(low):
        return _pronoun(words, index, we)
    if low in _ENGLISH:
        return _english(words, index, we)
    if low.startswith("ku") and _is_verb_root(low[2:]) and low not in _NOT_PREFIXED and not _is_name(words, index):
        return _match(words, index, we, f"{we} {words.word(index)[2:]}")
    if low.endswith("ku") and _is_possessed(words, index):
        return _match(words, index, we, f"{words.word(index)[:-2]} {we}")
    return None


def _is_verb_root(root: str) -> bool:
    """Return whether *ku-* can stand before this: a root that takes *di-*, or one built with *-i* or *-kan*."""
    if root in _ROOTS:
        return True
    return len(root) > 4 and (root.removesuffix("kan") in _BASES or root.removesuffix("i") in _BASES)


def _pronoun(words: Words, index: int, we: str) -> Match | None:
    low, word = words.low[index], words.word(index)
    if word.isupper() and len(low) < 3 and not words.shouted and not starts_sentence(words, index):
        return None
    if low == "ku" and _is_no_pronoun(words, index):
        return None
    if _is_label(words, index):
        return None
    start = words.starts[index]
    if low == "ku" and words.gap(index) == "-":
        edit = Edit(start - 1, words.ends[index], f" {we}")
        return Match("first_person", start - 1, words.ends[index], _reason(we), (edit,))
    return _match(words, index, we, we)


def _is_no_pronoun(words: Words, index: int) -> bool:
    """Return whether a lone *Ku* begins a name ("Ku Li", "Ku Klux Klan") or stands apart from any word."""
    if words.word(index) == "Ku" and words.gap(index) != "-" and not words.word(index + 1)[:1].islower():
        return True
    return index > 0 and bool(words.gap(index).strip(" -")) and not starts_sentence(words, index)


def _is_cave(words: Words, index: int) -> bool:
    capital = words.word(index)[0].isupper() and words.word(index + 1)[:1].isupper()
    return capital or "-" in (words.gap(index), words.gap(index + 1)) or words.at(index - 1) in {"dalam", "di"}


def _is_label(words: Words, index: int) -> bool:
    """Return whether *Saya* ends a name of the interface: "Tempahan Saya", both with a capital mid-sentence."""
    if words.low[index] != "saya" or words.word(index) != "Saya" or words.gap(index) != " ":
        return False
    before = words.word(index - 1)
    return before[:1].isupper() and not starts_sentence(words, index - 1) and not before.isupper()


def _is_name(words: Words, index: int) -> bool:
    return words.word(index)[0].isupper() and not is_capital_plain(words, index)


def _is_possessed(words: Words, index: int) -> bool:
    low = words.low[index]
    base = low[:-2]
    if (
        low in _NOT_POSSESSIVE
        or (len(base) < 3 and not _ABBREVIATION.fullmatch(base))
        or (words.gap(index + 1) == "-" and words.at(index + 1) == low)
    ):
        return False
    base = base.rstrip("0123456789")
    known = base in _BASES or base.endswith("an") or (base[:2] in {"di", "ke"} and base[2:] in _BASES)
    if words.word(index)[0].isupper() and not is_shouted(words, index):
        return known and is_capital_plain(words, index)
    return known or not (base.endswith(("la", "su", "ba", "ka")) or base.startswith(_PREFIXES))


def _english(words: Words, index: int, we: str) -> Match | None:
    """Return the match of an English word mixed in: "I akan check" takes *kami*, "I'm sorry" takes "we're"."""
    low = words.low[index]
    word = words.word(index)
    if words.gap(index) == ".":  # an address such as contoh.my
        return None
    if low != "i":
        titled = word[0].isupper() and words.word(index + 1)[:1].isupper() and not starts_sentence(words, index)
        if (word.isupper() or titled) and not is_shouted(words, index):
            return None
        return english.match_at(words, index)
    contracted = is_apostrophe(words.gap(index + 1)) and words.at(index + 1) in {"m", "ve", "ll", "d"}
    if contracted or words.at(index + 1) in _ENGLISH_VERBS:
        return english.match_at(words, index)
    if not _is_mixed_in(words, index):
        return None
    return _match(words, index, we, we)


def _is_mixed_in(words: Words, index: int) -> bool:
    """Return whether an "I" among Malay words is the pronoun, and not the numeral of "semester I"."""
    before, after = words.word(index - 1), words.at(index + 1)
    if english.is_numeral(words, index) or words.gap(index)[-1:] in {"'", "’", "-", "("}:
        return False
    if _ROMAN.fullmatch(after) or after[:1].isdigit() or words.gap(index + 1).lstrip(" ")[:1] in {"-", ")", "/"}:
        return False
    if words.word(index) == "i":
        return words.gap(index + 1)[:1] != "."
    beside = words.gap(index).isspace() and bool(before)
    if beside and (before.lower() in _NUMBERED or _is_name(words, index - 1) or before[-1:].isdigit()):
        return after in _AFTER_I and before.lower() not in _NUMBERED
    if not words.gap(index + 1).isspace():
        return beside and before.islower() and words.gap(index + 1)[:1] in {"", ".", ",", "!", "?", "…"}
    return after in _AFTER_I or words.word(index + 1)[:1].islower()


def _reason(we: str) -> str:
    return f"voice.malay.{we}"


def _match(words: Words, index: int, we: str, new: str) -> Match:
    start, end = words.starts[index], words.ends[index]
    word = words.word(index)
    shouting = word.isupper() and is_shouted(words, index)
    if word == "I" and not starts_sentence(words, index):
        word = "i"
    if len(word) > 1 and word.isupper() and not shouting:
        word = word.capitalize() if starts_sentence(words, index) else word.lower()
    return Match("first_person", start, end, _reason(we), (Edit(start, end, like(new, word, shouting=shouting)),))
