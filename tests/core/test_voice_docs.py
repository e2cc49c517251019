"""The pages about the voice show what the program does: every example is run."""

import re
from pathlib import Path

import pytest

from pluralis.core.voice import check
from pluralis.core.voice.profile import DEFAULT_SEVERITIES
from tests.core.voice_cases import said

DOCS = Path(__file__).parents[2] / "docs"
EXPLANATION = (DOCS / "explanation" / "voice.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to" / "change-the-voice-rules.md").read_text(encoding="utf-8")
CODES = {
    "English": "en",
    "French": "fr",
    "Spanish": "es",
    "Malay": "ms",
    "Indonesian": "id",
    "Malay with English": "ms",
}


def rows(columns: int) -> list[list[str]]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in EXPLANATION.splitlines() if line[:1] == "|"
    ]
    return [row for row in cells if len(row) == columns and not set(row[0]) <= set("-")]


@pytest.mark.parametrize(("language", "draft", "proposed"), [row for row in rows(3) if row[0] in CODES])
def test_a_proposal_of_the_page_is_what_the_program_proposes(language: str, draft: str, proposed: str) -> None:
    assert check(draft, language=CODES[language]).rewritten == proposed


@pytest.mark.parametrize(("draft", "proposed"), [row for row in rows(2) if row[1][-1:] == "." and row[0] != "Draft"])
def test_a_spanish_verb_of_the_page_is_rewritten(draft: str, proposed: str) -> None:
    assert check(draft, language="es").rewritten == proposed


def innocent() -> list[tuple[str, str]]:
    found = []
    for row in rows(5):
        for language, cell in zip(("en", "fr", "es", "ms"), row[1:], strict=True):
            found += [(language, example.strip()) for example in cell.split("·")]
    return [one for one in found if one[1] not in CODES and "Malay, " not in one[1] and set(one[1]) != {"-"}]


@pytest.mark.parametrize(("language", "example"), innocent())
def test_what_the_page_calls_innocent_passes(language: str, example: str) -> None:
    assert said(check(example, language=language)) == []


def test_the_page_shows_enough_innocent_examples() -> None:
    assert len(innocent()) > 40


def test_the_page_names_every_rule_with_its_severity() -> None:
    for rule, severity in DEFAULT_SEVERITIES.items():
        line = next(line for line in EXPLANATION.splitlines() if line.startswith("|") and f"`{rule}`" in line)
        assert severity.value in line, rule


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", HOW_TO, re.DOTALL))
def test_the_code_of_the_how_to_runs(block: str) -> None:
    exec(compile("from pluralis.core.voice import VoiceProfile, audit, check\n" + block, "how-to", "exec"), {})
