"""One column of weights: what it learns from, and how."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from tools.models.triage.matrix import Table

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_RARE = 0.9995


@dataclass(frozen=True)
class Recipe:
    """How a column is fitted: ``give`` is sklearn's C, ``grams`` and ``names`` weigh the two blocks, and
    ``ratios`` first scales each n-gram by its naive Bayes log ratio (Wang and Manning 2012)."""

    give: float
    grams: float = 3.0
    names: float = 1.0
    ratios: bool = False


@dataclass(frozen=True)
class Column:
    """Fitted weights of one head as whole numbers, the scales that give them their size, and the bias."""

    grams: npt.NDArray[np.int8]
    names: npt.NDArray[np.int8]
    gram_scale: float
    name_scale: float
    bias: float
    unit: Floats

    def scores(self, table: Table) -> Floats:
        """Return the raw scores of a table's rows, exactly as the shipped model computes them."""
        grams = table.grams @ (self.grams / self.unit) * self.gram_scale
        return np.asarray(grams + table.names @ self.names.astype(float) * self.name_scale + self.bias)


def fit_column(recipe: Recipe, table: Table, truth: Flags, weight: Floats, unit: Floats) -> Column:
    """Return the column that tells ``truth`` from the rest on the rows whose ``weight`` is not 0.

    ``unit`` is the idf of each n-gram: the model sums whole weights of n-grams that are there, while the table
    holds them scaled by their idf.
    """
    rows = np.flatnonzero(weight)
    grams, names = table.grams[rows], table.names[rows]
    stretch = np.full(grams.shape[1], recipe.grams)
    if recipe.ratios:
        stretch = stretch * _log_ratios(grams, truth[rows])
    cells = sparse.hstack([grams @ sparse.diags(stretch), names * recipe.names], format="csr")
    fitted = LogisticRegression(C=recipe.give, solver="liblinear", random_state=0)
    fitted.fit(cells, truth[rows], sample_weight=weight[rows])
    split = grams.shape[1]
    gram_weights = fitted.coef_[0][:split] * stretch * unit
    name_weights = fitted.coef_[0][split:] * recipe.names
    gram_cells, gram_scale = _whole(gram_weights)
    name_cells, name_scale = _whole(name_weights)
    return Column(gram_cells, name_cells, gram_scale, name_scale, float(fitted.intercept_[0]), unit)


def _log_ratios(grams: sparse.csr_matrix, truth: Flags) -> Floats:
    ones = grams.copy()
    ones.data[:] = 1.0
    yes = np.asarray(ones[truth].sum(axis=0)).ravel() + 1
    no = np.asarray(ones[~truth].sum(axis=0)).ravel() + 1
    return np.asarray(np.log((yes / yes.sum()) / (no / no.sum())))


def _whole(weights: Floats) -> tuple[npt.NDArray[np.int8], float]:
    """Return the weights in 127 steps of their largest size, a few outliers cut; and the size of a step."""
    sizes = np.abs(weights[weights != 0])
    top = float(np.quantile(sizes, _RARE)) if len(sizes) else 1.0
    step = top / 127 or 1.0
    return np.clip(np.rint(weights / step), -127, 127).astype(np.int8), step


def balanced(
    truth: npt.NDArray[np.str_], source: npt.NDArray[np.str_], use: Flags, worth: dict[str, float]
) -> Floats:
    """Return row weights: within a source each label weighs the same; a source weighs its rows times its worth."""
    weight = np.zeros(len(truth))
    for name in sorted(set(source[use])):
        here = use & (source == name)
        labels = sorted(set(truth[here]))
        for label in labels:
            rows = here & (truth == label)
            weight[rows] = here.sum() / len(labels) / rows.sum() * worth.get(name, 1.0)
    return weight
