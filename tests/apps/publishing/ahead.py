"""What the tests of things made ready ahead share: fakes of each network, Norlune's web site, posts with pictures."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils import timezone
from PIL import Image

from pluralis.networks import addresses
from pluralis.networks.fake.bluesky import FakeBluesky
from pluralis.networks.fake.mastodon import FakeMastodon
from pluralis.networks.fake.network import FakeNetwork
from pluralis.networks.fake.server import FakeServer
from pluralis.networks.fake.x import FakeX
from pluralis.posts.actions import add_media, create_post
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.models import Media, Post
from pluralis.teams.ids import new_id
from pluralis.teams.models import Membership
from tests.networks.wire import answer, wire

FAKES = {"x": FakeX, "mastodon": FakeMastodon, "bluesky": FakeBluesky}


@contextmanager
def fake(name: str) -> Iterator[FakeNetwork]:
    """Run the fake of a network on loopback, beside whatever else is allowed there."""
    network = FAKES[name](seed=7)
    with FakeServer(network) as server, allowed(server.origin):
        yield network


@contextmanager
def allowed(origin: str) -> Iterator[None]:
    before = addresses._private_origins
    addresses.allow_private_origins([*before, origin])
    try:
        yield
    finally:
        addresses.allow_private_origins(before)


def picture(seed: int = 0, size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.effect_noise(size, 40 + seed).convert("RGB").save(made, kind)
    return made.getvalue()


@dataclass
class Site:
    """Norlune's web site: pages by path, and which of them were asked for."""

    origin: str = ""
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, title: str, picture_path: str = "") -> str:
        shown = f'<meta property="og:image" content="{picture_path}">' if picture_path else ""
        words = f"<title>{title}</title><meta name=description content='All about {title}'>{shown}"
        self.pages[path] = ("text/html; charset=utf-8", words.encode())
        return self.origin + path

    def play(self, connection, request: bytes) -> None:  # type: ignore[no-untyped-def]
        path = request.split(b" ")[1].decode()
        self.asked.append(path)
        if path not in self.pages:
            connection.sendall(answer("404 Not Found"))
            return
        kind, body = self.pages[path]
        connection.sendall(answer("200 OK", body, f"Content-Type: {kind}"))


@contextmanager
def site() -> Iterator[Site]:
    made = Site()
    with wire(made.play) as there, allowed(there.origin):
        made.origin = there.origin
        made.pages["/shop.jpg"] = ("image/jpeg", picture(kind="JPEG", size=(2400, 1600)))
        yield made


def take(actor: Membership, content: bytes, alt_text: str = "Waves") -> Media:
    return add_media(actor=actor, content=io.BytesIO(content), alt_text=alt_text, now=timezone.now())


def write(actor: Membership, text: str, *media: Media) -> Post:
    draft = Draft((DraftVersion((DraftSegment(text, tuple(one.id for one in media)),)),), language="en")
    return create_post(actor=actor, draft=draft, client_key=str(new_id()), now=timezone.now())
