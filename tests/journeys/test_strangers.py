"""Charlie of another team and a stranger see nothing of Norlune's, by no address."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.desk import Desk
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey
OURS = ("Norlune", "norlune.example", "Nantes", "Travelling this winter")
PAGES = ("/inbox", "/calendar", "/calendar?view=month", "/write/drafts", "/settings/accounts", "/settings/team")
HOLDS_ONE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
OBJECT = re.compile(r'(?:href|action|src)="(/[^"]*[0-9a-f]{8}-[0-9a-f]{4}-[^"]*)"')


def named_on(page: Page) -> set[str]:
    """Return the addresses that this page names an object in, less what a browser keeps to itself (#...)."""
    return {re.split("[?#]", one)[0] for one in OBJECT.findall(page.content())}


def addresses_of(page: Page) -> set[str]:
    """Return every address of an object that Alice's pages name, forms too."""
    found: set[str] = set()
    for path in PAGES:
        page.goto(path)
        found |= named_on(page)
    pages = re.compile(r"/(inbox|calendar/parts|write)/[0-9a-f-]{36}")
    for path in [one for one in one_of_each(found, 5) if pages.fullmatch(one)]:
        page.goto(path)
        found |= named_on(page)
    return {one for one in found if HOLDS_ONE.search(one)}


@pytest.fixture
def addresses(desk: Desk, filled: Stack) -> set[str]:
    found = addresses_of(desk.open("alice"))
    kinds = {re.sub(r"[0-9a-f-]{36}", "ID", one) for one in found}
    assert {"/inbox/ID", "/inbox/ID/claim", "/inbox/ID/answer", "/calendar/parts/ID", "/write/ID"} <= kinds
    assert {"/settings/accounts/ID", "/calendar/deliveries/ID/move"} <= kinds
    return found


def one_of_each(addresses: set[str], most: int = 2) -> list[str]:
    """Return the oldest addresses of every kind: more tell nothing new and take long in a browser."""
    kinds: dict[str, list[str]] = {}
    for one in sorted(addresses):
        kinds.setdefault(re.sub(r"[0-9a-f-]{36}", "ID", one), []).append(one)
    return [one for kind in kinds.values() for one in kind[:most]]


def test_somebody_of_another_team_meets_nothing_at_any_address(desk: Desk, addresses: set[str]) -> None:
    desk.watch.expected += ["404", "405", "403"]
    page = desk.open("charlie")
    page.goto("/inbox")
    for path in one_of_each(addresses):
        answer = page.request.get(path)
        assert answer.status in (404, 405), (path, answer.status)
        assert [word for word in OURS if word in answer.text()] == [], path
        assert post(page, path) in (404, 405), path
    for path in PAGES:
        page.goto(path)
        assert [word for word in OURS if word in page.locator("main").inner_text()] == [], path


def test_a_stranger_is_sent_to_the_door_from_every_address(desk: Desk, addresses: set[str]) -> None:
    desk.watch.expected += ["404", "405", "403"]
    page = desk.open()
    for path in [*one_of_each(addresses), *PAGES]:
        answer = page.request.get(path)
        assert "/account/login" in answer.url or answer.status in (404, 405), (path, answer.status, answer.url)
        assert [word for word in OURS if word in answer.text()] == [], path


def post(page: Page, path: str) -> int:
    """Press a form at this address with the reader's own token, as a forged page of theirs would; the status."""
    return int(
        page.evaluate(
            """async (path) => {
              const token = document.querySelector("body").getAttribute("hx-headers:inherited");
              const headers = {...JSON.parse(token || "{}"), "Content-Type": "application/x-www-form-urlencoded"};
              const answer = await fetch(path, {method: "POST", headers, body: "text=ours", redirect: "manual"});
              return answer.type === "opaqueredirect" ? 302 : answer.status;
            }""",
            path,
        )
    )


def test_the_stream_tells_another_team_and_a_stranger_nothing(desk: Desk, filled: Stack) -> None:
    page = desk.open("charlie")
    page.goto("/inbox")
    heard = listen_while(page, lambda: filled.network("x").mention("Only for Norlune, in the stream"))
    assert heard == []
    stranger = desk.open()
    stranger.goto("/account/login/")
    assert stranger.evaluate("fetch('/live').then((answer) => answer.status)") == 204


def listen_while(page: Page, happens: object) -> list[str]:
    """Return the events that reach a browser's own stream until Alice's team has surely had its message."""
    page.evaluate(
        """() => { window.heard = []; const source = new EventSource("/live");
          window.opened = new Promise((resolve) => source.addEventListener("hello", resolve));
          source.addEventListener("change", (event) => window.heard.push(event.data)); }"""
    )
    page.evaluate("window.opened")
    happens()  # type: ignore[operator]
    page.wait_for_timeout(8000)
    return list(page.evaluate("window.heard"))
