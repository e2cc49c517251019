"""Where the server's socket lies: its path may have at most 107 bytes (sockaddr_un on Linux)."""

import hashlib
import os
import pwd
import tempfile
from pathlib import Path

from pluralis.config.embedded import system_user
from pluralis.config.embedded.errors import EmbeddedError

MOST_BYTES = 107


def socket_folder(folder: Path, port: int) -> Path:
    """Return `folder` itself, or a short private folder in the runtime directory when its path is too long.

    The short folder's name comes from the path of the data, so every process finds the same one.
    """
    if len(os.fsencode(folder / f".s.PGSQL.{port}.lock")) <= MOST_BYTES:
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return _runtime_folder() / f"pluralis-{mark}"


def make(folder: Path, user: pwd.struct_passwd) -> None:
    """Make the socket's folder, or refuse one that somebody else has put there."""
    if folder.is_symlink():
        raise EmbeddedError(f"{folder} is a link; it must be a folder of our own. Remove it and start again.")
    if folder.exists() and folder.stat().st_uid not in {user.pw_uid, os.geteuid()}:
        raise EmbeddedError(f"{folder} belongs to somebody else. Set PLURALIS_DATA_DIR to a shorter path.")
    system_user.give_to(user, folder)


def _runtime_folder() -> Path:
    """The first of the usual runtime folders that is there; the same for root and for the system user."""
    own = Path(f"/run/user/{os.getuid()}")
    if os.getuid() and own.is_dir() and os.access(own, os.W_OK):
        return own
    return Path("/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir())  # noqa: S108
