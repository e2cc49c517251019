"""What must hold for every text there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.privacy import ReferencePattern, find, learn_reference, mask
from pluralis.core.privacy.notation import compiled

PIECES = [
    "06 12 34 56 78", "+33", "(0)", "4111 1111 1111 1111", "FR76 3000 6000 0112 3456 7890 189", "GB29",
    "dana@example.org", "@", " at ", " dot ", "(at)", "arobase", "point fr", "12345678Z", "880415-14-5678",
    "12 Mill Lane", "rue de la Paix", "Jalan ", "No 5", "Apt. 7", "LS1 2AB", "order ", "number ", "is ", "PNR ",
    "CT-590497", "2024/18734", "\u200b", "é", "e\u0301", "\ud800", "İ", "０", "Ι", "\n", " ", ",", ".", "-", "/",
    "https://a.example/", "1", "A", "a", "€", "🙂", "👩‍👩‍👧", "\u202e", "<b>", "&amp;",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=25).map("".join) | st.text(max_size=200)
TAUGHT = (learn_reference("contract", ["CT-590497"]), ReferencePattern("x", "*{3,9} | ##-@@"))


@given(TEXTS)
def test_spans_lie_inside_the_text_in_order_and_apart(text: str) -> None:
    found = find(text, references=TAUGHT)

    reached = 0
    for data in found:
        assert reached <= data.start < data.end <= len(text)
        assert data.text == text[data.start : data.end]
        assert 0 < data.strength <= 1
        reached = data.end


@given(TEXTS)
def test_a_masked_text_keeps_no_digit_of_what_was_found_but_a_cards_last_four(text: str) -> None:
    found = find(text, references=TAUGHT)
    kept = text
    for data in reversed(found):
        digits = [c for c in data.text if c.isdigit()][-4:] if data.type == "CARD" else []
        label = f"[CARD {''.join(digits)}]" if digits else f"[{data.type.value}]"
        kept = kept[: data.start] + label + kept[data.end :]

    assert mask(text, found) == kept


@given(TEXTS)
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    assert find(text) == find(text)


@given(TEXTS, st.sampled_from(["en", "fr", "es", "ms", "id", "ms/id", "de", "", "nonsense"]))
def test_any_language_is_accepted(text: str, language: str) -> None:
    find(text, language=language)


@given(TEXTS)
def test_what_is_allowed_is_taken_out_and_nothing_else_changes(text: str) -> None:
    found = find(text)
    allowed = [data.text for data in found[:1]]

    assert set(find(text, allow=allowed)) <= set(found)


@given(st.text(min_size=1, max_size=60))
def test_a_notation_is_refused_or_can_be_searched(notation: str) -> None:
    try:
        pattern = ReferencePattern("x", notation)
    except ValueError:
        return
    compiled(pattern.notation).search("ct-590497 a1 b2")


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6))
def test_samples_are_learnt_or_refused_with_a_reason(samples: list[str]) -> None:
    try:
        pattern = learn_reference("contract", samples)
    except ValueError as refusal:
        assert str(refusal)
        return
    assert ReferencePattern.from_dict(pattern.to_dict()) == pattern


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed",
    ["", "a", "1", "1 ", "@", "a@", "(at)", "4111 1111 ", "order ", "order 1 ", "Mill Lane ",
     "12 Mill ", "Apt. 5 ", "rue de la ", "\u200b", "e\u0301", "\ud800", "🙂", "<p>", "www.", "CT-5", "+(",
     "PNR ", "lives at ",
     "corner of "],
)  # fmt: skip
def test_a_hundred_thousand_characters_are_read_to_the_end(seed: str) -> None:
    # Quadratic work would take minutes here; the figures are measured in bench/text.
    text = (seed * 100_000)[:100_000]

    found = find(text, references=TAUGHT)

    assert all(data.end <= len(text) for data in found)
