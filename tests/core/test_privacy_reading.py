"""Flattening a text, and carrying what was found back to the text as it came."""

import pytest

from pluralis.core.privacy import find
from pluralis.core.privacy.reading import Reading, fold
from pluralis.core.privacy.spans import Candidate, strongest


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("déjà vu", "deja vu"),
        ("de\u0301ja\u0300", "deja"),
        ("０６１２", "0612"),
        ("٠٦١٢", "0612"),
        ("06\u00a012\u202f34", "06 12 34"),
        ("0\u200b6\u200d1\u20602", "0612"),
        ("1\ufe0f\u20e32\ufe0f\u20e3", "12"),
        ("2019\u20132020 \u2212 5", "2019-2020 − 5"),
        ("m\u0430r\u0456e", "marie"),
        ("\u202emarie\u202c", "marie"),
        ("nº 5, № 6", "no 5, # 6"),
        ("\ud800lone", "\ud800lone"),
        ("plain ascii", "plain ascii"),
    ],
)
def test_a_text_is_flattened_to_what_it_means(text: str, flat: str) -> None:
    assert fold(text) == flat


def test_lowering_keeps_the_offsets_even_where_a_capital_grows() -> None:
    reading = Reading("İstanbul dana@example.org")

    assert len(reading.lower) == len(reading.flat)


@pytest.mark.parametrize(
    "text",
    [
        "\u200b\u200bdana@example.org\u200b",
        "re\u0301 dana@exa\u0301mple.org",
        "\u202adana\u202c@example\ufe0f.org",
    ],
)
def test_a_span_is_carried_back_over_what_was_left_out(text: str) -> None:
    (data,) = find(text)

    assert data.text == text[data.start : data.end]
    assert fold(data.text) == "dana@example.org"


def test_numbers_in_web_addresses_are_not_numbers_of_the_text() -> None:
    reading = Reading("0612345678 https://a.example/0612345678 bit.example/12345678 0712345678")

    assert [number.digits for number in reading.numbers] == ["0612345678", "0712345678"]
    assert reading.in_link(20)
    assert not reading.in_link(3)


def test_of_two_that_overlap_the_stronger_stands_then_the_longer() -> None:
    weak, strong, long = Candidate(0, 9, "REF", 0.5), Candidate(2, 5, "PHONE", 0.8), Candidate(2, 7, "CARD", 0.8)

    assert strongest([weak, strong, long]) == [long]
    assert strongest([Candidate(0, 3, "REF", 0.5), Candidate(3, 5, "REF", 0.5)]) == [
        Candidate(0, 3, "REF", 0.5),
        Candidate(3, 5, "REF", 0.5),
    ]
