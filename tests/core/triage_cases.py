"""The cases of triage, which are data: one tab-separated file per kind."""

from pathlib import Path

FOLDER = Path(__file__).parent / "cases" / "triage"


def cases(name: str) -> list[tuple[str, ...]]:
    """Return the rows of a case file without comments."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
