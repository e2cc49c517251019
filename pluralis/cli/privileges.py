"""Leaving root: every process of an instance runs as the unprivileged system user.

The system user must be able to read the programs. Below a folder that only root may enter (a checkout in
/root, a Python in /root/.pyenv) it cannot; then the process first takes a mount namespace of its own, in
which such a folder shows nothing but the program folders. Nothing changes for the rest of the system.
"""

import ctypes
import os
import pwd
import sys
from collections.abc import Mapping
from pathlib import Path

from pluralis import cli
from pluralis.config.embedded import system_user
from pluralis.config.embedded.system_user import running_as_root
from pluralis.config.environment import default_data_dir

__all__ = ["become_system_user", "environment_for", "leave_root", "program_folders", "running_as_root"]

_CLONE_NEWNS = 0x00020000
_MS_BIND, _MS_REC, _MS_PRIVATE, _MS_NOSUID, _MS_NODEV = 4096, 16384, 1 << 18, 2, 4
_FROM_ROOT = ("SUDO_USER", "SUDO_UID", "SUDO_GID", "SUDO_COMMAND", "MAIL", "OLDPWD", "XDG_RUNTIME_DIR")


def leave_root(words: list[str]) -> None:
    """Start this command again, with `words`, as the system user; only root may call it.

    Raises CommandError when the data folder is somebody else's or the programs cannot be shown.
    """
    environ = become_system_user(os.environ)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "pluralis.cli.main", *words], environ)  # noqa: S606


def become_system_user(environ: Mapping[str, str]) -> dict[str, str]:
    """Make this process the system user's, for good, and return the environment it should have."""
    user = system_user.ensure_system_user()
    data_dir = _own_data_dir(user, environ)
    _show(user, [data_dir, *program_folders()])
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    if not os.access(Path.cwd(), os.R_OK | os.X_OK):
        os.chdir(data_dir)
    return environment_for(user, data_dir, environ)


def program_folders() -> list[Path]:
    """Return the folders Python needs to run us: itself, its packages and our own source."""
    source = Path(__file__).resolve().parents[2]
    executable = Path(sys.executable).resolve().parent
    return list(dict.fromkeys([source, Path(sys.prefix), Path(sys.base_prefix), executable]))


def environment_for(user: pwd.struct_passwd, data_dir: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the system user's process: root's own places are taken out."""
    kept = {name: value for name, value in environ.items() if name not in _FROM_ROOT}
    if "TMPDIR" in kept and not system_user.can_reach(user, Path(kept["TMPDIR"])):
        del kept["TMPDIR"]
    return kept | {
        "HOME": str(data_dir),
        "USER": user.pw_name,
        "LOGNAME": user.pw_name,
        "PLURALIS_DATA_DIR": str(data_dir),
    }


def _own_data_dir(user: pwd.struct_passwd, environ: Mapping[str, str]) -> Path:
    given = environ.get("PLURALIS_DATA_DIR")
    folder = Path(given) if given else default_data_dir(environ)
    if folder is None or not folder.is_absolute():
        raise cli.CommandError("PLURALIS_DATA_DIR must be an absolute path.")
    if folder.exists() and (owner := folder.stat().st_uid) not in {0, user.pw_uid}:
        raise cli.CommandError(
            f"{folder} belongs to user {owner}, so it was made without root. Nothing was changed. "
            "Start as that user, or set PLURALIS_DATA_DIR to another folder."
        )
    if folder.exists() and folder.stat().st_uid == 0 and any(folder.iterdir()):
        raise cli.CommandError(f"{folder} is not empty and not ours. Set PLURALIS_DATA_DIR to another folder.")
    system_user.give_to(user, folder)
    return folder.resolve()


def _show(user: pwd.struct_passwd, folders: list[Path]) -> None:
    """Make folders below root-only ones visible to `user`, in a mount namespace of this process alone."""
    places = {folder.resolve(): _closed_above(user, folder.resolve()) for folder in folders}
    hidden = {folder: closed for folder, closed in places.items() if closed is not None}
    if not hidden:
        return
    try:
        _unshare_mounts()
        for closed in sorted(set(hidden.values())):
            _lay_over(closed, [folder for folder in hidden if folder.is_relative_to(closed)])
    except OSError as problem:
        raise cli.CommandError(
            f"The system user {user.pw_name} cannot read {next(iter(hidden))}, and a private view of it is not "
            f"allowed here ({problem.strerror}). Nothing was started. Put the checkout where everybody can read, "
            "such as /opt, or start as an ordinary user."
        ) from None


def _closed_above(user: pwd.struct_passwd, folder: Path) -> Path | None:
    """Return the topmost folder on the way to `folder` that `user` may not enter, or None."""
    for step in [*reversed(folder.parents)]:
        if not system_user.may_enter(user, step):
            return step
    return None


def _lay_over(closed: Path, folders: list[Path]) -> None:
    """Cover a closed folder with an empty one that shows only `folders`, at their usual paths."""
    outermost = [one for one in folders if not any(one != other and one.is_relative_to(other) for other in folders)]
    doors = {folder: os.open(folder, os.O_PATH) for folder in outermost}
    _mount("tmpfs", closed, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=0755,size=1m")
    for folder, door in doors.items():
        folder.mkdir(parents=True)
        _mount(f"/proc/self/fd/{door}", folder, "", _MS_BIND | _MS_REC, "")
        os.close(door)


def _unshare_mounts() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    _mount("none", Path("/"), "", _MS_REC | _MS_PRIVATE, "")


def _mount(source: str, target: Path, kind: str, flags: int, options: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    words = [source.encode(), os.fsencode(target), kind.encode() or None, flags, options.encode() or None]
    if libc.mount(*words):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(target))
