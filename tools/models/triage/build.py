"""``build`` writes the shipped triage model, byte for byte the same with the same data and lock."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from pluralis.core.triage.model import HEADS, TriageModel
from tools.models.triage.heads import Column
from tools.models.triage.mixing import calibrations
from tools.models.triage.rows import authored_rows
from tools.models.triage.training import Training

Say = Callable[[str], None]


def build(out_dir: Path, say: Say = lambda line: None) -> list[Path]:
    """Write ``triage.model`` and ``triage_reference.tsv`` into ``out_dir`` and return their paths.

    ``DataMissing`` when the shared data lies not beside the checkout. Takes some minutes on one core; ``say``
    gets a line for each step.
    """
    say("triage: reading rows")
    model = train(Training(), say)
    paths = out_dir / "triage.model", out_dir / "triage_reference.tsv"
    paths[0].write_bytes(model.to_bytes())
    paths[1].write_text(reference_text(), encoding="utf-8")
    return list(paths)


def train(training: Training, say: Say) -> TriageModel:
    """Return the model learnt from all rows, calibrated on scores made out of fold."""
    columns: dict[str, Column] = {}
    scores = {}
    for name, task in training.tasks().items():
        say(f"triage: {name}")
        scores[name] = training.out_of_fold(task)
        columns.update(training.fit(task, training.everything))
    return assembled(training, columns, calibrations(training, scores))


def assembled(training: Training, columns: dict[str, Column], calibration: dict[str, list[float]]) -> TriageModel:
    """Return the columns as one model, without n-grams and names that have no weight in any of them."""
    ordered = [columns[head] for head in HEADS]
    grams = np.stack([column.grams for column in ordered], axis=1)
    names = np.stack([column.names for column in ordered], axis=1)
    told = np.flatnonzero(np.abs(names).sum(axis=1))
    return TriageModel(
        patterns=training.columns.grams,
        weights=grams,
        sizes=training.columns.sizes,
        names=tuple(training.columns.names[place] for place in told),
        derived=names[told],
        scale=(_numbers(column.gram_scale for column in ordered), _numbers(c.name_scale for c in ordered)),
        bias=_numbers(column.bias for column in ordered),
        calibration=calibration,
    )


def _numbers(values) -> tuple[float, ...]:  # type: ignore[no-untyped-def]
    return tuple(float(f"{value:.6g}") for value in values)


def reference_text() -> str:
    """Return the reference messages that ``learn`` must not unlearn: language, label, text."""
    rows = [f"{row.language}\t{row.label}\t{row.text}" for row in authored_rows()]
    return "# Written for Pluralis: messages that learning must not unlearn.\n" + "\n".join(rows) + "\n"
