"""Everything at once: texts per second of ``pluralis check``, the size of the artefacts and of a process."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pluralis.cli.check import counting_rules, look_for_cycles_seldom
from pluralis.cli.check.lines import Draft
from pluralis.cli.check.report import PARTS, report_on
from pluralis.core.triage import classify
from tools.models.triage.rows import FOLDER, abuse_rows, sentiment_rows

ARTEFACTS = Path(__file__).resolve().parents[2] / "pluralis" / "core" / "artefacts"
_TEXTS = 4000

_ADDED = """
import resource, numpy, json
def peak():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
before = peak()
from pluralis.core import language, privacy, triage, voice
for text in ("I lost my parcel", "je perds", "no creo", "saya tak tahu"):
    code = language.identify(text).code
    voice.check(text, language=code), privacy.find(text, language=code), triage.classify(text, language=code)
print(peak() - before)
"""


class Row(NamedTuple):
    """One line of the table."""

    task: str
    baseline: str
    measured: str
    reach: str


def rows() -> Iterator[Row]:
    """Yield speed, size and memory, each measured in this run."""
    texts = [row.text for row in (*abuse_rows()[::12], *sentiment_rows()[::10])][:_TEXTS]
    yield Row("triage alone, one text at a time", "sklearn pipeline 670-2,000/s", per_second(texts, _triage), "-")
    yield Row("everything, one text at a time", "-", per_second(texts, everything()), "2,000/s")
    size = sum(path.stat().st_size for path in ARTEFACTS.iterdir() if path.is_file())
    yield Row("artefacts together", "lingua ~ 100 MB", f"{size / 1e6:.1f} MB", "10 MB")
    added = subprocess.run([sys.executable, "-c", _ADDED], capture_output=True, text=True, check=True)
    yield Row("memory the engine adds to a process", "lingua 1.1 GB", f"{added.stdout.strip()} MB", "60 MB")
    yield Row("resident memory of `pluralis check`", "-", f"{command_peak()} MB", "300 MB")


def per_second(texts: list[str], work: Callable[[str], object]) -> str:
    """Return texts per second of ``work``, by the clock and by processor time: other work may share the machine."""
    for text in texts[:200]:
        work(text)
    clock = processor = 0.0
    for _ in range(3):
        started, used = time.perf_counter(), time.process_time()
        for text in texts:
            work(text)
        clock = max(clock, len(texts) / (time.perf_counter() - started))
        processor = max(processor, len(texts) / (time.process_time() - used))
    return f"{clock:,.0f}/s by the clock, {processor:,.0f}/s of processor time"


def _triage(text: str) -> None:
    classify(text, language="en")


def everything() -> Callable[[str], object]:
    """Return what ``pluralis check`` does with one text."""
    look_for_cycles_seldom()
    rules, parts = counting_rules(), frozenset(PARTS)
    return lambda text: report_on(Draft(0, text, "main"), parts, rules)


def command_peak() -> int:
    """Return the peak resident memory in MB of the command over a file of the shared data."""
    # Not getrusage: its peak outlives fork and exec, so a child would show this process's own.
    code = (
        "import sys; from pluralis.cli.main import main; "
        f"main(['check', {str(FOLDER / 'triage_authored.dev.tsv')!r}, '-o', '/dev/null']); "
        "status = dict(line.split(':', 1) for line in open('/proc/self/status')); "
        "print(int(status['VmHWM'].split()[0]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])
