"""Gaps: what a poll left out is read afterwards, and whatever a network answers, that ends."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from pluralis.inbox import filling
from pluralis.inbox.filling import MOST_ENDS, MOST_PAGES, MOST_TIME, due_gaps, fill_gap
from pluralis.inbox.models import Conversation, Cursor, Gap, Message
from pluralis.inbox.queries import open_gaps
from pluralis.networks.contract import Incoming, Reference, RemoteProfile
from pluralis.networks.fake.world import Draft
from pluralis.networks.fake.x import FakeX
from pluralis.networks.hearing import Older
from pluralis.teams.models import Account, Change
from tests.apps.cast import Cast
from tests.apps.inbox.test_hear_and_answer import mention, poll

pytestmark = pytest.mark.django_db(transaction=True)


def make_gap(account: Account, newer_than: str = "1", older_than: str = "", stream: str = "mentions") -> Gap:
    more = {"stream": stream, "newer_than": newer_than, "older_than": older_than}
    return Gap.objects.create(team=account.team, account=account, noticed_at=timezone.now(), **more)


def run(gap: Gap, most: int = 100) -> Gap:
    """Fill a gap as the job does, run after run, as if every wait were over."""
    for _ in range(most):
        fill_gap(gap.id)
        gap.refresh_from_db()
        if gap.filled_at or gap.given_up_at:
            return gap
    pytest.fail("the gap stays open")


def message_of(number: int) -> Incoming:
    author = RemoteProfile("77", "dana", "Dana")
    return Incoming(Reference(f"9{number}"), "mention", f"number {number}", author, timezone.now())


@dataclass
class Answering:
    """A network that answers as it is told, for as long as it is asked."""

    answers: object
    read_back: tuple[str, ...] = ("mentions",)
    places: list[str] = field(default_factory=list)

    def fetch_older(self, access, stream, gap, place, deadline) -> Older:
        self.places.append(place)
        return next(self.answers)


@dataclass
class Only:
    connector: object


def answer_with(monkeypatch: pytest.MonkeyPatch, answers: object, **more: object) -> Answering:
    connector = Answering(answers, **more)
    monkeypatch.setattr(filling, "network_of", lambda account: Only(connector))
    return connector


def test_what_lay_in_a_gap_is_heard_and_the_gap_is_closed(cast: Cast, account: Account, x: FakeX) -> None:
    known = mention(x, "@Norlune the first")
    poll(account)
    for number in range(12):
        mention(x, f"@Norlune missed {number}", author=f"person{number}")
    newest = mention(x, "@Norlune the last", author="last")
    Cursor.objects.filter(stream="mentions").update(value=str(int(newest) - 1))
    gap = make_gap(account, known, newest)
    x.moods.set("paged", "mentions", size=5)
    assert [each.id for each in due_gaps(timezone.now())] == [gap.id]
    assert fill_gap(gap.id) == 12
    gap.refresh_from_db()
    assert (gap.filled_at is not None, gap.given_up_at, gap.found) == (True, None, 12)
    assert Message.objects.filter(text__contains="missed").count() == 12
    assert open_gaps(account.team_id) == []
    assert Change.objects.filter(topics__contains="inbox").exists()


def test_filling_again_brings_nothing_twice(cast: Cast, account: Account, x: FakeX) -> None:
    for number in range(3):
        mention(x, f"@Norlune missed {number}")
    poll(account)
    gap = make_gap(account)
    assert run(gap).filled_at is not None
    assert (gap.found, Message.objects.count()) == (0, 3)


def test_an_older_message_does_not_stand_as_the_last_word(cast: Cast, account: Account, x: FakeX) -> None:
    dana, now = x.world.add_profile("dana", "Dana"), timezone.now()
    ago = {seconds: now - timedelta(seconds=seconds) for seconds in (30, 20, 10)}  # X tells whole seconds
    known = x.world.write(dana.id, Draft("@Norlune hello", created_at=ago[30])).id
    poll(account)
    x.world.write(dana.id, Draft("@Norlune what about my parcel?", reply_to=known, created_at=ago[20]))
    newest = x.world.write(dana.id, Draft("@Norlune never mind, it is here", reply_to=known, created_at=ago[10])).id
    Cursor.objects.filter(stream="mentions").update(value=f"{newest};")
    poll(account)  # asks again from half a minute back: this one is heard, or stays in the gap, as the ids fall
    Message.objects.filter(text__contains="parcel").delete()
    run(make_gap(account, known, newest))
    conversation = Conversation.objects.get()
    assert [each.text for each in conversation.messages.order_by("created_at")][1:] == [
        "@Norlune what about my parcel?",
        "@Norlune never mind, it is here",
    ]
    assert "never mind" in conversation.excerpt


def test_a_gap_that_was_taken_is_not_taken_again_until_its_time(cast: Cast, account: Account, x: FakeX) -> None:
    make_gap(account)
    now = timezone.now()
    assert len(due_gaps(now)) == 1
    assert due_gaps(now) == []
    assert len(due_gaps(now + timedelta(minutes=6))) == 1


def test_a_disconnected_account_is_not_asked(cast: Cast, account: Account, x: FakeX) -> None:
    make_gap(account)
    Account.objects.update(connected=False)
    assert due_gaps(timezone.now()) == []


def test_what_the_network_no_longer_shows_is_given_up_and_said(cast: Cast, account: Account, x: FakeX) -> None:
    gone = mention(x, "@Norlune the first")
    newest = mention(x, "@Norlune the last")
    x.world.delete(gone)
    gap = make_gap(account, gone, newest)
    for _ in range(MOST_ENDS - 1):
        fill_gap(gap.id)
        gap.refresh_from_db()
        assert (gap.given_up_at, gap.reason) == (None, filling.NO_LONGER)
        assert gap.try_at > timezone.now()
    assert run(gap).reason == filling.NO_LONGER
    assert gap.given_up_at is not None


def test_a_network_that_answers_the_same_page_for_ever_is_left(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = answer_with(monkeypatch, (Older((message_of(1),), f"page {number}") for number in count()))
    gap = run(make_gap(account))
    assert (gap.reason, len(connector.places), gap.found) == (filling.SAME_PAGE, 2, 1)


def test_a_place_that_leads_to_itself_is_left(cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    connector = answer_with(monkeypatch, (Older((message_of(number),), "here") for number in count()))
    assert run(make_gap(account)).reason == filling.SAME_PAGE
    assert connector.places == ["", "here"]


@pytest.mark.parametrize("empty", [True, False])
def test_a_list_without_end_is_left_after_its_most_pages(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch, empty: bool
) -> None:
    pages = (Older(() if empty else (message_of(number % 2),), f"page {number}") for number in count())
    connector = answer_with(monkeypatch, pages)
    assert run(make_gap(account)).reason == filling.TOO_MUCH
    assert len(connector.places) == MOST_PAGES


@pytest.mark.parametrize("stream", ["messages", "something"])
def test_a_stream_that_cannot_be_read_back_is_given_up_at_once(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    connector = answer_with(monkeypatch, iter(()))
    assert run(make_gap(account, stream=stream), most=1).reason == filling.NO_WAY
    assert connector.places == []


def test_a_network_in_trouble_is_asked_later_and_not_for_ever(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune missed")
    x.moods.set("error_before", "mentions", status=503)
    gap = make_gap(account)
    assert fill_gap(gap.id) == 0
    gap.refresh_from_db()
    assert (gap.tries, gap.given_up_at) == (1, None)
    assert gap.reason
    assert gap.try_at > timezone.now()
    Gap.objects.update(noticed_at=timezone.now() - MOST_TIME - timedelta(minutes=1))
    assert run(gap, most=1).given_up_at is not None
    assert gap.reason


def test_after_trouble_the_reading_goes_on_where_it_stood(cast: Cast, account: Account, x: FakeX) -> None:
    sent = [mention(x, f"@Norlune missed {number}") for number in range(40)]
    x.moods.set("paged", "mentions", size=5)
    gap = make_gap(account, sent[0])
    assert fill_gap(gap.id) == 25
    assert fill_gap(gap.id) == 14
    gap.refresh_from_db()
    assert (gap.filled_at is not None, gap.found) == (True, 39)
