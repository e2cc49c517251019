"""The oldest PostgreSQL that is promised: every test of the apps passes on Debian's 15 too."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pluralis.config.embedded import OWNER, Cluster, installed
from pluralis.config.embedded.roles import ensure_database, ensure_roles
from tests import postgres

ROOT = Path(__file__).parents[3]
# What came with 16, 17 and 18, as far as SQL of ours could use it (release notes of each).
NEWER = re.compile(
    r"\b(uuidv7|uuidv4|any_value|json_table|json_exists|json_value|json_query|merge_action"
    r"|random_normal|array_sample|array_shuffle|date_add|date_subtract|error_on_null)\s*\("
    r"|\bRETURNING\s+(OLD|NEW)\b|\bGENERATED\s+ALWAYS\s+AS\s*\([^)]*\)\s*VIRTUAL|\bWITHOUT OVERLAPS\b"
    r"|\bNOT ENFORCED\b|\bON_ERROR\b|transaction_timeout",
    re.IGNORECASE,
)


# core and networks know no database.
WITHOUT_SQL = {"core", "networks"}
WITH_SQL = [
    path
    for path in sorted((ROOT / "pluralis").rglob("*.py"))
    if path.relative_to(ROOT / "pluralis").parts[0] not in WITHOUT_SQL
]


@pytest.fixture
def debians(short_folder: Path) -> Iterator[Cluster]:
    programs = installed(15)
    assert programs is not None
    cluster = postgres.cluster_for_tests(short_folder / "pg", programs)
    cluster.start()
    ensure_roles(cluster, may_create_databases=True)
    ensure_database(cluster)
    yield cluster
    cluster.stop()


@pytest.mark.pg15
def test_the_apps_pass_on_debians_server(debians: Cluster) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PLURALIS_"))}
    environ |= {"TEST_DATABASE_URL": debians.url("pluralis", OWNER), "REQUIRE": ""}
    words = ["tests/apps", "-q", "-m", "not pg15 and not crash and not journey and not pds", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *words, "--deselect", "tests/apps/config/test_embedded.py"]
    answer = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=1200)
    assert answer.returncode == 0, answer.stdout[-6000:]
    assert debians.binaries.major == 15


@pytest.mark.parametrize("path", WITH_SQL, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sql_is_newer_than_the_oldest_server(path: Path) -> None:
    found = NEWER.search(path.read_text())
    assert found is None, f"{found and found[0]!r} is not in PostgreSQL 15"


@pytest.mark.parametrize(
    "newer",
    ["SELECT uuidv7()", "SELECT ANY_VALUE(x)", "UPDATE t SET x = 1 RETURNING OLD.x", "json_table(a, b)"],
)
def test_the_search_for_newer_sql_finds_it(newer: str) -> None:
    assert NEWER.search(newer)
