"""Every dependency has its line of reasons, is locked by hash, and no lock names a host."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = {"run": ("run",), "setup": ("run",), "dev": ("dev", "models"), "models": ("models",)}
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PACKAGE_LOCKS = [*ROOT.glob("tools/*/package-lock.json"), ROOT / "frontend" / "package-lock.json"]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", line)[0] for line in requirements}


def pinned(text: str) -> dict[str, set[str]]:
    """Return the versions of each package in a lock; there may be one for each version of Python."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9_.-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def declared() -> dict[str, set[str]]:
    groups = {name: names(lines) for name, lines in PROJECT["dependency-groups"].items()}
    return {"run": names(PROJECT["project"]["dependencies"]), **groups}


def documented() -> list[str]:
    page = (ROOT / "docs" / "dependencies.md").read_text().split("## Tools that are no Python package")[0]
    return [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]


def test_every_dependency_has_one_line_and_no_line_is_left_over() -> None:
    wanted = set().union(*declared().values())
    assert set(documented()) == wanted
    assert len(documented()) == len(wanted)


@pytest.mark.parametrize("group", GROUPS)
def test_the_locks_know_every_dependency(group: str) -> None:
    for lock in GROUPS[group]:
        text = (ROOT / "requirements" / f"{lock}.txt").read_text().lower()
        for name in declared()[group]:
            assert re.search(rf"^{re.escape(re.sub('[._]', '-', name.lower()))}==", text, re.MULTILINE), (lock, name)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_by_hash_and_names_no_host(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|@ file:", text)
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    for one in entries:
        if not one.startswith("#"):
            assert "==" in one and "--hash=sha256:" in one, one[:60]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_development_lock_agrees_with_the_one_for_running(lock: Path) -> None:
    run = pinned((ROOT / "requirements" / "run.txt").read_text())
    for name, versions in pinned(lock.read_text()).items():
        assert not run.get(name) or versions & run[name], name


@pytest.mark.parametrize("lock", PACKAGE_LOCKS, ids=lambda lock: lock.parent.name)
def test_a_package_lock_names_no_host(lock: Path) -> None:
    assert '"resolved"' not in lock.read_text()
