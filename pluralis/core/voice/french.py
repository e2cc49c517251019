"""French: je and the verb that goes with it, me, moi, mon; and the hints of *on* and of a missing subject."""

import re

from pluralis.core.voice.english import is_shouted, starts_sentence
from pluralis.core.voice.french_plural import (
    POSSESSIVES,
    agreeing,
    coordinated,
    is_verb_form,
    plural_verb,
    starts_with_vowel,
)
from pluralis.core.voice.lists import word_list, word_map
from pluralis.core.voice.matches import Edit, Match, like
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.words import Words, is_apostrophe

REASON = "voice.french.first_person"
VERB = "voice.french.first_person_verb"
ON = "voice.french.on"
MISSING = "voice.french.missing_subject"

_PRONOUNS = word_list("fr", "pronouns")
_RUN_TOGETHER = word_map("fr", "run_together")
_CLITICS = word_list("fr", "clitics")
_VOWEL_VERBS = word_list("fr", "vowel_verbs")
_MISSING_SUBJECT = word_list("fr", "missing_subject")
_SORRY = word_map("fr", "sorry")
_INFORMED = word_list("fr", "informed")
# No French word begins with a j and a consonant, so such a j is a *je* that lost its e: "jparle".
_SWALLOWED = re.compile(r"\bj[b-df-hj-np-tv-z]\w{2,}\b")
_ELIDED = frozenset({"j", "m"})
_TRIGGERS = _PRONOUNS | _ELIDED | frozenset(_RUN_TOGETHER) | _MISSING_SUBJECT | frozenset(_SORRY) | {"on"}


class French:
    """Finds "je" and its kin in French and proposes "nous"."""

    def may_speak(self, lowered: str, words: frozenset[str] | set[str]) -> bool:
        """Return whether one of the pronouns, *on*, or a form that misses its *je* stands in the text."""
        return not _TRIGGERS.isdisjoint(words) or _SWALLOWED.search(lowered) is not None

    def find(self, words: Words, profile: VoiceProfile) -> list[Match]:
        """Return every first person singular of a French text, and the hints."""
        found: list[Match] = []
        for index, low in enumerate(words.low):
            if low in _TRIGGERS:
                found += _matches_at(words, index, low)
            elif low[:1] == "j" and _SWALLOWED.fullmatch(low) and is_verb_form(low[1:]):
                new = f"nous {plural_verb(low[1:])}"
                found.append(_match("first_person", REASON, words, index, index, [_edit(words, index, new)]))
        return found


def _matches_at(words: Words, index: int, low: str) -> list[Match]:
    if low == "je" or (low == "j" and _is_elided_subject(words, index)):
        return _subject(words, index)
    if low in _ELIDED:
        return _elided_object(words, index)
    if low in _PRONOUNS:
        return _pronoun(words, index)
    if low in _RUN_TOGETHER:
        edits = [_edit(words, index, _RUN_TOGETHER[low]), *agreeing(words, index)]
        return [_match("first_person", REASON, words, index, index, edits)]
    if low == "on":
        return _on(words, index)
    return _missing_subject(words, index)


def _is_elided_subject(words: Words, index: int) -> bool:
    """Return whether a *j* is "j'", or the "j ai" of hasty writers; not "J-3" nor "le jour J"."""
    after = words.at(index + 1)
    if is_apostrophe(words.gap(index + 1)) or words.gap(index + 1) in {"' ", "’ "}:
        return bool(after)
    plain = words.word(index) == "j" or starts_sentence(words, index)
    return words.gap(index + 1) == " " and after in _VOWEL_VERBS and plain


def _subject(words: Words, index: int) -> list[Match]:
    if _is_je_m_en_fiche(words, index):
        return []
    edits = [_subject_edit(words, index)]
    if words.gap(index) in {"-", "‑", "‐"}:
        return [_inverted(words, index, edits)]
    verb = _verb_place(words, index)
    if verb is None:
        return [_match("first_person", REASON, words, index, index, edits)]
    edits += _verb_edits(words, index, verb)
    extra = agreeing(words, verb)
    last = verb + len(extra) and _last_index(words, extra, verb)
    found = [_match("first_person", REASON, words, index, last, [*edits, *extra])]
    return found + _second_verbs(words, last)


def _is_je_m_en_fiche(words: Words, index: int) -> bool:
    return words.gap(index + 1) == "-" and words.at(index + 1) in {"m", "ne"}


def _last_index(words: Words, extra: list[Edit], verb: int) -> int:
    last = verb
    while extra and words.ends[last] < extra[-1].end:
        last += 1
    return last


def _subject_edit(words: Words, index: int) -> Edit:
    start, end = words.starts[index], words.ends[index]
    if words.low[index] == "j":
        end = words.starts[index + 1]
        return Edit(start, end, like("nous ", _capital(words, index), shouting=_shouts(words, index)))
    return Edit(start, end, like("nous", _capital(words, index), shouting=_shouts(words, index)))


def _inverted(words: Words, index: int, edits: list[Edit]) -> Match:
    """Return the match of *puis-je*: the verb stands before."""
    verb = index - 1
    if is_verb_form(words.low[verb]):
        edits.insert(0, _edit(words, verb, plural_verb(words.low[verb])))
        edits = [*edits, *agreeing(words, verb, skip=1)]
    return Match("first_person", words.starts[verb], max(edits[-1].end, words.ends[index]), REASON, tuple(edits))


def _verb_place(words: Words, index: int) -> int | None:
    """Return where the verb of a *je* stands: after *ne* and the small pronouns."""
    place = index + 1
    while place <= index + 4 and words.at(place) in _CLITICS and not words.gap(place).strip(" '’ʼ"):
        place += 1
    if words.at(place) in {"co", "ré", "pré", "auto"} and words.gap(place + 1) == "-":
        place += 1
        return place if is_verb_form(words.at(place)) else None
    if words.at(place) and is_verb_form(words.at(place)) and not words.gap(place).strip(" '’ʼ"):
        return place
    return None


def _verb_edits(words: Words, index: int, verb: int) -> list[Edit]:
    low = words.low[verb]
    wishes = low.endswith("e") and words.at(index - 1) in {"que", "qu"} and _wishes(words, index)
    new = plural_verb(low, subjunctive=wishes)
    edits = [edit for place in range(index + 1, verb) for edit in _object_edits(words, place)]
    before = words.at(verb - 1)
    if before == "ne" and starts_with_vowel(new) and not starts_with_vowel(low):
        edits.append(Edit(words.starts[verb - 1], words.starts[verb], "n'"))
    return [*edits, _edit(words, verb, new)]


def _wishes(words: Words, index: int) -> bool:
    openers = word_list("fr", "subjunctive_openers")
    return not openers.isdisjoint(words.low[max(0, index - 4) : index])


def _object_edits(words: Words, index: int) -> list[Edit]:
    low = words.low[index]
    if low == "me":
        return [_edit(words, index, "nous")]
    if low == "m" and _has_apostrophe(words, index):
        return [Edit(words.starts[index], words.starts[index + 1], like("nous ", words.word(index)))]
    return []


def _second_verbs(words: Words, last: int) -> list[Match]:
    """Return the verbs that share the subject: "Je regarde et reviens vers vous"."""
    found = []
    for place in coordinated(words, last):
        edits = [*_shared_clitics(words, place), _edit(words, place, plural_verb(words.low[place]))]
        edits += agreeing(words, place)
        end = max(words.ends[place], edits[-1].end)
        found.append(Match("first_person_verb", edits[0].start, end, VERB, tuple(edits)))
    return found


def _shared_clitics(words: Words, verb: int) -> list[Edit]:
    place = verb
    while words.at(place - 1) in _CLITICS:
        place -= 1
    return [edit for one in range(place, verb) for edit in _object_edits(words, one)]


def _elided_object(words: Words, index: int) -> list[Match]:
    """Return the match of *m'*, unless it begins a name ("M'Bappé") or is a title ("M. Dupond")."""
    if not _has_apostrophe(words, index) or words.low[index] != "m" or not words.at(index + 1):
        return []
    if words.word(index) == "M" and words.word(index + 1)[0].isupper() and not is_shouted(words, index):
        return []
    edits = _object_edits(words, index)
    last = index
    participle = index + 2
    if words.at(index + 1) in {"a", "ont", "avez", "as", "avait", "aviez"} and words.at(participle) in _INFORMED:
        edits.append(_edit(words, participle, words.low[participle] + "s"))
        last = participle
    end = max(edits[-1].end, words.ends[last])
    return [Match("first_person", words.starts[index], end, REASON, tuple(edits))]


def _has_apostrophe(words: Words, index: int) -> bool:
    return is_apostrophe(words.gap(index + 1)) or words.gap(index + 1) in {"' ", "’ "}


def _pronoun(words: Words, index: int) -> list[Match]:
    low = words.low[index]
    if _is_name_or_unit(words, index):
        return []
    if low in POSSESSIVES:
        new = POSSESSIVES[low]
    else:
        new = "nous"
        if low == "moi" and words.gap(index + 1) in {"-", "‑"} and words.at(index + 1) == "même":
            edits = [_edit(words, index, new), _edit(words, index + 1, "mêmes")]
            return [_match("first_person", REASON, words, index, index + 1, edits)]
    edits = [_edit(words, index, new)]
    if low == "moi" and words.at(index + 1) == "qui" and (verb := _verb_place(words, index + 1)) is not None:
        edits += [*_verb_edits(words, index + 1, verb), *agreeing(words, verb)]
        return [_match("first_person", REASON, words, index, verb, edits)]
    return [_match("first_person", REASON, words, index, index, edits)]


def _is_name_or_unit(words: Words, index: int) -> bool:
    """Return whether a pronoun is no pronoun: "Me Dupond", "18,5 ME", "Jack Ma", "Mon-Khmer"."""
    low, word = words.low[index], words.word(index)
    before, after = words.word(index - 1), words.word(index + 1)
    lonely_capitals = word.isupper() and not is_shouted(words, index)
    if low == "me" and (lonely_capitals or (word == "Me" and after[:1].isupper())):
        return True
    if lonely_capitals and low in {"ma", "mes", "mon"}:
        return True
    if low in {"ma", "mon"} and words.gap(index + 1) == "-" and after != "":
        return True
    if words.gap(index + 1)[:1] == "~":  # a word cut off, as transcripts of speech write it
        return True
    if words.gap(index) == "." or (word == "Ma" and before.isdigit()):
        return True
    midway = not starts_sentence(words, index) and words.gap(index).isspace()
    return low == "ma" and word == "Ma" and midway and before[:1].isupper()


def _on(words: Words, index: int) -> list[Match]:
    if words.word(index) == "ON" and not is_shouted(words, index):
        return []
    return [Match("on", words.starts[index], words.ends[index], ON)]


def _missing_subject(words: Words, index: int) -> list[Match]:
    """Return a hint for "Suis en ligne" or "Désolé": the writer is there, the word is not."""
    low = words.low[index]
    if not starts_sentence(words, index) or words.gap(index + 1)[:1] in {"-", "‑"}:
        return []
    if low in _SORRY:
        new = _SORRY[low]
    elif words.at(index + 1) and low in _MISSING_SUBJECT:
        new = plural_verb(low)
    else:
        return []
    edit = _edit(words, index, new)
    return [Match("missing_subject", edit.start, edit.end, MISSING, (edit,))]


def _capital(words: Words, index: int) -> str:
    return words.word(index)


def _shouts(words: Words, index: int) -> bool:
    return words.word(index).isupper() and is_shouted(words, index)


def _edit(words: Words, index: int, new: str) -> Edit:
    return Edit(words.starts[index], words.ends[index], like(new, words.word(index), shouting=_shouts(words, index)))


def _match(rule: str, reason: str, words: Words, first: int, last: int, edits: list[Edit]) -> Match:
    end = max(words.ends[last], edits[-1].end)
    return Match(rule, words.starts[first], end, reason, tuple(edits))
