"""Learning from a team's own corrections: a small overlay over the shipped model, accepted only if it helps.

A part of the corrections is held back and never trained on while the decision is taken. A batch is refused,
and says why, when it makes the held-back part worse, when its labels cannot be learnt from its texts at all,
when it contradicts what the model is sure of, or when it would unlearn the packaged reference messages. So
neither a slip nor a person who teaches nonsense can spoil the inbox of a team.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from pluralis.core.data import load_lines
from pluralis.core.triage.cues import packaged_lexicon
from pluralis.core.triage.decide import label_logits
from pluralis.core.triage.features import read
from pluralis.core.triage.fit import Labelled, fit_overlay
from pluralis.core.triage.model import TriageModel, packaged_model
from pluralis.core.triage.result import LABELS

LEAST, MOST = 100, 5_000
"""How many different corrections one batch needs at least, and how many of it are read at most."""

_HELD_BACK = 5
_CHANCE = 0.15
_CLEAR = 0.8
_CONTRADICTION = 0.5
_UNLEARNT = 0.03
_REPLAY_SHARE = 1.0


class Correction(NamedTuple):
    """One message and the label a person gave it; ``language`` is a code of ``core.language`` or ``None``."""

    text: str
    label: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a batch of corrections.

    ``model`` is the new model, or the one given when the batch was refused. ``before`` and ``after`` are
    macro-F1 on the held-back part (0 to 1) of the old and of the new model; ``reference_before`` and
    ``reference_after`` the same on the packaged reference messages. ``refusal`` is ``None`` or one of
    ``too_few worse not_learnable contradicts unlearns``; ``message`` says it in English. ``conflicts`` counts
    texts that came with several labels, which are left out.
    """

    model: TriageModel
    before: float
    after: float
    examples: int
    held_back: int
    conflicts: int
    reference_before: float = 0.0
    reference_after: float = 0.0
    refusal: str | None = None
    message: str = ""

    @property
    def accepted(self) -> bool:
        """Whether ``model`` is a new one."""
        return self.refusal is None


Example = Correction | Sequence[str | None] | Mapping[str, str]


def learn(examples: Iterable[Example], base: TriageModel | None = None) -> Learned:
    """Return what a batch of corrections teaches ``base`` (the shipped model by default).

    An example is a :class:`Correction`, a (text, label) or (text, label, language) tuple, or a mapping with
    these names. The newest of the last 5,000 count. ``ValueError`` names the first label that is none of ours.
    """
    model = base or packaged_model()
    kept, conflicts = _distinct(examples)
    rows = [_labelled(correction, model) for correction in kept]
    if len(rows) < LEAST:
        return _too_few(model, len(rows), conflicts)
    taught = [row for row in rows if not _is_held_back(row)]
    held = [row for row in rows if _is_held_back(row)]
    return _decided(model, rows, taught, held, conflicts)


def _decided(
    model: TriageModel, rows: list[Labelled], taught: list[Labelled], held: list[Labelled], conflicts: int
) -> Learned:
    replay = [_labelled(correction, model) for correction in packaged_reference("triage_replay.tsv")]
    guard = [_labelled(correction, model) for correction in packaged_reference()]
    trial = fit_overlay(taught, replay, _REPLAY_SHARE)
    old, new = [row.best(None) for row in held], [row.best(trial) for row in held]
    guard_old = macro_f1(_truth(guard), [row.best(None) for row in guard])
    guard_new = macro_f1(_truth(guard), [row.best(trial) for row in guard])
    result = Learned(
        model=model,
        before=macro_f1(_truth(held), old),
        after=macro_f1(_truth(held), new),
        examples=len(rows),
        held_back=len(held),
        conflicts=conflicts,
        reference_before=guard_old,
        reference_after=guard_new,
    )
    refusal = _refusal(result, rows, agreement(_truth(held), new))
    if refusal:
        return replace(result, refusal=refusal[0], message=refusal[1])
    final = fit_overlay(rows, replay, _REPLAY_SHARE)
    return replace(result, model=replace(model, overlay=final), message=_improvement(result))


def _refusal(result: Learned, rows: list[Labelled], agreed: float) -> tuple[str, str] | None:
    contradicted = sum(row.contradicts(_CLEAR) for row in rows) / len(rows)
    if contradicted > _CONTRADICTION:
        share = f"{contradicted:.0%}"
        return "contradicts", f"{share} of these labels contradict what the model is sure of; nothing was learnt."
    if agreed < _CHANCE:
        return (
            "not_learnable",
            "These labels cannot be told from their texts better than by chance; nothing was learnt.",
        )
    if result.after < result.before:
        figures = f"{result.before:.3f} to {result.after:.3f}"
        return "worse", f"The held-back part would get worse ({figures}); nothing was learnt."
    if result.reference_after < result.reference_before - _UNLEARNT:
        figures = f"{result.reference_before:.3f} to {result.reference_after:.3f}"
        return "unlearns", f"The reference messages would get worse ({figures}); nothing was learnt."
    return None


def _improvement(result: Learned) -> str:
    figures = f"{result.before:.3f} to {result.after:.3f}"
    return f"Learnt from {result.examples} corrections: {figures} on the {result.held_back} held back."


def _too_few(model: TriageModel, count: int, conflicts: int) -> Learned:
    message = f"{count} different corrections are too few: {LEAST} are needed; nothing was learnt."
    return Learned(model, 0.0, 0.0, count, 0, conflicts, refusal="too_few", message=message)


def _distinct(examples: Iterable[Example]) -> tuple[list[Correction], int]:
    """Return each text once with its label; texts that came with several labels are dropped and counted."""
    by_text: dict[str, Correction] = {}
    labels: dict[str, set[str]] = {}
    for example in examples:
        correction = _correction(example)
        by_text[correction.text] = correction
        labels.setdefault(correction.text, set()).add(correction.label)
    clear = [correction for text, correction in by_text.items() if len(labels[text]) == 1]
    return clear[-MOST:], len(by_text) - len(clear)


def _correction(example: Example) -> Correction:
    if isinstance(example, Mapping):
        correction = Correction(example["text"], example["label"], example.get("language"))
    else:
        correction = Correction(*example)  # type: ignore[arg-type]
    if correction.label not in LABELS:
        raise ValueError(f"{correction.label!r} is no label; the labels are {', '.join(LABELS)}")
    return correction


def _labelled(correction: Correction, model: TriageModel) -> Labelled:
    reading = read(correction.text, correction.language, packaged_lexicon())
    return Labelled(reading, LABELS.index(correction.label), label_logits(model.score(reading), reading, model))


def _is_held_back(row: Labelled) -> bool:
    """One in five by the text itself: the same text always falls on the same side, whatever the order."""
    return hashlib.blake2b(row.reading.folded.encode(), digest_size=4).digest()[0] % _HELD_BACK == 0


@cache
def packaged_reference(name: str = "triage_reference.tsv") -> tuple[Correction, ...]:
    """Return packaged messages, written for this project, in six labels and five languages.

    ``triage_reference.tsv`` guards: no batch may make it worse. ``triage_replay.tsv`` is taught again beside the
    corrections, so that what they do not speak of is kept.
    """
    cells = (line.split("\t") for line in load_lines(name))
    return tuple(Correction(text, label, language) for language, label, text in cells)


def _truth(rows: list[Labelled]) -> list[int]:
    return [row.label for row in rows]


def macro_f1(truth: Sequence[int], guess: Sequence[int]) -> float:
    """Return the mean F1 over the labels that occur in ``truth``; 0 for no rows."""
    right = Counter(good for good, bad in zip(truth, guess, strict=True) if good == bad)
    true, guessed = Counter(truth), Counter(guess)
    parts = [2 * right[label] / (true[label] + guessed[label]) for label in true]
    return sum(parts) / len(parts) if parts else 0.0


def agreement(truth: Sequence[int], guess: Sequence[int]) -> float:
    """Return Cohen's kappa: 1 is full agreement, 0 what chance alone would give."""
    size = len(truth)
    if not size:
        return 0.0
    same = sum(left == right for left, right in zip(truth, guess, strict=True)) / size
    true, guessed = Counter(truth), Counter(guess)
    chance = sum(true[label] * guessed[label] for label in true) / size**2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)
