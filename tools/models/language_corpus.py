"""The texts the language model learns from: rows that may be trained on, and word frequencies.

Rows come from the shared development files, classes A and B of their README only. Malay has few such rows, so
word frequencies of the PyPI package *wordfreq* (data CC BY-SA 4.0) stand beside them for every language: texts
drawn word by word, and for Malay and Indonesian the ratio of the frequencies itself.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wordfreq

from pluralis.core.language import CODES, normalise

# Class C of the README: measured, never trained on.
EVALUATION_ONLY = frozenset({"okky", "mesolitica-filtered", "mesolitica", "IIUM", "SGHateCheck", "ID-SMS"})
UNNAMED = (
    "ca",
    "cs",
    "da",
    "fi",
    "fil",
    "hu",
    "is",
    "lt",
    "lv",
    "nb",
    "nl",
    "pl",
    "ro",
    "sh",
    "sk",
    "sl",
    "sv",
    "tr",
    "vi",
)

_MOST_OF_ONE_SOURCE = 2500
_FILES = ("sentiment.dev.tsv", "voice.dev.tsv", "abuse.dev.tsv", "voice_authored.dev.tsv", "triage_authored.dev.tsv")
_WORD = re.compile("[a-zß-öø-ɏḁ-ỿ']+")
_DRAWN = {"ms": 6000, "id": 6000, "other": 250}
_DRAWN_ELSE, _FLATTENING = 6000, 0.8
_SHORTEST, _LONGEST = 2, 13
_UNSEEN, _STRONGEST = 5e-7, 6.0


@dataclass(frozen=True, slots=True)
class Row:
    """One text, normalised, with its language and where it comes from."""

    id: str
    language: str
    source: str
    register: str
    text: str


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a tab-separated file without quoting, by the names in its first line."""
    with path.open(encoding="utf-8") as lines:
        names = next(lines).rstrip("\n").split("\t")
        for line in lines:
            yield dict(zip(names, line.rstrip("\n").split("\t"), strict=False))


def labelled_rows(folder: Path) -> list[Row]:
    """Return the rows of the language file, those for evaluation only included."""
    return [
        Row(row["id"], row["lang"], row["source"], row["register"], normalise(row["text"]))
        for row in read_rows(folder / "langid.dev.tsv")
    ]


def further_rows(folder: Path, without: set[str]) -> list[Row]:
    """Return rows of the other files whose language is sure, none with a text in ``without``, none twice."""
    taken: Counter[tuple[str, str]] = Counter()
    seen = set(without)
    kept: list[Row] = []
    for row in _candidates(folder):
        group = (row.language, row.source)
        if row.language in CODES and row.text.strip() and row.text not in seen and taken[group] < _MOST_OF_ONE_SOURCE:
            taken[group] += 1
            seen.add(row.text)
            kept.append(row)
    return kept


def _candidates(folder: Path) -> Iterator[Row]:
    for name in _FILES:
        for row in read_rows(folder / name):
            source = row.get("source", "authored")
            if source not in EVALUATION_ONLY and source != "Davidson":
                for field in ("text", "we_form"):
                    yield Row(row["id"], row["lang"], source, name, normalise(row.get(field) or ""))
    with (folder / "pii_synthetic.dev.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Row(row["id"], row["lang"], "authored", "pii", normalise(row["text"]))


def drawn_texts() -> list[Row]:
    """Return texts drawn from word frequencies, the same ones every time."""
    random = np.random.default_rng(20261122)
    texts: list[Row] = []
    for code in CODES:
        for name in UNNAMED if code == "other" else (code,):
            drawn = _draw(name, _DRAWN.get(code, _DRAWN_ELSE), random)
            texts += [Row("", code, "wordfreq", "drawn", text) for text in drawn]
    return texts


def _draw(language: str, count: int, random: np.random.Generator) -> Iterator[str]:
    words = sorted(frequencies(language).items())
    chances = np.array([share for _, share in words]) ** _FLATTENING
    chances /= chances.sum()
    for length in random.integers(_SHORTEST, _LONGEST + 1, count):
        picked = random.choice(len(words), int(length), p=chances)
        yield " " + " ".join(words[number][0] for number in picked) + " "


def frequencies(language: str) -> dict[str, float]:
    """Return the share of each word of Latin letters in a language, from wordfreq's small list."""
    table = wordfreq.get_frequency_dict(language, "small")
    return {word: share for word, share in table.items() if _WORD.fullmatch(word)}


def malay_ratios(most: int) -> dict[str, float]:
    """Return for the ``most`` telling words the logarithm of how much more frequent they are in Malay than
    in Indonesian; negative for Indonesian words."""
    malay, indonesian = frequencies("ms"), frequencies("id")
    ratios = {}
    for word in sorted(set(malay) | set(indonesian)):
        ratio = np.log((malay.get(word, 0.0) + _UNSEEN) / (indonesian.get(word, 0.0) + _UNSEEN))
        ratios[word] = float(np.clip(ratio, -_STRONGEST, _STRONGEST))
    weight = {word: abs(ratio) * max(malay.get(word, 0), indonesian.get(word, 0)) for word, ratio in ratios.items()}
    telling = sorted(ratios, key=lambda word: (-weight[word], word))[:most]
    return {word: ratios[word] for word in telling}
