"""The PostgreSQL server that Pluralis brings along and runs by itself.

Public names: `Cluster` (one data folder and its server), `Binaries` (where the programs are),
`EmbeddedError` and its kinds. Nothing here imports Django.
"""

from pluralis.config.embedded.binaries import Binaries, bundled, copy_beside, installed
from pluralis.config.embedded.cluster import APP, OWNER, Cluster
from pluralis.config.embedded.errors import AlreadyRunning, EmbeddedError, OtherMajorVersion

__all__ = [
    "APP",
    "OWNER",
    "AlreadyRunning",
    "Binaries",
    "Cluster",
    "EmbeddedError",
    "OtherMajorVersion",
    "bundled",
    "copy_beside",
    "installed",
]
