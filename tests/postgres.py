"""The PostgreSQL servers that tests start: one per run, and short-lived ones of their own."""

import fcntl
import getpass
import os
import tempfile
from pathlib import Path

from pluralis.config.embedded import OWNER, Binaries, Cluster, binaries, bundled, system_user
from pluralis.config.embedded.roles import ensure_database, ensure_roles

FOLDER = "PLURALIS_TEST_FOLDER"


def run_url() -> str:
    """Return the address of this run's database; the server need not run yet."""
    other = os.environ.get("TEST_DATABASE_URL")
    return other or run_cluster().url("pluralis", OWNER)


def start_for_this_run() -> Cluster | None:
    """Start this run's server and return it, or None when it runs already or is somebody else's."""
    if os.environ.get("TEST_DATABASE_URL"):
        return None
    folder = Path(os.environ[FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if run_cluster().pid is not None:
            return None
        cluster = cluster_for_tests(folder / "pg", readable_binaries(folder))
        cluster.start()
        ensure_roles(cluster, may_create_databases=True)
        ensure_database(cluster)
        return cluster


def run_cluster() -> Cluster:
    """Return the cluster of this run for its address alone: it has no programs."""
    folder = Path(os.environ[FOLDER])
    return cluster_for_tests(folder / "pg", Binaries(folder))


def cluster_for_tests(folder: Path, programs: Binaries) -> Cluster:
    """Return a cluster without fsync that also lets in whoever runs the tests."""
    return Cluster(folder, programs, durable=False, extra_people=(getpass.getuser(),))


def readable_binaries(folder: Path) -> Binaries:
    """Return the wheel's programs, or a copy when the server's user cannot reach them where they are."""
    programs = bundled()
    if system_user.can_reach(system_user.server_user(), programs.folder):
        return programs
    return binaries.copy_beside(folder / "server")


def new_folder() -> Path:
    """Make a folder with a short path that the system user can reach.

    pytest's own temporary folders are private to root, and CI may set a deep TMPDIR, too long for a socket.
    """
    short = "/tmp" if os.access("/tmp", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="pluralis-test-", dir=short))
    folder.chmod(0o755)
    return folder
