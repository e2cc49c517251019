"""The built files: what is committed is what the manifest says, and small enough."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from pluralis.web import assets
from pluralis.web.places import PLACES, SETTINGS_PLACES
from pluralis.web.states import FAMILIES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "pluralis" / "web" / "templates"
ALLOWED_HX = {
    "hx-confirm", "hx-disable", "hx-encoding", "hx-get", "hx-headers", "hx-include", "hx-indicator", "hx-params",
    "hx-post", "hx-preserve", "hx-push-url", "hx-select", "hx-swap", "hx-swap-oob", "hx-sync", "hx-target",
    "hx-trigger", "hx-vals",
}  # fmt: skip
FIRST_PAGE = 150_000


def sources() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


def test_every_committed_file_has_the_hash_that_the_manifest_names() -> None:
    files = assets.manifest()["files"]
    for name, entry in files.items():
        content = (assets.FOLDER / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], name
        assert len(content) == entry["bytes"], name


def test_nothing_lies_beside_what_the_manifest_names() -> None:
    named = {entry["file"] for entry in assets.manifest()["files"].values()} | {"manifest.json"}
    assert {path.name for path in assets.FOLDER.iterdir()} == named


def test_every_package_in_the_built_files_has_a_version_and_a_licence() -> None:
    packages = assets.manifest()["packages"]
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text())["devDependencies"]
    assert set(packages) >= {"htmx.org", "tailwindcss", "daisyui", "lucide-static"}
    for name, said in packages.items():
        assert said["licence"] and said["version"] == wanted[name].lstrip("^"), name


def test_the_lock_of_the_packages_names_no_host() -> None:
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text()


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_names_only_icons_and_files_that_exist(path: Path) -> None:
    text = path.read_text()
    get_template(str(path.relative_to(TEMPLATES)))
    assert set(re.findall(r"{% icon ['\"]([^'\"]+)['\"]", text)) <= assets.icons()
    assert set(re.findall(r"{% asset ['\"]([^'\"]+)['\"]", text)) <= set(assets.manifest()["files"])


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_uses_only_the_htmx_attributes_we_chose(path: Path) -> None:
    used = {name.partition(":")[0] for name in re.findall(r"\s(hx-[\w:-]+)", path.read_text())}
    assert used <= ALLOWED_HX


def test_every_state_and_place_has_an_icon_that_exists() -> None:
    looks = [look.icon for family in FAMILIES.values() for look in family.values()]
    assert set(looks) | {place.icon for place in (*PLACES, *SETTINGS_PLACES)} <= assets.icons()


def test_the_first_page_stays_under_its_weight() -> None:
    """What a first visit loads, compressed as a server sends it; fonts are compressed already."""
    files = assets.manifest()["files"]
    loaded = ["app.css", "app.js", "icons.svg", "font-latin.woff2", "font-latin-ext.woff2", "mark.svg"]
    weight = sum(len(gzip.compress((assets.FOLDER / files[name]["file"]).read_bytes())) for name in loaded)
    assert weight < FIRST_PAGE
