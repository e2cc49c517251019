"""Searches on the networks, and messages that changed or went, in a real browser: desk, dark, a phone, French."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pluralis.inbox.actions import ingest
from pluralis.inbox.actions.following import record_looks
from pluralis.inbox.actions.searches import WishedSearch, begin_search
from pluralis.inbox.models import Cursor, Message, NetworkSearch
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.networks.fake.x import FakeX
from pluralis.networks.hearing import GONE, Standing
from pluralis.teams.models import Account
from tests.apps.cast import Cast, connect, fake_x, make_cast
from tests.journeys.desk import inspect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def _without_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server answers one request per thread and has no event loop; live pages have walks of their own."""
    monkeypatch.setattr("pluralis.web.context.Desk.live_url", None)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def x() -> Iterator[FakeX]:
    with fake_x() as network:
        yield network


@pytest.fixture
def account(cast: Cast, x: FakeX) -> Account:
    return connect(cast.alice, x)


def hear(account: Account, number: int, text: str, kind: str = "mention", stream: str = "mentions") -> Message:
    author = RemoteProfile(f"7{number}", f"dana{number}", "Dana Field")
    incoming = Incoming(Reference(f"900{number}"), kind, text, author, timezone.now())
    ingest(account, stream, Batch((incoming,), f"900{number}"), timezone.now())
    return Message.objects.get(remote_id=f"900{number}")


def begin(cast: Cast, account: Account, words: str, **more: object) -> NetworkSearch:
    return begin_search(actor=cast.alice, wished=WishedSearch(account.id, words, **more), now=timezone.now())


def test_a_lead_begins_a_search_lets_it_rest_and_takes_its_end_back(
    cast: Cast, account: Account, open_browser: Open
) -> None:
    page = open_browser(cast.alice)
    page.goto("/settings/searches")
    expect(page.get_by_role("heading", name="Nothing is looked for yet")).to_be_visible()
    inspect(page, "searches-empty")
    page.get_by_label("Words or a hashtag").fill("#norlunedown")
    page.get_by_label("Question").check()
    page.get_by_label("Words or a hashtag").press("Enter")
    expect(page.get_by_role("link", name="#norlunedown")).to_be_visible()
    page.get_by_role("button", name="Let #norlunedown rest").click()
    expect(page.get_by_text("Rests", exact=True)).to_be_visible()
    page.get_by_role("button", name="Go on with #norlunedown").click()
    page.get_by_role("button", name="End #norlunedown").click()
    expect(page.get_by_role("heading", name="Nothing is looked for yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="#norlunedown")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "language", "name"), [(1280, "en", "desk"), (360, "en", "phone"), (1280, "fr", "fr")]
)
def test_the_page_of_searches_is_whole_everywhere(
    cast: Cast, account: Account, open_browser: Open, width: int, language: str, name: str
) -> None:
    search = begin(cast, account, "#norlunedown", labels=("question", "complaint"))
    begin(cast, account, "norlun OR norlunne OR “nor lune” lang:fr")
    hear(account, 1, "No internet since noon #norlunedown", "hashtag", search.stream)
    Cursor.objects.exclude(stream=search.stream).update(reason="X: the query cannot be read near OR")
    cast.alice.user.language = language
    cast.alice.user.save()
    page = open_browser(cast.alice, width=width, language=language)
    page.goto("/settings/searches")
    expect(page.get_by_role("link", name="#norlunedown")).to_be_visible()
    inspect(page, f"searches-{name}")


@pytest.mark.parametrize(("width", "name"), [(1280, "desk"), (360, "phone")])
def test_a_changed_message_opens_its_former_words_and_a_deleted_one_says_so(
    cast: Cast, account: Account, open_browser: Open, width: int, name: str
) -> None:
    first = hear(account, 1, "@Norlune the line is dead, how do I restart it?")
    author = RemoteProfile("71", "dana1", "Dana Field")
    more = Incoming(Reference("9002"), "mention", "@Norlune my number is 4711", author, timezone.now(),
                    in_reply_to_id=first.remote_id)  # fmt: skip
    ingest(account, "mentions", Batch((more,), "9002"), timezone.now())
    second = Message.objects.get(remote_id="9002")
    told = {first.id: Standing(text="@Norlune the line is back, thank you!"), second.id: GONE}
    record_looks(account, told, timezone.now())
    page = open_browser(cast.bob, width=width)
    page.goto(f"/inbox/{first.conversation_id}")
    expect(page.get_by_text("Deleted by its author")).to_be_visible()
    former = page.get_by_text("Changed by its author")
    former.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("how do I restart it?")).to_be_visible()
    inspect(page, f"changed-{name}")
