"""Every message in every language, and a judge of the catalogues that can itself be caught sleeping."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation
from django.utils.translation import gettext, ngettext

from tools.messages import catalogues, extract

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("fr", "es", "ms")


@pytest.mark.parametrize("language", WORDS)
def test_every_message_has_its_words(language: str) -> None:
    assert list(catalogues.problems(language)) == []


@pytest.mark.parametrize("language", ("en", *WORDS))
def test_a_catalogue_holds_nothing_that_is_no_longer_said(language: str) -> None:
    wanted = {(message.id, message.context) for message in extract.wanted(language)}
    held = {(message.id, message.context) for message in catalogues.read(language)}
    assert {repr(one) for one in held - wanted} == set()


def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, string: str, *, fuzzy: bool = False) -> list[str]:
    """Return what the judge says of a catalogue whose only message is *Take %(name)s away*."""
    needed, held = Catalog(locale="fr"), Catalog(locale="fr")
    needed.add("Take %(name)s away")
    held.add("Take %(name)s away", string, flags=["fuzzy"] if fuzzy else [])
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogues, "SAME", tmp_path / "same.txt")
    (tmp_path / "same.txt").write_text("# none\n")
    monkeypatch.setattr(catalogues, "wanted", lambda language: needed)
    catalogues.write(held, "fr")
    return [fault.split(": ")[1] for fault in catalogues.problems("fr")]


@pytest.mark.parametrize(
    ("string", "fuzzy", "said"),
    [
        ("Retirer %(name)s", False, []),
        ("", False, ["missing"]),
        ("Retirer %(name)s", True, ["fuzzy"]),
        ("Take %(name)s away", False, ["equal to its source"]),
        ("Retirer %(nom)s", False, ["other placeholders"]),
        ("Retirer", False, ["other placeholders"]),
    ],
)
def test_the_judge_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, string: str, fuzzy: bool, said: list[str]
) -> None:
    assert judged(tmp_path, monkeypatch, string, fuzzy=fuzzy) == said


def test_a_new_word_in_a_template_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}\n  <p>{% translate "Good day" %}</p>\n'
        '{% translate "Open" context "a door" %}'
        "{% blocktranslate count n=2 %}{{ n }} cat{% plural %}{{ n }} cats{% endblocktranslate %}"
    )
    found = [(message, context) for _place, message, context in extract._in_template(page, "page.html")]
    assert found == [("Good day", None), ("Open", "a door"), (("%(n)s cat", "%(n)s cats"), None)]


def test_what_a_connector_declares_is_translated_too() -> None:
    assert "App password" in {message for _place, message, _context in extract.messages_of_ours()}


def test_french_keeps_its_no_break_spaces() -> None:
    for message in catalogues.read("fr"):
        for text in catalogues._strings(message):
            bare = [
                text[at - 1 : at + 1] for at in range(1, len(text)) if text[at] in ":;!?»" and text[at - 1] == " "
            ]
            assert message.id == "" or bare == [], text


@pytest.mark.usefixtures("compiled")
def test_allauth_speaks_malay_and_plurals_agree() -> None:
    with translation.override("ms"):
        assert gettext("Incorrect password.") == "Kata laluan tidak betul."
        assert ngettext("%(number)s member", "%(number)s members", 3) % {"number": 3} == "3 ahli"
    with translation.override("fr"):
        assert ngettext("%(number)s member", "%(number)s members", 1) % {"number": 1} == "1 membre"
        assert ngettext("%(number)s member", "%(number)s members", 2) % {"number": 2} == "2 membres"


@pytest.fixture
def compiled() -> None:
    """Compiled catalogues, as the set-up makes them."""
    if not all((extract.LOCALE / one / "LC_MESSAGES" / "django.mo").exists() for one in WORDS):
        subprocess.run([sys.executable, "-m", "tools.messages", "compile"], cwd=ROOT, check=True)
