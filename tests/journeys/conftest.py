"""A real browser for walks through the product: the system's Chromium or the one `make setup` brought along.

Every page a walk opens is watched: an error in the console, an exception in a script or a report about the
policy fails the walk, so that no journey can pass over a broken page.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from pluralis.teams.locks import locks
from pluralis.teams.models import Membership
from tests.groups import prepared

# Playwright runs an event loop in the test's thread; Django's guard would take our own queries for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    found = prepared("browser")
    with sync_playwright() as playwright:
        environment = {**os.environ, **found.get("environment", {})}
        browser = playwright.chromium.launch(executable_path=found.get("path"), args=OPTIONS, env=environment)
        yield browser
        browser.close()


class Watch:
    """What went wrong on a page; ``expected`` are pieces of messages that a walk provokes on purpose."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self.expected: list[str] = []

    def page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"exception: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location.get('url', '')})")

    def unexpected(self) -> list[str]:
        return [one for one in self.troubles if not any(piece in one for piece in self.expected)]


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


def accessibility(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it stands; it runs outside the page's own policy."""
    if not AXE.exists():
        pytest.skip("axe-core is not here: npm ci in frontend/")
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE.read_text()})
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{one['impact']} {one['id']}: {one['help']} at {[node['target'] for node in one['nodes'][:3]]}"
        for one in found["violations"]
    ]


def overflow(page: Page) -> int:
    """Return how many pixels the page is wider than its window; 0 is right."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture(autouse=True)
def _locks() -> Iterator[None]:
    """Give every session lock of a walk back."""
    yield
    locks.close()
