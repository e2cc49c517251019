"""People at the desk of a running installation, each with a browser of their own, and what watches their pages."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.groups import axe
from tests.journeys.stack import Stack

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A busy machine may take its time; nothing here waits longer than it must.
PATIENCE = 45_000
SHOTS = "JOURNEY_SHOTS"
TELL_OF_THE_POLICY = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI));"""
# Colours on their way from light to dark are no one's promise. They are brought to their end, not waited for: a page
# that nobody looks at draws no frame, and what moves on it never arrives. What turns for ever is let be.
SETTLED = """() => document.getAnimations()
  .filter((one) => one.timeline === document.timeline && one.effect.getComputedTiming().endTime !== Infinity)
  .forEach((one) => one.finish())"""
expect.set_options(timeout=PATIENCE)


class Watch:
    """What went wrong on a page; ``expected`` are pieces of messages that a walk provokes on purpose."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self.expected: list[str] = []

    def page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"exception: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"status {response.status}: {response.request.method} {response.url}")

    def unexpected(self) -> list[str]:
        return [one for one in self.troubles if not any(piece in one for piece in self.expected)]


def accessibility(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it stands; it runs outside the page's own policy."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": axe().read_text()})
    session.detach()
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{one['impact']} {one['id']}: {one['help']} at {node['target']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return how many pixels the page is wider than its window; 0 is right."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


FROM_THE_TOP = "() => document.querySelectorAll('*').forEach((one) => { if (one.scrollTop) one.scrollTop = 0 })"


def looked_at_again(page: Page, found: list[str]) -> list[str]:
    """Return what axe still finds a moment later, from the top: a live page may change under the reader's hands, and
    what is scrolled half under a head that stays is not too small."""
    page.wait_for_timeout(1_000)
    page.evaluate(FROM_THE_TOP)
    page.evaluate(SETTLED)
    still = accessibility(page)
    return [one for one in found if one in still]


def inspect(page: Page, name: str) -> None:
    """Hold the page as it stands to its promises in light and dark: axe finds nothing, nothing is cut off.

    With ``JOURNEY_SHOTS`` naming a folder, what was seen is kept there for a person to look at.
    """
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.mouse.move(1, 1)
        page.evaluate(SETTLED)
        if os.environ.get(SHOTS):
            page.screenshot(path=Path(os.environ[SHOTS]) / f"{name}-{scheme}.png")
        found = accessibility(page)
        found = found and looked_at_again(page, found)
        assert not found, f"{name} in {scheme}: {found}"
        assert overflow(page) <= 0, f"{name} is wider than its window"
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def new_context(chromium: Browser, stack: Stack, watch: Watch, **options: Any) -> BrowserContext:
    """Return a fresh browser profile whose every page is watched."""
    viewport = {"width": options.pop("width", 1280), "height": options.pop("height", 800)}
    context = chromium.new_context(
        base_url=stack.origin, viewport=viewport, reduced_motion="reduce", locale=options.pop("language", "en"),
        **options,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TELL_OF_THE_POLICY)
    context.on("page", watch.page)
    return context


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in by the form, as everybody does."""
    page.goto("/account/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.locator("form.stack button.btn-primary").click()
    page.wait_for_url(lambda url: "/account/login" not in url)


@dataclass
class Arrival:
    """Charlie's first steps, as they went: what the pages said on the way."""

    email: str = "charlie@rival.example"
    password: str = "a rival keeps its own counsel"
    heard: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


def arrive(stack: Stack, chromium: Browser) -> Arrival:
    """Sign up on an empty installation, found a team, connect a Mastodon account on its own sign-in page."""
    charlie, watch = Arrival(), Watch()
    context = new_context(chromium, stack, watch)
    page = context.new_page()
    page.goto("/")
    inspect(page, "sign-in")
    page.get_by_role("link", name="set up this desk").click()
    inspect(page, "sign-up")
    page.fill("[name=email]", charlie.email)
    page.fill("[name=password1]", charlie.password)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/welcome")
    inspect(page, "welcome")
    page.fill("[name=name]", "Rival")
    page.get_by_role("button", name="Make the desk").click()
    page.wait_for_url("**/settings/accounts")
    charlie.heard["empty"] = page.locator("main").inner_text()
    inspect(page, "accounts-empty")
    _connect(page, stack, charlie)
    context.close()
    charlie.troubles = watch.unexpected()
    return charlie


def _connect(page: Page, stack: Stack, charlie: Arrival) -> None:
    page.get_by_role("main").get_by_role("link", name="Connect an account").click()
    inspect(page, "connect")
    page.get_by_role("link", name="Mastodon").click()
    inspect(page, "connect-mastodon")
    oauth = page.locator("form", has=page.get_by_role("button", name="Go on and sign in there"))
    stack.network("mastodon").open("rival", "Rival")
    oauth.locator("[name=host]").fill(stack.network("mastodon").origin)
    oauth.get_by_role("button").click()
    page.wait_for_url("**/oauth/authorize*")
    charlie.heard["consent"] = page.locator("h1").inner_text()
    page.locator("select[name=profile]").select_option(label="@rival · Rival")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(re.compile("/settings/accounts/[0-9a-f-]{36}$"))
    charlie.heard["connected"] = page.locator("#toasts").inner_text()
    inspect(page, "account")
    page.goto("/settings/accounts")
    charlie.heard["list"] = page.locator("main").inner_text()


class Desk:
    """A running installation with the demo's company; opens browsers for its people."""

    emails = {name: f"{name}@norlune.example" for name in ("alice", "bob", "chloe", "siti")}
    _kept: dict[str, Any] = {}

    def __init__(
        self, stack: Stack, chromium: Browser, watch: Watch, others: dict[str, tuple[str, str]] | None = None
    ) -> None:
        self.stack, self.watch, self.chromium = stack, watch, chromium
        self.others = others or {}
        self._contexts: list[BrowserContext] = []

    def open(self, name: str = "", **options: Any) -> Page:
        """Return a page of somebody's own browser; without a name it is a stranger's."""
        state = self._kept.get(name) if name else None
        context = new_context(self.chromium, self.stack, self.watch, storage_state=state, **options)
        self._contexts.append(context)
        page = context.new_page()
        if name and state is None:
            email, password = self.others.get(name) or (self.emails[name], self.stack.password)
            sign_in(page, email, password)
            self._kept[name] = context.storage_state()
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def row(page: Page, words: str) -> Locator:
    """Return the row of a list that shows ``words``."""
    return page.locator(".row", has_text=words).first


def path_of(page: Page) -> str:
    """Return the page's address without its origin and its question."""
    return re.sub(r"^https?://[^/]+", "", page.url).partition("?")[0]


def mark(page: Page) -> None:
    """Remember that this very page is open; ``stayed`` tells whether it was loaded again since."""
    page.evaluate("window.journey = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.journey === true"))


def words_of(page: Page) -> str:
    """Return everything a person or a program could read on the page, its hidden parts too."""
    return page.content()
