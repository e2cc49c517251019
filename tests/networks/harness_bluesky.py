"""Bluesky for the contract suite: the connector against the fake, over real HTTP; ``tests/pds`` has the real one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.bluesky import NETWORK
from pluralis.networks.bluesky.connector import BlueskyConnector
from pluralis.networks.contract import Access, App
from pluralis.networks.fake import Clock, FakeServer
from pluralis.networks.fake.bluesky import FakeBluesky
from pluralis.networks.fake.bluesky.naming import did_of, handle_of
from pluralis.networks.fake.world import Draft, Post, Profile, Window
from tests.networks.harness import soon


@dataclass
class BlueskyHarness:
    """Norlune on the fake server."""

    network: FakeBluesky
    us: Profile
    access: Access
    name: str = "bluesky"
    app: App | None = None
    # A part is looked up by its key, so there is no list that could lag or be paged.
    lacks: frozenset[str] = frozenset({"oauth", "lag"})
    slowness: float = 1.0

    @property
    def connector(self) -> BlueskyConnector:
        connector = NETWORK.connector
        assert isinstance(connector, BlueskyConnector)
        return connector

    def standing(self) -> Sequence[str]:
        posts = self.network.world.posts_of(self.us.id, Window())
        return [self.network.repository.uri(post) for post in posts]

    def _post(self, uri: str | None) -> Post:
        found = self.network.repository.find(uri or "")
        assert found is not None
        return found

    def standing_text(self, remote_id: str) -> str:
        return self._post(remote_id).text

    def alt_texts(self, remote_id: str) -> Sequence[str]:
        return [self.network.world.media[one].alt_text for one in self._post(remote_id).draft.media]

    def card(self, remote_id: str) -> tuple[str, str, bool]:
        external = self.network.repository.value(self._post(remote_id))["embed"]["external"]
        return external["uri"], external["title"], "thumb" in external

    def forget_uploads(self) -> None:
        self.network.repository._blobs.clear()

    def mention(self, text: str, **more: Any) -> str:
        author = self.network.world.add_profile(more.pop("handle", "dana"), followers=120)
        targets = {name: self._post(uri).id for name, uri in more.items()}
        draft = Draft(f"@{handle_of(self.us)} {text}", **targets)
        return self.network.repository.uri(self.network.world.write(author.id, draft))

    def message(self, text: str) -> str:
        dana = self.network.world.add_profile("dana", "Dana", followers=120)
        return self.network.world.send_privately(dana.id, self.us.id, text).id

    def dana(self) -> tuple[str, str]:
        dana = self.network.world.add_profile("dana", "Dana", followers=120)
        return did_of(dana.id), handle_of(dana)

    def dana_heard(self) -> Sequence[str]:
        dana = self.network.world.add_profile("dana", "Dana", followers=120)
        messages = self.network.world.messages_of(dana.id, Window())
        return [one.text for one in messages if one.sender_id == self.us.id]

    def remove(self, remote_id: str) -> None:
        assert self.network.world.delete(self._post(remote_id).id)

    def mood(self, name: str, endpoint: str, **more: Any) -> None:
        self.network.moods.set(name, endpoint, **more)

    def calm(self) -> None:
        self.network.moods.clear()

    def wrong_credentials(self) -> Mapping[str, str]:
        return {
            "identifier": "norlune.test",
            "password": "none-such-pass-word",
            "access": "wrong",
            "refresh": "wrong",
        }

    def approve(self, address: str) -> Mapping[str, str]:
        raise NotImplementedError("Bluesky is connected by app password")


@contextmanager
def open_harness() -> Iterator[BlueskyHarness]:
    """Open a fresh fake server with our account on it."""
    network = FakeBluesky(seed=5, clock=Clock(scale=100))
    with FakeServer(network) as server:
        before = allow_private_origins({server.origin})
        us = network.world.add_profile("norlune", "Norlune", followers=48_200)
        values = network.open_account(us).values
        grant = NETWORK.connector.connect_with_keys(server.origin, values, soon())
        assert grant.profile is not None
        profile = grant.profile
        access = Access(server.origin, profile.remote_id, profile.handle, grant.credentials, grant.settings)
        try:
            yield BlueskyHarness(network, us, access)
        finally:
            allow_private_origins(before)
