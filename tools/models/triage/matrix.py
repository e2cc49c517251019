"""Texts as rows of numbers, with the very functions that read a message when the model is used."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from pluralis.core.triage.cues import packaged_lexicon
from pluralis.core.triage.features import Reading, derived_features, read
from tools.models.triage.rows import Row

GRAM_SHARE = 3.0
"""How much the n-grams weigh beside the derived features before the model is fitted."""


@dataclass(frozen=True)
class Columns:
    """The names of the columns: n-grams first, derived features behind them, each sorted."""

    grams: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A sparse matrix of shape (rows, grams + names) and the names of its columns."""

    cells: sparse.csr_matrix
    columns: Columns


def readings_of(rows: list[Row]) -> list[Reading]:
    """Return the rows as the model reads them."""
    lexicon = packaged_lexicon()
    return [read(row.text, row.language, lexicon) for row in rows]


def columns_of(readings: list[Reading], least_grams: int, least_names: int) -> Columns:
    """Return the columns that occur in at least so many readings."""
    grams: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for reading in readings:
        grams.update(grams_of(reading.folded))
        names.update(derived_features(reading))
    return Columns(
        tuple(sorted(gram for gram, count in grams.items() if count >= least_grams)),
        tuple(sorted(name for name, count in names.items() if count >= least_names)),
    )


def table_of(readings: list[Reading], columns: Columns) -> Table:
    """Return the readings as numbers: n-grams share one length, derived features stand for themselves."""
    gram_places = {gram: place for place, gram in enumerate(columns.grams)}
    name_places = {name: place for place, name in enumerate(columns.names)}
    grams = _ones([_places(grams_of(reading.folded), gram_places) for reading in readings], len(gram_places))
    names = _ones([_places(derived_features(reading), name_places) for reading in readings], len(name_places))
    lengths = np.sqrt(np.maximum(1, np.diff(grams.indptr)))
    grams = sparse.diags(GRAM_SHARE / lengths) @ grams
    return Table(sparse.hstack([grams, names * NAME_SHARE], format="csr"), columns)


NAME_SHARE = 0.3


def _places(found: set[str], places: dict[str, int]) -> list[int]:
    return sorted(places[name] for name in found if name in places)


def _ones(rows: list[list[int]], width: int) -> sparse.csr_matrix:
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    cells = np.concatenate([np.array(row, dtype=np.int64) for row in rows]) if rows else np.array([], np.int64)
    return sparse.csr_matrix((np.ones(len(cells)), cells, starts), shape=(len(rows), width))


def grams_of(folded: str) -> set[str]:
    """Return words and pairs of words with their spaces, and the 3 to 5 letters of each word, edges marked."""
    words = folded.split()
    found = {f" {word} " for word in words}
    found.update(f" {left} {right} " for left, right in zip(words, words[1:], strict=False))
    for word in set(words):
        edged = f" {word} "
        if 3 < len(edged) <= 40:
            found.update(edged[at : at + size] for size in (3, 4, 5) for at in range(len(edged) - size + 1))
    return found
