"""Where the embedded server lies inside an instance's data folder."""

from pathlib import Path

from pluralis.config.embedded.binaries import Binaries, copy_beside
from pluralis.config.embedded.cluster import Cluster


def cluster_in(data_dir: Path) -> Cluster:
    """Return the cluster of an instance without touching the disk; its programs may not be copied yet."""
    return Cluster(data_dir / "postgres", Binaries(data_dir / "server" / "not-copied-yet"))


def ready_cluster_in(data_dir: Path) -> Cluster:
    """Return the cluster with its programs copied beside the data; the server is not started."""
    return Cluster(data_dir / "postgres", copy_beside(data_dir / "server"))
