"""The two pages about personal data say what the code does."""

import re
from pathlib import Path

import pytest

from pluralis.core.privacy import DataType, ReferencePattern, find, learn_reference

DOCS = Path(__file__).parents[2] / "docs"
EXPLANATION = (DOCS / "explanation" / "personal-data.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to" / "teach-your-reference-numbers.md").read_text(encoding="utf-8")


def examples() -> list[tuple[str, str]]:
    rows = re.findall(r"^\| `([A-Z]+)` \| [^|]* \| (.*) \|$", EXPLANATION, re.MULTILINE)
    return [(kind, example) for kind, cell in rows for example in re.findall(r"`([^`]+)`", cell)]


def test_the_explanation_has_examples_of_every_type() -> None:
    assert {kind for kind, _ in examples()} == {kind.value for kind in DataType}
    assert len(examples()) > 25


@pytest.mark.parametrize(("kind", "example"), examples())
def test_every_example_of_the_explanation_is_found_as_it_says(kind: str, example: str) -> None:
    assert [data.type.value for data in find(example)] == [kind]


@pytest.mark.parametrize("handle", ["@alice@mastodon.example", "@acme.bsky.social"])
def test_what_the_explanation_leaves_alone_is_left_alone(handle: str) -> None:
    assert handle in EXPLANATION
    assert find(f"thanks {handle}") == ()


def test_the_patterns_that_the_how_to_shows_are_those_that_samples_give() -> None:
    shown = re.findall(r"^\| (`.+?`) \| `([^`]+)`(?:, only .*)? \|$", HOW_TO, re.MULTILINE)
    taught = [(re.findall(r"`([^`]+)`", samples), notation) for samples, notation in shown]
    taught = [(samples, notation) for samples, notation in taught if any(c.isdigit() for c in samples[0])]

    assert len([samples for samples, _ in taught if len(samples[0]) > 6]) == 4
    for samples, notation in taught:
        if len(samples[0]) > 6:
            assert learn_reference("contract", samples).notation == notation


def test_the_edited_pattern_of_the_how_to_is_accepted() -> None:
    notation = re.search(r'values\["notation"\] = "([^"]+)"', HOW_TO)

    assert notation
    assert ReferencePattern("contract", notation[1]).notation == notation[1]
