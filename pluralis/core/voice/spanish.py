"""Spanish: yo, me, mi, and the verb that says "I" without a pronoun."""

import re

from pluralis.core.voice.english import is_capital_plain, is_shouted, starts_sentence
from pluralis.core.voice.lists import word_list
from pluralis.core.voice.matches import Edit, Match, like
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.spanish_plural import agreeing, enclitic, pronoun_plural
from pluralis.core.voice.verbs import changed, plural_changes, verb_list
from pluralis.core.voice.words import Words

PRONOUN = "voice.spanish.first_person"
VERB = "voice.spanish.first_person_verb"
SHARED = "voice.spanish.shared_form"

_PRONOUNS = word_list("es", "pronouns")
_OWN = plural_changes("es", "own")
_SHARED = plural_changes("es", "shared")
_NOUNS = verb_list("es", "nouns") | word_list("es", "adjectives") | word_list("es", "more_nouns")
_ADJECTIVES = word_list("es", "adjectives")
_STRONG_NOUNS = word_list("es", "strong_nouns")
_NOT_VERBS = word_list("es", "not_verbs")
_BEFORE_NOUN = word_list("es", "before_noun")
_NEVER_BEFORE_VERB = word_list("es", "never_before_verb")
_BEFORE_VERB = word_list("es", "before_verb")
_SURELY_BEFORE_VERB = word_list("es", "surely_before_verb")
_CLITICS = word_list("es", "clitics")
_ARTICLES = word_list("es", "articles")
_PAST_TWINS = verb_list("es", "past_twins")
_TIME_NOUNS = word_list("es", "time_nouns")
_NARRATIVE = ("ó", "aron", "ieron")
_NARRATIVE_WORDS = frozenset({"fue", "puso", "hizo", "dijo", "tuvo"})
_OFTEN_BEFORE_VERB = word_list("es", "often_before_verb")
_PLAIN_CAPITAL = word_list("es", "plain_capital")
_AFTER_KNOW = word_list("es", "after_know")
_MAY_KNOW = re.compile(r"\b(?:no|lo)\s+se\b|\bse\s+qu[eé]\b")
_INFINITIVE = re.compile(r"\w+[aeií]r(?:[mts]e|l[aeo]s?|n?os|[mt]el[ao]s?)?")
_GERUND = re.compile(r"\w+(?:[aá]ndo|[iy][eé]ndo)(?:[mts]e|l[aeo]s?|n?os|[mt]el[ao]s?)?")
_SOMEBODY = word_list("es", "somebody")
_PHRASES = word_list("es", "phrases")
_DATES = word_list("es", "dates")
_WINDOW = 30
_MUSIC = frozenset({"menor", "mayor", "bemol", "sostenido"})
_PARTICIPLE = re.compile(
    r"\w+[aeií]d[oa]|\w+ao|\w*(?:hech|dich|vist|puest|escrit|abiert|vuelt|muert|rot|suelt|cubiert)o"
)
_MAY_BE_ENCLITIC = re.compile(r"\wme(?:l[oa]s?)?\b")
_VERBS = frozenset(_OWN) - _NOT_VERBS
_TRIGGERS = _PRONOUNS | _VERBS | frozenset(_SHARED)

_CANDIDATES = _TRIGGERS | {"se"}
_ENCLITIC_ENDINGS = ("me", "melo", "mela", "melos", "melas")


class Spanish:
    """Finds the writer in Spanish pronouns and verbs and proposes the plural."""

    def may_speak(self, lowered: str, words: frozenset[str] | set[str]) -> bool:
        """Return whether a pronoun, a form of "I" or an order with *me* stands in the text."""
        if not _TRIGGERS.isdisjoint(words) or _MAY_BE_ENCLITIC.search(lowered) is not None:
            return True
        return "se" in words and _MAY_KNOW.search(lowered) is not None

    def find(self, words: Words, profile: VoiceProfile) -> list[Match]:
        """Return every first person singular of a Spanish text."""
        return [
            match
            for index, low in enumerate(words.low)
            if (low in _CANDIDATES or low.endswith(_ENCLITIC_ENDINGS)) and (match := _match_at(words, index))
        ]


def _match_at(words: Words, index: int) -> Match | None:
    low = words.low[index]
    if low in _PRONOUNS:
        return _pronoun(words, index)
    if low in _VERBS:
        return _verb(words, index) if is_verb(words, index) else None
    if low in _SHARED:
        return _shared(words, index)
    if low == "se" and _know(words, index):
        return _match("first_person_verb", VERB, words, index, "sabemos")
    if low.endswith(_ENCLITIC_ENDINGS) and (new := enclitic(low)):
        return _match("first_person", PRONOUN, words, index, new)
    return None


def _pronoun(words: Words, index: int) -> Match | None:
    low = words.low[index]
    if _is_joined(words, index) or (low == "mi" and _is_name_or_note(words, index)):
        return None
    if words.word(index).isupper() and low in {"me", "mi"} and not is_shouted(words, index):
        return None
    match = _match("first_person", PRONOUN, words, index, pronoun_plural(words, index))
    after = words.at(index + 1)
    if low not in {"yo", "mí"} or after not in {"mismo", "misma", "solo", "sola"} or words.gap(index + 1) != " ":
        return match
    extra = Edit(words.ends[index + 1], words.ends[index + 1], "s")
    return Match(match.rule, match.start, extra.end, PRONOUN, (*match.edits, extra))


def _is_name_or_note(words: Words, index: int) -> bool:
    """Return whether "Mi" is a product ("Mi 11") or a note of music ("en mi menor")."""
    after = words.at(index + 1)
    if after[:1].isdigit() or words.at(index - 1) == "xiaomi":
        return True
    return after in _MUSIC and words.at(index - 1) in {"en", "nota", "la", "clave"}


def _verb(words: Words, index: int) -> Match:
    low = words.low[index]
    match = _match("first_person_verb", VERB, words, index, changed(low, _OWN[low]))
    extra = agreeing(words, index)
    if not extra:
        return match
    return Match(match.rule, match.start, extra[-1].end, VERB, (*match.edits, *extra))


def is_verb(words: Words, index: int) -> bool:
    """Return whether a form that only "I" has is a verb here, and not the noun or the name it may also be."""
    low = words.low[index]
    word = words.word(index)
    if _is_joined(words, index) or (word[0].isupper() and _is_named(words, index)):
        return False
    before = words.at(index - 1) if words.gap(index).isspace() else ""
    if before in _NEVER_BEFORE_VERB:
        return False
    if low in _SPECIAL:
        return _SPECIAL[low](words, index, before)
    if low in _STRONG_NOUNS:
        return before in _SURELY_BEFORE_VERB
    if low in _NOUNS:
        return _noun_is_verb(words, index, before)
    if low not in _PAST_TWINS:
        return True
    if _is_somebody_else(words, index, before):
        return False
    return before not in _BEFORE_NOUN or before in _CLITICS


def _is_named(words: Words, index: int) -> bool:
    """Return whether a capital makes a name of the word: not where a sentence starts, nor on *Quiero, Creo*."""
    if is_capital_plain(words, index):
        return False
    return words.word(index).isupper() or words.low[index] not in _PLAIN_CAPITAL


def _noun_is_verb(words: Words, index: int, before: str) -> bool:
    """Decide *pago* or *trabajo* by the words around: "no trabajo", "me baño", "Odio que", not "el pago"."""
    low = words.low[index]
    if before in _SURELY_BEFORE_VERB:
        return low not in _ADJECTIVES or before in {"yo", "me", "te", "os", "le", "les"}
    if low in _ADJECTIVES or (before and before not in _BEFORE_VERB):
        return False
    if before in _OFTEN_BEFORE_VERB:
        return True
    after = words.at(index + 1)
    if words.gap(index + 1) != " ":
        return False
    if _INFINITIVE.fullmatch(after) or _GERUND.fullmatch(after):
        return True
    return (after in _ARTICLES and not _is_date(words.at(index + 2))) or _is_phrase(words, index)


def _is_date(low: str) -> bool:
    """Return whether an article opens a date, as after a noun: "Sorteo el viernes", "Estreno el 5 de mayo"."""
    return low in _TIME_NOUNS or low in _DATES or low[:1].isdigit()


def _is_phrase(words: Words, index: int) -> bool:
    """Return whether a turn of phrase begins here that has the verb, not the noun: *tomo nota*."""
    two = f"{words.low[index]}_{words.at(index + 1)}"
    return two in _PHRASES or f"{two}_{words.at(index + 2)}" in _PHRASES


def _is_somebody_else(words: Words, index: int, before: str) -> bool:
    """Return whether *dejo* stands for *dejó*: after its subject, after *se*, or in a story told in the past."""
    if before in {"te", "os", "me", "yo"}:
        return False
    if before == "se" or before in _SOMEBODY:
        return True
    if before == "que" and words.at(index - 3) in _ARTICLES and words.at(index - 2) not in _TIME_NOUNS:
        return True
    place = index - 1 if before in _CLITICS else index
    subject = words.at(place - 1) if words.gap(place).isspace() else ""
    if subject and subject not in _BEFORE_VERB and subject not in _TIME_NOUNS:
        named = words.word(place - 1)[0].isupper() and not starts_sentence(words, place - 1)
        numbered = subject.isdigit() and words.word(place - 2)[:1].isupper()
        if named or numbered or words.at(place - 2) in _ARTICLES:
            return True
    if words.at(index + 1) == "que":
        return False
    return any(low.endswith(_NARRATIVE) or low in _NARRATIVE_WORDS for low in _sentence(words, index))


def _sentence(words: Words, index: int) -> list[str]:
    first = last = index
    while first > 0 and index - first < _WINDOW and not starts_sentence(words, first):
        first -= 1
    while last + 1 < len(words.low) and last - index < _WINDOW and not starts_sentence(words, last + 1):
        last += 1
    return words.low[first : last + 1]


def _is_auxiliary(words: Words, index: int, before: str) -> bool:
    """Return whether *he* carries a participle: "he visto", "no he podido", "he de irme"."""
    after = words.at(index + 1)
    return after in {"de", "sido", "ido", "tenido"} or any(
        _PARTICIPLE.fullmatch(words.at(place)) is not None for place in (index + 1, index + 2)
    )


def _gave(words: Words, index: int, before: str) -> bool:
    """Return whether *di* is "I gave" and not "say!": only after a pronoun or a no."""
    return before in {"me", "te", "le", "les", "lo", "la", "los", "las", "se", "os", "yo", "no"}


def _saw(words: Words, index: int, before: str) -> bool:
    return not words.word(index).isupper() and before not in {"siglo", "capítulo", "artículo", "tomo", "felipe"}


def _know(words: Words, index: int) -> bool:
    """Return whether an accentless *se* is *sé*: "no se si", "se que", "lo se"."""
    before, after = words.at(index - 1), words.at(index + 1)
    if before == "lo" and words.gap(index) == " ":
        return not words.gap(index + 1).isspace() or after in {"que", "pero", "y"}
    if words.gap(index + 1) != " " or after not in _AFTER_KNOW:
        return False
    starts = starts_sentence(words, index) or not words.gap(index).isspace()
    return before == "no" or (after in {"que", "qué"} and (starts or before in {"ya", "y", "pero", "yo"}))


_SPECIAL = {"he": _is_auxiliary, "di": _gave, "vi": _saw}


def _shared(words: Words, index: int) -> Match | None:
    """Return a hint for *tenía, sería* where nobody else is named as the one who did it."""
    if _is_joined(words, index) or (words.word(index)[0].isupper() and not is_capital_plain(words, index)):
        return None
    place = index
    while place > 0 and words.at(place - 1) in _CLITICS and words.gap(place) == " ":
        place -= 1
    if words.at(place - 1) == "yo" and words.gap(place) == " ":
        return _match("first_person_verb", VERB, words, index, changed(words.low[index], _SHARED[words.low[index]]))
    nobody = starts_sentence(words, place) or not words.gap(place).isspace()
    if not nobody and words.at(place - 1) not in {"y", "pero", "cuando", "si", "porque", "yo", "que", "aunque"}:
        return None
    low = words.low[index]
    return _match("shared_form", SHARED, words, index, changed(low, _SHARED[low]))


def _is_joined(words: Words, index: int) -> bool:
    return words.gap(index) == "-" or words.gap(index + 1) == "-"


def _match(rule: str, reason: str, words: Words, index: int, new: str) -> Match:
    start, end = words.starts[index], words.ends[index]
    edit = Edit(start, end, like(new, words.word(index), shouting=False))
    return Match(rule, start, end, reason, (edit,))
