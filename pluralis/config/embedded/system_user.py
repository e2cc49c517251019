"""The unprivileged user that everything runs as when somebody starts Pluralis as root.

PostgreSQL refuses to run as root, and `nobody` is shared with other daemons, so Pluralis has a system
user of its own.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pluralis.config.embedded.errors import EmbeddedError

NAME = "pluralis"
_PR_SET_PDEATHSIG = 1


def running_as_root() -> bool:
    return os.geteuid() == 0


def ensure_system_user(name: str = NAME) -> pwd.struct_passwd:
    """Return the system user, made on first use; needs root. Raises EmbeddedError with the remedy."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        pass
    subprocess.run(_command_to_add(name), check=True, capture_output=True)  # noqa: S603
    return pwd.getpwnam(name)


def server_user() -> pwd.struct_passwd:
    """Return who the server runs as: the system user under root, else whoever we are."""
    return ensure_system_user() if running_as_root() else pwd.getpwuid(os.getuid())


def popen_as(user: pwd.struct_passwd) -> dict[str, Any]:
    """Return the arguments for `subprocess` that start a child as `user`, who dies when we do."""
    arguments: dict[str, Any] = {"preexec_fn": dies_with_parent(signal.SIGINT)}
    if os.geteuid() != user.pw_uid:
        arguments |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return arguments


def dies_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """Return a function for a new child: it gets `with_signal` when its parent ends, even by kill -9.

    Linux only (prctl(2) PR_SET_PDEATHSIG); elsewhere it does nothing.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def arrange() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)

    return arrange


def can_reach(user: pwd.struct_passwd, path: Path) -> bool:
    """Tell whether `user` may walk to `path` and read it, by owner and mode alone (no ACLs)."""
    path = path.resolve()
    return all(_allowed(user, step, 0o1) for step in path.parents) and _allowed(user, path, 0o4)


def may_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    """Tell whether `user` may walk through one folder, by owner and mode alone."""
    return _allowed(user, folder, 0o1)


def give_to(user: pwd.struct_passwd, folder: Path) -> None:
    """Make a private folder (0700) that belongs to `user`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if running_as_root():
        os.chown(folder, user.pw_uid, user.pw_gid)


def _allowed(user: pwd.struct_passwd, path: Path, right: int) -> bool:
    status = path.stat()
    if status.st_uid == user.pw_uid:
        return bool(status.st_mode & (right << 6))
    if status.st_gid == user.pw_gid:
        return bool(status.st_mode & (right << 3))
    return bool(status.st_mode & right)


def _command_to_add(name: str) -> list[str]:
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        return [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    if adduser := shutil.which("adduser", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        return [adduser, "-S", "-D", "-H", "-s", "/sbin/nologin", name]
    raise EmbeddedError(
        f"As root, Pluralis runs as a system user of its own, and there is no program here to add one. "
        f"Add a user named {name}, or start as an ordinary user."
    )
