"""Reading the voice cases: a draft, and what it becomes when the company speaks."""

from pathlib import Path

import pytest

from pluralis.core.voice import VoiceResult

CASES = Path(__file__).parent / "cases" / "voice"
LANGUAGES = ("en", "fr", "es", "ms", "id")
PERSON = frozenset({"first_person", "first_person_verb"})


def cases() -> list[object]:
    """Return every case as a parameter: language, draft, wanted plural or ``None`` when nobody says "I"."""
    found = []
    for language in LANGUAGES:
        for line in (CASES / f"{language}.tsv").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                draft, wanted = line.split("\t")
                plural = None if wanted == "-" else wanted
                found.append(pytest.param(language, draft, plural, id=f"{language}: {draft}"))
    return found


def rules(result: VoiceResult) -> list[str]:
    """Return the rules of the findings, in order."""
    return [finding.rule for finding in result.findings]


def said(result: VoiceResult) -> list[str]:
    """Return the words in which the writer says "I"."""
    return [finding.text for finding in result.findings if finding.rule in PERSON]
