"""Hostile texts: a result, never a crash, and work that grows with the length and no faster.

Work is counted, not timed: the number of Python lines and calls that one function runs for a text and for the
same text four times as long. Regular expressions run outside that count, so each is also given the inputs that
would make it start again and again; those tests end only because it does not.
"""

import sys
import unicodedata
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.language import identify
from pluralis.core.text import canonical, counting_rule, emoji_spans, entities, facets, measure, split_thread

LONG = 100_000
FUNCTIONS: dict[str, Callable[[str], Any]] = {
    "weighted": lambda text: measure(text, counting_rule("weighted")),
    "graphemes": lambda text: measure(text, counting_rule("graphemes")),
    "characters": lambda text: measure(text, counting_rule("characters")),
    "entities": entities,
    "facets": facets,
    "emoji": emoji_spans,
    "canonical": canonical,
    "language": identify,
    "thread": lambda text: split_thread(text, counting_rule("weighted")),
}
LETTERS = ["a", "語", "e\u0301", "\u0301", "\ud800", "\u202e", "\u200d", "\ufe0f", "\r\n"]
EMOJI = ["👨‍👩‍👧", "🇫🇷", "1️⃣"]
SIGNS = ["a.", ".co", "a@", "@a@", "#", "#a", "$a ", "a-", ". ", "?!", "''", "//", "xn--"]
LINKS = ["http://", "x.com/(", "http://a.co/!", "あ.", "&amp;", "<a>"]
PIECES = [*LETTERS, *EMOJI, *SIGNS, *LINKS]


@pytest.mark.slow
@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name != "thread"])
@pytest.mark.parametrize("piece", ["@a@", "http://a.co/!", "あ.", "?!"])
def test_a_hundred_thousand_signs_give_a_result(function: str, piece: str) -> None:
    FUNCTIONS[function]((piece * LONG)[:LONG])


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("piece", PIECES)
def test_four_times_the_text_is_about_four_times_the_work(function: str, piece: str) -> None:
    FUNCTIONS[function](piece)
    # Both texts must be too long for one part, or cutting would be work that only one of them has.
    repeats = (400, 1600) if function == "thread" else (100, 400)
    once, fourfold = (_work(FUNCTIONS[function], piece * count) for count in repeats)
    # A thread of ten parts is cut once more than one of nine, for its longer numbering; squared work is 16 times.
    assert fourfold < (6 if function == "thread" else 5) * once + 200


def _work(function: Callable[[str], Any], text: str) -> int:
    """Count the calls that ``function`` makes, of Python functions and built-in ones."""
    calls = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        function(text)
    finally:
        sys.setprofile(None)
    return calls


@given(
    st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=80)
    | st.lists(st.sampled_from(PIECES)).map("".join)
)
def test_any_text_has_a_result_with_spans_inside_it(text: str) -> None:
    for function in FUNCTIONS.values():
        function(text)
    for entity in entities(text):
        assert 0 <= entity.start < entity.end <= len(text)
        assert entity.value in text
    at = 0
    for start, end in emoji_spans(text):
        assert at <= start < end <= len(text)
        at = end


@given(st.text())
def test_composed_and_decomposed_twins_have_one_length(text: str) -> None:
    twins = (unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))
    counts = {measure(twin, counting_rule("weighted")).count for twin in twins}
    assert len(counts) == 1
