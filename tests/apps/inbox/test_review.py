"""What strangers and two hurried colleagues can do to the inbox."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from pluralis.inbox import listening
from pluralis.inbox.actions import Answer, answer, ingest
from pluralis.inbox.listening import poll_stream
from pluralis.inbox.models import Cursor, Message, Profile
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.publishing.actions import Plan
from pluralis.publishing.models import Part
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def incoming(number: int, text: str = "My line is down.", handle: str = "dana", name: str = "Dana") -> Incoming:
    author = RemoteProfile(remote_id="77", handle=handle, display_name=name, url=f"https://x.example/{handle}")
    return Incoming(reference=Reference(str(number)), kind="mention", author=author, text=text,
                    url=f"https://x.example/{number}", created_at=timezone.now())  # fmt: skip


@pytest.mark.parametrize("character", ["\x00", "\ud83d"])
@pytest.mark.parametrize("place", ["text", "handle", "name"])
def test_a_stranger_cannot_silence_a_stream_with_a_character(account: Account, character: str, place: str) -> None:
    hostile = incoming(1, **{place: f"odd{character}one"})
    assert ingest(account, "mentions", Batch((hostile, incoming(2)), None), timezone.now()).new == 2
    assert Profile.objects.count() == 1


def test_a_stream_that_fails_in_an_unforeseen_way_says_so(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    listening.due_streams(timezone.now())
    cursor = Cursor.objects.filter(account=account).first()
    assert cursor is not None

    def fails(*_values: object) -> None:
        raise KeyError("created_at")

    monkeypatch.setattr(listening, "_fetch", fails)
    assert poll_stream(cursor.id) == 0
    cursor.refresh_from_db()
    assert (cursor.failures, "created_at" in cursor.reason) == (1, True)
    account.refresh_from_db()
    assert account.connected


def test_of_two_colleagues_who_answer_at_once_one_is_told(cast: Cast, account: Account) -> None:
    ingest(account, "mentions", Batch((incoming(1),), None), timezone.now())
    message = Message.objects.get()
    start = Barrier(2)

    def reply(actor: object, text: str) -> object:
        start.wait()
        try:
            now = timezone.now()
            given = Answer(message.id, text, language="en")
            return answer(actor=actor, conversation_id=message.conversation_id, given=given, plan=Plan(at=now),
                          client_key=text, now=now)  # fmt: skip
        except Conflict as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        replies = [people.submit(reply, cast.alice, "We look into it."), people.submit(reply, cast.bob, "On it.")]
        outcomes = [each.result() for each in replies]
    assert sum(isinstance(each, Conflict) for each in outcomes) == 1
    assert Part.objects.count() == 1
