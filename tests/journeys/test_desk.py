"""The desk in a real browser: every page, light and dark, on a phone, by keyboard, with hostile words on it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from pluralis.inbox.models import Contact, Conversation, Message, Profile
from pluralis.networks.fake.x import FakeX
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast, connect, fake_x, make_cast, schedule, write
from tests.journeys.desk import Watch, accessibility, overflow

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script> {{ 7|add:7 }} \u202emoc'
PAGES = (
    "settings_profile",
    "settings_team",
    "settings_accounts",
    "settings_connect",
    "write",
    "drafts",
    "calendar",
    "inbox",
    "mfa_index",
    "account_email",
)


@pytest.fixture(autouse=True)
def _without_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server answers one request per thread and has no event loop; live pages have walks of their own."""
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
    """Norlune's account, with a plan, a held post, and a hostile stranger in the inbox."""
    account = connect(cast.alice, x)
    schedule(cast.alice, write(cast.alice, "We open on Thursday."), account, after=7200)
    schedule(cast.alice, write(cast.alice, HOSTILE), account, after=86400)
    hostile_conversation(cast.alice, account)
    return account


def hostile_conversation(seat: Membership, account: Account) -> Conversation:
    now, team = timezone.now(), seat.team
    contact = Contact.objects.create(team=team, name=HOSTILE[:200], created_at=now)
    profile = Profile.objects.create(
        team=team, contact=contact, network=account.network, host=account.host, remote_id="9", handle="dana",
        display_name=HOSTILE[:200], bio=HOSTILE, seen_at=now,
    )  # fmt: skip
    conversation = Conversation.objects.create(
        team=team, account=account, key="k", contact=contact, excerpt=HOSTILE, label="complaint", urgency=0.9,
        last_message_at=now, created_at=now,
    )  # fmt: skip
    Message.objects.create(
        team=team, account=account, conversation=conversation, profile=profile, kind="mention", remote_id="77",
        reference={"remote_id": "77"}, text=HOSTILE, created_at=now - timedelta(minutes=3), received_at=now,
    )  # fmt: skip
    return conversation


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(1280, False, "en"), (1280, True, "fr"), (360, False, "ms"), (640, True, "es")],
    ids=["light", "dark-fr", "phone-ms", "zoom-200-es"],
)
def test_axe_finds_nothing_on_any_page_and_nothing_is_cut_off(
    cast: Cast, account: Account, open_browser: Open, width: int, dark: bool, language: str
) -> None:
    """640 pixels are 1280 at a zoom of 200 %."""
    cast.alice.user.language = language
    cast.alice.user.save()
    page = open_browser(cast.alice, width=width, dark=dark)
    conversation = Conversation.objects.get(key="k")
    addresses = [reverse(name) for name in PAGES] + [
        reverse("conversation", args=[conversation.id]),
        reverse("settings_account", args=[account.id]),
        reverse("settings_connect_network", args=["mastodon"]),
        *(f"{reverse('calendar')}?view={view}" for view in ("day", "week", "month", "queue", "sent")),
    ]
    for address in addresses:
        page.goto(address)
        assert accessibility(page) == [], address
        assert overflow(page) <= 0, address


def test_hostile_words_run_on_no_page(cast: Cast, account: Account, open_browser: Open) -> None:
    page = open_browser(cast.alice)
    conversation = Conversation.objects.get(key="k")
    for address in (reverse("inbox"), reverse("conversation", args=[conversation.id]), reverse("calendar")):
        page.goto(address)
        assert "Pluralis" in page.title()
        assert "{{ 7|add:7 }}" in page.content()


def test_the_desk_is_walked_by_keyboard(cast: Cast, account: Account, open_browser: Open) -> None:
    page = open_browser(cast.alice)
    page.goto(reverse("settings_profile"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/*")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "answer-text"
    page.keyboard.type("c e j ?")
    assert page.input_value("#answer-text") == "c e j ?"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("#keys-help").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("cal")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar")


def test_single_keys_stay_quiet_where_somebody_turned_them_off(
    cast: Cast, account: Account, open_browser: Open
) -> None:
    cast.alice.user.shortcuts = False
    cast.alice.user.save()
    page = open_browser(cast.alice)
    page.goto(reverse("settings_profile"))
    for key in ("g", "i", "?"):
        page.keyboard.press(key)
    assert page.url.endswith(reverse("settings_profile"))
    assert not page.locator("#keys-help").is_visible()
    page.keyboard.press("Control+k")
    assert page.locator("#palette").is_visible()


def test_an_i_is_underlined_where_it_stands_and_mended_with_one_key(
    cast: Cast, account: Account, open_browser: Open
) -> None:
    page = open_browser(cast.alice)
    page.goto(reverse("write"))
    page.fill("textarea[name=text]", "🎉 I think we open today.")
    mark = page.locator("[data-marks] mark").first
    mark.wait_for(state="attached")
    assert mark.text_content() == "I"
    page.focus("textarea[name=text]")
    page.keyboard.press("Control+.")
    page.wait_for_function("!document.querySelector('[data-marks] mark')")
    assert page.input_value("textarea[name=text]") == "🎉 We think we open today."


def test_a_post_is_kept_planned_and_taken_back(cast: Cast, account: Account, open_browser: Open) -> None:
    page = open_browser(cast.alice)
    page.goto(reverse("write"))
    page.fill("textarea[name=text]", "We begin at nine tomorrow.")
    page.click("button[value=schedule]")
    page.wait_for_url("**/calendar")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/write/*")
    assert page.input_value("textarea[name=text]") == "We begin at nine tomorrow."


def test_the_theme_changes_at_once_and_stays(cast: Cast, open_browser: Open) -> None:
    page = open_browser(cast.alice)
    page.goto(reverse("settings_profile"))
    page.locator("summary[title='Light or dark']").click()
    with page.expect_response("**/desk/theme"):
        page.locator("[data-theme-choice=dark]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_stranger_signs_in(cast: Cast, open_browser: Open, watch: Watch) -> None:
    page = open_browser(language="fr")
    page.goto(reverse("calendar"))
    assert page.locator("h1").text_content() == "Se connecter"
    assert accessibility(page) == []
    page.fill("[name=login]", cast.alice.user.email)
    page.fill("[name=password]", "correct horse battery")
    page.locator("form.stack button").click()
    page.wait_for_url("**/calendar")
