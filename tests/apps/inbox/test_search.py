"""Search: words in four languages, people by their beginning, pages, other teams, and how many questions it takes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from pluralis.core.searching import indexed
from pluralis.inbox.models import Contact, Conversation, Message, Profile, SearchEntry
from pluralis.inbox.queries import Filter, inbox_page, named, people_page
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def account_of(seat: Membership, handle: str = "norlune") -> Account:
    return Account.objects.create(
        team=seat.team, network="x", host="https://example.org", remote_id=f"{seat.team_id}{handle}", handle=handle,
        created_at=NOW,
    )  # fmt: skip


def person(seat: Membership, name: str, handle: str) -> Contact:
    from pluralis.core.folding import fold

    contact = Contact.objects.create(team=seat.team, name=name, search_name=fold(name), created_at=NOW)
    Profile.objects.create(
        team=seat.team, contact=contact, network="x", host="https://example.org", remote_id=handle, handle=handle,
        search_handle=fold(handle), display_name=name, seen_at=NOW,
    )  # fmt: skip
    return contact


_numbers: Iterator[int] = iter(range(1, 10_000))


def talk(account: Account, contact: Contact, *texts: str, at: datetime | None = None, **more: object) -> Conversation:
    """One conversation of several messages, a second apart."""
    number = next(_numbers)
    at = at or NOW + timedelta(minutes=number)
    conversation = Conversation.objects.create(
        team=account.team, account=account, key=f"k{number}", contact=contact, excerpt=texts[-1][:280],
        last_message_at=at + timedelta(seconds=len(texts) - 1), created_at=at, **more,
    )  # fmt: skip
    for step, text in enumerate(texts):
        Message.objects.create(
            team=account.team, account=account, conversation=conversation, kind="mention", text=text,
            remote_id=f"{number}-{step}", search_text=indexed(text), created_at=at + timedelta(seconds=step),
            received_at=at, profile=contact.profiles.first(),
        )  # fmt: skip
    return conversation


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast.alice)


@pytest.fixture
def dana(cast: Cast) -> Contact:
    return person(cast.alice, "Dána Müller", "Dana_M")


def excerpts(seat: Membership, words: str, **more: object) -> list[str]:
    wanted = Filter(**{"state": "", "words": words, **more})
    return [each.excerpt for each in inbox_page(seat, wanted).conversations]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ecole", True),
        ("ÉCOLE fermée", True),
        ('"ecole est"', True),
        ('"est ecole"', False),
        ("fer*", True),
        ("ferme", False),
        ("ecole -fermee", False),
        ("ecole demain", False),
        ("网络", True),
        ("慢", True),
        ("传真", False),
        ("rangkaian", True),
        ("RÁPIDO", True),
    ],
)
def test_words_are_found_whatever_their_accents_and_script(
    cast: Cast, account: Account, dana: Contact, words: str, found: bool
) -> None:
    talk(account, dana, "L'école est fermée ? 网络很慢. Rangkaian lambat. ¡Más rápido!")
    assert bool(excerpts(cast.bob, words)) is found


@pytest.mark.parametrize("typed", ["dan", "@dana_m", "DANA", "müller", "mull", "Dána Mü"])
def test_people_are_found_by_the_beginning_of_name_or_handle(cast: Cast, dana: Contact, typed: str) -> None:
    begins = typed not in ("müller", "mull")
    assert named(cast.bob, typed) == ([dana.id] if begins else [])


@pytest.mark.parametrize("typed", ["%", "_", "dan%", "\\", "\x00", "'", "@", " "])
def test_signs_that_mean_something_to_the_database_mean_nothing_here(cast: Cast, dana: Contact, typed: str) -> None:
    assert named(cast.bob, typed) == []
    assert people_page(cast.bob, words=typed).contacts in ([], [dana])


def test_a_conversation_is_shown_once_at_its_newest_hit(cast: Cast, account: Account, dana: Contact) -> None:
    talk(account, dana, "fibre is slow", "thank you")
    talk(account, person(cast.alice, "Zoe", "zoe"), "fibre", "fibre again", "fibre once more")
    assert excerpts(cast.bob, "fibre") == ["fibre once more", "thank you"]


def test_pages_of_a_search_show_everything_once(cast: Cast, account: Account, dana: Contact) -> None:
    wanted = {talk(account, dana, *["fibre here"] * (1 + number % 4)).id for number in range(25)}
    talk(account, dana, "something else")
    seen: list[UUID] = []
    key = None
    for _page in range(20):
        page = inbox_page(cast.bob, Filter(state="", words="fibre"), key, size=4)
        seen += [each.id for each in page.conversations]
        key = page.older_than
        if key is None:
            break
    assert len(seen) == len(set(seen)) == 25
    assert set(seen) == wanted


def test_texts_and_people_are_one_list_in_the_order_of_time(cast: Cast, account: Account, dana: Contact) -> None:
    zoe = person(cast.alice, "Zoe", "zoe")
    talk(account, dana, "first")
    talk(account, zoe, "I met dana")
    talk(account, dana, "third")
    assert excerpts(cast.bob, "dana") == ["third", "I met dana", "first"]


def test_a_search_is_narrowed_by_the_other_filters(cast: Cast, account: Account, dana: Contact) -> None:
    talk(account, dana, "fibre open", state="open")
    talk(account, dana, "fibre done", state="resolved")
    assert excerpts(cast.bob, "fibre", state="open") == ["fibre open"]
    assert excerpts(cast.bob, "fibre", mine=True) == []


def test_another_team_finds_nothing_and_its_words_stand_behind_its_own_mark(
    cast: Cast, account: Account, dana: Contact
) -> None:
    talk(account, dana, "fibre is slow")
    theirs = talk(account_of(cast.charlie), person(cast.charlie, "Dana", "dana"), "fibre")
    assert excerpts(cast.charlie, "fibre") == ["fibre"]
    assert named(cast.charlie, "dana") == [theirs.contact_id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT words::text FROM inbox_searchentry WHERE team_id = %s", [cast.alice.team_id])
        marks = {word.strip("'")[:6] for (words,) in cursor.fetchall() for word in words.split()}
    assert marks == {str(cast.alice.team_id)[-6:]}


def test_the_words_follow_their_message(cast: Cast, account: Account, dana: Contact) -> None:
    one, other = talk(account, dana, "fibre is slow", "thanks"), talk(account, dana, "nothing")
    message = one.messages.get(text="fibre is slow")
    Message.objects.filter(id=message.id).update(conversation=other)
    assert excerpts(cast.bob, "fibre") == ["nothing"]
    Message.objects.filter(id=message.id).update(text="", search_text="")
    assert excerpts(cast.bob, "fibre") == []
    message.delete()
    assert SearchEntry.objects.count() == 2


@pytest.mark.parametrize(
    "text", ["x" * 30_000, "a " * 30_000, "\u202eevil\u202c", "<script>alert(1)</script>", "''\\:*&|!()"]
)
def test_every_text_can_be_stored_and_found(cast: Cast, account: Account, dana: Contact, text: str) -> None:
    talk(account, dana, text)
    first = (indexed(text).split() or ["nothing"])[0]
    assert len(excerpts(cast.bob, first)) == bool(indexed(text))


def test_what_cannot_be_a_question_finds_nothing(cast: Cast, account: Account, dana: Contact) -> None:
    talk(account, dana, "fibre")
    for words in ("-fibre", "!!!", "' OR 1=1", '"', "&|!*"):
        assert excerpts(cast.bob, words) == []


def test_a_common_word_is_found_by_both_ways(
    cast: Cast, account: Account, dana: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        talk(account, dana, f"fibre {number}")
    talk(account, dana, "other")
    by_words = excerpts(cast.bob, "fibre")
    monkeypatch.setattr("pluralis.inbox.queries.search.COMMON", -1)
    assert excerpts(cast.bob, "fibre") == by_words
    monkeypatch.setattr("pluralis.inbox.queries.search.STEP", 12)
    assert excerpts(cast.bob, "fibre") == by_words == [f"fibre {number}" for number in reversed(range(12))]


def test_a_search_takes_few_questions_however_much_it_finds(
    cast: Cast, account: Account, dana: Contact, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        talk(account, person(cast.alice, f"P {number}", f"p{number}"), "fibre is slow")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        page = inbox_page(cast.bob, Filter(state="", words="fibre"))
        assert len([each.contact.name for each in page.conversations]) == 12
