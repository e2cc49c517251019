"""Columns, people, saved views and the filter in a real browser: mouse, keyboard, a phone, French."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pluralis.inbox.actions import contacts, views
from pluralis.inbox.models import Column, Contact, Conversation, SavedView
from pluralis.inbox.queries import Filter
from pluralis.teams.models import Account
from tests.apps.cast import Cast, make_cast
from tests.apps.inbox.test_search import account_of, person, talk
from tests.journeys.desk import inspect
from tests.journeys.test_desk import HOSTILE

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
TEXTS = (
    "@Norlune my fibre has been down since noon, can you help?",
    "@Norlune merci pour la réponse rapide !",
    "@Norlune ¿cuándo abre la tienda de Lyon?",
    "@Norlune perkhidmatan anda sangat bagus",
)


@pytest.fixture(autouse=True)
def _without_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server answers one request per thread and has no event loop; live pages have walks of their own."""
    monkeypatch.setattr("pluralis.web.context.Desk.live_url", None)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def account(cast: Cast) -> Account:
    """An account with four people who wrote, one of them hostile, one of them known."""
    account, now = account_of(cast.alice, "Norlune"), timezone.now()
    labels = ("complaint", "praise", "question", "praise")
    for number, (text, language, label) in enumerate(zip(TEXTS, ("en", "fr", "es", "ms"), labels, strict=True)):
        someone = person(cast.alice, ("Dana Field", "Zoé Müller", "Iñigo", "Siti")[number], f"writer{number}")
        talk(account, someone, text, label=label, language=language, at=now, urgency=0.9 if number == 0 else 0.1)
    talk(account, person(cast.alice, HOSTILE[:200], "hostile"), HOSTILE, at=now)
    dana = Contact.objects.get(name="Dana Field")
    contacts.set_tags(actor=cast.bob, contact_id=dana.id, tags=["VIP", "customer"], now=now)
    contacts.set_fact(
        actor=cast.bob, contact_id=dana.id, name="Customer number", value="KD-4711", ground="told", now=now
    )
    contacts.write_about(actor=cast.bob, contact_id=dana.id, note="Prefers e-mail.", now=now)
    return account


@pytest.fixture
def columns(cast: Cast, account: Account) -> list[Column]:
    wanted = {"Open": Filter(), "Complaints": Filter(label="complaint"), "Praise": Filter(label="praise")}
    made = []
    for name, one in wanted.items():
        view = views.save_view(actor=cast.bob, name=name, wanted=one, shared=False, now=timezone.now())
        made.append(views.add_column(actor=cast.bob, view_id=view.id))
    return made


def names(page: Page) -> list[str]:
    return page.locator(".column h2").all_inner_texts()


def test_columns_are_moved_by_keyboard_and_by_dragging(cast: Cast, columns: list[Column], open_browser: Open) -> None:
    page = open_browser(cast.bob)
    page.goto("/columns")
    inspect(page, "columns")
    assert names(page) == ["Open", "Complaints", "Praise"]
    page.get_by_role("button", name="Move Praise to the left").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".column h2").nth(1)).to_have_text("Praise")
    with page.expect_response("**/columns/order"):
        page.locator(".column-grip").nth(2).drag_to(page.locator(".column").nth(0), target_position={"x": 5, "y": 40})
    page.reload()
    assert names(page) == ["Complaints", "Open", "Praise"]


def test_columns_begin_with_one_press(cast: Cast, account: Account, open_browser: Open) -> None:
    page = open_browser(cast.bob)
    page.goto("/columns")
    inspect(page, "columns-empty")
    page.get_by_role("button", name="Open · Mine · Late · Complaints").click()
    expect(page.locator(".column")).to_have_count(4)


def test_the_inbox_is_filtered_kept_as_a_view_and_searched_by_keyboard(
    cast: Cast, account: Account, open_browser: Open
) -> None:
    page = open_browser(cast.bob)
    page.goto("/inbox")
    page.keyboard.press("f")
    page.locator("select[name=label]").select_option("complaint")
    inspect(page, "inbox-filter")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".row.is-conversation")).to_have_count(1)
    page.get_by_text("Keep as a view").click()
    page.locator("input[name=name]").fill("Angry")
    page.keyboard.press("Enter")
    expect(page.locator(".filter.is-view")).to_contain_text("Angry 1")
    inspect(page, "inbox-view")
    page.keyboard.press("/")
    page.keyboard.type("reponse rapide")
    page.keyboard.press("Enter")
    page.wait_for_url("**words=reponse*")
    assert SavedView.objects.get().wanted["label"] == "complaint"


def test_people_are_found_shown_and_joined(cast: Cast, account: Account, open_browser: Open) -> None:
    page = open_browser(cast.bob)
    page.goto("/people")
    inspect(page, "people")
    page.keyboard.press("/")
    page.keyboard.type("dana")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Dana Field").click()
    inspect(page, "person")
    page.locator("#join-words").fill("zoe")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="The same person").click()
    expect(page.get_by_text("One person now")).to_be_visible()
    inspect(page, "person-joined")
    page.goto("/people/import")
    inspect(page, "people-import")


def test_beside_a_conversation_stands_who_writes(cast: Cast, account: Account, open_browser: Open) -> None:
    dana = Contact.objects.get(name="Dana Field")
    page = open_browser(cast.bob, width=1440)
    page.goto(f"/inbox/{Conversation.objects.get(contact=dana).id}")
    expect(page.locator("#contact")).to_contain_text("KD-4711")
    inspect(page, "conversation-contact")


@pytest.mark.parametrize("path", ["/columns", "/people", "/people/import", "/inbox?label=complaint&unread=1&late=1"])
def test_it_fits_a_small_phone_and_another_language(
    cast: Cast, columns: list[Column], open_browser: Open, path: str
) -> None:
    page = open_browser(cast.bob, width=360, language="fr-FR")
    page.goto(path)
    inspect(page, "phone-" + path.strip("/").replace("/", "-").split("?")[0])


def test_no_hostile_word_does_anything_anywhere(cast: Cast, columns: list[Column], open_browser: Open) -> None:
    page = open_browser(cast.bob)
    for path in ("/columns", "/people", f"/people/{Contact.objects.get(name__startswith='<img').id}", "/inbox"):
        page.goto(path)
        assert page.title() not in ("1", "2")
        assert "14" not in page.locator("main").inner_text().replace("KD-4711", "").split("7|add:7")[0]


def test_notices_are_off_until_they_are_chosen(cast: Cast, account: Account, open_browser: Open) -> None:
    page = open_browser(cast.bob)
    page.goto("/inbox")
    page.locator("[data-notices] summary").click()
    sound = page.locator("[data-notice=sound]")
    expect(sound).not_to_be_checked()
    sound.check()
    page.reload()
    page.locator("[data-notices] summary").click()
    expect(page.locator("[data-notice=sound]")).to_be_checked()
    inspect(page, "inbox-notices")
