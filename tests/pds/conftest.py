"""The real Bluesky server for the tests of this folder: one for all of them, with Alice, Bob and Dana on it."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_bytes
from types import SimpleNamespace

import pytest

from pluralis.networks import addresses
from pluralis.networks.bluesky.connector import BlueskyConnector
from pluralis.networks.contract import Access, Outgoing
from pluralis.networks.deadline import Deadline
from tools.pds.running import Pds, PdsAccount

# Below the network's own limit for pictures, so that the server's refusal can be met.
BLOB_LIMIT = 600_000

connector = BlueskyConnector()


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    with Pds(tmp_path_factory.mktemp("pds"), blob_limit=BLOB_LIMIT) as server:
        yield server


@pytest.fixture(autouse=True)
def allowed(pds: Pds) -> Iterator[Callable[..., None]]:
    """Let the connector go to the server, and to whatever a test names."""
    before = addresses.allow_private_origins([pds.origin])
    yield lambda *more: addresses.allow_private_origins([pds.origin, *more]) and None
    addresses.allow_private_origins(before)


@pytest.fixture(scope="session")
def accounts(pds: Pds) -> dict[str, PdsAccount]:
    return {name: pds.create_account(name) for name in ("alice", "bob", "dana")}


@pytest.fixture(scope="session")
def connect(pds: Pds, accounts: dict[str, PdsAccount]) -> Callable[[str], Access]:
    """Connect each account once (the server allows 30 sign-ins in five minutes) through the connector."""
    known: dict[str, Access] = {}

    def access(name: str) -> Access:
        if name not in known:
            account = accounts[name]
            values = {"identifier": account.handle, "password": account.app_password}
            grant = connector.connect_with_keys(pds.origin, values, Deadline.after(20))
            known[name] = Access(pds.origin, account.did, account.handle, grant.credentials, grant.settings)
        return known[name]

    return access


@pytest.fixture
def alice(connect: Callable[[str], Access]) -> Access:
    return connect("alice")


@pytest.fixture
def dana(connect: Callable[[str], Access]) -> Access:
    return connect("dana")


@pytest.fixture
def part() -> Callable[..., Outgoing]:
    """Make a part with a key of its own."""
    numbers = itertools.count()

    def make(text: str, **fields: object) -> Outgoing:
        now = datetime.now(UTC)
        made = Outgoing(text, connector.choose_key(now, token_bytes(16)), now)
        next(numbers)
        return replace(made, **fields)  # type: ignore[arg-type]

    return make


@pytest.fixture
def send(pds: Pds) -> Callable[..., SimpleNamespace]:
    """Send a part and return what the connector said (``post``) and what the server holds (``record``)."""

    def go(access: Access, outgoing: Outgoing) -> SimpleNamespace:
        post = connector.send(access, outgoing, Deadline.after(20))
        return SimpleNamespace(post=post, record=pds.record(access.profile_id, outgoing.key))

    return go
