"""Where the shared test data lies: beside the repository, never inside it."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(name: str) -> Path:
    """Return the path of a shared data file, or skip the calling test and say why."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the shared test data is not beside this checkout: {name}")
    return path
