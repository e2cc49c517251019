"""Saved replies and the FAQ on the desk, beside the reply box, and on a page for everybody."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.actions import Words, publish_entry, save_entry, set_page
from pluralis.inbox.models import Conversation, FaqEntry, FaqPage, SavedReply
from pluralis.networks.fake.x import FakeX
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast, connect
from tests.web.test_calendar_and_inbox import conversation  # noqa: F401 - a fixture

Browser = Callable[[Membership], Client]


def entry(cast: Cast, account: Account, question: str, answer: str, language: str = "en") -> FaqEntry:
    words, now = Words(language, question, answer), timezone.now()
    made = save_entry(actor=cast.alice, account_id=account.id, words=words, entry=None, message_id=None, now=now)
    return publish_entry(actor=cast.alice, entry_id=made.id, now=now)


@pytest.fixture
def page(cast: Cast, account: Account) -> FaqPage:
    return set_page(actor=cast.alice, account_id=account.id, opened=True, now=timezone.now())


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_saved_reply_is_written_changed_and_put_aside(cast: Cast, browser: Browser) -> None:
    bob = browser(cast.bob)
    bob.post(reverse("settings_reply_new"), {"name": "Hours", "text_en": "Hello {name}, we open at nine."})
    saved = SavedReply.objects.get()
    address = reverse("settings_reply", args=[saved.id])
    assert "we open at nine" in read(bob, address)
    bob.post(address, {"name": "Hours", "text_en": "We open at ten.", "revision": saved.revision})
    saved.refresh_from_db()
    assert saved.texts == {"en": "We open at ten."}
    bob.post(reverse("settings_reply_aside", args=[saved.id]))
    bob.get(reverse("settings_replies"))  # shows what was just said of it
    assert address not in read(bob, reverse("settings_replies"))
    assert address in read(bob, reverse("settings_replies") + "?aside=1")


def test_what_is_wrong_stands_beside_its_box_and_the_words_stay(cast: Cast, browser: Browser) -> None:
    answer = browser(cast.bob).post(reverse("settings_reply_new"), {"name": "", "text_fr": "Bonjour {nmo}"})
    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "{nmo} is no placeholder" in html and "Bonjour {nmo}" in html


def test_beside_the_reply_box_stand_replies_filled_for_dana(
    cast: Cast, conversation: Conversation, browser: Browser  # noqa: F811
) -> None:  # fmt: skip
    SavedReply.objects.create(
        team=cast.alice.team, name="Sorry", texts={"en": "Sorry {name}, we look."}, changed_at=timezone.now()
    )
    answer = browser(cast.bob).post(reverse("conversation_before", args=[conversation.id]), {"text": ""})
    assert 'data-take="Sorry Dana, we look."' in unescape(answer.content.decode())


def test_the_nearest_public_answer_is_offered_while_one_types(
    cast: Cast, account: Account, conversation: Conversation, browser: Browser  # noqa: F811
) -> None:  # fmt: skip
    entry(cast, account, "Why is there no network?", "There is an outage since noon; we mend it.")
    bob = browser(cast.bob)
    html = bob.post(reverse("conversation_before", args=[conversation.id]), {"text": "outage"}).content.decode()
    assert "an outage since noon" in html


def test_words_of_a_stranger_run_nowhere(
    cast: Cast, account: Account, conversation: Conversation, browser: Browser  # noqa: F811
) -> None:  # fmt: skip
    entry(cast, account, "No network <script>alert(1)</script>?", '"><img src=x onerror=alert(1)>')
    html = browser(cast.bob).post(reverse("conversation_before", args=[conversation.id])).content.decode()
    assert "<script>alert" not in html and "<img src=x" not in html


def test_an_entry_is_drafted_published_and_withdrawn(cast: Cast, account: Account, browser: Browser) -> None:
    alice = browser(cast.alice)
    alice.post(
        reverse("settings_faq_new"),
        {"account": account.id, "language": "en", "question": "When do you open?", "answer": "At nine."},
    )
    made = FaqEntry.objects.get()
    assert made.state == "draft"
    alice.post(reverse("settings_faq_state", args=[made.id, "publish"]))
    made.refresh_from_db()
    assert made.state == "published"
    alice.post(reverse("settings_faq_state", args=[made.id, "withdraw"]))
    made.refresh_from_db()
    assert made.state == "draft"


def test_an_unknown_wish_for_an_entry_is_not_there(cast: Cast, account: Account, browser: Browser) -> None:
    made = entry(cast, account, "When do you open?", "At nine.")
    assert browser(cast.alice).post(reverse("settings_faq_state", args=[made.id, "explode"])).status_code == 404


def test_an_entry_with_a_handle_says_so_and_stays_a_draft(cast: Cast, account: Account, browser: Browser) -> None:
    words, now = Words("en", "Who is @dana?", "A friend."), timezone.now()
    made = save_entry(actor=cast.alice, account_id=account.id, words=words, entry=None, message_id=None, now=now)
    answer = browser(cast.alice).post(reverse("settings_faq_state", args=[made.id, "publish"]), follow=True)
    assert "names somebody or holds personal data" in unescape(answer.content.decode())


def test_everybody_reads_an_open_page_without_a_session(cast: Cast, account: Account, page: FaqPage) -> None:
    entry(cast, account, "When do you open?", "At nine.")
    stranger = Client()
    answer = stranger.get(reverse("answers", args=[page.key]))
    html = unescape(answer.content.decode())
    assert "When do you open?" in html and "At nine." in html
    assert not answer.cookies and "sessionid" not in html
    assert 'itemtype="https://schema.org/Question"' in html and 'itemprop="acceptedAnswer"' in html
    assert str(cast.alice.user) not in html


def test_a_closed_page_and_a_guessed_one_are_not_there(cast: Cast, account: Account, page: FaqPage) -> None:
    set_page(actor=cast.alice, account_id=account.id, opened=False, now=timezone.now())
    assert Client().get(reverse("answers", args=[page.key])).status_code == 404
    assert Client().get(reverse("answers", args=["guessed"])).status_code == 404


def test_a_page_speaks_the_language_that_is_asked_for_and_has(cast: Cast, account: Account, page: FaqPage) -> None:
    entry(cast, account, "When do you open?", "At nine.")
    entry(cast, account, "Quand ouvrez-vous ?", "À neuf heures.", "fr")
    address = reverse("answers", args=[page.key])
    french = Client().get(address, {"language": "fr"})
    assert "Quand ouvrez-vous" in french.content.decode() and french.headers["Content-Language"] == "fr"
    assert "When do you open" in Client().get(address, {"language": "xx"}).content.decode()
    asked = Client().get(address, headers={"accept-language": "fr-FR,fr"})
    assert "Quand ouvrez-vous" in asked.content.decode()


def test_strangers_search_and_find_nothing_kindly(cast: Cast, account: Account, page: FaqPage) -> None:
    entry(cast, account, "Where is my parcel?", "Under Orders.")
    address = reverse("answers", args=[page.key])
    assert "Under Orders" in Client().get(address, {"q": "package"}).content.decode()
    assert "Nothing was found" in Client().get(address, {"q": "zebra \x00"}).content.decode()


def test_another_account_of_the_team_is_not_on_the_page(
    cast: Cast, account: Account, page: FaqPage, x: FakeX
) -> None:
    other = entry(cast, connect(cast.alice, x, "NorluneHelp", "support"), "Secret?", "No.")
    assert other.state == "published"
    assert "Secret?" not in Client().get(reverse("answers", args=[page.key])).content.decode()


def test_the_empty_pages_teach(cast: Cast, account: Account, browser: Browser) -> None:
    bob = browser(cast.bob)
    assert "the three answers you typed most" in read(bob, reverse("settings_replies"))
    assert "Make a FAQ entry" in read(bob, reverse("settings_faq"))


def test_without_an_account_the_faq_leads_to_the_first_one(cast: Cast, browser: Browser) -> None:
    assert reverse("settings_connect") in read(browser(cast.alice), reverse("settings_faq"))
