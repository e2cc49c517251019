"""No page leads nowhere: files and headings that relative links name exist."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import FENCE, ROOT, pages

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def links(page: Path) -> list[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [match["target"] for match in LINK.finditer(re.sub(r"`[^`\n]*`", "", text))]


def anchors(page: Path) -> set[str]:
    """Return the names of a page's headings, as readers of Markdown make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        name, _mark, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_every_page_below_docs_can_be_reached_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    reached = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    below = {page for page in pages() if (ROOT / "docs") in page.parents and page != index}
    assert below - reached == set()


def test_the_two_roads_name_files_that_are_there() -> None:
    for road in ("publishing-road", "inbox-road", "design", "promises"):
        text = (ROOT / "docs" / "explanation" / f"{road}.md").read_text(encoding="utf-8")
        for name in re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", text):
            assert (ROOT / name).exists() or (ROOT / "pluralis" / name).exists(), f"{road}: {name}"


def test_the_two_roads_name_functions_that_are_there() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pluralis").rglob("*.py"))
    for road in ("publishing-road", "inbox-road"):
        text = (ROOT / "docs" / "explanation" / f"{road}.md").read_text(encoding="utf-8")
        for name in re.findall(r"`(?:[a-z]+\.)+([a-z_]+)`", text):
            module = any((ROOT / "pluralis").rglob(f"{name}.py"))
            assert module or name == "py" or name == "json" or f"def {name}(" in code, f"{road}: {name}"
