"""From one major version of PostgreSQL to the next by pg_upgrade, copying; the old folder is never written.

The old programs are those that were copied beside the data when that version ran, or the wheel's.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pluralis.config.embedded.binaries import Binaries, copy_beside
from pluralis.config.embedded.cluster import SUPERUSER, Cluster, write_as
from pluralis.config.embedded.errors import EmbeddedError
from pluralis.config.embedded.system_user import server_user


@dataclass(frozen=True)
class Upgraded:
    """From which major to which, and where the old folder is."""

    old: int
    new: int
    kept: Path


def upgrade(data_dir: Path, at: datetime) -> Upgraded | None:
    """Upgrade the embedded database of an instance; None when there is nothing to do.

    The caller holds the instance's lock. Raises EmbeddedError; then the old folder is still in use.
    """
    folder = data_dir / "postgres"
    new_programs = copy_beside(data_dir / "server")
    current = Cluster(folder, new_programs)
    if not current.initialised or current.major_on_disk == new_programs.major:
        return None
    old_programs = _programs_of(data_dir, current.major_on_disk)
    _bring_to_rest(replace(current, binaries=old_programs))
    fresh = Cluster(data_dir / f"postgres-{new_programs.major}", new_programs)
    if fresh.folder.exists():
        raise EmbeddedError(f"{fresh.folder} is left from an earlier try. Look at it, remove it, and try again.")
    fresh.initialise(checksums=_has_checksums(current, old_programs))
    _pg_upgrade(current, old_programs, fresh)
    for name in ("pg_hba.conf", "pg_ident.conf"):
        write_as(server_user(), fresh.data / name, (current.data / name).read_text())
    kept = data_dir / f"postgres-{old_programs.major}-before-{at:%Y%m%d%H%M%S}"
    folder.rename(kept)
    fresh.folder.rename(folder)
    return Upgraded(old_programs.major, new_programs.major, kept)


def _programs_of(data_dir: Path, major: int) -> Binaries:
    try:
        return copy_beside(data_dir / "server", major)
    except (KeyError, OSError):
        raise EmbeddedError(
            f"The programs of PostgreSQL {major} are neither in {data_dir / 'server'} nor in the installed wheel. "
            "Nothing was changed. Restore a backup into a new instance instead."
        ) from None


def _bring_to_rest(old: Cluster) -> None:
    """pg_upgrade refuses a folder that was not shut down; start and stop it once with its own programs."""
    old.start()
    old.stop()


def _has_checksums(old: Cluster, programs: Binaries) -> bool:
    said = replace(old, binaries=programs).run("pg_controldata", str(old.data))
    line = next(line for line in said.splitlines() if line.startswith("Data page checksum version"))
    return line.split(":")[1].strip() != "0"


def _pg_upgrade(old: Cluster, old_programs: Binaries, fresh: Cluster) -> None:
    fresh.run(
        "pg_upgrade",
        f"--old-bindir={old_programs.folder}",
        f"--new-bindir={fresh.binaries.folder}",
        f"--old-datadir={old.data}",
        f"--new-datadir={fresh.data}",
        f"--username={SUPERUSER}",
        f"--socketdir={fresh.socket_folder}",
        "--copy",
        timeout=6 * 3600,
    )
