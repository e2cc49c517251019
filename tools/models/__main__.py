"""``make models``: build every artefact that is learnt or derived, byte for byte the same with the same lock.

Each part is a module with ``build(out_dir)`` that returns the path or paths it wrote.
A part that cannot be built here says what is
missing and leaves its packaged artefact as it is; the others go on. Exit code 1 when a part was left out.
"""

import os
import sys
import time
from importlib import import_module
from pathlib import Path

PARTS = ("language", "voice", "triage")
OUT = Path(__file__).resolve().parents[2] / "pluralis" / "core" / "artefacts"


def main(names: list[str], out: Path = OUT) -> int:
    """Build the named parts, or all; print a line for each file with its size and the seconds it took."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"there is no part {unknown[0]!r}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    left_out = [name for name in names or PARTS if not _built(name, out)]
    if left_out:
        print(f"left as they were: {', '.join(left_out)}", file=sys.stderr)
    return int(bool(left_out))


def _built(name: str, out: Path) -> bool:
    started = time.monotonic()
    try:
        built = import_module(f"tools.models.{name}").build(out)
    except ImportError as error:
        print(f"{name}: {error}; `make models` installs the group `models`", file=sys.stderr)
        return False
    except (FileNotFoundError, RuntimeError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return False
    seconds = time.monotonic() - started
    for path in [built] if isinstance(built, Path) else built:
        print(f"{name}: {path.name}, {path.stat().st_size:,} bytes, {seconds:.0f} s")
    return True


if __name__ == "__main__":
    # One thread: sums of floats depend on the order in which threads add them.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    sys.exit(main(sys.argv[1:]))
