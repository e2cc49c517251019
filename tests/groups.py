"""Groups of tests that need something a bare machine lacks: a browser, the real PDS, PostgreSQL 15.

A test says what it needs by its marker. Where the thing is missing the test is skipped with the reason, or
fails when `REQUIRE` names the group (CI does).
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

PREPARED = Path(__file__).resolve().parents[1] / ".tools" / "groups.json"
NEEDS = {"journey": "browser", "pds": "pds", "pg15": "pg15"}
# These start servers or kill processes of their own, so two of them at once would disturb each other.
ONE_AT_A_TIME = ("journey", "crash", "pds", "pg15")


def prepared(group: str) -> dict[str, Any]:
    """Return what `make setup` found for a group: paths, or `{"missing": reason}`."""
    if not PREPARED.exists():
        return {"missing": "run `make setup` first"}
    found: dict[str, Any] = json.loads(PREPARED.read_text()).get(group, {"missing": "unknown to `make setup`"})
    return found


def required() -> set[str]:
    return {group for group in os.environ.get("REQUIRE", "").split(",") if group}


def chromium() -> dict[str, Any]:
    """Return the words for Playwright's `chromium.launch(**...)` on this machine."""
    found = prepared("browser")
    # Root and containers have no user namespaces for the browser's own sandbox; only our own pages are opened.
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    return {"executable_path": found["path"], "env": os.environ | found["environment"], "args": arguments}


def axe() -> Path:
    """Return the script that judges whether a page can be used by everybody; without it no journey starts."""
    return Path(prepared("browser")["axe"])


def skip_or_fail(item: pytest.Item) -> None:
    """Skip a test whose group is missing on this machine; fail it where the group is required."""
    for marker, group in NEEDS.items():
        if item.get_closest_marker(marker) is None:
            continue
        reason = prepared(group).get("missing")
        if reason and group in required():
            pytest.fail(f"the group {group} is required and missing: {reason}", pytrace=False)
        if reason:
            pytest.skip(f"{group}: {reason}")
