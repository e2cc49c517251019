"""Bring along what the tests need besides Python packages, and say what this machine cannot have.

Writes `.tools/groups.json`: for each group of tests either what it needs to run or the reason why it cannot.
`REQUIRE=browser,pds,pg15` makes a missing group an error, here and in the test run.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.accessibility import setup as accessibility  # noqa: E402 - run as a script from the checkout
from tools.browser import setup as browser  # noqa: E402 - run as a script from the checkout
from tools.node.setup import BIN, Missing, Node  # noqa: E402
from tools.pds import setup as pds  # noqa: E402

GROUPS = ROOT / ".tools" / "groups.json"
DEBIAN_SERVER = Path("/usr/lib/postgresql/15/bin/postgres")


def prepare_browser() -> dict[str, Any]:
    found = browser.ensure()
    return {"path": found.path, "environment": found.environment, "axe": str(accessibility.ensure())}


def prepare_pds() -> dict[str, Any]:
    Node.ensure()
    return {"folder": str(pds.ensure())}


def find_pg15() -> dict[str, Any]:
    if not DEBIAN_SERVER.exists():
        raise Missing("no PostgreSQL 15 here: apt-get install postgresql-15")
    return {"bin": str(DEBIAN_SERVER.parent)}


PREPARE: dict[str, Callable[[], dict[str, Any]]] = {
    "browser": prepare_browser,
    "pds": prepare_pds,
    "pg15": find_pg15,
}


def prepare(group: str) -> dict[str, Any]:
    """Return what a group needs, or `{"missing": reason}`."""
    try:
        return PREPARE[group]()
    except (Missing, pds.Missing, OSError, subprocess.SubprocessError) as missing:
        return {"missing": str(missing)}


def main() -> int:
    """Prepare every group; exit 1 only when a required one is missing."""
    GROUPS.parent.mkdir(exist_ok=True)
    found = {group: prepare(group) for group in PREPARE}
    GROUPS.write_text(json.dumps(found, indent=1))
    (ROOT / ".tools" / "env").write_text(f'export PATH="{BIN}:$PATH"\n')
    missing = {group: said["missing"] for group, said in found.items() if "missing" in said}
    for group, reason in missing.items():
        print(f"Not here: {group} ({reason}). Its tests are skipped.")
    required = {group for group in os.environ.get("REQUIRE", "").split(",") if group}
    return 1 if required & set(missing) else 0


if __name__ == "__main__":
    sys.exit(main())
