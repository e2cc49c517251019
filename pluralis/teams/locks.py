"""Which work has a living owner: one session advisory lock per attempt or refresh, on a connection of its own.

A frozen process keeps its locks, a killed one loses them: measured with SIGSTOP and SIGKILL. So a free lock says
*dead*, which passing time never can.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection

from pluralis.teams.ids import new_id

_HOLD = "SELECT pg_advisory_lock(%s)"


class SessionLocks:
    """The locks of this process. Safe for several threads; the connection is made on first use and renewed."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._connection: psycopg.Connection | None = None

    def hold(self, token: UUID) -> None:
        """Take the lock of an attempt, before its claim is committed. Raises ``psycopg.OperationalError``."""
        with self._mutex:
            try:
                self._session().execute(_HOLD, [lock_key(token)])
            except psycopg.OperationalError:
                # Its server was started again, or somebody ended it, and we hear of it only now.
                self._connection = None
                self._session().execute(_HOLD, [lock_key(token)])

    def release(self, token: UUID) -> None:
        """Give the lock back. A lost connection has given it back already."""
        with self._mutex:
            try:
                if self._connection is not None and not self._connection.closed:
                    self._connection.execute("SELECT pg_advisory_unlock(%s)", [lock_key(token)])
            except psycopg.OperationalError:
                self._connection = None

    @contextmanager
    def turn(self) -> Iterator[Iterator[UUID]]:
        """Hold one lock for several attempts, one after the other; gives a token for each of them.

        The tokens are version 7 UUIDs whose random half, which is the lock, is the same, and whose counter
        (RFC 9562, 6.2) differs. Two round trips however many there are.
        """
        first = new_id()
        self.hold(first)
        try:
            yield (_beside(first, number) for number in count())
        finally:
            self.release(first)

    def close(self) -> None:
        """Give all locks back."""
        with self._mutex:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _session(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed or self._connection.broken:
            self._connection = psycopg.connect(
                settings.DATABASE_DIRECT_URL,
                autocommit=True,
                application_name="pluralis locks",
                keepalives_idle=15,
                keepalives_interval=5,
                keepalives_count=3,
            )
        return self._connection


def _beside(first: UUID, number: int) -> UUID:
    """Return another token under the same lock, of this instant: two of one number are never of one millisecond."""
    now = new_id().int >> 80
    return UUID(int=now << 80 | 0x7 << 76 | (number & 0xFFF) << 64 | first.int & 0xFFFFFFFFFFFFFFFF)


locks = SessionLocks()


def lock_key(token: UUID) -> int:
    """Return the signed 64-bit key under which an attempt is locked."""
    return int.from_bytes(token.bytes[8:], "big", signed=True)


def is_owned(token: UUID | None) -> bool:
    """Say whether some living process, frozen or not, holds the attempt. One query, takes nothing."""
    if token is None:
        return False
    key = lock_key(token) & 0xFFFFFFFFFFFFFFFF
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s::bigint::oid AND objid = %s::bigint::oid)",
            [key >> 32, key & 0xFFFFFFFF],
        )
        return bool(cursor.fetchone()[0])
