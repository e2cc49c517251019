"""Leaving root: whose folder it is, what the system user can see, and what it is told about root's places."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from pluralis.cli import CommandError, privileges
from pluralis.config.embedded import system_user

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave root")


@pytest.fixture
def somebody() -> pwd.struct_passwd:
    """An ordinary person who owns nothing here."""
    return pwd.struct_passwd(("bob", "x", 64321, 64321, "", "/nowhere", "/bin/sh"))


def test_a_closed_folder_on_the_way_is_found_from_the_top(short_folder: Path, somebody: pwd.struct_passwd) -> None:
    closed = short_folder / "closed"
    (closed / "inner" / "checkout").mkdir(parents=True)
    closed.chmod(0o700)
    assert privileges._closed_above(somebody, closed / "inner" / "checkout") == closed
    closed.chmod(0o755)
    assert privileges._closed_above(somebody, closed / "inner" / "checkout") is None


@pytest.mark.parametrize(
    ("mode", "owner", "right", "allowed"),
    [
        (0o700, True, 0o4, True),
        (0o700, False, 0o4, False),
        (0o704, False, 0o4, True),
        (0o740, False, 0o4, False),
        (0o711, False, 0o1, True),
        (0o644, True, 0o1, False),
    ],
)
def test_rights_are_read_from_owner_and_mode(
    tmp_path: Path, somebody: pwd.struct_passwd, mode: int, owner: bool, right: int, allowed: bool
) -> None:
    path = tmp_path / "file"
    path.touch()
    path.chmod(mode)
    person = pwd.getpwuid(os.getuid()) if owner else somebody
    assert system_user._allowed(person, path, right) is allowed


def test_roots_own_places_do_not_reach_the_system_users_process(tmp_path: Path, somebody: pwd.struct_passwd) -> None:
    environ = {"SUDO_USER": "root", "MAIL": "/var/mail/root", "XDG_RUNTIME_DIR": "/run/user/0", "PORT": "8001"}
    found = privileges.environment_for(somebody, tmp_path, environ)
    assert found == {
        "PORT": "8001",
        "HOME": str(tmp_path),
        "USER": "bob",
        "LOGNAME": "bob",
        "PLURALIS_DATA_DIR": str(tmp_path),
    }


def test_a_folder_of_another_person_is_never_taken_over(tmp_path: Path, somebody: pwd.struct_passwd) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root could take it over")
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, 1234, 1234)
    with pytest.raises(CommandError, match="belongs to user 1234"):
        privileges._own_data_dir(somebody, {"PLURALIS_DATA_DIR": str(folder)})
    assert folder.stat().st_uid == 1234


def test_a_folder_with_other_things_in_it_is_never_taken_over(tmp_path: Path, somebody: pwd.struct_passwd) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root could take it over")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").touch()
    with pytest.raises(CommandError, match="not empty and not ours"):
        privileges._own_data_dir(somebody, {"PLURALIS_DATA_DIR": str(tmp_path / "etc")})


_LOOK = """
import os, sys
from pathlib import Path
from pluralis.cli import privileges
os.environ.update(privileges.become_system_user(os.environ))
closed = Path(sys.argv[1])
print(os.getuid() != 0, os.getgroups(), sorted(os.listdir(closed)), (closed / "data").stat().st_mode & 0o777 == 0o700)
import django
"""


@as_root
def test_below_a_closed_folder_the_system_user_sees_the_programs_and_nothing_else(short_folder: Path) -> None:
    closed = short_folder / "closed"
    closed.mkdir(mode=0o700)
    (closed / "secret").write_text("root's")
    environ = os.environ | {"PLURALIS_DATA_DIR": str(closed / "data")}
    answer = subprocess.run(
        [sys.executable, "-c", _LOOK, str(closed)], env=environ, capture_output=True, text=True, timeout=60
    )
    assert answer.stdout == "True [] ['data'] True\n", answer.stderr
    assert sorted(path.name for path in closed.iterdir()) == ["data", "secret"], "outside nothing changed"
