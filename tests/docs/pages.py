"""The pages of the documentation, as the tests read them."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its words after the fence (``language``, then marks), what it holds, and the block after it."""

    page: Path
    language: str
    marks: tuple[str, ...]
    body: str
    following: "Block | None" = None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.language}"


@cache
def pages() -> tuple[Path, ...]:
    """Return every page that people read: docs, the root's, and the guides beside the code."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").rglob("*.md")]
    guides = [path for path in (ROOT / "pluralis").rglob("*.md") if "static" not in path.parts]
    return tuple(sorted([*found, *guides]))


def read(name: str) -> str:
    """Return a page by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def everything() -> str:
    """Return all pages in one text."""
    return "\n".join(page.read_text(encoding="utf-8") for page in pages())


@cache
def coded(text: str) -> frozenset[str]:
    """Return what stands in `code marks` outside of fences, and its first words."""
    inline = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return frozenset(inline) | frozenset(each.split()[0] for each in inline if each.split())


def names_in(page: str) -> frozenset[str]:
    return coded(read(page))


def rows_of(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading; the row of titles and the rule are left out."""
    body = read(page).split(f"{heading}\n", 1)[1]
    table = re.search(r"(^\|.*\n)+", body, re.MULTILINE)
    assert table is not None, f"no table below {heading} in {page}"
    lines = table.group().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def blocks_of(text: str, page: Path) -> list[Block]:
    """Return the fenced blocks of a page, each with the one that follows it."""
    found: list[Block] = []
    for match in reversed(list(FENCE.finditer(text))):
        language, *marks = match["info"].split() or [""]
        found.append(Block(page, language, tuple(marks), match["body"], found[-1] if found else None))
    return found[::-1]


def all_blocks() -> list[Block]:
    return [block for page in pages() for block in blocks_of(page.read_text(encoding="utf-8"), page)]
