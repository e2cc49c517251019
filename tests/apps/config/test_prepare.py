"""What the tests need is brought along, and what is missing is an error where it is required."""

import json
from pathlib import Path

import pytest

from tools import prepare
from tools.node.setup import Missing


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the findings are written; axe-core cannot be had, everything else is there."""

    def missing() -> Path:
        raise Missing("npm ci failed: no way out")

    monkeypatch.setattr(prepare.browser, "ensure", lambda: prepare.browser.Browser("/bin/chromium"))
    monkeypatch.setattr(prepare.accessibility, "ensure", missing)
    monkeypatch.setattr(prepare, "PREPARE", {"browser": prepare.prepare_browser})
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "GROUPS", tmp_path / ".tools" / "groups.json")
    return tmp_path / ".tools" / "groups.json"


def test_without_the_judge_of_pages_no_journey_starts_and_the_reason_is_kept(
    groups: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("REQUIRE", raising=False)
    assert prepare.main() == 0
    assert json.loads(groups.read_text()) == {"browser": {"missing": "npm ci failed: no way out"}}
    assert "Not here: browser (npm ci failed: no way out)" in capsys.readouterr().out


def test_where_the_browser_is_required_a_missing_judge_is_an_error(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE", "browser,pds")
    assert prepare.main() == 1


def test_with_the_judge_its_place_is_told_to_the_journeys(groups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare.accessibility, "ensure", lambda: Path("/there/axe.min.js"))
    assert prepare.main() == 0
    assert json.loads(groups.read_text())["browser"]["axe"] == "/there/axe.min.js"
