"""Fixtures of the desk: the cast, their browsers, and a fake X to publish on."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from pluralis.networks.fake.x import FakeX
from pluralis.teams.locks import locks
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast, connect, fake_x, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Bob and Charlie, in a database of their own."""
    return make_cast()


@pytest.fixture
def browser() -> Callable[[Membership], Client]:
    """A signed-in browser of somebody."""

    def signed_in(seat: Membership) -> Client:
        client = Client()
        client.force_login(seat.user)
        # The desk asks for the password again before it connects an account, fifteen minutes after signing in.
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 9_999_999_999}]
        session.save()
        return client

    return signed_in


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


class _Inline(HTMLParser):
    """Collects what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "style" or "style" in known:
            self.found.append(f"<{tag} style>")
        if tag == "script" and "src" not in known and "json" not in (known.get("type") or ""):
            self.found.append("<script> with code")
        self.found += [f"<{tag} {name}>" for name in known if name.startswith(("on", "hx-on"))]
        for name in ("src", "href", "action"):
            if re.match(r"\s*javascript:", known.get(name) or "", re.IGNORECASE):
                self.found.append(f"<{tag} {name}=javascript:>")
        if tag in {"img", "script", "link", "iframe"}:
            address = known.get("src") or known.get("href") or ""
            if re.match(r"(https?:)?//", address):
                self.found.append(f"<{tag}> from {address}")


def refused_by_policy(html: str) -> list[str]:
    """Return everything in a page that the desk's own policy would block in a browser."""
    reader = _Inline()
    reader.feed(html)
    return reader.found
