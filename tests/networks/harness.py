"""What the contract suite needs of a network to try a connector on it.

A network plugs in with one module ``tests/networks/harness_<name>.py`` that has
``open_harness() -> AbstractContextManager[Harness]``; :data:`NAMES` are found by looking for these files. A third
party writes the same module and imports :mod:`tests.networks.contract_suite` with a fixture called ``harness``.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import pytest

from pluralis.networks.contract import Access, App, Connector, Outgoing, Reference
from pluralis.networks.deadline import Deadline

NAMES = sorted(path.stem.removeprefix("harness_") for path in Path(__file__).parent.glob("harness_*.py"))
ENTROPY = bytes(range(16))
# What a network may lack; a case that needs it is then skipped with this name as the reason.
FEATURES = frozenset({"moods", "mentions", "direct", "figures", "mute", "images", "oauth", "lag", "wrong_keys"})


class Harness(Protocol):
    """One connector, one account of ours ("Norlune"), and a hand on the other side of the wire.

    ``lacks`` names the :data:`FEATURES` that cannot be tried on this network. ``app`` is set where *oauth* can.
    ``slowness`` stretches the deadlines of sending, for a real server on a busy machine.
    """

    name: str
    connector: Connector
    access: Access
    app: App | None
    lacks: frozenset[str]
    slowness: float

    def standing(self) -> Sequence[str]:
        """Return the remote ids of our posts that stand on the network now (direct messages apart)."""
        ...

    def standing_text(self, remote_id: str) -> str:
        """Return the text of one of our posts, as it was accepted."""
        ...

    def alt_texts(self, remote_id: str) -> Sequence[str]:
        """Return the descriptions of the pictures of one of our posts."""
        ...

    def poll(self, remote_id: str) -> Sequence[str]:
        """Return the answers that one of our posts lets choose from; asked only where the network has polls."""
        ...

    def card(self, remote_id: str) -> tuple[str, str, bool]:
        """Return address and title of the card below one of our posts, and whether it has a picture; asked only
        where posts bring their own."""
        ...

    def forget_uploads(self) -> None:
        """Lose every file that no post shows; asked only where files can be uploaded ahead."""
        ...

    def mention(self, text: str, **more: Any) -> str:
        """Let Dana (handle ``dana``) write a post that names us; return its id.

        ``more``: ``reply_to`` and ``quote_of`` (remote ids), ``handle`` (somebody else).
        """
        ...

    def message(self, text: str) -> str:
        """Let Dana write to us in private; return its id."""
        ...

    def dana(self) -> tuple[str, str]:
        """Return Dana's remote id and handle."""
        ...

    def dana_heard(self) -> Sequence[str]:
        """Return the texts of the private messages that reached Dana."""
        ...

    def remove(self, remote_id: str) -> None:
        """Take a post (ours or Dana's) down by hand."""
        ...

    def mood(self, name: str, endpoint: str, **more: Any) -> None:
        """Start a mood (:mod:`pluralis.networks.fake.moods`) at an endpoint."""
        ...

    def calm(self) -> None:
        """End every mood."""
        ...

    def wrong_credentials(self) -> Mapping[str, str]:
        """Return credentials that look right and are not accepted."""
        ...

    def approve(self, address: str) -> Mapping[str, str]:
        """Be the person at the consent page ``address``: say yes, return the query of the callback."""
        ...


@contextmanager
def open_harness(name: str) -> Iterator[Harness]:
    """Open the harness of the network ``name``; its module may skip with a reason."""
    opened: AbstractContextManager[Harness] = import_module(f"tests.networks.harness_{name}").open_harness()
    with opened as harness:
        yield harness


def need(harness: Harness, *features: str) -> None:
    """Skip the case when the network lacks one of ``features``."""
    unknown = set(features) - FEATURES
    assert not unknown, f"unknown features {unknown}"
    for feature in features:
        if feature in harness.lacks:
            pytest.skip(f"{harness.name}: {feature} cannot be tried here")


def soon(seconds: float = 10.0) -> Deadline:
    """Return a deadline that is far enough away."""
    return Deadline.after(seconds)


def part(harness: Harness, text: str, **more: Any) -> Outgoing:
    """Return a part of ours, its key chosen now as at scheduling."""
    now = datetime.now(UTC)
    entropy = bytes(a ^ b for a, b in zip(ENTROPY, now.isoformat().encode()[-16:], strict=True))
    return Outgoing(text, harness.connector.choose_key(now, entropy), now, **more)


def with_credentials(access: Access, credentials: Mapping[str, str]) -> Access:
    """Return the same account with other credentials."""
    return replace(access, credentials=dict(credentials))


def reference(harness: Harness, remote_id: str, cursor: str | None = None) -> Reference:
    """Return how a connector itself refers to an incoming post, by fetching it."""
    batch = harness.connector.fetch(harness.access, "mentions", cursor, soon())
    return next(one.reference for one in batch.messages if one.reference.remote_id == remote_id)
