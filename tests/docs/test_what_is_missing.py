"""What the pages call missing is missing: whoever adds it changes the page in the same commit."""

import re

import pytest
from django.urls import NoReverseMatch, reverse

from tests.docs.pages import ROOT, read

PAGES_NOT_THERE = ("insights", "campaigns")
NOT_CALLED = {
    ".snapshot(": "figures",
}
SHELLS = ("web", "api", "cli", "publishing", "inbox")


@pytest.mark.parametrize("name", PAGES_NOT_THERE)
def test_a_place_that_the_readme_calls_missing_has_no_page(name: str) -> None:
    assert name in read("README.md")
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("call", NOT_CALLED)
def test_what_is_called_missing_is_called_by_nothing(call: str) -> None:
    found = []
    for shell in SHELLS:
        for path in (ROOT / "pluralis" / shell).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            found += [line for line in lines if call in line and not re.match(r"\s*(def|from|import) ", line)]
    assert found == [], f"{NOT_CALLED[call]} is there now: say so in README.md and the how-to pages"
