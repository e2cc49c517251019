"""French words put into the plural of the writer: verbs after *nous*, adjectives that agree, notre and nos."""

import re

from pluralis.core.voice.lists import word_list
from pluralis.core.voice.matches import Edit, like
from pluralis.core.voice.verbs import changed, plural_changes, verb_list
from pluralis.core.voice.words import Words

POSSESSIVES = {
    "mon": "notre",
    "ma": "notre",
    "mes": "nos",
    "mien": "nôtre",
    "mienne": "nôtre",
    "miens": "nôtres",
    "miennes": "nôtres",
}
_OWN = plural_changes("fr", "own")
_SUBJUNCTIVE = plural_changes("fr", "subjunctive")
_FIRST_GROUP = verb_list("fr", "first_group")
_SUBJECTS = word_list("fr", "subjects")
_CLITICS = word_list("fr", "clitics")
_ADVERBS = word_list("fr", "adverbs")
_BEING = word_list("fr", "being")
_NEVER = word_list("fr", "never_adjectives")
_NOUN_LIKE = word_list("fr", "noun_like")
_JOINS = frozenset({"et", "puis", "ou", "mais"})
_VOWELS = "aeiouyàâéèêëîïôûùœh"
_TENSE = re.compile(r"\w+(?:ais|rai)")
_ADJECTIVE = re.compile(
    r"\w+(?:é|ée|i|ie|u|ue|t|te|in|ine|ain|aine|eur|euse|if|ive|le|el|elle|al|ale|ier|ère|[uûai]r|our|re|que|de|d|n|ne|s|x|se|ge)"
)
_OBJECT = frozenset(
    ["le", "la", "les", "un", "une", "des", "de", "du", "à", "au", "aux", "vers", "votre", "vos", "que", "en", "pour"]
)


def is_verb_form(low: str) -> bool:
    """Return whether a word after *je* can be its verb: known, or with an ending that only a verb has."""
    if low in _SUBJECTS or low in _CLITICS:
        return False
    if low in _OWN or low + "s" in _OWN:
        return True
    return low in _SUBJUNCTIVE or _TENSE.fullmatch(low) is not None or low.endswith("e")


def plural_verb(low: str, *, subjunctive: bool = False) -> str:
    """Return what follows *nous* where ``low`` followed *je*: rappelle gives rappelons, ferais gives ferions."""
    if low not in _OWN and low + "s" in _OWN:
        low += "s"
    if low in _OWN and not (subjunctive and low.endswith("e")):
        return changed(low, _OWN[low])
    if low in _SUBJUNCTIVE:
        return changed(low, _SUBJUNCTIVE[low])
    if low.endswith("ais"):
        return _imperfect(low[:-3])
    if low.endswith("ai") and not _is_future(low):
        return low[:-2] + "âmes"
    if low.endswith("ai"):
        return low[:-2] + "ons"
    if low.endswith("e"):
        return _from_e(low, subjunctive=subjunctive)
    return low


def _is_future(low: str) -> bool:
    """Return whether *-ai* ends a future: montrerai does, montrai is the simple past."""
    stem = low[:-2]
    return stem.endswith("r") and (stem.removesuffix("er") in _FIRST_GROUP or stem not in _FIRST_GROUP)


def _imperfect(stem: str) -> str:
    if stem.endswith("ge") and stem[:-1] in _FIRST_GROUP:
        return stem[:-1] + "ions"
    return (stem[:-1] + "c" if stem.endswith("ç") else stem) + "ions"


def _from_e(low: str, *, subjunctive: bool) -> str:
    if subjunctive:
        present = changed(low, _OWN[low]) if low in _OWN else low[:-1] + "ons"
        return present.removesuffix("ons").removesuffix("e").replace("ç", "c") + "ions"
    if low.endswith("ge"):
        return low + "ons"
    return low[:-2] + "çons" if low.endswith("ce") else low[:-1] + "ons"


def starts_with_vowel(word: str) -> bool:
    """Return whether *ne* loses its e before this word."""
    return word[:1] in _VOWELS


def agreeing(words: Words, verb: int, *, skip: int = 0) -> list[Edit]:
    """Return the edits that make the adjectives after a verb of being plural: "je suis désolée et navrée"."""
    if words.low[verb] not in _BEING and not _has_been(words, verb):
        return []
    edits: list[Edit] = []
    place = verb + 1 + skip
    while place < min(verb + 9, len(words.low)) and words.gap(place) in {" ", ", ", " , "}:
        low = words.low[place]
        if low in _ADVERBS or (low.endswith("ment") and len(low) > 6) or low == "été":
            place += 1
            continue
        if edits and low in {"et", "ou"}:
            place += 1
            continue
        if not _is_adjective(words, place) or _has_object(words, verb, place):
            break
        edits.append(_plural_edit(words, place))
        place += 1
    return [edit for edit in edits if edit.new != words.text[edit.start : edit.end]]


def _has_object(words: Words, verb: int, place: int) -> bool:
    """Return whether the participle of *je me suis acheté une gourde* has an object after it: it does not agree."""
    return words.at(verb - 1) == "me" and words.at(place + 1) in {"un", "une", "le", "la", "les", "des", "l"}


def _has_been(words: Words, verb: int) -> bool:
    return words.low[verb] in {"ai", "avais", "aurai", "aurais"} and "été" in words.low[verb + 1 : verb + 3]


def _is_adjective(words: Words, place: int) -> bool:
    low, word = words.low[place], words.word(place)
    if low in _NEVER or low in _CLITICS or len(low) < 3 or (word[0].isupper() and not word.isupper()):
        return False
    return _ADJECTIVE.fullmatch(low) is not None


def _plural_edit(words: Words, place: int) -> Edit:
    low = words.low[place]
    if low.endswith(("s", "x", "z")):
        new = low
    elif low.endswith("al"):
        new = low[:-1] + "ux"
    else:
        new = low + "s"
    return Edit(words.starts[place], words.ends[place], like(new, words.word(place)))


def coordinated(words: Words, last: int) -> list[int]:
    """Return where verbs stand that share the subject of the verb before ``last``: "et reviens vers vous"."""
    places = []
    place = last + 1
    while place < min(last + 25, len(words.low)) and not any(stop in words.gap(place) for stop in ".!?…\n;:("):
        low = words.low[place]
        if low in _SUBJECTS and low not in _CLITICS and low not in {"que", "qu"}:
            break
        if low in _JOINS:
            verb = _verb_after(words, place + 1)
            if verb is not None:
                places.append(verb)
                place = verb
        place += 1
    return places


def _verb_after(words: Words, place: int) -> int | None:
    while words.at(place) in _CLITICS or words.at(place) in _ADVERBS:
        place += 1
    low = words.at(place)
    if low not in _OWN and _TENSE.fullmatch(low) is None:
        return None
    before, follows = words.at(place - 1), words.at(place + 1)
    if low in _NOUN_LIKE and before in _CLITICS:
        return None
    clear = not low.endswith("e") or (before in _CLITICS and before not in {"le", "la", "les", "l"})
    linked = follows in _OBJECT and before not in {"le", "la", "les"}
    return place if clear or linked else None
