"""The figures that the finder must keep on whole sets; ``make bench-text`` prints them with baselines."""

import json
from pathlib import Path

import pytest

from bench.text.privacy import OURS, PRESIDIO, false_alarms, naive, ours, score, true_hits
from tests.shared import shared_data

SYNTHETIC = Path(__file__).parents[1] / "fixtures" / "pii_synthetic.jsonl"


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ms", "id"])
def test_the_authored_set_keeps_its_recall_and_f1_in_each_language(language: str) -> None:
    result = score(ours, [row for row in rows(SYNTHETIC) if row["lang"] == language], OURS)

    assert result.recall >= 0.99
    assert result.f1 >= 0.985


def test_the_authored_set_is_not_so_easy_that_plain_expressions_would_do() -> None:
    assert score(naive, rows(SYNTHETIC), OURS).recall < 0.7


def test_the_authored_negatives_raise_no_alarm() -> None:
    negatives = [row["text"] for row in rows(SYNTHETIC) if not row["spans"]]

    assert len(negatives) == 24
    assert [text for text in negatives if ours(text)] == []


def test_the_presidio_set_keeps_its_f1() -> None:
    assert score(ours, rows(shared_data("text/pii_presidio.dev.jsonl")), PRESIDIO).f1 >= 0.92


def test_real_complaints_raise_few_false_alarms() -> None:
    lines = shared_data("text/complaint.dev.tsv").read_text(encoding="utf-8").splitlines()[1:]
    texts = {line.split("\t")[0]: line.split("\t")[-1] for line in lines}

    # Complaints hold more numbers than other posts, so that this slice is held to a figure of its own; the bar
    # of 1.2 is for all real texts together, and the bench measures it.
    assert false_alarms(ours, texts) <= 2.5


def test_the_list_of_true_hits_holds_ids_and_never_texts() -> None:
    hits = true_hits()

    assert len(hits) > 50
    assert all(" " not in row and len(row) < 40 for row in hits)
