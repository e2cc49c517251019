"""The language of a short text."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.data import load_bytes
from pluralis.core.language import CODES, Language, identify, normalise

CASES = Path(__file__).parent / "cases" / "language.tsv"
# Of the cases, how many the model may miss: short texts, and languages it was never asked to name.
MAY_MISS = 6


def _cases() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("code", "text"), [case for case in _cases() if case[0] in ("en", "fr", "es")])
def test_english_french_and_spanish_are_told_apart(code: str, text: str) -> None:
    assert identify(text).code == code


@pytest.mark.parametrize(("code", "text"), [case for case in _cases() if case[0] in ("ms", "id")])
def test_malay_and_indonesian_are_at_least_known_as_a_pair(code: str, text: str) -> None:
    assert identify(text).code in ("ms", "id", "ms/id")


def test_nearly_all_cases_have_their_language() -> None:
    missed = [(code, identify(text).code, text) for code, text in _cases() if identify(text).code != code]
    assert len(missed) <= MAY_MISS, missed


@pytest.mark.parametrize(
    "text", ["Привет, как дела?", "こんにちは、元気ですか", "مرحبا", "สวัสดี", "ok, Привет как ваши дела"]
)
def test_other_scripts_are_another_language(text: str) -> None:
    assert identify(text).code == "other"


@pytest.mark.parametrize("text", ["", "   ", "12:30", "😀😀😀", "https://example.com @acme #hello", "\ud800", "!!!"])
def test_a_text_without_words_has_no_language(text: str) -> None:
    found = identify(text)
    assert (found.code, found.score) == ("other", 0.0)


def test_links_handles_and_hashtags_say_nothing() -> None:
    assert normalise("Merci @acme ! https://example.com/en/help #thanks me@the.com") == " merci "


def test_stretched_words_and_strange_letters_are_folded() -> None:
    assert normalise("Ouuuuui L’été ĞŁ") == " ouui l'été øø "


@pytest.mark.parametrize(
    ("prior", "code"),
    [
        (["fr"], "fr"),
        ("en", "en"),
        ({"es": 0.9, "fr": 0.1}, "es"),
        (["fr-CA"], "fr"),
        ("in", "id"),
        ("ja", "other"),
        (["und"], "other"),
        ("qme", "other"),
        ({}, "other"),
        ({"ms/id": 1.0}, "ms/id"),
    ],
)
def test_a_text_without_words_takes_what_is_known_beforehand(prior: object, code: str) -> None:
    assert identify("👍", prior).code == code  # type: ignore[arg-type]


def test_a_prior_tips_an_open_question_and_no_clear_one() -> None:
    assert identify("Bonjour, je voudrais annuler ma commande", ["en"]).code == "fr"
    malay = identify("Terima kasih, sudah sampai", {"ms": 0.97, "id": 0.03}).scores["ms"]
    assert malay > identify("Terima kasih, sudah sampai").scores["ms"]


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        identify("hello", {"en": -1.0})


def test_the_merged_group_has_the_score_of_both() -> None:
    found = identify("👍", {"ms": 0.5, "id": 0.5})
    assert found.code == "ms/id"
    assert found.score == pytest.approx(found.scores["ms"] + found.scores["id"])


def test_the_model_is_small() -> None:
    assert len(load_bytes("language.bin")) <= 500_000


@given(
    st.text(alphabet=st.characters(codec=None, exclude_categories=())),
    st.none() | st.lists(st.sampled_from([*CODES, "x"])),
)
def test_scores_are_probabilities_of_all_codes(text: str, prior: list[str] | None) -> None:
    found = identify(text, prior)
    assert isinstance(found, Language)
    assert set(found.scores) == set(CODES)
    assert math.isclose(sum(found.scores.values()), 1.0, abs_tol=1e-6)
    assert 0.0 <= found.score <= 1.0 + 1e-9
    assert found.code in (*CODES, "ms/id")


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    assert identify("Bonjour à tous. " * 300 + "hello " * 10**6).code == "fr"
