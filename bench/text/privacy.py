"""Personal data: recall, F1, false alarms and speed, beside the expressions that everybody writes first.

Types of the two sets: pii_synthetic has ours (EMAIL PHONE IBAN CARD NATID ADDRESS REF). Of presidio-research the
types that we cover count (EMAIL PHONE CARD ADDRESS, and IBAN and NATID where they occur); PERSON, ORGANIZATION,
GPE, TITLE, AGE, DATE_TIME, NRP, DOMAIN_NAME, IP_ADDRESS and a ZIP_CODE on its own are not personal data of this
package and are left out of both sides. A span is found when a predicted span of the same type overlaps it; a
predicted span is right when it overlaps one of the same type.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pluralis.core.privacy import find

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "text"
TRUE_HITS = Path(__file__).with_name("privacy_true_hits.txt")
OURS = frozenset({"EMAIL", "PHONE", "IBAN", "CARD", "NATID", "ADDRESS", "REF"})
PRESIDIO = OURS - {"REF"}

_NAIVE = {
    "EMAIL": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "IBAN": r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b",
    "CARD": r"\b(?:\d[ -]?){13,16}\b",
    "NATID": r"\b\d{3}-\d{2}-\d{4}\b|\b[XYZ]?\d{7,8}-?[A-Z]\b|\b[12]\d{14}\b|\b\d{6}-\d{2}-\d{4}\b|\b\d{16}\b",
    "PHONE": r"\+?\d[\d .()-]{7,14}\d",
    "ADDRESS": r"\b\d{1,5} (?:\w+ ){1,3}(?:street|road|avenue|lane|rue|calle|jalan)\b",
    "REF": r"\b[A-Z]{2,3}-\d{5,8}\b",
}
_NAIVE_FORMS = {kind: re.compile(form, re.IGNORECASE) for kind, form in _NAIVE.items()}


class Span(NamedTuple):
    """A marked piece of a text."""

    start: int
    end: int
    type: str


class Row(NamedTuple):
    """One line of the table: what was measured, the baseline's figure, ours, and the figure to reach."""

    task: str
    baseline: str
    measured: str
    reach: str


Finder = Callable[[str, str | None], list[Span]]


def ours(text: str, language: str | None = None) -> list[Span]:
    """The spans of ``pluralis.core.privacy.find``."""
    return [Span(data.start, data.end, data.type.value) for data in find(text, language=language)]


def naive(text: str, language: str | None = None) -> list[Span]:
    """The spans of one plain expression per type, as a first version of anything has them."""
    return [Span(*match.span(), kind) for kind, form in _NAIVE_FORMS.items() for match in form.finditer(text)]


class Score(NamedTuple):
    """Counts of gold spans found and missed, and of predicted spans right and wrong."""

    found: int
    missed: int
    right: int
    wrong: int

    @property
    def recall(self) -> float:
        """Share of the marked spans that were found."""
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision over spans."""
        precision = self.right / max(1, self.right + self.wrong)
        return 2 * precision * self.recall / max(1e-9, precision + self.recall)


def score(finder: Finder, rows: Iterable[dict], types: frozenset[str]) -> Score:
    """Score a finder over JSON rows with ``text``, ``lang`` and ``spans``."""
    found = missed = right = wrong = 0
    for row in rows:
        gold = [Span(**span) for span in row["spans"] if span["type"] in types]
        predicted = [span for span in finder(row["text"], row["lang"]) if span.type in types]
        hits = sum(_meets(span, predicted) for span in gold)
        good = sum(_meets(span, gold) for span in predicted)
        found, missed = found + hits, missed + len(gold) - hits
        right, wrong = right + good, wrong + len(predicted) - good
    return Score(found, missed, right, wrong)


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(o.type == span.type and o.start < span.end and span.start < o.end for o in others)


def any_f1(finder: Finder, rows: Iterable[dict], types: frozenset[str]) -> float:
    """F1 of "this text holds personal data", text by text."""
    both = only_ours = only_gold = 0
    for row in rows:
        gold = any(span["type"] in types for span in row["spans"])
        predicted = any(span.type in types for span in finder(row["text"], row["lang"]))
        both += gold and predicted
        only_ours += predicted and not gold
        only_gold += gold and not predicted
    return 2 * both / max(1, 2 * both + only_ours + only_gold)


def marked(name: str) -> list[dict]:
    """Return the rows of a set with marked spans."""
    with (FOLDER / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def real_texts() -> dict[str, str]:
    """Return the distinct real texts of complaint, langid and sentiment, id -> text."""
    texts: dict[str, str] = {}
    for name in ("complaint", "langid", "sentiment"):
        with (FOLDER / f"{name}.dev.tsv").open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                columns = line.rstrip("\n").split("\t")
                texts.setdefault(columns[-1], columns[0])
    return {row: text for text, row in texts.items()}


def true_hits() -> frozenset[str]:
    """Return the ids of the real rows that hold personal data, as read by a person."""
    lines = TRUE_HITS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def false_alarms(finder: Finder, texts: dict[str, str]) -> float:
    """Real texts with a find, per 1,000, without those that do hold personal data."""
    known = true_hits()
    alarms = sum(bool(finder(text, None)) for row, text in texts.items() if row not in known)
    return 1000 * alarms / len(texts)


def speed(finder: Finder, texts: list[str]) -> float:
    """Texts per second of processor time, one at a time, once everything is loaded."""
    for text in texts[:500]:
        finder(text, None)
    start = time.process_time()
    for text in texts:
        finder(text, None)
    return len(texts) / (time.process_time() - start)


_MEMORY = """
def resident():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
before = resident()
from pluralis.core.privacy import find
every = ("+33 6 12 34 56 78 a@b.fr", "X1234567L 880415-14-5678", "12 rue de la Paix", "4111 1111 1111 1111")
for text in every:
    find(text)
print(resident() - before)
"""


def added_memory() -> float:
    """Megabytes that a fresh process grows by when it has found data of every type (Linux only)."""
    run = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True)
    return int(run.stdout) / 1024


def rows() -> Iterator[Row]:
    """Yield the rows of the table; every figure is measured now, the baseline's too."""
    synthetic, presidio, texts = marked("pii_synthetic.dev.jsonl"), marked("pii_presidio.dev.jsonl"), real_texts()
    plain, own = score(naive, synthetic, OURS), score(ours, synthetic, OURS)
    yield Row("personal data: recall, five languages", f"{plain.recall:.3f}", f"{own.recall:.3f}", ".99")
    yield Row("personal data: F1, five languages", f"{plain.f1:.3f}", f"{own.f1:.3f}", ".985")
    for language in ("en", "fr", "es", "ms", "id"):
        part = [row for row in synthetic if row["lang"] == language]
        plain, own = score(naive, part, OURS), score(ours, part, OURS)
        yield Row(f"personal data: recall / F1, {language}", _pair(plain), _pair(own), "")
    plain, own = score(naive, presidio, PRESIDIO), score(ours, presidio, PRESIDIO)
    yield Row("personal data: F1, presidio-research", f"{plain.f1:.3f}", f"{own.f1:.3f}", ".92")
    plain_any, own_any = any_f1(naive, presidio, PRESIDIO), any_f1(ours, presidio, PRESIDIO)
    yield Row("the same, text by text", f"{plain_any:.3f}", f"{own_any:.3f}", "")
    alarms = f"{false_alarms(naive, texts):.2f}", f"{false_alarms(ours, texts):.2f}"
    yield Row(f"false alarms per 1,000 of {len(texts)} real texts", *alarms, "1.2")
    some = list(texts.values())[:8000]
    yield Row("personal data: texts/s, real texts", f"{speed(naive, some):.0f}", f"{speed(ours, some):.0f}", "10,000")
    full = [row["text"] for row in synthetic]
    yield Row(
        "personal data: texts/s, every text holds some", f"{speed(naive, full):.0f}", f"{speed(ours, full):.0f}", ""
    )
    yield Row("personal data: memory added, MB", "", f"{added_memory():.0f}", "60 for all parts")


def _pair(figures: Score) -> str:
    return f"{figures.recall:.3f} / {figures.f1:.3f}"


if __name__ == "__main__":
    for line in rows():
        print(f"{line.task:55} {line.baseline:>15} {line.measured:>15} {line.reach:>18}")
