"""Every draft of the case files becomes what the file says, and the innocent ones stay as they are."""

import re
from pathlib import Path

import pytest

from pluralis.core.voice import check
from tests.core.voice_cases import PERSON, cases, rules, said
from tests.shared import shared_data


@pytest.mark.parametrize(("language", "draft", "plural"), cases())
def test_a_draft_becomes_the_voice_of_the_company(language: str, draft: str, plural: str | None) -> None:
    result = check(draft, language=language)
    if plural is None:
        assert said(result) == []
    else:
        assert result.rewritten == plural
        assert PERSON.isdisjoint(rules(check(plural, language=language)))


def _words(text: str) -> list[str]:
    return re.sub(r"[^\w\s]", "", text.lower()).split()


def _authored() -> list[list[str]]:
    lines = (
        (Path(__file__).parents[1] / "fixtures" / "voice_authored.dev.tsv")
        .read_text(encoding="utf-8")
        .splitlines()[1:]
    )
    return [line.split("\t") for line in lines]


def test_the_authored_drafts_are_told_apart() -> None:
    wrong = [
        text
        for _, language, label, text, _ in _authored()
        if bool(said(check(text, language=language))) != (label == "1")
    ]
    assert len(wrong) <= 4, wrong


def test_most_authored_drafts_get_the_very_words_of_their_author() -> None:
    positive = [(language, text, we) for _, language, label, text, we in _authored() if label == "1"]
    exact = sum(
        _words(check(text, language=language).rewritten or "") == _words(we) for language, text, we in positive
    )
    assert exact / len(positive) >= 0.88


@pytest.mark.parametrize(
    ("language", "evidence", "bar"),
    [
        ("en", "treebank", 0.998),
        ("fr", "treebank", 0.998),
        ("es", "treebank", 0.97),
        ("es", "hand", 0.94),
        ("ms", "hand", 0.97),
        ("id", "hand", 0.97),
        ("ms", "silver-agree", 0.99),
        ("id", "silver-agree", 0.99),
    ],
)
def test_real_sentences_are_told_apart_as_well_as_promised(language: str, evidence: str, bar: float) -> None:
    lines = shared_data("text/voice.dev.tsv").read_text(encoding="utf-8").split("\n")[1:]
    rows = [line.split("\t") for line in lines if line]
    found = missed = false = 0
    for _, code, _, _, label, _, ambiguous, source, text in rows:
        kind = source if source in {"hand", "silver-agree"} else "treebank"
        if code != language or kind != evidence or ambiguous == "1":
            continue
        speaks = any(rule in PERSON or rule == "quoted" for rule in rules(check(text, language=language)))
        found += speaks and label == "1"
        missed += not speaks and label == "1"
        false += speaks and label == "0"
    assert 2 * found / (2 * found + missed + false) >= bar
