"""Texts as rows of numbers, with the very functions that read a message when the model is used."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from pluralis.core.triage.cues import packaged_lexicon
from pluralis.core.triage.features import Reading, derived_features, read
from tools.models.triage.rows import Row

_LONGEST_WORD = 40


@dataclass(frozen=True)
class Columns:
    """The names of the columns, sorted, and the squared length (idf squared) of each n-gram, in hundredths."""

    grams: tuple[str, ...]
    sizes: npt.NDArray[np.uint16]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Readings as two sparse blocks: n-grams (each row of length 1) and derived features (ones)."""

    grams: sparse.csr_matrix
    names: sparse.csr_matrix


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
    kept = sorted(gram for gram, count in grams.items() if count >= least_grams)
    counts = np.array([grams[gram] for gram in kept])
    idf = np.log((1 + len(readings)) / (1 + counts)) + 1
    return Columns(
        tuple(kept),
        np.rint(idf**2 * 100).astype(np.uint16),
        tuple(sorted(name for name, count in names.items() if count >= least_names)),
    )


def table_of(readings: list[Reading], columns: Columns) -> Table:
    """Return the readings as numbers."""
    gram_places = {gram: place for place, gram in enumerate(columns.grams)}
    name_places = {name: place for place, name in enumerate(columns.names)}
    ones = _ones([_places(grams_of(reading.folded), gram_places) for reading in readings], len(gram_places))
    names = _ones([_places(derived_features(reading), name_places) for reading in readings], len(name_places))
    squares = columns.sizes.astype(np.float64) / 100
    lengths = np.sqrt(np.maximum(ones @ squares, 1e-9))
    return Table(_scaled(1 / lengths, ones, np.sqrt(squares)), names)


def _scaled(
    rows: npt.NDArray[np.float64], cells: sparse.csr_matrix, columns: npt.NDArray[np.float64]
) -> sparse.csr_matrix:
    return (sparse.diags(rows) @ cells @ sparse.diags(columns)).tocsr()


def _places(found: set[str], places: dict[str, int]) -> list[int]:
    return sorted(places[name] for name in found if name in places)


def _ones(rows: list[list[int]], width: int) -> sparse.csr_matrix:
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    cells = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
    return sparse.csr_matrix((np.ones(len(cells)), cells, starts), shape=(len(rows), width))


def grams_of(folded: str) -> set[str]:
    """Return words and pairs of words with their spaces, and the 3 to 5 letters of each word, edges marked."""
    words = folded.split()
    found = {f" {word} " for word in words}
    found.update(f" {left} {right} " for left, right in pairwise(words))
    for word in set(words):
        edged = f" {word} "
        if 3 < len(edged) <= _LONGEST_WORD:
            found.update(edged[at : at + size] for size in (3, 4, 5) for at in range(len(edged) - size + 1))
    return found
