"""A real browser for walks through the product: the system's Chromium or the one `make setup` brought along.

Every page a walk opens is watched: an error in the console, an exception in a script or a report about the
policy fails the walk, so that no journey can pass over a broken page.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pluralis.teams.locks import locks
from pluralis.teams.models import Membership
from tests.groups import prepared
from tests.journeys.desk import Arrival, Desk, Watch, arrive
from tests.journeys.stack import Stack

# Playwright runs an event loop in the test's thread; Django's guard would take our own queries for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    found = prepared("browser")
    with sync_playwright() as playwright:
        environment = {**os.environ, **found.get("environment", {})}
        browser = playwright.chromium.launch(executable_path=found.get("path"), args=OPTIONS, env=environment)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def open_browser(chromium: Browser, live_server: object, watch: Watch) -> Iterator[Callable[..., Page]]:
    """``open_browser(seat, width=360, dark=True, language="ms-MY")``: a page of somebody's own browser.

    Without a seat it is a stranger's. The walk fails at its end if any of its pages had trouble.
    """
    contexts: list[BrowserContext] = []

    def opened(
        seat: Membership | None = None, *, width: int = 1280, dark: bool = False, language: str = "en"
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,  # type: ignore[attr-defined]
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale=language,
        )
        contexts.append(context)
        if seat is not None:
            sign_in(context, seat, live_server.url)  # type: ignore[attr-defined]
        context.on("page", watch.page)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert watch.unexpected() == []


def sign_in(context: BrowserContext, seat: Membership, origin: str) -> None:
    """Give the browser somebody's session, as if they had just signed in."""
    client = Client()
    client.force_login(seat.user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 9_999_999_999}]
    session.save()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": origin}])


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """An installation under its own supervisor, with the fake networks and nobody in it yet; stopped at the end."""
    one = Stack()
    try:
        one.begin_without_the_demo()
        one.start()
        yield one
    finally:
        one.remove()


@pytest.fixture(scope="session")
def charlie(stack: Stack, chromium: Browser) -> Arrival:
    """The first owner of the installation, of another team than everybody else's, by the way a person takes."""
    return arrive(stack, chromium)


@pytest.fixture(scope="session")
def filled(stack: Stack, charlie: Arrival) -> Stack:
    """The same installation, stopped and started again with the demo's company beside Charlie's team."""
    stack.stop()
    stack.want_the_demo()
    stack.start()
    return stack


@pytest.fixture
def desk(filled: Stack, charlie: Arrival, chromium: Browser, watch: Watch) -> Iterator[Desk]:
    """The demo's desk; the walk fails at its end if any of its pages had trouble."""
    one = Desk(filled, chromium, watch, {"charlie": (charlie.email, charlie.password)})
    yield one
    one.close()
    assert watch.unexpected() == []


@pytest.fixture(autouse=True)
def _locks() -> Iterator[None]:
    """Give every session lock of a walk back."""
    yield
    locks.close()
