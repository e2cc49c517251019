"""What a server has loaded at its start is looked through for garbage no more."""

import gc
import subprocess
import sys

from pluralis.config.settling import settle

SERVER = """
import gc
from pluralis.config import asgi
print(gc.get_freeze_count())
"""


def test_what_is_loaded_is_set_aside_and_what_comes_later_is_not() -> None:
    try:
        settle()
        aside = gc.get_freeze_count()
        assert aside > 10_000
        later: list[object] = []
        later.append(later)
        assert any(each is later for each in gc.get_objects())
        assert gc.get_freeze_count() <= aside
    finally:
        gc.unfreeze()


def test_a_server_does_it_at_its_start() -> None:
    said = subprocess.run([sys.executable, "-W", "ignore", "-c", SERVER], check=True, capture_output=True, text=True)
    assert int(said.stdout.split()[-1]) > 100_000
