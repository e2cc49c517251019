"""One spelling for texts that mean the same, whatever is done to hide a word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.triage.fold import LIMIT, fold
from tests.core.triage_cases import cases


@pytest.mark.parametrize(("text", "folded"), cases("fold"))
def test_a_text_is_read_in_one_spelling(text: str, folded: str) -> None:
    assert fold(text) == f" {folded} "


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "…", "​"])
def test_a_text_without_words_is_one_blank(text: str) -> None:
    assert fold(text) == " "


def test_composed_and_decomposed_letters_read_alike() -> None:
    assert fold("\u00e9t\u00e9") == fold("e\u0301te\u0301") == " ete "


def test_greek_and_cyrillic_words_keep_their_letters() -> None:
    assert fold("όχι") == " οχι "
    assert fold("нет") == " нет "


def test_a_twin_inside_a_latin_word_becomes_latin() -> None:
    assert fold("idi\u043et") == " idiot "


def test_marks_of_direction_hide_nothing() -> None:
    assert fold("id\u202eiot\u200f") == " idiot "


def test_nobody_can_be_learnt_because_handles_links_and_numbers_lose_their_content() -> None:
    folded = fold("@dana.outside rang 0612345678, see https://acme.example/dana")
    assert "dana" not in folded
    assert "06" not in folded


def test_only_the_first_part_of_a_very_long_text_is_read() -> None:
    assert "late" not in fold("early " * LIMIT + "late")


def test_a_lone_surrogate_is_read_as_a_question_mark() -> None:
    assert fold("idiot \ud800") == " idiot ? "


@given(st.text(max_size=300))
def test_any_text_is_read_with_single_blanks_and_blanks_at_both_ends(text: str) -> None:
    folded = fold(text)
    assert folded.startswith(" ")
    assert folded.endswith(" ")
    assert "  " not in folded.strip()


@given(st.text(alphabet="aA@'-*0$. !?\"http:/", max_size=200))
def test_what_was_read_reads_the_same_again_up_to_its_words(text: str) -> None:
    assert len(fold(fold(text)).split()) <= max(len(fold(text)) + 1, 1)


@pytest.mark.parametrize("piece", ["a", "a ", "@", "'", "1a", "http://", "!", "e\u0301", "😡", "l'", ".", "a*"])
def test_hostile_texts_take_no_more_than_linear_time(piece: str) -> None:
    fold(piece * 10)
    started = time.perf_counter()
    fold(piece * 100_000)
    assert time.perf_counter() - started < 2
