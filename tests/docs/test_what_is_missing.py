"""What the pages call missing is missing: whoever adds it changes the page in the same commit."""

import re

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.docs.pages import ROOT, read

PAGES_NOT_THERE = ("insights", "campaigns")
# What the pages call missing, and the words by which an address of the desk or the API would betray it.
NOT_AT_ANY_ADDRESS = {
    "the audit log as a page": ("audit",),
}
NOT_CALLED = {
    ".snapshot(": "figures",
}
SHELLS = ("web", "api", "cli", "publishing", "inbox")


def own_names() -> set[str]:
    """Return the names of the addresses of the desk and the API; those of libraries are left out."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    return {name for name in names if not name.startswith(("account_", "mfa_", "socialaccount_", "usersessions_"))}


@pytest.mark.parametrize("name", PAGES_NOT_THERE)
def test_a_place_that_the_readme_calls_missing_has_no_page(name: str) -> None:
    assert name in read("README.md")
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("what", NOT_AT_ANY_ADDRESS)
def test_what_is_called_missing_has_no_address(what: str) -> None:
    words = NOT_AT_ANY_ADDRESS[what]
    assert own_names() > {"inbox", "calendar", "api_posts"}
    assert {name for name in own_names() if any(word in name for word in words)} == set(), what


@pytest.mark.parametrize("call", NOT_CALLED)
def test_what_is_called_missing_is_called_by_nothing(call: str) -> None:
    found = []
    for shell in SHELLS:
        for path in (ROOT / "pluralis" / shell).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            found += [line for line in lines if call in line and not re.match(r"\s*(def|from|import) ", line)]
    assert found == [], f"{NOT_CALLED[call]} is there now: say so in README.md and the how-to pages"
