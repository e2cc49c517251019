"""Questions asked before: what they are about, which are alike, and the words to answer with."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.questions import (
    ALIKE,
    PLACEHOLDERS,
    SAME,
    Weights,
    fill,
    group_alike,
    likeness,
    terms_of,
    unknown_placeholders,
)
from tests.core.question_cases import Row, recall, rows


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Where is my parcel?", ["PARCEL"]),
        ("Où est mon colis ?", ["PARCEL"]),
        ("¿Dónde está mi paquete?", ["PARCEL"]),
        ("Di mana bungkusan saya?", ["PARCEL"]),
        ("Is the Bristol shop open on 24 December?", ["brist", "SHOP", "OPEN", "24", "decem"]),
        ("how can I do this?", []),
        ("", []),
        ("???  !!!", []),
    ],
)
def test_a_question_is_about_its_concepts_and_its_own_words(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


def test_accents_and_case_say_nothing() -> None:
    assert terms_of("RÉSILIER l'Abonnement") == terms_of("resilier l abonnement")


def test_a_term_counts_once() -> None:
    assert terms_of("refund refund reimbursed") == ["REFUND"]


def test_a_text_of_a_million_letters_gives_few_terms() -> None:
    assert len(terms_of("abcde fghij klmno " * 60_000)) <= 60


FEW = Weights({"REFUND": 50, "brist": 1, "SHOP": 20}, 100)


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    asked = ["REFUND", "brist"]
    assert likeness(asked, ["brist"], FEW) > likeness(asked, ["REFUND"], FEW)


def test_the_same_question_is_wholly_alike_and_another_not_at_all() -> None:
    assert likeness(["SHOP", "brist"], ["brist", "SHOP"], FEW) == pytest.approx(1)
    assert likeness(["SHOP"], ["REFUND"], FEW) == 0
    assert likeness([], ["REFUND"], FEW) == 0


@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdef")), st.integers(0, 10**6))
def test_likeness_is_the_same_from_both_sides_and_between_0_and_1(
    one: list[str], other: list[str], total: int
) -> None:
    weights = Weights({"a": min(3, total)}, total)
    found = likeness(one, other, weights)
    assert 0 <= found <= 1 + 1e-9
    assert found == pytest.approx(likeness(other, one, weights))


def test_the_rarest_terms_that_find_few_are_chosen_first() -> None:
    assert FEW.rarest(["REFUND", "SHOP", "brist"], 25) == ["brist", "SHOP"]


def test_one_term_is_chosen_however_common_it_is() -> None:
    assert FEW.rarest(["REFUND"], 10) == ["REFUND"]


def test_an_unknown_word_does_not_use_the_place_of_one_that_finds_something() -> None:
    assert FEW.rarest(["nowhere", "REFUND"], 10) == ["nowhere", "REFUND"]


def test_like_questions_are_gathered_and_the_largest_group_comes_first() -> None:
    asked = [terms_of(text) for text in (
        "When does the Bristol shop open?", "Where is my parcel?", "where's my package", "my parcel, where is it?",
        "Is the Bristol store open?",
    )]  # fmt: skip
    counts = Counter(term for terms in asked for term in terms)
    assert group_alike(asked, Weights(counts, len(asked))) == [[1, 2, 3], [0, 4]]


def test_what_is_about_nothing_joins_no_group() -> None:
    assert group_alike([[], []], FEW) == []


def test_placeholders_are_filled_and_an_unknown_value_stays_for_the_person_to_see() -> None:
    text = "Hello {name}, your case is {case}. { Agent }"
    assert fill(text, {"name": "Dana", "agent": "Bob"}) == "Hello Dana, your case is {case}. Bob"


def test_a_value_in_braces_is_not_filled_again() -> None:
    assert fill("{name}", {"name": "{agent}", "agent": "Bob"}) == "{agent}"


def test_a_mistyped_placeholder_is_named() -> None:
    assert unknown_placeholders("Hi {nmae}, {name} {nmae}") == ["nmae"]
    assert unknown_placeholders(" ".join(f"{{{one}}}" for one in PLACEHOLDERS)) == []


def test_the_thresholds_are_in_order() -> None:
    assert 0 < ALIKE < SAME < 1


def test_the_written_questions_are_of_four_languages_and_two_halves() -> None:
    counted = Counter((row.part, row.language) for row in rows())
    assert set(counted.values()) == {15} and len(counted) == 8


@pytest.mark.parametrize("part", ["build", "kept"])
def test_a_paraphrase_finds_its_question_among_the_first_three(part: str) -> None:
    """The bar is .80 on the half that was kept apart; measured .925 there, .975 on the half that built the rule."""
    found = recall([row for row in rows() if row.part == part], distractors=[])
    assert found >= 0.80


def test_recall_counts_a_miss() -> None:
    strange = Row("kept", "en", "What are your opening hours?", ("zebra crossing", "yellow submarine"))
    assert recall([strange], distractors=[]) == 0
