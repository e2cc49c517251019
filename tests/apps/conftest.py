"""Fixtures of the apps: the cast, and a fake X to publish on."""

from collections.abc import Iterator

import pytest

from pluralis.networks.fake.x import FakeX
from pluralis.teams.locks import locks
from pluralis.teams.models import Account
from tests.apps.cast import Cast, connect, fake_x, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Bob and Charlie, in a database of their own."""
    return make_cast()


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
