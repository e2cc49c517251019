"""One form for what is the same to a reader."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.text import canonical


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Fish & chips", "Fish &amp; chips"),
        ("a < b > c", "a &lt; b &gt; c"),
        ("it's", "it&#39;s"),
        ("&lt;3", "&amp;lt;3"),
        ("ça va ?", "ça va\u00a0?"),
        ("ça va ?", "ça va\u202f?"),
        ("Vraiment !", "  Vraiment !\n"),
        ("line one\nline two", "line one\r\nline two"),
        ("line one\n\nline two", "line one line two"),
        ("café", "cafe\u0301"),
        ("zero", "ze\u200bro\ufeff"),
        ("full　width", "full width"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_is_sent_and_what_is_shown_are_the_same(sent: str, shown: str) -> None:
    assert canonical(sent) == canonical(shown)


@pytest.mark.parametrize(
    ("one", "other"), [("a", "b"), ("Hello", "hello"), ("ok", "ok!"), ("👩‍🚀", "👩🚀"), ("a b", "ab"), ("x²", "x2")]
)
def test_texts_that_differ_for_a_reader_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text(alphabet=st.characters(exclude_characters="&")))
def test_the_form_is_stable_composed_and_without_double_blanks(text: str) -> None:
    form = canonical(text)
    assert canonical(form) == form
    assert unicodedata.is_normalized("NFC", form)
    assert "  " not in form
    assert form == form.strip()
