"""The data folder of an instance: what lies where, made ready on the first start, used by one at a time.

keys.json       the secrets (0600, never in a backup)
instance.json   which instance this is and how far publishing had come
media/          uploads
postgres/       the embedded database, its log and its socket
server/         the embedded server's programs, copied from the wheel
logs/           output of web, worker and the demo's network
lock            held while `pluralis up` runs
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pluralis.config import instance
from pluralis.config.embedded import AlreadyRunning, EmbeddedError
from pluralis.config.environment import SettingsError, as_folder, default_data_dir
from pluralis.config.keys import Keys


def data_dir_of(environ: Mapping[str, str]) -> Path:
    """Return the data folder that these settings mean; raises SettingsError when there is none."""
    given = environ.get("PLURALIS_DATA_DIR")
    folder = as_folder(given) if given else default_data_dir(environ)
    if folder is None:
        raise SettingsError(["PLURALIS_DATA_DIR is needed, because this user has no home folder."])
    return folder


def prepare(data_dir: Path, environ: Mapping[str, str]) -> None:
    """Make the folder (0700), its keys when none are given, and its instance file.

    Raises EmbeddedError when the folder cannot be made or written.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        data_dir.chmod(0o700)
        for name in ("media", "static"):
            (data_dir / name).mkdir(exist_ok=True, mode=0o700)
        if not ("SECRET_KEY" in environ and "FIELD_KEYS" in environ):
            Keys.ensure(data_dir)
        instance.ensure(data_dir)
    except OSError as problem:
        raise EmbeddedError(
            f"The data folder {data_dir} cannot be used ({problem.strerror}). Nothing was started. "
            "Set PLURALIS_DATA_DIR to a folder this user can write."
        ) from None


@contextmanager
def sole_use(data_dir: Path) -> Iterator[None]:
    """Hold the folder's lock; raises AlreadyRunning, with the other's process id, when somebody has it.

    The lock is flock(2): it falls with its process, so a crash leaves nothing to clean up.
    """
    descriptor = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = os.read(descriptor, 20).decode().strip() or "unknown"
        os.close(descriptor)
        raise AlreadyRunning(
            f"Pluralis already runs on {data_dir} (process {other}). Nothing was started or changed. "
            "Stop that one with Ctrl-C, or set PLURALIS_DATA_DIR for a second instance."
        ) from None
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
