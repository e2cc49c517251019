"""The voice: how often "I" is told from everything else, and put into the words a person would choose.

The baseline is the expression that everybody writes first: the pronouns of the language as whole words. Findings of
rule *quoted* count as found, since the labels count a quotation as containing the first person; other hints do not.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pluralis.core.voice import check

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "text"
_FOUND = frozenset({"first_person", "first_person_verb", "quoted"})
_NAIVE = {
    "en": r"\b(?:i|me|my|mine|myself)\b",
    "fr": r"\b(?:je|me|moi|mon|ma|mes|mien|mienne|miens|miennes)\b|\b[jm]['’]",
    "es": r"\b(?:yo|me|mi|mis|mí|conmigo|mío|mía)\b",
    "ms": r"\b(?:saya|aku|i|me|my)\b|ku\b",
    "id": r"\b(?:saya|aku|gue|gw)\b|ku\b",
}
_NAIVE_FORMS = {code: re.compile(form, re.IGNORECASE) for code, form in _NAIVE.items()}
_PLURALS = {"i": "we", "me": "us", "my": "our", "mine": "ours", "myself": "ourselves", "je": "nous", "moi": "nous"}


class Row(NamedTuple):
    """One line of the table: what was measured, the baseline's figure, ours, and the figure to reach."""

    task: str
    baseline: str
    measured: str
    reach: str


class Draft(NamedTuple):
    """One labelled text: its language, its kind (treebank, tweets, silver, authored), and the plural if known."""

    language: str
    kind: str
    speaks: bool
    text: str
    we: str = ""


Teller = Callable[[str, str], bool]


def ours(text: str, language: str) -> bool:
    """Whether the check finds a first person singular."""
    return any(finding.rule in _FOUND for finding in check(text, language=language).findings)


def naive(text: str, language: str) -> bool:
    """Whether one of the pronouns stands in the text."""
    return _NAIVE_FORMS[language].search(text) is not None


def drafts() -> list[Draft]:
    """The labelled texts of the development files; rows marked ambiguous are left out, as the labels ask."""
    kinds = {"hand": "tweets", "silver-agree": "silver"}
    found = [
        Draft(row[1], kinds.get(row[7], "treebank"), row[4] == "1", row[8])
        for row in _table("voice.dev.tsv")
        if row[6] != "1"
    ]
    return found + [
        Draft(row[1], "authored", row[2] == "1", row[3], row[4]) for row in _table("voice_authored.dev.tsv")
    ]


def _table(name: str) -> list[list[str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines[1:] if line]


def f1(teller: Teller, some: list[Draft]) -> float:
    """The F1 of the texts with a first person."""
    outcomes = [(teller(draft.text, draft.language), draft.speaks) for draft in some]
    right = sum(told and true for told, true in outcomes)
    wrong = sum(told != true for told, true in outcomes)
    return 2 * right / (2 * right + wrong) if right else 0.0


def worst_fifth(some: list[Draft]) -> float:
    """The lowest F1 over five parts of the texts: how much one part of the set can differ from the whole."""
    return min(f1(ours, some[part::5]) for part in range(5))


def exact(some: list[Draft], plural: Callable[[str, str], str]) -> float:
    """The share of drafts that get the very words of their author, capitals and punctuation apart."""
    wanted = [draft for draft in some if draft.we]
    return sum(_bare(plural(draft.text, draft.language)) == _bare(draft.we) for draft in wanted) / len(wanted)


def _bare(text: str) -> list[str]:
    return re.sub(r"[^\w\s]", "", text.lower()).split()


def our_plural(text: str, language: str) -> str:
    """The whole text in the plural, or as it was."""
    return check(text, language=language).rewritten or text


def naive_plural(text: str, language: str) -> str:
    """The text with pronouns exchanged one by one."""
    return _NAIVE_FORMS[language].sub(lambda match: _PLURALS.get(match[0].lower(), match[0]), text)


def speed(teller: Teller, some: list[Draft]) -> float:
    """Texts per second of processor time, one at a time in one process, the best of three rounds."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for draft in some:
            teller(draft.text, draft.language)
        best = max(best, len(some) / (time.process_time() - start))
    return best


_MEMORY = """
def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
before = resident()
from pluralis.core.voice import check
[check("I am", language=code) for code in ("en", "fr", "es", "ms")]
print(resident() - before)
"""


def added_memory() -> float:
    """Megabytes that a process grows by when it checks its first texts."""
    return float(subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True).stdout)


_BARS = {
    ("en", "treebank"): ".998",
    ("fr", "treebank"): ".998",
    ("es", "treebank"): ".97",
    ("es", "tweets"): ".94",
    ("ms", "tweets"): ".97",
    ("id", "tweets"): ".97",
}


def rows() -> Iterator[Row]:
    """The table rows of this part."""
    everything = drafts()
    for kind in ("treebank", "tweets", "authored", "silver"):
        for language in ("en", "fr", "es", "ms", "id"):
            some = [draft for draft in everything if (draft.language, draft.kind) == (language, kind)]
            if sum(draft.speaks for draft in some) >= 10:
                yield _f1_row(some, language, kind)
    authored = [draft for draft in everything if draft.kind == "authored"]
    naively, own = exact(authored, naive_plural), exact(authored, our_plural)
    yield Row('voice: "we" form exact, authored', f"{naively:.0%}", f"{own:.0%}", "88%")
    for language in ("en", "fr", "es", "ms", "id"):
        some = [draft for draft in everything if draft.language == language]
        reach = "20,000" if language == "es" else ""
        yield Row(f"voice: texts/s, {language}", f"{speed(naive, some):,.0f}", f"{speed(ours, some):,.0f}", reach)
    yield Row("voice: memory added, MB", "", f"{added_memory():.0f}", "60 for all parts")


def _f1_row(some: list[Draft], language: str, kind: str) -> Row:
    reach = ".96" if kind == "authored" else _BARS.get((language, kind), "")
    figures = f"{f1(ours, some):.4f} (worst fifth {worst_fifth(some):.3f})"
    return Row(f"voice: F1, {language} {kind}", f"{f1(naive, some):.4f}", figures, reach)


if __name__ == "__main__":
    for line in rows():
        print(f"{line.task:40} {line.baseline:>10} {line.measured:>32} {line.reach:>18}")
