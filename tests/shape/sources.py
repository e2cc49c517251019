"""The program's own source, read once: files, functions, and the allow-list with its reasons."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pluralis"
ALLOWED = Path(__file__).with_name("allowed.tsv")


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the place it stands at."""

    path: str
    name: str
    lines: int
    parameters: int


@cache
def files(*folders: str) -> tuple[Path, ...]:
    """Return every Python file of the folders, migrations left out: Django writes those."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def full_lines(path: Path) -> int:
    """Return how many lines are not blank."""
    return sum(bool(line.strip()) for line in path.read_text().splitlines())


def functions(path: Path) -> Iterator[Function]:
    """Return every function of a file. All parameters count except ``self`` and ``cls``: who calls must know them."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            count = sum(one.arg not in ("self", "cls") for one in given)
            yield Function(short(path), node.name, (node.end_lineno or 0) - node.lineno + 1, count)


@cache
def allowed() -> dict[tuple[str, str], str]:
    """Return the exceptions by rule and place, each with its reason."""
    lines = [line.split("\t") for line in ALLOWED.read_text().splitlines() if line and not line.startswith("#")]
    return {(rule, place): reason for rule, place, reason in lines}


def judge(rule: str, places: set[str]) -> list[str]:
    """Return what breaks a rule without leave, and leave that is no longer needed."""
    granted = {place for known, place in allowed() if known == rule}
    return [f"breaks “{rule}”: {place}" for place in sorted(places - granted)] + [
        f"no longer needs its line in allowed.tsv: {rule} {place}" for place in sorted(granted - places)
    ]
