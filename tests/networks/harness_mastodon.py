"""Mastodon for the contract suite: the connector against the fake instance, over real HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.contract import Access, App
from pluralis.networks.fake import Clock, FakeServer
from pluralis.networks.fake.mastodon import FakeMastodon
from pluralis.networks.fake.world import Draft, Profile, Window
from pluralis.networks.mastodon import NETWORK, MastodonConnector
from tests.networks.harness import soon

BACK = "http://localhost:8000/callback"


@dataclass
class MastodonHarness:
    """Norlune on the fake instance."""

    network: FakeMastodon
    us: Profile
    access: Access
    name: str = "mastodon"
    app: App | None = None
    lacks: frozenset[str] = frozenset()
    slowness: float = 1.0

    @property
    def connector(self) -> MastodonConnector:
        connector = NETWORK.connector
        assert isinstance(connector, MastodonConnector)
        return connector

    def standing(self) -> Sequence[str]:
        posts = self.network.world.posts_of(self.us.id, Window())
        return [post.id for post in posts if post.draft.visibility != "direct"]

    def standing_text(self, remote_id: str) -> str:
        return self.network.world.posts[remote_id].text

    def alt_texts(self, remote_id: str) -> Sequence[str]:
        media = self.network.world.posts[remote_id].draft.media
        return [self.network.world.media[one].alt_text for one in media]

    def poll(self, remote_id: str) -> Sequence[str]:
        return self.network.world.posts[remote_id].draft.poll

    def card(self, remote_id: str) -> tuple[str, str, bool]:
        raise NotImplementedError("Instances read the page themselves")

    def forget_uploads(self) -> None:
        self.network.world.media.clear()

    def mention(self, text: str, **more: Any) -> str:
        author = self.network.world.add_profile(more.pop("handle", "dana"), followers=120)
        return self.network.world.write(author.id, Draft(f"@{self.us.handle} {text}", **more)).id

    def message(self, text: str) -> str:
        return self.network.world.send_privately(self.dana()[0], self.us.id, text).id

    def dana(self) -> tuple[str, str]:
        dana = self.network.world.add_profile("dana", "Dana", followers=120)
        return dana.id, dana.handle

    def dana_heard(self) -> Sequence[str]:
        posts = self.network.world.posts_mentioning(self.dana()[0], Window())
        return [post.text for post in posts if post.draft.visibility == "direct"]

    def remove(self, remote_id: str) -> None:
        assert self.network.world.delete(remote_id)

    def mood(self, name: str, endpoint: str, **more: Any) -> None:
        self.network.moods.set(name, endpoint, **more)

    def calm(self) -> None:
        self.network.moods.clear()

    def wrong_credentials(self) -> Mapping[str, str]:
        return {"access_token": "a-token-that-nobody-issued"}

    def approve(self, address: str) -> Mapping[str, str]:
        form = {"asked": urlsplit(address).query, "profile": self.us.id, "answer": "approve"}
        answer = httpx2.post(address, data=form, follow_redirects=False, trust_env=False)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@contextmanager
def open_harness(**rules: Any) -> Iterator[MastodonHarness]:
    """Open a fresh fake instance with our account on it."""
    network = FakeMastodon(seed=5, clock=Clock(scale=100), **rules)
    with FakeServer(network) as server:
        before = allow_private_origins({server.origin})
        us = network.world.add_profile("norlune", "Norlune", followers=48_200)
        values = network.open_account(us).values
        connector = NETWORK.connector
        grant = connector.connect_with_keys(server.origin, values, soon())
        app = connector.register(server.origin, BACK, soon())
        assert grant.profile is not None
        access = Access(server.origin, us.id, grant.profile.handle, grant.credentials, grant.settings, app)
        try:
            yield MastodonHarness(network, us, access, app=app)
        finally:
            allow_private_origins(before)
