"""The data folder: private, usable by one instance at a time, with clear words when it is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pluralis.config import state
from pluralis.config.embedded import AlreadyRunning, EmbeddedError
from pluralis.config.files import write_private


def test_the_first_start_makes_everything_private(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    state.prepare(folder, {})
    assert folder.stat().st_mode & 0o777 == 0o700
    for name in ("keys.json", "instance.json"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_no_keys_are_made_where_they_are_given(tmp_path: Path) -> None:
    state.prepare(tmp_path, {"SECRET_KEY": "given", "FIELD_KEYS": "given"})
    assert not (tmp_path / "keys.json").exists()


def test_a_folder_that_cannot_be_made_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EmbeddedError, match="PLURALIS_DATA_DIR"):
        state.prepare(tmp_path / "file" / "data", {})


def test_a_second_user_of_the_folder_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    with state.sole_use(tmp_path), pytest.raises(AlreadyRunning, match=str(os.getpid())), state.sole_use(tmp_path):
        pass


def test_the_lock_falls_with_a_killed_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from pluralis.config import state\n"
        f"with state.sole_use(pathlib.Path({str(tmp_path)!r})): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout and holder.stdout.readline() == b"held\n"
    with pytest.raises(AlreadyRunning), state.sole_use(tmp_path):
        pass
    holder.kill()
    holder.wait()
    with state.sole_use(tmp_path):
        pass


def test_a_private_file_is_replaced_whole_and_leaves_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "note"
    write_private(target, "old")
    with pytest.raises(UnicodeEncodeError):
        write_private(target, "new \ud800")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["note"]
