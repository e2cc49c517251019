"""``make bench-text``: every figure of the text engine, worked out anew, in one table.

``python -m bench.text`` prints the table; names (language voice privacy triage footprint) choose parts of it.
"""

import subprocess
import sys
import time
from importlib import import_module
from importlib.util import find_spec

PARTS = ("language", "voice", "privacy", "triage", "footprint")
HEAD = ("task", "baseline", "measured", "reach")


def main(names: list[str]) -> int:
    """Print the table; return 1 when a part was left out, with the reason on standard error."""
    started = time.monotonic()
    print(f"commit {commit()}\n\n| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}", flush=True)
    left_out = [name for name in names or PARTS if not _printed(name)]
    print(f"\n{time.monotonic() - started:.0f} seconds")
    return int(bool(left_out))


def _printed(name: str) -> bool:
    if find_spec(f"bench.text.{name}") is None:
        print(f"{name}: there is no such part yet", file=sys.stderr)
        return False
    try:
        for row in import_module(f"bench.text.{name}").rows():
            print(f"| {' | '.join(str(cell) for cell in row)} |", flush=True)
    except (ImportError, FileNotFoundError, RuntimeError) as error:
        print(f"{name}: left out: {error}", file=sys.stderr)
        return False
    return True


def commit() -> str:
    """Return the short commit that is measured, marked when the tree has changes."""
    words = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
