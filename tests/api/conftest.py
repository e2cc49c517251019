"""Fixtures of the API: the cast with their programs, and an account on a fake X."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pluralis.networks.fake.x import FakeX
from pluralis.teams.actions import make_token
from pluralis.teams.locks import locks
from pluralis.teams.models import Account, Membership, Scope
from tests.apps.cast import Cast, connect, fake_x, make_cast

EVERYTHING = (Scope.READ, Scope.WRITE, Scope.PUBLISH)


@dataclass
class Program:
    """A program that calls the API with a token."""

    token: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(f"/api/{address}", query, headers=self._headers())

    def post(self, address: str, body: Any = None, key: str | None = None, **headers: str) -> Any:
        return self._send("post", address, body, {"Idempotency-Key": key or uuid.uuid4().hex} | headers)

    def put(self, address: str, body: Any) -> Any:
        return self._send("put", address, body, {})

    def _send(self, method: str, address: str, body: Any, headers: dict[str, str]) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body if body is not None else {})
        send = getattr(self.client, method)
        return send(f"/api/{address}", content, content_type="application/json", headers=self._headers() | headers)

    def upload(self, key: str, **parts: Any) -> Any:
        return self.client.post("/api/media", parts, headers=self._headers() | {"Idempotency-Key": key})

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def program_of(seat: Membership, *scopes: str) -> Program:
    """Make a token for somebody and the program that uses it."""
    now = timezone.now()
    chosen = [str(one) for one in scopes or EVERYTHING]
    _token, words = make_token(
        actor=seat, name="Night shift", scopes=chosen, expires_at=now + timedelta(days=1), now=now
    )
    return Program(words)


def text_draft(*texts: str, **more: Any) -> dict[str, Any]:
    """Return the body of a draft with the same words for every account."""
    return {"versions": [{"segments": [{"text": text} for text in texts]}], "language": "en"} | more


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Bob and Charlie, in a database of their own."""
    return make_cast()


@pytest.fixture
def alice(cast: Cast) -> Program:
    """Alice's program, which may do all that she may."""
    return program_of(cast.alice)


@pytest.fixture
def program() -> Callable[..., Program]:
    """A program of somebody, with scopes."""
    return program_of


@pytest.fixture
def x() -> Iterator[FakeX]:
    """A fake X on loopback."""
    with fake_x() as network:
        yield network


@pytest.fixture
def account(cast: Cast, x: FakeX) -> Account:
    """Norlune's main account on the fake X, connected by Alice."""
    return connect(cast.alice, x)


@pytest.fixture(autouse=True)
def _locks() -> Iterator[None]:
    """Give every session lock of a test back."""
    yield
    locks.close()
