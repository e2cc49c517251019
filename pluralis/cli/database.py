"""The embedded database for one command: the running server when there is one, else our own for a while."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg

from pluralis.config import state
from pluralis.config.embedded import Cluster
from pluralis.config.embedded.place import cluster_in, ready_cluster_in
from pluralis.config.embedded.roles import DATABASE, ensure_database, ensure_roles


@contextmanager
def database_running(environ: Mapping[str, str]) -> Iterator[Cluster | None]:
    """Yield the embedded cluster, running, or None when DATABASE_URL names another server."""
    data_dir = state.data_dir_of(environ)
    state.prepare(data_dir, environ)
    if environ.get("DATABASE_URL"):
        yield None
    elif cluster_in(data_dir).pid is not None:
        yield ready_cluster_in(data_dir)
    else:
        cluster = start_embedded(environ)
        try:
            yield cluster
        finally:
            cluster.stop()


def start_embedded(environ: Mapping[str, str]) -> Cluster:
    """Start the embedded server, with both roles and the database in it."""
    cluster = ready_cluster_in(state.data_dir_of(environ))
    cluster.start()
    try:
        ensure_roles(cluster)
        ensure_database(cluster)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def forget_workers(cluster: Cluster) -> None:
    """Take out the heartbeats of an earlier run, so that only a living worker counts as one.

    Only for a server that we have just started: nobody else can be connected. Their jobs go to the rescue task.
    """
    with psycopg.connect(cluster.url(DATABASE)) as connection:
        found = connection.execute("SELECT to_regclass('public.procrastinate_workers')").fetchone()
        if found and found[0]:
            connection.execute("DELETE FROM public.procrastinate_workers")
