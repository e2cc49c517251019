"""Language identification by cross-validation, beside a naive count of frequent words and, if present, lingua."""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sklearn.metrics import f1_score

from pluralis.core import language as engine
from tools.models import language as training
from tools.models.language_corpus import (
    EVALUATION_ONLY,
    drawn_texts,
    frequencies,
    further_rows,
    labelled_rows,
    read_rows,
)

NAMED = ["en", "fr", "es", "id", "ms"]
MERGED = ["en", "fr", "es", "ms/id"]
FREQUENT = 1000
Answer = tuple[str, str, str]


class Row(NamedTuple):
    """One line of the table: what was measured, the baselines' figures, ours, and the figure to reach."""

    task: str
    baseline: str
    measured: str
    reach: str


def rows(folder: Path = training.SHARED, folds: int = 3) -> Iterator[Row]:
    """Yield the lines of the table; ours by cross-validation, trained ``folds`` times."""
    texts = {row["id"]: row["text"] for row in read_rows(folder / "langid.dev.tsv")}
    ours = _cross_validated(folder, texts, folds)
    naive = _answers(folder, texts, _naive())
    lingua = _lingua()
    library = _answers(folder, texts, lingua) if lingua else None
    for task, measure, reach in (
        ("language: F1 over en fr es id ms", _all, ".96"),
        ("language: F1 of tweets", _tweets, ".96"),
        ("language: F1 with ms and id merged", _merged, ".997"),
    ):
        beside = f", lingua {measure(library):.3f}" if library else ", lingua not installed"
        baseline = f"frequent words {measure(naive):.3f}{beside}"
        yield Row(f"{task}, {len(ours)} rows", baseline, f"{folds}-fold {measure(ours):.4f}", reach)
    yield _speed(list(texts.values()))


def _cross_validated(folder: Path, texts: dict[str, str], folds: int) -> list[Answer]:
    labelled = labelled_rows(folder)
    further, drawn = further_rows(folder, {row.text for row in labelled}), drawn_texts()
    answers: list[Answer] = []
    for fold in range(folds):
        held = {row.id for row in labelled if zlib.crc32(row.id.encode()) % folds == fold}
        learnt = [row for row in labelled if row.id not in held and row.source not in EVALUATION_ONLY]
        model = engine._Model(training.train([*learnt, *further, *drawn]))
        for row in labelled:
            if row.id in held:
                words = engine._words(texts[row.id])
                chances = model.probabilities(words) if words else dict.fromkeys(engine.CODES, 0.0)
                code = engine._decide(chances, dict.fromkeys(engine.CODES, 1.0)).code if words else "other"
                answers.append((row.language, row.register, code))
    return answers


def _answers(folder: Path, texts: dict[str, str], guess: Callable[[str], str]) -> list[Answer]:
    return [(row.language, row.register, guess(texts[row.id])) for row in labelled_rows(folder)]


def _naive() -> Callable[[str], str]:
    """The usual first attempt: the language with most of its frequent words in the text."""
    lists = {}
    for code in engine.CODES:
        if code != "other":
            shares = frequencies(code)
            lists[code] = frozenset(sorted(shares, key=lambda word: (-shares[word], word))[:FREQUENT])

    def guess(text: str) -> str:
        words = engine.normalise(text).split()
        return max(lists, key=lambda code: sum(word in lists[code] for word in words))

    return guess


def _lingua() -> Callable[[str], str] | None:
    try:
        from lingua import IsoCode639_1, LanguageDetectorBuilder
    except ImportError:
        return None
    codes = [getattr(IsoCode639_1, code.upper()) for code in engine.CODES if code != "other"]
    detector = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()

    def guess(text: str) -> str:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else "other"

    return guess


def _f1(answers: Iterable[tuple[str, str]], labels: list[str]) -> float:
    truth, found = zip(*answers, strict=True)
    return float(f1_score(truth, found, labels=labels, average="macro", zero_division=0))


def _all(answers: list[Answer]) -> float:
    return _f1([(truth, found) for truth, _, found in answers if truth in NAMED], NAMED)


def _tweets(answers: list[Answer]) -> float:
    return _all([answer for answer in answers if answer[1] == "tweet"])


def _merged(answers: list[Answer]) -> float:
    pair = {"ms": "ms/id", "id": "ms/id"}
    kept = [(pair.get(truth, truth), pair.get(found, found)) for truth, _, found in answers if truth in NAMED]
    return _f1(kept, MERGED)


def _speed(texts: list[str]) -> Row:
    engine.identify("warm up")
    start, used = time.perf_counter(), time.process_time()
    for text in texts:
        engine.identify(text)
    clock = len(texts) / (time.perf_counter() - start)
    processor = len(texts) / (time.process_time() - used)
    measured = f"{clock:,.0f} by the clock, {processor:,.0f} of processor time"
    return Row("language: texts/s, one at a time", "lingua 3,000", measured, "15,000")
