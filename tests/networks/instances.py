"""An instance that answers as it is told, and the entities that it answers with."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pluralis.networks import addresses
from pluralis.networks.contract import Access
from tests.networks.wire import Wire, answer, wire

Start = Callable[..., tuple[Wire, Access]]


@contextmanager
def told_instances() -> Iterator[Start]:
    """Give a function that starts an instance: it sends the given answers in turn, the last one for ever."""
    running = []

    def start(*plays: bytes) -> tuple[Wire, Access]:
        left = list(plays)

        def play(connection: Any, request: bytes) -> None:
            connection.sendall(left.pop(0) if len(left) > 1 else left[0])

        context = wire(play)
        there = context.__enter__()
        running.append(context)
        addresses.allow_private_origins([there.origin])
        return there, access_to(there)

    before = addresses.allow_private_origins(())
    yield start
    for context in running:
        context.__exit__(None, None, None)
    addresses.allow_private_origins(before)


def access_to(there: Wire) -> Access:
    """Return the access of account 7."""
    return Access(there.origin, "7", "norlune@here", {"access_token": "t"})


def told(content: Any, line: str = "200 OK", *headers: str) -> bytes:
    """Return an answer in JSON."""
    return answer(line, json.dumps(content).encode(), "Content-Type: application/json", *headers)


def status(remote_id: object, **more: Any) -> dict[str, Any]:
    """Return a status by Dana."""
    made = {"id": str(remote_id), "created_at": "2026-11-22T10:00:00.000Z", "content": "<p>hi</p>"}
    author = {"id": "9", "acct": "dana", "username": "dana"}
    rest = {"account": author, "visibility": "public", "mentions": [], "media_attachments": []}
    return {**made, **rest, **more}


def notification(number: object, kind: str = "mention", **more: Any) -> dict[str, Any]:
    """Return a notification with a status of the same number."""
    return {"id": str(number), "type": kind, "status": status(number, **more)}
