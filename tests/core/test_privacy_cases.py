"""The marked texts, in five languages, with the language told and without."""

import pytest

from pluralis.core.privacy import find
from tests.core.privacy_cases import Marked, read_cases

CASES = read_cases()


@pytest.mark.parametrize("told", [True, False], ids=["language-told", "language-unknown"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text[:40])
def test_a_marked_text_gives_its_pieces_and_nothing_else(case: Marked, told: bool) -> None:
    found = find(case.text, language=case.language if told else None)

    types = [(data.type.value, case.text[data.start : data.end]) for data in found]
    assert [data.type.value for data in found] == [kind for _, _, kind in case.pieces], types
    for data, (start, end, _) in zip(found, case.pieces, strict=True):
        assert data.start < end and start < data.end
        assert data.text == case.text[data.start : data.end]


@pytest.mark.parametrize("case", [c for c in CASES if c.pieces], ids=lambda case: case.text[:40])
def test_the_span_is_exact_to_the_character(case: Marked) -> None:
    found = find(case.text, language=case.language)

    # Where a postal address begins and ends is a matter of taste, in the third storey at the latest.
    assert [(d.start, d.end) for d in found if d.type != "ADDRESS"] == [
        (start, end) for start, end, kind in case.pieces if kind != "ADDRESS"
    ]


def test_every_type_has_cases_in_every_language() -> None:
    held = {(case.language, kind) for case in CASES for _, _, kind in case.pieces}
    kinds = {"EMAIL", "PHONE", "IBAN", "CARD", "NATID", "ADDRESS", "REF"}

    assert held == {(language, kind) for language in ("en", "fr", "es", "ms", "id") for kind in kinds}
