"""From a mention to an answered conversation, over real HTTP to the fake X."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.utils import timezone

from pluralis.inbox.actions import (
    Answer,
    answer,
    claim_conversation,
    resolve_conversation,
    snooze_conversation,
    wake_snoozed,
)
from pluralis.inbox.listening import due_streams, poll_stream
from pluralis.inbox.models import Conversation, Cursor, Message, Profile
from pluralis.inbox.queries import Filter, counts, inbox_page, whole_conversation
from pluralis.networks.fake.world import Draft as FakeDraft
from pluralis.networks.fake.x import FakeX
from pluralis.publishing.actions import Plan
from pluralis.publishing.tasks import publish_part
from pluralis.teams.errors import Conflict, NotFound
from pluralis.teams.models import Account, Change, Membership
from tests.apps.cast import Cast, connect, schedule, write
from tests.shared import shared_data

pytestmark = pytest.mark.django_db(transaction=True)


def mention(x: FakeX, text: str, author: str = "dana") -> str:
    profile = x.world.find_profile(author) or x.world.add_profile(author, author.title(), followers=120)
    return x.world.write(profile.id, FakeDraft(text)).id


def poll(account: Account) -> int:
    due_streams(timezone.now())
    return sum(poll_stream(cursor.id) for cursor in Cursor.objects.filter(account=account))


def say(cast: Cast, conversation: Conversation, text: str, **more: object):
    message = conversation.messages.filter(direction="in").latest("created_at")
    given = Answer(message_id=message.id, text=text, language="en", **more)
    now = timezone.now()
    return answer(
        actor=cast.bob,
        conversation_id=conversation.id,
        given=given,
        plan=Plan(at=now),
        client_key=str(uuid4()),
        now=now,
    )


def test_a_mention_becomes_a_conversation_with_its_person(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune when do you open?")
    assert poll(account) == 1
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.contact.name) == ("open", "Dana")
    assert Profile.objects.get().followers == 120
    assert Change.objects.filter(topics__contains=f"conversation:{conversation.id}").exists()


def test_polling_again_brings_nothing_twice(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune when do you open?")
    poll(account)
    Cursor.objects.update(value=None)
    assert poll(account) == 0
    assert Message.objects.count() == 1


def test_an_answer_travels_the_same_road_and_stands_in_its_place(cast: Cast, account: Account, x: FakeX) -> None:
    remote_id = mention(x, "@Norlune when do you open?")
    poll(account)
    kept = say(cast, Conversation.objects.get(), "We open at nine.")
    publish_part(str(kept.part_id))
    kept.refresh_from_db()
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.assigned_to_id) == ("waiting", cast.bob.id)
    sent = x.world.posts[kept.remote_id]
    assert (sent.draft.reply_to, kept.part.state) == (remote_id, "sent")


def test_what_they_answer_back_joins_the_conversation_and_opens_it(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune when do you open?")
    poll(account)
    kept = say(cast, Conversation.objects.get(), "We open at nine.")
    publish_part(str(kept.part_id))
    kept.refresh_from_db()
    dana = x.world.find_profile("dana")
    x.world.write(dana.id, FakeDraft("@Norlune thank you!", reply_to=kept.remote_id))
    poll(account)
    conversation = Conversation.objects.get()
    assert conversation.state == "open"
    assert [each.direction for each in whole_conversation(conversation).messages] == ["in", "out", "in"]


def test_an_answer_to_our_post_shows_the_post_above_it(cast: Cast, account: Account, x: FakeX) -> None:
    part = schedule(cast.alice, write(cast.alice, "We open a shop."), account)[0].parts.get()
    publish_part(str(part.id))
    part.refresh_from_db()
    dana = x.world.add_profile("dana", "Dana")
    x.world.write(dana.id, FakeDraft("@Norlune where?", reply_to=part.remote_id))
    poll(account)
    assert [each.text for each in whole_conversation(Conversation.objects.get()).ours] == ["We open a shop."]


def test_two_people_never_answer_one_message(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune when do you open?")
    poll(account)
    conversation = Conversation.objects.get()
    claim_conversation(actor=cast.alice, conversation_id=conversation.id, now=timezone.now())
    with pytest.raises(Conflict, match="Alice is already on it"):
        say(cast, conversation, "We open at nine.")
    assert not Message.objects.filter(direction="out").exists()


def claims(conversation_id: UUID, barrier: Barrier, who: Membership) -> bool:
    """Try to claim in the same instant as somebody else; returns whether it worked."""
    barrier.wait()
    try:
        claim_conversation(actor=who, conversation_id=conversation_id, now=timezone.now())
    except Conflict:
        return False
    finally:
        connections.close_all()
    return True


def test_of_many_who_claim_at_once_exactly_one_wins(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune when do you open?")
    poll(account)
    conversation_id = Conversation.objects.get().id
    for _round in range(20):
        Conversation.objects.update(assigned_to=None)
        with ThreadPoolExecutor(2) as pool:
            won = list(pool.map(partial(claims, conversation_id, Barrier(2)), (cast.alice, cast.bob)))
        assert sorted(won) == [False, True]


def test_what_is_put_off_comes_back_at_its_time(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune when do you open?")
    poll(account)
    now = timezone.now()
    conversation_id = Conversation.objects.get().id
    snooze_conversation(actor=cast.bob, conversation_id=conversation_id, until=now + timedelta(hours=1), now=now)
    assert wake_snoozed(now=now) == 0
    assert wake_snoozed(now=now + timedelta(hours=2)) == 1
    assert Conversation.objects.get().state == "open"


def test_two_accounts_that_hear_one_new_person_at_once_know_them_once(cast: Cast, account: Account, x: FakeX) -> None:
    support = connect(cast.alice, x, "NorluneCare", kind="support")
    for number in range(15):
        mention(x, f"@Norlune @NorluneCare help {number}", f"new{number}")
    due_streams(timezone.now())
    with ThreadPoolExecutor(2) as pool:
        heard = list(pool.map(poll_and_close, (account, support)))
    assert heard == [15, 15]
    assert Profile.objects.count() == 15


def poll_and_close(account: Account) -> int:
    """Poll an account in a thread of its own."""
    try:
        return sum(poll_stream(cursor.id) for cursor in Cursor.objects.filter(account=account))
    finally:
        connections.close_all()


def test_charlie_of_another_team_finds_nothing(cast: Cast, account: Account, x: FakeX) -> None:
    mention(x, "@Norlune when do you open?")
    poll(account)
    assert inbox_page(cast.charlie, Filter()).conversations == []
    assert counts(cast.charlie)["open"] == 0
    with pytest.raises(NotFound):
        resolve_conversation(actor=cast.charlie, conversation_id=Conversation.objects.get().id, now=timezone.now())


def test_the_inbox_is_one_query_whatever_its_size(
    cast: Cast, account: Account, x: FakeX, django_assert_num_queries: object
) -> None:
    for number in range(12):
        mention(x, f"@Norlune question {number}?", f"dana{number}")
    poll(account)
    with django_assert_num_queries(1):  # type: ignore[operator]
        names = [each.contact.name for each in inbox_page(cast.alice, Filter()).conversations]
    assert len(names) == 12


@pytest.mark.parametrize("words", ["ecole", "ÉCOLE", "école fermée", "@dan", "dana"])
def test_search_folds_accents_and_finds_people_by_the_beginning(
    cast: Cast, account: Account, x: FakeX, words: str
) -> None:
    mention(x, "@Norlune l'école est fermée ?")
    mention(x, "@Norlune something else", "zoe")
    poll(account)
    found = inbox_page(cast.alice, Filter(words=words)).conversations
    assert [each.contact.name for each in found] == ["Dana"]


def test_a_network_that_is_down_is_asked_again_later_and_says_why(cast: Cast, account: Account, x: FakeX) -> None:
    x.moods.set("error_before", "mentions")
    poll(account)
    cursor = Cursor.objects.get(account=account, stream="mentions")
    assert cursor.failures == 1
    assert cursor.reason
    assert cursor.next_poll_at > timezone.now()


@pytest.mark.parametrize("text", ["\u202eevil\u202c", "half \ud83d", "nul \x00 here", "x" * 30_000])
def test_hostile_text_is_kept_safely(cast: Cast, account: Account, text: str) -> None:
    from pluralis.inbox.reading import LONGEST, clean

    kept = clean(text)
    assert len(kept) <= LONGEST
    assert "\x00" not in kept
    kept.encode()


def test_500_real_messages_arrive_none_missed_none_twice(cast: Cast, account: Account, x: FakeX) -> None:
    with shared_data("text/airline.dev.tsv").open(newline="") as file:
        rows = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][:500]
    wanted = []
    for number, text in enumerate(rows):
        wanted.append(mention(x, f"@Norlune {text}", f"flyer{number % 60}"))
        if number % 125 == 124:
            poll(account)
    assert poll(account) == 0
    kept = list(Message.objects.filter(account=account).values_list("remote_id", flat=True))
    assert sorted(kept) == sorted(wanted)
    assert sum(Conversation.objects.values_list("message_count", flat=True)) == 500
