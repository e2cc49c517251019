"""Layers, states, addresses and documents that must agree with each other."""

import re
import subprocess
from importlib import import_module
from pathlib import Path

from django.urls import get_resolver

from pluralis.cli.main import commands
from pluralis.core.states import PART_MOVES
from tests.shape.sources import PACKAGE, ROOT, files, judge, short, tree
from tests.walk.routes import api_paths, pages

DOCS = "\n".join(path.read_text() for path in sorted((ROOT / "docs").rglob("*.md")))


def test_imports_run_one_way() -> None:
    """The contracts of pyproject.toml, checked by import-linter."""
    run = subprocess.run([ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-4000:]


def test_the_database_keeps_the_same_moves_of_parts_as_the_core() -> None:
    text = import_module("pluralis.publishing.migrations.0001_squashed_0012_charges_without_part").MOVES
    declared = {(before.value, after.value) for before, afters in PART_MOVES.items() for after in afters}
    assert set(re.findall(r"\('(\w+)','(\w+)'\)", text)) == declared


def test_djangos_admin_is_not_routed() -> None:
    assert [page.path for page in pages() if "admin" in page.path] == []
    assert "admin" not in get_resolver().namespace_dict


def test_every_app_has_the_five_file_names() -> None:
    apps = ("teams", "posts", "publishing", "inbox")
    parts = ("models", "access", "actions", "queries")
    missing = [
        f"{app}/{part}" for app in apps for part in parts
        if not (PACKAGE / app / f"{part}.py").exists() and not (PACKAGE / app / part / "__init__.py").exists()
    ]  # fmt: skip
    assert missing == []


def test_no_model_hides_work_in_save_or_signals() -> None:
    import ast

    found = []
    for path in files("pluralis"):
        if "models" in path.with_suffix("").parts:
            found += [f"{short(path)}:{n.name}" for n in ast.walk(tree(path)) if getattr(n, "name", "") == "save"]
        if "django.dispatch" in path.read_text() or "models.signals" in path.read_text():
            found.append(short(path))
    assert judge("hidden work", set(found)) == []


def test_every_command_is_documented() -> None:
    assert [name for name in commands() if f"pluralis {name}" not in DOCS] == []


def test_every_address_of_the_api_is_documented() -> None:
    text = Path(ROOT / "docs/reference/api.md").read_text()
    assert [path for path in sorted(api_paths()) if f"`{path}`" not in text] == []


def test_every_place_of_the_desk_is_documented() -> None:
    """The first word of every address of the desk stands in the documents."""
    places = {page.path.split("/")[0] for page in pages() if not page.path.startswith("account/")} - {""}
    assert [place for place in sorted(places) if f"/{place}" not in DOCS] == []
