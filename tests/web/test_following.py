"""A conversation shows what its author changed and deleted, to those who may see it, as soon as it is known."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.actions import ingest
from pluralis.inbox.actions.following import record_looks
from pluralis.inbox.models import Message
from pluralis.networks.contract import Batch
from pluralis.networks.hearing import GONE, Standing
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast
from tests.apps.inbox.test_review import incoming

pytestmark = pytest.mark.django_db
Browser = Callable[[Membership], Client]
PHONE = "+33 6 12 34 56 78"


@pytest.fixture
def message(account: Account) -> Message:
    ingest(account, "mentions", Batch((incoming(1, f"Call me at {PHONE}"),), None), timezone.now())
    return Message.objects.get()


def page(browser: Browser, seat: Membership, message: Message) -> str:
    answer = browser(seat).get(reverse("conversation", args=[message.conversation_id]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_an_edited_message_shows_its_words_and_the_former_ones(
    cast: Cast, account: Account, message: Message, browser: Browser
) -> None:
    record_looks(account, {message.id: Standing(text="Never mind <b>")}, timezone.now())
    Message.objects.update(personal_data=[])
    shown = page(browser, cast.bob, message)
    assert "Never mind &lt;b&gt;" in shown
    assert "Changed by its author" in shown
    assert PHONE not in shown, "Bob does not hold it: the former words are masked as the message was"
    assert re.search(r"<del[^>]*>Call me at [^<]+</del>", shown)


def test_whoever_may_see_the_data_sees_it_in_the_former_words(
    cast: Cast, account: Account, message: Message, browser: Browser
) -> None:
    record_looks(account, {message.id: Standing(text="Never mind")}, timezone.now())
    message.conversation.assigned_to = cast.bob
    message.conversation.save()
    assert PHONE in page(browser, cast.bob, message)


def test_a_deleted_message_is_named_and_says_nothing_and_nothing_is_left_to_answer(
    cast: Cast, account: Account, message: Message, browser: Browser
) -> None:
    record_looks(account, {message.id: GONE}, timezone.now())
    shown = page(browser, cast.bob, message)
    assert "Deleted by its author" in shown
    assert "Call me" not in shown
    assert "nothing left to answer" in shown
    assert 'id="answer-text"' not in shown


def test_an_answer_that_was_being_written_is_refused_and_kept(
    cast: Cast, account: Account, message: Message, browser: Browser
) -> None:
    record_looks(account, {message.id: GONE}, timezone.now())
    form = {"message": str(message.id), "text": "We open at nine.", "key": "a"}
    answer = browser(cast.bob).post(reverse("conversation_answer", args=[message.conversation_id]), form)
    assert answer.status_code == 409
    assert not Message.objects.filter(direction="out").exists()


def test_the_thread_is_read_again_when_something_changes(
    cast: Cast, account: Account, message: Message, browser: Browser
) -> None:
    assert f'data-live="conversation:{message.conversation_id}"' in page(browser, cast.bob, message)


def test_a_program_reads_edits_and_deletions(
    cast: Cast, account: Account, message: Message, django_assert_max_num_queries
) -> None:
    from pluralis.inbox.queries.masked import read_conversation

    record_looks(account, {message.id: Standing(text="Never mind")}, timezone.now())
    conversation = Message.objects.select_related("conversation__account").get().conversation
    with django_assert_max_num_queries(4):
        read = read_conversation(cast.bob, conversation, timezone.now())
    (shown,) = read.messages
    assert [each.text for each in shown.former] != []
    assert PHONE not in shown.former[0].text
    assert read.hidden
