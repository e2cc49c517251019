"""X for the contract suite: the connector against the fake X, over real HTTP.

Where X's own descriptions lie beside the checkout, every request of the connector and every answer of the fake in
every case is held against them when the case ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.contract import Access, App
from pluralis.networks.fake import Clock, FakeServer
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.network import Plan
from pluralis.networks.fake.world import Draft, Profile, Window
from pluralis.networks.fake.x import FakeX
from pluralis.networks.x import NETWORK, XConnector
from tests.networks.openapi import description, faults
from tests.shared import FOLDER

DESCRIPTIONS = {"tweet": "x-api/openapi-2.159.json", "post": "x-api/openapi-2.167.json"}
UNDESCRIBED = {"/2/oauth2/token": "OAuth is in X's prose only", "/2/elsewhere": "made up by a test"}
SPOILING = ("nonsense", "cut", "drop", "drop_before", "redirect")
USER_KEYS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


@dataclass
class XHarness:
    """Norlune on the fake X, with OAuth 1.0a user keys."""

    network: FakeX
    us: Profile
    access: Access
    name: str = "x"
    app: App | None = None
    lacks: frozenset[str] = frozenset()
    slowness: float = 1.0

    @property
    def connector(self) -> XConnector:
        connector = NETWORK.connector
        assert isinstance(connector, XConnector)
        return connector

    def standing(self) -> Sequence[str]:
        return [post.id for post in self.network.world.posts_of(self.us.id, Window())]

    def standing_text(self, remote_id: str) -> str:
        return self.network.world.posts[remote_id].text

    def alt_texts(self, remote_id: str) -> Sequence[str]:
        media = self.network.world.posts[remote_id].draft.media
        return [self.network.world.media[one].alt_text for one in media]

    def poll(self, remote_id: str) -> Sequence[str]:
        return self.network.world.posts[remote_id].draft.poll

    def card(self, remote_id: str) -> tuple[str, str, bool]:
        raise NotImplementedError("X reads the page itself")

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
        messages = self.network.world.messages_of(self.dana()[0], Window())
        return [one.text for one in messages if one.sender_id == self.us.id]

    def remove(self, remote_id: str) -> None:
        assert self.network.world.delete(remote_id)

    def mood(self, name: str, endpoint: str, **more: Any) -> None:
        self.network.moods.set(name, endpoint, **more)

    def calm(self) -> None:
        self.network.moods.clear()

    def wrong_credentials(self) -> Mapping[str, str]:
        return dict(self.access.credentials) | {"access_token_secret": "wrong"}

    def approve(self, address: str) -> Mapping[str, str]:
        asked = urlsplit(address).query
        form = {"asked": asked, "profile": self.us.id, "answer": "approve"}
        answer = httpx2.post(address, data=form, follow_redirects=False, trust_env=False)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def open_account(network: FakeX, origin: str, **settings: str) -> tuple[Profile, Access, App]:
    """Return our profile, its access with user keys, and the app."""
    us = network.world.add_profile("norlune", "Norlune", followers=48_200)
    values = network.open_account(us).values
    app = App(values["client_id"], values["client_secret"])
    keys = {name: values[name] for name in USER_KEYS}
    return us, Access(origin, us.id, us.handle, keys, settings, app), app


class RecordingX(FakeX):
    """A fake X that keeps what was asked and answered, as far as no mood has spoilt it."""

    def __init__(self, **rules: Any) -> None:
        self.exchanges: list[tuple[Request, Response]] = []
        super().__init__(**rules)

    def finish(self, plan: Plan) -> Response:
        response = super().finish(plan)
        spoilt = plan.mood is not None and plan.mood.name in SPOILING
        if plan.request.path.startswith("/2/") and not spoilt:
            self.exchanges.append((plan.request, response))
        return response


def check(network: RecordingX, dialect: str) -> None:
    """Hold everything that was recorded against X's description of this dialect, if it is there."""
    path = FOLDER / DESCRIPTIONS[dialect]
    if path.exists():
        assert faults(description(path), network.exchanges, UNDESCRIBED) == []


@contextmanager
def open_harness(dialect: str = "tweet") -> Iterator[XHarness]:
    """Open a fresh fake X with our account on it, which asks and is answered in ``dialect``."""
    network = RecordingX(seed=5, clock=Clock(scale=100), spoken=dialect)
    with FakeServer(network) as server:
        before = allow_private_origins({server.origin})
        us, access, app = open_account(network, server.origin, dialect=dialect)
        try:
            yield XHarness(network, us, access, app=app)
        finally:
            allow_private_origins(before)
    check(network, dialect)
