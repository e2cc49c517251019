"""Build the verb tables of the voice rules: `build(out_dir)` writes them, byte for byte the same each time.

The infinitives and how common each word is come from the package `wordfreq` (its data: CC BY-SA 4.0); the forms
are conjugated by the rules of :mod:`tools.models.voice_spanish` and :mod:`tools.models.voice_french`. The tables
of `verbecc` are **not** copied: its data files carry the GNU GPL (version 2 or later) of Verbiste, under which a
derived table would fall too, and this product is Apache-2.0.
"""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path

from tools.models import voice_french as french
from tools.models import voice_spanish as spanish

Frequency = Callable[[str], float]


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Zipf values: 3 is once per million words, 2 once per ten millions.
_COMMON_VERB = 2.0
_ATTESTED = 1.3
_NOUN_PLURAL = 1.5
_NOUN_DISTANCE = 2.2
_TWIN_DISTANCE = 0.7
# Where two verbs share a form, these own it: *creo* is "I believe", not "I create".
_FIRST = frozenset(["creer", "sentir", "ser", "ver", "seguir", "contar", "volar"])
# Verbs of a service desk that are too rare in general text to show enough of their forms.
_DESK_VERBS = _listed(
    """
    reenviar solventar subsanar tramitar gestionar agendar derivar reprogramar reembolsar reactivar restablecer
    priorizar notificar facturar cotizar desbloquear verificar escalar consultar contactar adjuntar reintentar
    reiniciar validar
    """
)
# Foreign words and misspellings whose forms are those of another verb ("viner" would own "vino").
_NOT_VERBS = _listed(
    """
    viner tenir render consumer finger server mater peder viver producer exprimer invader barrier caller moller
    later order enter roger sober muger desir aser asier contruir absorver accesar provar huír construír preveer
    vertir dormer inverter sander destruír
    """
)
_COMMON_ROOT = 3.0
_COMMON_BASE = 4.0
_ACCENTS = str.maketrans("áéíóú", "aeiou")

_SHORT_VERBS = frozenset({"ir", "ser", "dar", "ver", "oír", "reír", "caer", "leer", "huir", "unir", "amar", "usar"})


def build(out_dir: Path) -> list[Path]:
    """Write the tables into ``out_dir`` and return their paths; ``ImportError`` without ``wordfreq``."""
    tables = {
        "voice_es_verbs.json": spanish_table(),
        "voice_fr_verbs.json": french_table(),
        "voice_ms_words.json": malay_table(),
    }
    return [write(out_dir / name, table) for name, table in sorted(tables.items())]


def write(path: Path, table: dict[str, object]) -> Path:
    """Write one table in the same bytes each time and return its path."""
    text = json.dumps(table, ensure_ascii=False, sort_keys=True, indent=0, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    return path


def frequencies(language: str) -> tuple[list[str], Frequency]:
    """Return the words of a language, commonest first, and how common each is on the Zipf scale."""
    import wordfreq

    table = wordfreq.get_frequency_dict(language)
    return list(table), lambda word: round(math.log10(table[word]) + 9, 2) if word in table else 0.0


def spanish_table() -> dict[str, object]:
    """Return the forms of "I" with how each becomes "we", and which of them are a noun or adjective too."""
    words, common = frequencies("es")
    infinitives = sorted(_DESK_VERBS | {word for word in words if _is_spanish_verb(word, common)}, key=words.index)
    infinitives.sort(key=lambda word: word not in _FIRST)
    own: dict[str, str] = {}
    shared: dict[str, str] = {}
    orders: set[str] = set()
    for infinitive in infinitives:
        own |= {one: we for one, we in spanish.own_forms(infinitive) if one not in own}
        shared |= {one: we for one, we in spanish.shared_forms(infinitive) if one not in shared}
        orders.add(spanish.third_person(infinitive))
    shared["quisiera"] = "quisiéramos"
    own = own_typed_fast(own, infinitives, common) | own
    presents = [spanish.own_forms(infinitive)[0][0] for infinitive in infinitives]
    nouns = sorted({form for form in presents if _is_noun(form, common)})
    return {
        "own": packed(own),
        "shared": packed({one: we for one, we in shared.items() if one not in own}),
        "orders": " ".join(sorted(orders)),
        "infinitives": " ".join(sorted(infinitives)),
        "nouns": " ".join(nouns),
        "past_twins": " ".join(_past_twins(infinitives, common)),
    }


def french_table() -> dict[str, object]:
    """Return the present of *je* with how it becomes *nous*, the subjunctive apart, and the infinitives."""
    words, common = frequencies("fr")
    infinitives = [word for word in words if _is_french_verb(word, common)]
    own: dict[str, str] = {}
    subjunctive: dict[str, str] = {}
    for infinitive in infinitives:
        pairs = [french.present(infinitive), *french.other_forms(infinitive)]
        own |= {one: we for one, we in pairs if one not in own}
        subjunctive |= dict(french.subjunctive(infinitive))
    return {
        "own": packed(own),
        "subjunctive": packed({one: we for one, we in subjunctive.items() if one not in own}),
        "first_group": " ".join(sorted(word[:-2] for word in infinitives if word.endswith("er"))),
    }


def _is_french_verb(word: str, common: Frequency) -> bool:
    if word == "être":
        return True
    if not re.fullmatch("[a-zàâçéèêëîïôûùœ]+(er|ir|re|oir)", word) or common(word) < _COMMON_VERB:
        return False
    je, nous = french.present(word)
    participle = {"er": word[:-2] + "ant", "ir": word[:-2] + "issant"}.get(word[-2:], nous[:-3] + "ant")
    return common(je) >= _ATTESTED and max(common(participle), common(nous[:-3] + "ant")) >= _ATTESTED


def malay_table() -> dict[str, object]:
    """Return the roots behind *ku-*, the nouns and verbs before *-ku*, and the words that only look like either.

    Malay and Indonesian share one table: a root counts when either list has it.
    """
    (indonesian, common_id), (malay, common_ms) = frequencies("id"), frequencies("ms")

    def common(word: str) -> float:
        return max(common_id(word), common_ms(word))

    words = sorted({word for word in (*indonesian, *malay) if word.isascii() and word.isalpha()})
    roots = {word[2:] for word in words if word.startswith("di") and len(word) > 5 and common(word) >= _COMMON_ROOT}
    whole = {word for word in words if word.startswith("ku") and common(word) + 0.5 > common(word[2:])}
    bases = {word for word in words if len(word) > 2 and common(word) >= _COMMON_BASE}
    endings = {word for word in words if word.endswith("ku") and common(word) + 0.3 > common(word[:-2])}
    endings -= {word for word in endings if word.startswith("di") and word[2:-2] in bases}
    return {
        "roots": " ".join(sorted(root for root in roots if "ku" + root not in whole)),
        "bases": " ".join(sorted(bases)),
        "not_possessive": " ".join(sorted(endings)),
        "not_prefixed": " ".join(sorted(word for word in words if word.startswith("ku") and word[2:] not in roots)),
    }


def _is_spanish_verb(word: str, common: Frequency) -> bool:
    """Return whether a word in -ar, -er or -ir is a verb: three of five of its other forms are known.

    Short words must show four, since by chance more of them look like a verb.
    """
    if word in _SHORT_VERBS:
        return True
    if not re.fullmatch("[a-zñáéíóúü]{3,}(ar|er|ir|ír)", word) or common(word) < _COMMON_VERB:
        return False
    if word in _NOT_VERBS:
        return False
    (_, we), (past, _), _ = spanish.own_forms(word)
    forms = [we, past, spanish.third_person(word), spanish.shared_forms(word)[0][0]]
    known = sum(common(form) >= _ATTESTED for form in forms)
    return known + (max(common(form) for form in spanish.gerunds(word)) >= _ATTESTED) >= (3 if len(word) > 5 else 4)


def own_typed_fast(own: dict[str, str], infinitives: list[str], common: Frequency) -> dict[str, str]:
    """Return the past and future forms as they are typed without their accent, where that is no other word.

    *comí* gives *comi* and *estaré* gives *estare*; of the first conjugation only the verbs whose stem changes
    give one (*empecé*: *empece*, since the subjunctive is *empiece*), the others would be a subjunctive.
    """
    found: dict[str, str] = {}
    for infinitive in infinitives:
        present, past, future = (one for one, _ in spanish.own_forms(infinitive)[:3])
        changes = present != infinitive[:-2] + "o"
        candidates = [future] if infinitive.endswith("ar") and not changes else [future, past]
        for form in candidates:
            plain = form.translate(_ACCENTS)
            rare = common(plain) < 4 and common(plain) < common(form) + 0.5
            if plain not in own and len(plain) > 3 and rare and form in own:
                found[plain] = own[form]
    return found


def _past_twins(infinitives: list[str], common: Frequency) -> list[str]:
    """Return the presents that may be "he did" without its accent: *dejo* for *dejó*, but not *pienso*.

    A present that is far commoner than that past (*espero*, *necesito*) is taken at its word.
    """
    presents = [(infinitive, spanish.own_forms(infinitive)[0][0]) for infinitive in infinitives]
    others = {form for infinitive, form in presents if not infinitive.endswith("ar")}
    regular = [form for infinitive, form in presents if form == infinitive[:-2] + "o" and form not in others]
    return sorted({form for form in regular if common(form) < common(form[:-1] + "ó") + _TWIN_DISTANCE})


def _is_noun(form: str, common: Frequency) -> bool:
    """Return whether a form in -o has a plural in -os that is about as common: *pago, pagos*."""
    plural = common(form + "s")
    return form.endswith("o") and plural > _NOUN_PLURAL and plural >= common(form) - _NOUN_DISTANCE


def packed(pairs: dict[str, str]) -> dict[str, str]:
    """Return pairs grouped by what changes: ``{"1amos": "hablo canto"}`` cuts one letter and adds *amos*."""
    groups: dict[str, list[str]] = {}
    for one, we in pairs.items():
        kept = _common_start(one, we)
        groups.setdefault(f"{len(one) - kept}{we[kept:]}", []).append(one)
    return {change: " ".join(sorted(forms)) for change, forms in groups.items()}


def _common_start(one: str, other: str) -> int:
    length = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        length += 1
    return length
