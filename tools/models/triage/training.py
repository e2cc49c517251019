"""All rows in one table, and every column fitted on the rows it may learn from."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from pluralis.core.triage.features import Reading
from pluralis.core.triage.model import LISTS
from pluralis.core.triage.result import LABELS, SENTIMENTS
from tools.models.triage.heads import Column, Flags, Floats, Recipe, balanced, fit_column
from tools.models.triage.matrix import Columns, Table, columns_of, readings_of, table_of
from tools.models.triage.rows import (
    MEASURED_ONLY,
    Row,
    abuse_rows,
    aimed_labels,
    aimed_rows,
    authored_rows,
    sentiment_rows,
    written_rows,
)

FOLDS = 5
_LEAST_GRAMS, _LEAST_NAMES = 10, 5
_TEMPLATES = ("HateCheck", "MHC")

_LABEL_WORTH = {"triage_authored": 3.0, "aimed": 0.2}

RECIPES = {
    "aimed": Recipe(give=0.2, names=0.6),
    "abuse:en": Recipe(give=0.1, grams=5.0, names=0.3, ratios=True),
    "abuse:fr": Recipe(give=0.06, names=0.3),
    "sentiment:en": Recipe(give=0.3, names=0.3),
    "sentiment:fr": Recipe(give=0.8, names=0.3),
    "sentiment:es": Recipe(give=0.2, names=0.3),
    "sentiment:ms": Recipe(give=1.0, names=0.3),
    "labels": Recipe(give=0.5, names=0.5),
}


@dataclass(frozen=True)
class Task:
    """One thing to learn: ``name`` and recipe, the head of each answer, and which rows teach it with what worth."""

    name: str
    heads: dict[str, str]
    worth: Floats

    @property
    def recipe(self) -> Recipe:
        """How its columns are fitted."""
        return RECIPES[self.name]


class Training:
    """The rows that what ships may learn from, as one table.

    ``truth``, ``source`` and ``language`` are arrays with one entry a row. Class C rows are never in it.
    """

    def __init__(self, extra: list[Row] | None = None) -> None:
        """Read the rows and build the table; ``extra`` rows widen the vocabulary and teach nothing."""
        self.rows = [*_abuse(), *_sentiment(), *authored_rows(), *written_rows(), *aimed_labels()]
        if any(row.source in MEASURED_ONLY for row in self.rows):
            raise AssertionError("a class C row must never teach what ships")
        self.readings: list[Reading] = readings_of(self.rows)
        more = readings_of(extra or davidson_rows())
        self.columns: Columns = columns_of(self.readings + more, _LEAST_GRAMS, _LEAST_NAMES)
        self.table: Table = table_of(self.readings, self.columns)
        self.unit: Floats = np.sqrt(self.columns.sizes / 100)
        self.truth = np.array([row.label for row in self.rows])
        self.source = np.array([row.source for row in self.rows])
        self.language = np.array([row.language for row in self.rows])
        self.group = np.array([row.group for row in self.rows])
        self.everything: Flags = np.ones(len(self.rows), dtype=bool)

    def tasks(self) -> dict[str, Task]:
        """Return what is learnt, by name."""
        found = {
            "aimed": Task("aimed", {"aimed": "1"}, self._worth({"HateCheck": 1.0, "MHC": 1.0, "aimed": 1.0})),
            "abuse:en": Task("abuse:en", {"abuse:en": "1"}, self._worth({"OLID": 1.0})),
            "abuse:fr": Task("abuse:fr", {"abuse:fr": "1"}, self._worth({"MLMA": 1.0})),
            "labels": Task("labels", {label: label for label in LABELS}, self._label_worth()),
        }
        for language in LISTS:
            name = f"sentiment:{language}"
            heads = {f"{feeling}:{language}": feeling for feeling in SENTIMENTS}
            found[name] = Task(name, heads, self._sentiment_worth(language))
        return found

    def fit(self, task: Task, use: Flags) -> dict[str, Column]:
        """Return the columns of a task, learnt from the rows of ``use`` that teach it."""
        where = use & (task.worth > 0)
        source = np.char.add(self.source, np.char.add("-", self.language))
        weight = balanced(self.truth, source, where, {}) * task.worth
        return {
            head: fit_column(task.recipe, self.table, self.truth == answer, weight, self.unit)
            for head, answer in task.heads.items()
        }

    def out_of_fold(self, task: Task, seed: int = 0) -> npt.NDArray[np.float64]:
        """Return raw scores (rows, heads): each row scored by columns that saw neither it nor its group."""
        scores = np.zeros((len(self.rows), len(task.heads)))
        for learn, rest in self.folds(seed):
            for place, column in enumerate(self.fit(task, learn).values()):
                scores[rest, place] = column.scores(self.table)[rest]
        return scores

    def folds(self, seed: int) -> Iterator[tuple[Flags, Flags]]:
        """Yield five (learn, rest) pairs; rows of one group stay together, written rows always teach."""
        strata = np.char.add(np.char.add(self.source, self.language), self.truth)
        split = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        for _, held in split.split(self.truth, strata, self.group):
            rest = np.zeros(len(self.rows), dtype=bool)
            rest[held] = True
            yield ~rest | np.isin(self.source, ["aimed", "written"]), rest

    def _worth(self, worth: dict[str, float]) -> Floats:
        known = np.isin(self.truth, ["0", "1"])
        return np.array([worth.get(source, 0.0) for source in self.source]) * known

    def _sentiment_worth(self, language: str) -> Floats:
        own = {"ms": ("id", "ms")}.get(language, (language,))
        feeling = np.isin(self.truth, SENTIMENTS)
        return np.where(np.isin(self.language, own), 1.0, 0.1) * feeling

    def _label_worth(self) -> Floats:
        worth = np.array([_LABEL_WORTH.get(source, 1.0) for source in self.source])
        return worth * np.isin(self.truth, LABELS)


def _abuse() -> list[Row]:
    used = ("OLID", "MLMA", *_TEMPLATES)
    return [*(row for row in abuse_rows() if row.source in used), *aimed_rows()]


def davidson_rows() -> list[Row]:
    """Return the Davidson tweets: their words count for the vocabulary, their labels teach nothing."""
    return [row for row in abuse_rows() if row.source == "Davidson"]


def _sentiment() -> list[Row]:
    return [row for row in sentiment_rows() if row.source not in MEASURED_ONLY]
