"""Run the whole suite: `make test`. Words on the command line go to pytest."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def command(words: list[str]) -> list[str]:
    """Return pytest's command line: two workers, heavy groups on one of them; a single path runs plainly."""
    # In the order collected: the journeys come last, see tests/plugin.py.
    parallel = [] if words else ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    return [sys.executable, "-m", "pytest", *parallel, *words]


def main() -> None:
    os.chdir(ROOT)
    sys.stdout.flush()
    words = command(sys.argv[1:])
    os.execv(words[0], words)


if __name__ == "__main__":
    main()
