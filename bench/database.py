"""A database of its own for a bench: a fresh cluster with fsync on, migrated, gone afterwards."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

from pluralis.config.embedded import OWNER, Cluster
from pluralis.config.embedded.roles import ensure_database, ensure_roles
from tests import postgres


@contextmanager
def bench_database(durable: bool = True, sessions: int = 0) -> Iterator[Cluster]:
    """Start a cluster and point this process's settings at it; call before Django is set up.

    ``sessions`` is how many connections it takes, where the product's own number does not suffice.
    """
    folder = postgres.new_folder()
    cluster = postgres.cluster_for_tests(folder / "pg", postgres.readable_binaries(folder))
    cluster.durable = durable
    if sessions:
        cluster.settings = {**cluster.settings, "max_connections": str(sessions)}
    cluster.start()
    try:
        ensure_roles(cluster, may_create_databases=True)
        ensure_database(cluster)
        url = cluster.url("pluralis", OWNER)
        state = folder / "state"
        state.mkdir()
        os.environ |= {
            "PLURALIS_DATA_DIR": str(state),
            "DATABASE_URL": url,
            "DATABASE_OWNER_URL": url,
            "DATABASE_DIRECT_URL": url,
            "SECRET_KEY": "only-for-benches-only-for-benches-only",
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "DJANGO_SETTINGS_MODULE": "pluralis.config.settings",
            "LOG_LEVEL": "ERROR",
        }
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], check=True)
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def root() -> Path:
    """Return the checkout."""
    return Path(__file__).resolve().parents[1]
