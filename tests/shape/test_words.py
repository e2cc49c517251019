"""Where words may stand: networks' names in their folders, writes in actions, SQL that PostgreSQL 15 knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pluralis.networks.registry import networks
from tests.shape.sources import ROOT, files, judge, short, tree

# `x` alone is a coordinate; as a string, in a comparison or a choice, it is a network.
NAMES = re.compile(r"mastodon|bluesky|twitter|atproto", re.IGNORECASE)
AS_NETWORK = re.compile(r"""network\w*["']?\s*(==|!=|:|=|in)\s*\(?["']x["']""")
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
MAY_WRITE = re.compile(r"/(actions(/\w+)?|tasks)\.py$")
# What came after PostgreSQL 15 (release notes of 16, 17 and 18).
TOO_NEW = {
    "uuidv7": r"\buuidv[47]\(",
    "RETURNING OLD or NEW": r"\bRETURNING\b[^;]*\b(OLD|NEW)\b",
    "virtual generated columns": r"\bGENERATED ALWAYS AS\b[^;]*\bVIRTUAL\b",
    "JSON_TABLE and its kin": r"\bJSON_(TABLE|EXISTS|QUERY|VALUE|SERIALIZE|SCALAR)\b",
    "MERGE ... RETURNING": r"\bMERGE INTO\b[^;]*\bRETURNING\b",
    "any_value": r"\bany_value\(",
    "IS JSON": r"\bIS (NOT )?JSON\b",
    "array_sort, array_reverse": r"\barray_(sort|reverse|shuffle|sample)\(",
    "ON_ERROR in COPY": r"\bON_ERROR\b",
    "WITHOUT OVERLAPS": r"\bWITHOUT OVERLAPS\b",
    "casefold": r"\bSELECT\b[^;]*\bcasefold\(",
}


def code_of(path: Path) -> str:
    """Return a file without comments and docstrings: what runs."""
    copy = ast.parse(path.read_text())
    for node in ast.walk(copy):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            body[0] = ast.copy_location(ast.Pass(), body[0])
        elif isinstance(body, list):
            node.body = [ast.copy_location(ast.Pass(), one) if _is_text(one) else one for one in body]  # type: ignore[attr-defined]
    return ast.unparse(copy)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def names_a_network(code: str) -> bool:
    return bool(NAMES.search(code) or AS_NETWORK.search(code))


def test_no_network_is_named_outside_its_folder() -> None:
    outside = [path for path in files("pluralis") if not short(path).startswith("pluralis/networks/")]
    assert judge("network's name", {short(path) for path in outside if names_a_network(code_of(path))}) == []


def test_every_network_that_ships_would_be_noticed() -> None:
    assert [name for name in networks() if not names_a_network(f'if network == "{name}": pass')] == []


@pytest.mark.parametrize("code", ["x = 1", "point(x, y)", 'axis = "x"', "for x in names: pass"])
def test_a_coordinate_is_no_network(code: str) -> None:
    assert not names_a_network(code)


def writes(path: Path) -> Iterator[str]:
    """Return the calls that write rows. ``update`` of a query set has names only, of a dict or a hash it has not."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            bare = {"update": node.keywords and not node.args, "delete": not (node.args or node.keywords)}
            if bare.get(node.func.attr, True):
                yield f"{ast.unparse(node.func.value)}.{node.func.attr}"


def test_rows_are_written_by_actions_and_tasks_only() -> None:
    elsewhere = [path for path in files("pluralis") if not MAY_WRITE.search(short(path))]
    found = {short(path) for path in elsewhere if "networks" not in path.parts and any(writes(path))}
    assert judge("writes rows", found) == []


def test_the_search_for_writes_sees_one(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "Post.objects.filter(id=1).update(state='x')\nform.save()\nseen.update(b)\nrow.delete()\n"
    )
    assert list(writes(tmp_path / "a.py")) == ["Post.objects.filter(id=1).update", "form.save", "row.delete"]


def sql_sources() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "pluralis").rglob("*")):
        if path.suffix in (".py", ".sql"):
            yield short(path), path.read_text()


@pytest.mark.parametrize("pattern", TOO_NEW.values(), ids=list(TOO_NEW))
def test_no_sql_is_newer_than_postgresql_15(pattern: str) -> None:
    assert [place for place, text in sql_sources() if re.search(pattern, text)] == []


@pytest.mark.parametrize(
    "sql",
    [
        "DEFAULT uuidv7()", "UPDATE a SET b = 1 RETURNING OLD.b", "SELECT * FROM JSON_TABLE(a, '$')",
        "MERGE INTO a USING b ON c RETURNING *", "SELECT any_value(a)", "c int GENERATED ALWAYS AS (a) VIRTUAL",
    ],
)  # fmt: skip
def test_what_is_too_new_would_be_noticed(sql: str) -> None:
    assert any(re.search(pattern, sql) for pattern in TOO_NEW.values())


def test_no_module_is_called_by_a_word_that_says_nothing() -> None:
    empty = {
        "utils",
        "util",
        "helpers",
        "helper",
        "manager",
        "managers",
        "service",
        "services",
        "common_utils",
        "misc",
    }
    assert [short(path) for path in files("pluralis", "tests", "bench", "tools") if path.stem in empty] == []
