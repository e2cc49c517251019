"""English: the pronouns say it all, so the work is to tell "I" from a numeral, an initial and a name."""

import re

from pluralis.core.voice.lists import word_list, word_map
from pluralis.core.voice.matches import Edit, Match, like
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.words import Words, is_apostrophe

REASON = "voice.english.first_person"
MISSING = "voice.english.missing_subject"

_TRIGGERS = word_list("en", "triggers")
_SIMPLE = {"me": "us", "my": "our", "myself": "ourselves", "mysel": "ourselves", "meself": "ourselves"}
_RUN_TOGETHER = {
    "im": "we're",
    "ive": "we've",
    "iam": "we are",
    "imma": "we're gonna",
    "ima": "we're gonna",
    "imo": "in our opinion",
    "imho": "in our humble opinion",
    "idk": "we don't know",
    "iirc": "if we remember correctly",
    "afaik": "as far as we know",
}
_CONTRACTED = {"m": "re", "ve": "ve", "ll": "ll", "d": "d"}
_TO_BE = {"am": "are", "was": "were", "wasn": "weren", "wasnt": "weren't", "ain": "ain"}
_ADVERBS = word_list("en", "adverbs")
_MODALS = word_list("en", "modals")
_VERBS_AFTER_I = _MODALS | word_list("en", "verbs_after_i")
# Before a Roman one. A capital on the noun settles it; without one the word that follows decides.
_NUMBERED = word_list("en", "numbered")
_REGNAL = word_list("en", "regnal")
_DETERMINERS = word_list("en", "determiners")
_MISSING = {word: frozenset(after.split()) for word, after in word_map("en", "missing_subject").items()}
_OPENERS = word_list("en", "openers")
_SUBJECTS = word_list("en", "subjects")
_MINE_NOUNS = word_list("en", "mine_nouns")
_MINES_BEFORE = word_list("en", "mines_before")
_AFTER_PRONOUN = frozenset(
    {"", "and", "or", "but", "too", "when", "as", "at", "on", "in", "for", "by", "yesterday", "today"}
)
_ID_AFTER = word_list("en", "id_after")
_ILL_AFTER = word_list("en", "ill_after")
_ROMAN = re.compile("i{2,3}|iv|vi{0,3}")
_STOPS = ".!?…"


class English:
    """Finds "I" and its kin in English and proposes "we"."""

    def may_speak(self, lowered: str, words: frozenset[str] | set[str]) -> bool:
        """Return whether one of the pronouns, or a spelling that swallowed one, stands in the text."""
        return not _TRIGGERS.isdisjoint(words)

    def find(self, words: Words, profile: VoiceProfile) -> list[Match]:
        """Return every first person singular of an English text."""
        return [match for index in range(len(words.low)) if (match := match_at(words, index))]


def match_at(words: Words, index: int) -> Match | None:
    """Return what word ``index`` says about the writer, or ``None``; Malay calls it for its English words."""
    low = words.low[index]
    if low not in _TRIGGERS:
        return None
    if low == "i":
        return _subject(words, index)
    if low in _SIMPLE:
        return _simple(words, index)
    if low == "mine":
        return _mine(words, index)
    if low in _MISSING:
        return _missing_subject(words, index)
    return _run_together(words, index)


def _simple(words: Words, index: int) -> Match | None:
    word = words.word(index)
    if word.isupper() and not is_shouted(words, index) and _is_place_code(words, index):
        return None
    if word.isupper() and _is_joined(words, index) and words.gap(index + 1) != "-":
        return None
    return _match(words, index, index, [_edit(words, index, _SIMPLE[words.low[index]])])


def _is_place_code(words: Words, index: int) -> bool:
    """Return whether an upper-case ME or MY is Maine, Malaysia or an illness: "Portland, ME", "ME/CFS"."""
    before, after = words.gap(index), words.gap(index + 1)
    named = before.strip(" ") == "," and words.word(index - 1)[:1].isupper()
    return named or "/" in (before.strip(), after.strip()) or (words.at(index + 1).isdigit() and after == " ")


def _missing_subject(words: Words, index: int) -> Match | None:
    """Return a hint for "Hope this helps" and "Will check": a sentence that begins with the writer's verb."""
    low = words.low[index]
    if not starts_sentence(words, index) or words.at(index + 1) not in _MISSING[low]:
        return None
    new = like(f"we {_TO_BE.get(low, low)}", words.word(index))
    edit = Edit(words.starts[index], words.ends[index], new)
    return Match("missing_subject", edit.start, edit.end, MISSING, (edit,))


def _mine(words: Words, index: int) -> Match | None:
    """Return the match of *mine*, unless it is a pit ("a gold mine", "Mine closures") or the verb ("they mine")."""
    before, after = words.at(index - 1), words.at(index + 1)
    beside = not words.gap(index).strip() and not starts_sentence(words, index)
    if beside and (before in _DETERMINERS or before in _MINES_BEFORE):
        return None
    if not words.gap(index + 1).strip() and (
        after in _MINE_NOUNS or (before == "to" and after not in _AFTER_PRONOUN)
    ):
        return None
    return None if _is_joined(words, index) else _match(words, index, index, [_edit(words, index, "ours")])


def _run_together(words: Words, index: int) -> Match | None:
    low, after = words.low[index], words.at(index + 1)
    if words.word(index).isupper() and low in {"im", "id", "ill", "ive"} and not is_shouted(words, index):
        return None
    if low == "ill" and words.word(index) == "Ill" and not starts_sentence(words, index):
        return None
    if low in {"id", "ill"}:
        follows = _ID_AFTER if low == "id" else _ILL_AFTER
        if after not in follows or words.gap(index + 1) != " " or words.at(index - 1) in {"an", "the", "your"}:
            return None
        new = "we'd" if low == "id" else "we'll"
    else:
        new = _RUN_TOGETHER[low]
    if _is_joined(words, index):
        return None
    typed = words.word(index)
    if typed.isupper() and not is_shouted(words, index):
        typed = typed.capitalize()
    new = like(new, typed if starts_sentence(words, index) else low)
    return _match(words, index, index, [Edit(words.starts[index], words.ends[index], new)])


def _subject(words: Words, index: int) -> Match | None:
    if _is_contracted(words, index):
        new = _CONTRACTED[words.at(index + 1)]
        edits = [_edit(words, index, "we"), _edit(words, index + 1, new)]
        return _match(words, index, index + 1, edits)
    if is_apostrophe(words.gap(index + 1)) and words.at(index + 1) in {"ma", "mma"}:
        edits = [_edit(words, index, "we"), _edit(words, index + 1, "re gonna")]
        return _match(words, index, index + 1, edits)
    if is_numeral(words, index):
        return None
    edits = [_edit(words, index, "we")]
    first = last = index
    verb = _verb_of(words, index)
    if verb is not None:
        edits.append(_edit(words, verb, _TO_BE[words.low[verb]]))
        first, last = min(index, verb), max(index, verb)
    edits.sort(key=lambda edit: edit.start)
    shared = _second_verb(words, last)
    if shared is not None:
        edits.append(_edit(words, shared, _TO_BE[words.low[shared]]))
        last = shared
    return _match(words, first, last, edits)


def _second_verb(words: Words, last: int) -> int | None:
    """Return the *am* or *was* that shares the "I" at or before ``last``: "I checked and was told"."""
    for place in range(last + 1, min(last + 12, len(words.low) - 1)):
        if words.low[place] in _SUBJECTS or any(stop in words.gap(place) for stop in ".!?…;:\n("):
            return None
        if words.low[place] in {"and", "but", "or"}:
            verb = place + 1
            while words.at(verb) in _ADVERBS:
                verb += 1
            if words.at(verb) in {"am", "was", "wasn"}:
                return verb
    return None


def _is_contracted(words: Words, index: int) -> bool:
    return words.at(index + 1) in _CONTRACTED and is_apostrophe(words.gap(index + 1))


def _verb_of(words: Words, index: int) -> int | None:
    """Return the form of "to be" that agrees with the "I" at ``index``: after it, or before it in a question."""
    place = index + 1
    while place <= index + 3 and words.at(place) in _ADVERBS and words.gap(place) in {" ", ", "}:
        place += 1
    if words.at(place) in _TO_BE and words.gap(place) in {" ", ", "}:
        return place
    before = words.at(index - 1)
    if before in {"am", "was"} and words.gap(index) == " " and words.at(index - 2) != "i":
        return index - 1
    if before == "t" and words.at(index - 2) in {"wasn"}:
        return index - 2
    return None


def is_numeral(words: Words, index: int) -> bool:
    """Return whether the "I" at ``index`` is a numeral, an initial or a piece of a name."""
    if _is_joined(words, index) or _is_initial(words, index):
        return True
    before, after = words.word(index - 1), words.at(index + 1)
    if _ROMAN.fullmatch(after) or (after in {"and", "or", "to"} and _ROMAN.fullmatch(words.at(index + 2))):
        return True
    if words.word(index) == "i" or words.gap(index).strip(" ") or not before:
        return False
    if after == "s" and is_apostrophe(words.gap(index + 1)):
        return before[0].isupper()
    if _is_title(words, index):
        return True
    if before.lower() in _REGNAL and before[0].isupper():
        return after not in _VERBS_AFTER_I - {"was", "had", "did", "made", "will", "could", "would"}
    if before.lower() not in _NUMBERED and before.lower().removesuffix("s") not in _NUMBERED:
        return False
    if starts_sentence(words, index - 1):
        return after not in _VERBS_AFTER_I - _MODALS
    if after in _MODALS and words.at(index + 2) == "t" and is_apostrophe(words.gap(index + 2)):
        return False
    return after not in _VERBS_AFTER_I - _MODALS if before[0].isupper() else after not in _VERBS_AFTER_I


def _is_title(words: Words, index: int) -> bool:
    """Return whether a name carries the "I" and closes with it: "Norton I, Emperor"."""
    closes = words.gap(index + 1).strip()[:1] in {",", ")", ";"} and words.gap(index + 1)[:1] != " "
    return closes and words.word(index - 1)[:1].isupper() and words.at(index - 1) not in _OPENERS


def _is_joined(words: Words, index: int) -> bool:
    """Return whether a word hangs on its neighbour: I-95, I/O, R&I, i.e., A.I."""
    before, after = words.gap(index), words.gap(index + 1)
    if after in {"-", "/", "&", "+", "_", "="} and words.at(index + 1) not in {"i", ""}:
        return True
    if before == "-" and after == " " and words.at(index + 1) in _VERBS_AFTER_I:
        return False
    if before in {"-", "/", "&", "+", "_", "="} and words.at(index - 1):
        return True
    if after == "." and len(words.at(index + 1)) <= 2 and words.at(index + 1):
        return True
    if words.word(index) == "i" and after == " " and words.at(index + 1) in {"s", "n", "t", "f"}:
        return True
    return before == "." and len(words.at(index - 1)) == 1


def _is_initial(words: Words, index: int) -> bool:
    """Return whether "I." stands for a name or counts an item: "I. Newton", "(I)", "I) first"."""
    before, after = words.gap(index), words.gap(index + 1)
    if after.startswith(")") and (before.endswith("(") or starts_sentence(words, index)):
        return True
    if not after.startswith(".") or after.startswith("..") or words.word(index) != "I":
        return False
    follows = words.word(index + 1)
    named = words.word(index - 1)[:1].isupper() and before in {" ", ". "}
    return follows[:1].isupper() and (named or starts_sentence(words, index)) and len(follows) > 0


def starts_sentence(words: Words, index: int) -> bool:
    """Return whether word ``index`` is the first of a sentence (or of the text, after handles)."""
    if index == 0:
        return True
    gap = words.gap(index)
    return any(stop in gap for stop in _STOPS) or "\n" in gap


def is_shouted(words: Words, index: int) -> bool:
    """Return whether the words around are in capitals, so that capitals mean nothing."""
    around = [words.word(place) for place in (index - 2, index - 1, index + 1, index + 2)]
    known = [word for word in around if len(word) > 1]
    return sum(word.isupper() for word in known) * 2 > len(known)


def is_capital_plain(words: Words, index: int) -> bool:
    """Return whether a capital says nothing: at the start of a sentence, after a mark, or when shouted."""
    word = words.word(index)
    if len(word) > 1 and word.isupper():
        return is_shouted(words, index)
    return starts_sentence(words, index) or not words.gap(index).isspace()


def _edit(words: Words, index: int, new: str) -> Edit:
    word = words.word(index)
    if word == "I" and not starts_sentence(words, index):
        word = "i"
    shouting = is_shouted(words, index) and words.word(index).isupper()
    return Edit(words.starts[index], words.ends[index], like(new, word, shouting=shouting))


def _match(words: Words, first: int, last: int, edits: list[Edit]) -> Match:
    return Match("first_person", words.starts[first], words.ends[last], REASON, tuple(edits))
