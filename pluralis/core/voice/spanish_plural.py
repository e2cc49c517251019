"""Spanish words put into the plural of the writer: nuestro or nuestra, enviarnos, encantados."""

import re

from pluralis.core.voice.lists import word_list
from pluralis.core.voice.matches import Edit, like
from pluralis.core.voice.verbs import verb_list
from pluralis.core.voice.words import Words

_SIMPLE = {
    "yo": "nosotros",
    "me": "nos",
    "mí": "nosotros",
    "conmigo": "con nosotros",
    "mío": "nuestro",
    "mía": "nuestra",
    "míos": "nuestros",
    "mías": "nuestras",
}
_ORDERS = verb_list("es", "orders")
_INFINITIVES = verb_list("es", "infinitives")
_SHORT_ORDERS = word_list("es", "short_orders")
_NOT_ENCLITIC = word_list("es", "not_enclitic")
_ENCLITIC = re.compile(r"(\w+?)me(l[oa]s?)?")
_ACCENTED_ORDER = re.compile(r"\w*[áéíóú]\w{0,3}[aei][nd]?")
_ADJECTIVE = re.compile(r"\w{2,}[aií]d[oa]|\w{3,}(?:os|iv)[oa]|\w{3,}[aei]ble")
_ACCENTS = str.maketrans("áéíóú", "aeiou")
_FEMININE = word_list("es", "feminine")
_MASCULINE = word_list("es", "masculine")
_SKIPPED = word_list("es", "skipped_adjectives")
_FEMININE_ENDINGS = (
    "a", "as", "ción", "ciones", "sión", "siones", "dad", "dades", "tad", "tades", "tud", "umbre", "triz", "ez",
    "gión", "nión", "xión", "tión", "rión", "iones",
)  # fmt: skip
_BEING = word_list("es", "being")
_ADVERBS = word_list("es", "adverbs")
_SINGULAR = word_list("es", "singular_adjectives")


def pronoun_plural(words: Words, index: int) -> str:
    """Return the plural of the pronoun at ``index``; *mi* takes the gender of its noun, or is *mí* without one."""
    low = words.low[index]
    if low in _SIMPLE:
        return _SIMPLE[low]
    noun = _noun_after(words, index)
    if low == "mi" and not noun:
        return "nosotros"
    return f"nuestr{'a' if _is_feminine(noun) else 'o'}{'s' if low == 'mis' else ''}"


def _noun_after(words: Words, index: int) -> str:
    place = index + 1
    while words.at(place) in _SKIPPED and words.gap(place + 1) == " ":
        if words.at(place)[-1:] == "a":
            return words.at(place)
        place += 1
    return words.at(place) if words.gap(index + 1).isspace() or words.gap(index + 1) == ' "' else ""


def _is_feminine(noun: str) -> bool:
    singulars = {noun, noun[:-1], noun[:-2], noun[:-3] + "z" if noun.endswith("ces") else noun}
    if not singulars.isdisjoint(_MASCULINE):
        return False
    return noun.endswith(_FEMININE_ENDINGS) or not singulars.isdisjoint(_FEMININE)


def enclitic(low: str) -> str | None:
    """Return *enviarme* as *enviarnos* and *dímelo* as *dínoslo*, or ``None`` when *me* is no pronoun here."""
    match = _ENCLITIC.fullmatch(low)
    if match is None or low in _NOT_ENCLITIC or not _takes_pronouns(match[1]):
        return None
    return f"{match[1]}nos{match[2] or ''}"


def _takes_pronouns(base: str) -> bool:
    plain = base.translate(_ACCENTS)
    if plain.endswith(("ar", "er", "ir")):
        return plain in _INFINITIVES or base in _INFINITIVES or (plain[:-2] + "ír") in _INFINITIVES
    if plain.endswith(("ando", "endo")):
        return base != plain or len(base) > 6
    if base in _SHORT_ORDERS or plain in _ORDERS or base in _ORDERS:
        return True
    return base != plain and _ACCENTED_ORDER.fullmatch(base) is not None


def agreeing(words: Words, index: int) -> list[Edit]:
    """Return the edits that make the adjectives after *soy, estoy, quedo* plural: "estoy encantada"."""
    if words.low[index] not in _BEING:
        return []
    edits: list[Edit] = []
    place = index + 1
    while place < min(index + 9, len(words.low)) and words.gap(place) in {" ", ", "}:
        low = words.low[place]
        if _is_singular(low, words.low[index]):
            new = like(low + ("es" if low[-1] in "zlrn" else "s"), words.word(place)).replace("zes", "ces")
            edits.append(Edit(words.starts[place], words.ends[place], new))
        elif not (edits and low in {"y", "e", "o", "pero"}) and not _is_adverb(words, place):
            break
        place += 1
    return edits


def _is_adverb(words: Words, place: int) -> bool:
    low = words.low[place]
    if low in _ADVERBS or low.endswith("mente"):
        return True
    return "un poco" in {f"{low} {words.at(place + 1)}", f"{words.at(place - 1)} {low}"}


def _is_singular(low: str, verb: str) -> bool:
    if low in _SINGULAR:
        return True
    return verb not in {"siento", "encuentro"} and _ADJECTIVE.fullmatch(low) is not None
