"""Train the language model and write it as one small file; run by ``make models``.

Two linear models over parts of words, both multinomial logistic regressions: one for the language with Malay and
Indonesian as one group, one for which of these two. The parts that tell most are kept, the models are fitted
again on them, and the weights are rounded to one byte.
"""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from pluralis.core.language import MERGED
from tools.models.language_corpus import (
    EVALUATION_ONLY,
    Row,
    drawn_texts,
    further_rows,
    labelled_rows,
    malay_ratios,
)

ARTEFACT = "language.bin"
DATA = "PLURALIS_TEXT_DATA"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "text"

LONGEST_PART, FEWEST_TEXTS = 4, 6
GROUP_PARTS, DIALECT_PARTS, DIALECT_WORDS = 13_000, 4_000, 10_000
GROUP_STRENGTH, DIALECT_STRENGTH, RATIO_SCALE = 30.0, 3.0, 3.0
ROUNDS = 80
# A text is less likely to be in some unnamed language than in a named one.
UNNAMED_SHARE = 0.4
UNNAMED_WEIGHT = 0.8
LARGEST_BYTE = 127
# Between the largest weight and rounding error: weights beyond this quantile are cut.
KEPT_RANGE = 0.9995

Matrix = sparse.csr_matrix
Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A linear model: its parts, one row of weights for each, and a bias for each class in order."""

    parts: list[str]
    weights: Weights
    biases: Weights
    classes: list[str]


def build(out_dir: Path) -> Path:
    """Train on all rows that may be trained on and write ``language.bin`` into ``out_dir``; return its path.

    The shared development files are looked for beside the repository or where ``PLURALIS_TEXT_DATA`` says.
    """
    folder = Path(os.environ.get(DATA, SHARED))
    labelled = [row for row in labelled_rows(folder) if row.source not in EVALUATION_ONLY]
    path = out_dir / ARTEFACT
    path.write_bytes(train([*labelled, *further_rows(folder, {row.text for row in labelled}), *drawn_texts()]))
    return path


def train(rows: Sequence[Row]) -> bytes:
    """Return the packed model learnt from ``rows``. The same rows and libraries give the same bytes."""
    with threadpool_limits(1):
        return pack(fit_groups(rows), fit_dialects([row for row in rows if row.language in ("ms", "id")]))


def fit_groups(rows: Sequence[Row]) -> Fitted:
    """Return the model of languages, with Malay and Indonesian as one group."""
    labels = [MERGED if row.language in ("ms", "id") else row.language for row in rows]
    weights = np.array([_group_weight(row) for row in rows])
    parts, counts = _count([row.text for row in rows], word_parts)
    model = _fit(_scaled(counts, rows), labels, weights, GROUP_STRENGTH)
    spread = np.ptp(model.coef_, axis=0) * np.sqrt(np.asarray(counts.sum(axis=0)).ravel())
    kept = _strongest(spread, GROUP_PARTS)
    model = _fit(_scaled(counts[:, kept], rows), labels, weights, GROUP_STRENGTH)
    classes = list(model.classes_)
    biases = model.intercept_ + np.log([UNNAMED_SHARE if name == "other" else 1.0 for name in classes])
    return Fitted([parts[number] for number in kept], model.coef_.T, biases, classes)


def fit_dialects(rows: Sequence[Row]) -> Fitted:
    """Return the model of Malay (positive) against Indonesian: parts of words beside ratios of frequencies."""
    labels = [row.language for row in rows]
    weights = np.array([_dialect_weight(row) for row in rows])
    ratios = malay_ratios(DIALECT_WORDS)
    known = [sum(ratios.get(word, 0.0) for word in row.text.split()) for row in rows]
    telling = sparse.csr_matrix(np.array(known)[:, None] * RATIO_SCALE)
    parts, counts = _count([row.text for row in rows], word_parts)
    model = _fit(_scaled(sparse.hstack([counts, telling]).tocsr(), rows), labels, weights, DIALECT_STRENGTH)
    spread = np.abs(model.coef_[0, :-1]) * np.sqrt(np.asarray(counts.sum(axis=0)).ravel())
    kept = _strongest(spread, DIALECT_PARTS)
    chosen = sparse.hstack([counts[:, kept], telling]).tocsr()
    model = _fit(_scaled(chosen, rows), labels, weights, DIALECT_STRENGTH)
    total = {parts[number]: float(model.coef_[0, place]) for place, number in enumerate(kept)}
    for word, ratio in ratios.items():
        total[f" {word} "] = total.get(f" {word} ", 0.0) + float(model.coef_[0, -1]) * RATIO_SCALE * ratio
    names = sorted(total)
    return Fitted(names, np.array([[total[name]] for name in names]), model.intercept_, ["ms"])


def pack(groups: Fitted, dialects: Fitted) -> bytes:
    """Return both models as one file: a line of JSON, the parts, and a row of signed bytes for each part."""
    names = sorted(set(groups.parts) | set(dialects.parts))
    place = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(names), len(groups.classes) + 1))
    table[[place[name] for name in groups.parts], :-1] = groups.weights
    table[[place[name] for name in dialects.parts], -1] = dialects.weights[:, 0]
    scales = [_scale(groups.weights)] * len(groups.classes) + [_scale(dialects.weights)]
    rounded = np.clip(np.rint(table / scales), -LARGEST_BYTE, LARGEST_BYTE).astype(np.int8)
    body = "\n".join(names).encode()
    header = {
        "biases": [round(float(bias), 4) for bias in [*groups.biases, *dialects.biases]],
        "groups": groups.classes,
        "pattern_bytes": len(body),
        "scales": [round(scale, 8) for scale in scales],
    }
    return json.dumps(header, sort_keys=True).encode() + b"\n" + body + rounded.tobytes()


def word_parts(text: str) -> list[str]:
    """Return all parts of the words of a normalised text up to four signs, and longer whole words.

    The blanks around a word belong to it, so that its beginning and end are parts of their own. Single letters
    count only with an accent: the others are in every word, tell little and would cost a third of the time.
    """
    found: list[str] = []
    for word in text.split():
        framed = f" {word} "
        for length in range(1, LONGEST_PART + 1):
            found += [framed[at : at + length] for at in range(len(framed) - length + 1)]
        if len(framed) > LONGEST_PART:
            found.append(framed)
    return [part for part in found if len(part) > 1 or not part.isascii()]


def _count(texts: Iterable[str], analyse: Callable[[str], list[str]]) -> tuple[list[str], Matrix]:
    counter = CountVectorizer(analyzer=analyse, min_df=FEWEST_TEXTS, dtype=np.float64)
    counts = counter.fit_transform(texts)
    return list(counter.get_feature_names_out()), counts


def _scaled(counts: Matrix, rows: Sequence[Row]) -> Matrix:
    """Divide each row by the root of its text's length, as the engine does."""
    return sparse.diags(1 / np.sqrt([len(row.text) for row in rows])) @ counts


def _fit(counts: Matrix, labels: Sequence[str], weights: Weights, strength: float) -> LogisticRegression:
    model = LogisticRegression(C=strength, max_iter=ROUNDS, tol=1e-3)
    return model.fit(counts, labels, sample_weight=weights)


def _strongest(values: Weights, most: int) -> list[int]:
    return sorted(np.argsort(-values, kind="stable")[:most].tolist())


def _scale(weights: Weights) -> float:
    return float(np.quantile(np.abs(weights), KEPT_RANGE)) / LARGEST_BYTE


def _group_weight(row: Row) -> float:
    """Drawn texts of unnamed languages count little: they are many languages, and none is asked for."""
    if row.source == "wordfreq":
        return UNNAMED_WEIGHT if row.language == "other" else 1.0
    return 2.0 if row.source == "XLM-T" else 1.0


def _dialect_weight(row: Row) -> float:
    """The translated pairs are the only Malay sentences; the many Indonesian reviews must not outweigh them."""
    if row.source == "wordfreq":
        return 0.03
    if row.source == "FLORES-200":
        return 3.0
    return 1.0 if row.source == "authored" or row.language == "ms" else 0.3
