"""The rows that triage is trained and measured on, and what may be trained on for shipping."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "text"
WRITTEN = Path(__file__).parent / "written"

MEASURED_ONLY = frozenset({"okky", "SGHateCheck", "mesolitica", "airline", "complaint", "ID-SMS"})
"""Class C sources: nothing that ships may have seen them."""

_OWN_WORDS = re.compile(r"\w+")


class DataMissing(RuntimeError):
    """The shared data lies not beside this checkout: the message names the file and what needs it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text. ``group`` holds rows made from one template together when the rows are folded."""

    text: str
    language: str
    source: str
    label: str
    group: str


def abuse_rows() -> list[Row]:
    """Return OLID, Davidson, MLMA, okky and the three HateChecks, label ``1`` for abuse and ``0`` for none."""
    return [*_rows("abuse.dev.tsv"), *_rows("hatecheck.dev.tsv")]


def sentiment_rows() -> list[Row]:
    """Return the sentiment rows, labels ``negative neutral positive``."""
    names = {"neg": "negative", "neu": "neutral", "pos": "positive"}
    return [
        Row(row.text, row.language, row.source, names[row.label], row.group) for row in _rows("sentiment.dev.tsv")
    ]


def authored_rows() -> list[Row]:
    """Return ``triage_authored``, six labels; rows with one number are translations and share a group."""
    return list(_rows("triage_authored.dev.tsv"))


def spam_rows() -> list[Row]:
    """Return the spam rows, label ``1`` for spam."""
    return list(_rows("spam.dev.tsv"))


def airline_rows() -> list[Row]:
    """Return the airline tweets, labels ``neg neu pos`` (class C: measured only)."""
    return list(_rows("airline.dev.tsv"))


def complaint_rows() -> list[Row]:
    """Return the complaint tweets, label ``1`` for a complaint (class C: measured only)."""
    return list(_rows("complaint.dev.tsv"))


def written_rows() -> list[Row]:
    """Return the messages of ``written/<language>.tsv``, written for this project, with their slots filled."""
    return [
        Row(text, path.stem, "written", label, f"written {template}")
        for path in sorted(WRITTEN.glob("*.tsv"))
        for label, template, text in filled(path.read_text(encoding="utf-8").splitlines(), 4)
    ]


def _rows(name: str) -> Iterator[Row]:
    fixed = name.split(".")[0]
    for cells in read_table(name):
        source = cells.get("source", fixed)
        language = cells.get("lang", "en")
        if source == "YouTube-Psy" or fixed in ("airline", "complaint"):
            language = "en"
        yield Row(cells["text"], language, source, cells["label"], _group(fixed, cells))


def _group(name: str, cells: dict[str, str]) -> str:
    if name == "triage_authored":
        return cells["id"].split("-", 2)[2]
    if name == "hatecheck":
        # A template keeps its beginning whatever group of people is put into it.
        return " ".join([cells["source"], cells["functionality"], *_OWN_WORDS.findall(cells["text"])[:2]])
    return cells["id"]


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return a shared table as dictionaries; :class:`DataMissing` when it is not there."""
    path = FOLDER / name
    if not path.exists():
        raise DataMissing(
            f"{name} is missing: the triage model is trained on the shared data, expected in "
            f"../shared/data/text beside the checkout. The packaged model stays as it is."
        )
    lines = path.read_text(encoding="utf-8").split("\n")
    header = lines[0].split("\t")
    return tuple(dict(zip(header, line.split("\t"), strict=False)) for line in lines[1:] if line)


def aimed_rows() -> list[Row]:
    """Return what was written for this project with label ``1`` for hard words aimed at people, else ``0``."""
    sentences = [Row(row.text, row.language, "aimed", row.label[0], row.group) for row in _sentences()]
    messages = [
        Row(row.text, row.language, "aimed", str(int(row.label == "abuse")), row.group) for row in written_rows()
    ]
    return sentences + messages


def aimed_labels() -> list[Row]:
    """Return the written sentences with the label that a message made of nothing else has."""
    labels = {"1": "abuse", "0": "other", "0c": "complaint"}
    return [Row(row.text, row.language, "aimed", labels[row.label], row.group) for row in _sentences()]


def _sentences() -> Iterator[Row]:
    for path in sorted(WRITTEN.glob("aimed.*.txt")):
        language = path.suffixes[0].lstrip(".")
        for label, template, text in filled(path.read_text(encoding="utf-8").splitlines(), 6):
            yield Row(text, language, "aimed", label, f"aimed {template}")


def filled(lines: list[str], variants: int) -> Iterator[tuple[str, str, str]]:
    """Yield (label, template, text) for each template line, its ``{slots}`` filled ``variants`` times.

    ``@name = a | b`` fills a slot, ``label, tab, template`` is a template. Fillers rotate with the number of the
    line, so that the same file always gives the same texts; a template without slots is given once.
    """
    slots: dict[str, list[str]] = {}
    for number, line in enumerate(lines):
        if line.startswith("@"):
            name, _, fillers = line[1:].partition(" = ")
            slots[name] = fillers.split(" | ")
        elif "\t" in line and not line.startswith("#"):
            label, _, template = line.partition("\t")
            for turn in range(variants if "{" in template else 1):
                yield label, template, _fill(template, slots, number + turn * 5)


def _fill(template: str, slots: dict[str, list[str]], turn: int) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]][turn % len(slots[slot[1]])], template)
