"""``build`` writes the shipped triage model, byte for byte the same with the same data and lock."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from pluralis.core.triage.model import HEADS, TriageModel
from tools.models.triage.heads import Column
from tools.models.triage.mixing import calibrations
from tools.models.triage.rows import Row, authored_rows, written_rows
from tools.models.triage.training import Training

Say = Callable[[str], None]


def build(out_dir: Path, say: Say = lambda line: None) -> list[Path]:
    """Write ``triage.model`` and the two sets of messages for ``learn`` into ``out_dir``; return their paths.

    ``DataMissing`` when the shared data lies not beside the checkout. Takes some minutes on one core; ``say``
    gets a line for each step.
    """
    say("triage: reading rows")
    model = train(Training(), say)
    contents = {
        "triage.model": model.to_bytes(),
        "triage_reference.tsv": listed(authored_rows(), "messages that learning must not unlearn").encode(),
        "triage_replay.tsv": listed(one_of_each(written_rows()), "messages taught again beside corrections").encode(),
    }
    for name, content in contents.items():
        (out_dir / name).write_bytes(content)
    return [out_dir / name for name in contents]


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


def one_of_each(rows: list[Row]) -> list[Row]:
    """Return the first row of each template."""
    return list({row.group: row for row in reversed(rows)}.values())[::-1]


def listed(rows: list[Row], what: str) -> str:
    """Return messages as the text of a packaged file: language, label, text."""
    lines = [f"{row.language}\t{row.label}\t{row.text}" for row in rows]
    return f"# Written for Pluralis: {what}.\n" + "\n".join(lines) + "\n"
