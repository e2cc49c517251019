"""A file of five hundred posts, twenty of them wrong, from the drop to the calendar and back, in a real browser."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect

from pluralis.networks.fake.x import FakeX
from pluralis.publishing.actions import check_rows, save_rows
from pluralis.publishing.models import Import, ImportState, Part
from pluralis.teams.models import Account
from tests.apps.cast import Cast, connect, fake_x, make_cast
from tests.journeys.desk import inspect, row

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
BAD = {
    0: ("We are late,2020-05-05 10:00,", "has passed"),
    1: ("We have no such day,2035-02-30 10:00,", "There is no such day"),
    2: ("We do not know them,2035-03-03 10:00,@nobody", "We have no account"),
    3: (f"{'We go on and on. ' * 40},2035-03-03 10:00,", "Too long for"),
}


def file_of(count: int, bad: int) -> bytes:
    """Return a table of posts over a year; every 25th row is wrong in one of four ways."""
    begin = datetime(2035, 1, 1, 9)  # noqa: DTZ001 - a wall clock
    lines = ["text,when,account"]
    wrong = 0
    for number in range(count):
        if number % (count // bad) == 3 and wrong < bad:
            lines.append(BAD[wrong % len(BAD)][0])
            wrong += 1
        else:
            at = begin + timedelta(hours=17 * number)
            lines.append(f"We have {number} things to tell you today.,{at:%Y-%m-%d %H:%M},@Norlune")
    return "\r\n".join(lines).encode()


def drop(page: Page, content: bytes, name: str, button: str = "Look at it") -> None:
    page.goto("/import")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/import/*-*")


@pytest.fixture(autouse=True)
def _without_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server has no event loop; while an import works its page asks by itself every three seconds."""
    monkeypatch.setattr("pluralis.web.context.Desk.live_url", None)


@pytest.fixture
def x() -> Iterator[FakeX]:
    with fake_x() as network:
        yield network


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def account(cast: Cast, x: FakeX) -> Account:
    return connect(cast.alice, x)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Somebody who does the steps of every import, as a worker process does."""
    ends = threading.Event()

    def work() -> None:
        steps = {ImportState.CHECKING: check_rows, ImportState.SAVING: save_rows}
        while not ends.wait(0.2):
            for one in Import.objects.filter(state__in=steps):
                steps[ImportState(one.state)](one.id, timezone.now())
        connections.close_all()

    thread = threading.Thread(target=work, name="worker of imports")
    thread.start()
    yield
    ends.set()
    thread.join()


def test_five_hundred_rows_with_twenty_bad_ones(
    cast: Cast, account: Account, worker: None, open_browser: Open
) -> None:
    page = open_browser(cast.alice)
    page.goto("/import")
    inspect(page, "import-empty")
    drop(page, file_of(500, 20), "posts.csv")
    expect(page.get_by_role("heading", name="What the columns are")).to_be_visible()
    inspect(page, "import-columns")
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_role("heading", name="20 rows have problems")).to_be_visible()
    page.get_by_role("link", name="With problems").click()
    for words, said in BAD.values():
        expect(row(page, words.split(",")[0][:40])).to_contain_text(said)
    inspect(page, "import-problems")
    assert Part.objects.count() == 0
    page.get_by_role("button", name="Plan 480 rows").click()
    expect(page.get_by_role("heading", name="480 posts are planned")).to_be_visible()
    inspect(page, "import-saved")
    assert Part.objects.filter(state="waiting").count() == 480
    page.get_by_role("button", name="Take the import back").click()
    expect(page.locator("main")).to_contain_text("480 planned messages were taken back")
    inspect(page, "import-undone")
    assert set(Part.objects.values_list("state", flat=True)) == {"cancelled"}


def test_the_pages_of_imports_exports_and_costs_fit_a_telephone(
    cast: Cast, account: Account, worker: None, open_browser: Open
) -> None:
    page = open_browser(cast.alice, width=360)
    page.goto("/import")
    inspect(page, "import-empty-narrow")
    drop(page, file_of(40, 4), "étroit.csv")
    inspect(page, "import-columns-narrow")
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_role("heading", name="4 rows have problems")).to_be_visible()
    inspect(page, "import-problems-narrow")
    for address in ("/export", "/settings/costs"):
        page.goto(address)
        inspect(page, f"{address.strip('/').replace('/', '-')}-narrow")


def test_days_and_letters_that_can_be_read_two_ways_are_asked_in_french(
    cast: Cast, account: Account, worker: None, open_browser: Open
) -> None:
    cast.alice.user.language = "fr"
    cast.alice.user.save()
    page = open_browser(cast.alice, language="fr")
    lines = "\n".join(f"Nous sommes très contents du numéro {n};03/0{n + 1}/2035 10:00" for n in range(5))
    drop(page, f"texte;quand\n{lines}\n".encode("cp1252"), "été.csv", "Regarder")
    inspect(page, "import-questions-fr")
    page.locator(".choice", has_text="très numéro").first.click()
    page.get_by_role("button", name="Lire ainsi").first.click()
    page.get_by_text("Le jour d’abord").click()
    page.get_by_role("button", name="Vérifier chaque ligne").click()
    expect(page.get_by_role("button", name="Planifier 5 lignes")).to_be_visible()
    inspect(page, "import-ready-fr")
