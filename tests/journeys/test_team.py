"""Two people share the inbox in a real browser: duty, notes, who is typing, hours, figures; a phone, French."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pluralis.inbox import actions as inbox
from pluralis.inbox.actions.promising import keep_answered, promise
from pluralis.inbox.models import Alarm, Conversation
from pluralis.teams import actions
from pluralis.teams.actions import Weekly, WishedHours
from pluralis.teams.actions.initials import set_initials
from pluralis.teams.models import Account
from tests.apps.cast import Cast, make_cast
from tests.apps.inbox.test_search import account_of, person, talk
from tests.journeys.desk import inspect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def _without_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server answers one request per thread and has no event loop; live pages have walks of their own."""
    monkeypatch.setattr("pluralis.web.context.Desk.live_url", None)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    found = make_cast()
    found.bob.user.zone = "Asia/Kuala_Lumpur"
    found.bob.user.save()
    return found


@pytest.fixture
def account(cast: Cast) -> Account:
    """An account with hours and a promise, a roster, and three people who wrote: one is late and it rings."""
    now, alice = timezone.now(), cast.alice
    account = account_of(alice, "Norlune")
    account.created_at = now - timedelta(days=30)
    account.save()
    actions.set_hours(actor=alice, account_id=None, wished=WishedHours("Europe/Paris", [], 60, 600), now=now)
    for number, text in enumerate(("My fibre has been down since noon.", "Merci !", "When do you open?")):
        someone = person(alice, ("Dana Field", "Zoé Müller", "Iñigo")[number], f"writer{number}")
        talk(account, someone, text, label=("complaint", "praise", "question")[number], at=now - timedelta(hours=2))
    waiting = list(Conversation.objects.order_by("id"))
    for each in waiting:
        each.waiting_since = now - timedelta(hours=2)
    promise(account, waiting, now)
    Conversation.objects.bulk_update(waiting, ["waiting_since", "answer_due_at", "resolve_due_at"])
    keep_answered(waiting[1], cast.bob, now - timedelta(minutes=95), now)
    Alarm.objects.create(team=account.team, account=account, conversation=waiting[0], raised_at=now,
                         waiting_since=waiting[0].waiting_since)  # fmt: skip
    day = Weekly((0, 1, 2, 3, 4), time(9), time(17), "Asia/Kuala_Lumpur")
    actions.add_shifts(actor=alice, member_id=cast.bob.id, weekly=day, now=now)
    night = Weekly((0, 2, 4), time(22), time(6), "Europe/Paris")
    actions.add_shifts(actor=alice, member_id=alice.id, weekly=night, now=now)
    actions.leave_note(actor=alice, text="The line in Lyon is down until three.", now=now)
    inbox.add_rule(actor=alice, wished=inbox.WishedRule(language="fr", member_ids=(alice.id,)), now=now)
    inbox.add_rule(actor=alice, wished=inbox.WishedRule(most_load=8), now=now)
    set_initials(actor=alice, account_id=account.id, roles=["agent"], private=True, legend=True, now=now)
    actions.set_duty(actor=cast.bob, on=True, now=now)
    return Account.objects.get(id=account.id)


PAGES = {"duty": "/duty", "routing": "/settings/routing", "answering": "/settings/answering",
         "team-hours": "/settings/answering/team", "times": "/inbox/times", "alarms": "/inbox/alarms"}  # fmt: skip


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "fr-FR")])
def test_every_page_of_working_together_is_whole(
    cast: Cast, account: Account, open_browser: Open, width: int, language: str
) -> None:
    page = open_browser(cast.bob if width == 360 else cast.alice, width=width, language=language)
    conversation = Conversation.objects.get(contact__name="Dana Field")
    pages = PAGES | {
        "account-hours": f"/settings/answering/{account.id}",
        "conversation": f"/inbox/{conversation.id}",
    }
    for name, address in pages.items():
        page.goto(address)
        inspect(page, f"team-{name}-{width}")
    stranger = open_browser(None, width=width, language=language)
    stranger.goto(f"/legend/{account.settings['legend_key']}")
    inspect(stranger, f"team-legend-{width}")


def test_two_people_see_each_other_and_share_by_keys_alone(cast: Cast, account: Account, open_browser: Open) -> None:
    conversation = Conversation.objects.get(contact__name="Dana Field")
    address = f"/inbox/{conversation.id}"
    alice, bob = open_browser(cast.alice), open_browser(cast.bob)
    bob.goto(address)
    expect(bob.get_by_text("The line in Lyon is down until three.")).to_be_visible()
    bob.get_by_role("button", name="I have read it").click()
    expect(bob.get_by_text("The line in Lyon is down until three.")).to_have_count(0)
    bob.goto(address)
    bob.keyboard.press("n")
    expect(bob.locator("#note-text")).to_be_focused()
    bob.keyboard.type("Her router is old. @Alice")
    alice.goto(address)
    expect(alice.get_by_text("Bob is typing")).to_be_visible()
    bob.keyboard.press("Tab")
    bob.get_by_role("button", name="Keep the note").click()
    expect(bob.get_by_text("Her router is old.")).to_be_visible()
    alice.goto("/duty")
    alice.get_by_label("1 notice").click()
    alice.get_by_role("link", name="Bob calls you in a note").click()
    expect(alice.get_by_text("Her router is old.")).to_be_visible()
    bob.keyboard.press("c")
    expect(bob.get_by_role("button", name="Yours")).to_be_visible()
    alice.reload()
    for key in ("c", "ArrowDown", "Enter"):
        alice.keyboard.press(key)
    expect(alice.get_by_text("Alice took it over from Bob")).to_be_visible()
    alice.keyboard.press("a")
    alice.keyboard.press("ArrowDown")
    expect(alice.locator(".menu-panel:visible button").first).to_be_focused()
    alice.keyboard.press("Escape")
    alice.keyboard.press("?")
    for what in ("Internal note", "Hand over to", "Later"):
        expect(alice.locator("#keys-help").get_by_text(what, exact=False).first).to_be_visible()


def test_many_rows_are_put_off_at_once(cast: Cast, account: Account, open_browser: Open) -> None:
    page = open_browser(cast.bob)
    page.goto("/inbox")
    bar = page.get_by_role("form", name="With the chosen ones")
    expect(bar).to_be_hidden()
    page.get_by_label("Choose Dana Field").check()
    page.get_by_label("Choose Iñigo").check()
    inspect(page, "team-bulk")
    bar.get_by_role("button", name="Put off").click()
    expect(page.get_by_text("2 put off.")).to_be_visible()
    assert Conversation.objects.filter(state="snoozed").count() == 2
