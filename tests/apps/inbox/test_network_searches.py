"""Saved searches and hashtags: read by cursor like every stream, shown in the inbox, waiting for nobody's answer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from pluralis.inbox.actions.searches import (
    LEAST_A_DAY,
    MOST_SEARCHES,
    WishedSearch,
    begin_search,
    bring_back_search,
    end_search,
    pause_search,
    resume_search,
)
from pluralis.inbox.filling import fill_gap
from pluralis.inbox.listening import due_streams, poll_stream
from pluralis.inbox.models import Conversation, Cursor, Gap, Message, NetworkSearch, ReadCount
from pluralis.inbox.queries import Filter, counts, heard, inbox_page
from pluralis.inbox.queries.searches import places_of, searches_of
from pluralis.inbox.searching import ENOUGH, is_search
from pluralis.networks.fake.world import Draft as FakeDraft
from pluralis.networks.fake.x import FakeX
from pluralis.publishing.tasks import publish_part
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast, connect
from tests.apps.inbox.test_hear_and_answer import mention, poll, say

pytestmark = pytest.mark.django_db(transaction=True)


def begin(cast: Cast, account: Account, words: str = "#norlunedown", **more: object) -> NetworkSearch:
    return begin_search(actor=cast.alice, wished=WishedSearch(account.id, words, **more), now=timezone.now())


def write(x: FakeX, text: str, author: str = "dana") -> str:
    profile = x.world.find_profile(author) or x.world.add_profile(author, author.title(), followers=120)
    return x.world.write(profile.id, FakeDraft(text)).id


def look(search: NetworkSearch) -> int:
    return sum(poll_stream(each.id) for each in Cursor.objects.filter(stream=search.stream))


def test_what_is_found_stands_in_the_inbox_and_waits_for_nobody(cast: Cast, account: Account, x: FakeX) -> None:
    search = begin(cast, account)
    write(x, "No internet since noon #NorluneDown")
    assert look(search) == 1
    conversation, message = Conversation.objects.get(), Message.objects.get()
    assert (message.kind, conversation.kind, conversation.found_by_id) == ("hashtag", "hashtag", search.id)
    assert (conversation.state, conversation.waiting_since, conversation.answer_due_at) == ("resolved", None, None)
    assert counts(cast.bob)["open"] == 0
    assert conversation.promises.count() == 0
    (shown,) = inbox_page(cast.bob, Filter(state="", search_id=search.id)).conversations
    assert shown.id == conversation.id
    assert inbox_page(cast.bob, Filter(state="", kind="hashtag")).conversations == [shown]
    assert inbox_page(cast.bob, Filter(state="", kind="search")).conversations == []
    assert message.follow_at is not None, "what was found is followed too"


def test_the_same_page_again_brings_nothing_twice(cast: Cast, account: Account, x: FakeX) -> None:
    search = begin(cast, account)
    write(x, "one #norlunedown")
    assert [look(search), look(search)] == [1, 0]
    Cursor.objects.filter(stream=search.stream).update(value=None)
    assert look(search) == 0
    write(x, "two #norlunedown")
    assert look(search) == 1


def test_a_rule_says_which_kinds_wait_for_an_answer(cast: Cast, account: Account, x: FakeX) -> None:
    search = begin(cast, account, labels=("question",))
    write(x, "#norlunedown how do I restart my router?", "asker")
    write(x, "#norlunedown great football match tonight, what a goal", "fan")
    look(search)
    by_person = {each.contact.name: each for each in Conversation.objects.select_related("contact")}
    assert by_person["Asker"].label == "question"
    assert (by_person["Asker"].state, by_person["Asker"].waiting_since is not None) == ("open", True)
    assert by_person["Fan"].state == "resolved"


def test_a_mention_stays_a_mention_whichever_came_first(cast: Cast, account: Account, x: FakeX) -> None:
    search = begin(cast, account)
    mention(x, "@Norlune are you down? #norlunedown")
    assert look(search) == 1
    assert poll(account) == 0
    assert (Message.objects.get().kind, Conversation.objects.get().state) == ("mention", "open")


def test_what_turns_out_to_be_written_to_us_waits_for_an_answer(cast: Cast, account: Account, x: FakeX) -> None:
    search = begin(cast, account)
    mention(x, "@Norlune are you down? #norlunedown")
    look(search)
    Message.objects.update(kind="hashtag")
    Conversation.objects.update(kind="hashtag", state="resolved", waiting_since=None)
    Cursor.objects.filter(stream="mentions").delete()
    Cursor.objects.create(team=account.team, account=account, stream="mentions")
    poll(account)
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.kind, Message.objects.get().kind) == ("open", "mention", "mention")
    assert conversation.waiting_since is not None


def test_who_answers_our_answer_opens_the_conversation(cast: Cast, account: Account, x: FakeX) -> None:
    x.tier = "enterprise"
    account.settings = {**account.settings, "tier": "enterprise"}
    account.save()
    search = begin(cast, account)
    write(x, "No internet #norlunedown")
    look(search)
    kept = say(cast, Conversation.objects.get(), "Which town?")
    publish_part(str(kept.part_id))
    kept.refresh_from_db()
    dana = x.world.find_profile("dana")
    x.world.write(dana.id, FakeDraft("@Norlune Nantes", reply_to=kept.remote_id))
    poll(account)
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.messages.count()) == ("open", 3)


def test_our_own_posts_are_not_found(cast: Cast, account: Account, x: FakeX) -> None:
    other = connect(cast.alice, x, "norlune_help")
    search = begin(cast, account)
    write(x, "ours #norlunedown", "norlune")
    write(x, "ours too #norlunedown", other.handle)
    assert look(search) == 0


def test_a_search_does_not_tell_that_the_accounts_were_not_heard(cast: Cast, account: Account, x: FakeX) -> None:
    poll(account)
    begin(cast, account)
    assert heard(cast.alice, timezone.now()).whole


def test_it_rests_and_goes_on_with_what_is_new(cast: Cast, account: Account, x: FakeX) -> None:
    search, now = begin(cast, account), timezone.now()
    pause_search(actor=cast.alice, search_id=search.id, now=now)
    pause_search(actor=cast.alice, search_id=search.id, now=now)
    assert not any(is_search(each.stream) for each in due_streams(now))
    write(x, "while it rests #norlunedown")
    assert look(search) == 0
    resume_search(actor=cast.alice, search_id=search.id, now=now)
    assert search.stream in {each.stream for each in due_streams(timezone.now())}
    assert look(search) == 1, "the newest page is where it begins"


def test_it_ends_and_its_end_is_taken_back(cast: Cast, account: Account, x: FakeX) -> None:
    search, now = begin(cast, account), timezone.now()
    write(x, "one #norlunedown")
    look(search)
    end_search(actor=cast.alice, search_id=search.id, now=now)
    assert searches_of(cast.alice, now) == []
    assert Conversation.objects.get().found_by_id == search.id
    bring_back_search(actor=cast.alice, search_id=search.id, now=now)
    (running,) = searches_of(cast.alice, timezone.now())
    assert (running.search.id, running.found) == (search.id, 1)
    actions = AuditEntry.objects.filter(object_id=search.id).order_by("at", "id").values_list("action", flat=True)
    assert list(actions) == ["inbox.search.begun", "inbox.search.ended", "inbox.search.begun"]


def test_an_end_is_not_taken_back_while_the_same_words_run(cast: Cast, account: Account) -> None:
    search, now = begin(cast, account), timezone.now()
    end_search(actor=cast.alice, search_id=search.id, now=now)
    begin(cast, account)
    with pytest.raises(Conflict):
        bring_back_search(actor=cast.alice, search_id=search.id, now=now)


def test_the_same_words_are_one_search(cast: Cast, account: Account) -> None:
    assert begin(cast, account, "#Fibre").id == begin(cast, account, " #fibre ").id
    assert begin(cast, account, "fibre").id != begin(cast, account, "#fibre").id


@pytest.mark.parametrize("words", ["", "   ", "#", "x" * 121, "#no-tag", "\x00"])
def test_words_that_cannot_be_looked_for_are_refused(cast: Cast, account: Account, words: str) -> None:
    with pytest.raises(Invalid):
        begin(cast, account, words)
    assert not NetworkSearch.objects.exists()


@pytest.mark.parametrize("most", [LEAST_A_DAY - 1, 10_001, 0, -1])
def test_an_odd_bound_is_refused(cast: Cast, account: Account, most: int) -> None:
    with pytest.raises(Invalid):
        begin(cast, account, most_a_day=most)


def test_an_account_runs_only_so_many(cast: Cast, account: Account) -> None:
    for number in range(MOST_SEARCHES):
        begin(cast, account, f"#tag{number}")
    with pytest.raises(Conflict):
        begin(cast, account, "#one_more")


def test_only_who_manages_accounts_begins_and_only_in_their_team(cast: Cast, account: Account) -> None:
    search, now = begin(cast, account), timezone.now()
    with pytest.raises(Forbidden):
        begin_search(actor=cast.bob, wished=WishedSearch(account.id, "#x1"), now=now)
    with pytest.raises(NotFound):
        begin_search(actor=cast.charlie, wished=WishedSearch(account.id, "#x1"), now=now)
    for action in (pause_search, resume_search, end_search, bring_back_search):
        with pytest.raises(NotFound):
            action(actor=cast.charlie, search_id=search.id, now=now)
        with pytest.raises(Forbidden):
            action(actor=cast.bob, search_id=search.id, now=now)


def test_a_paid_search_says_its_price_and_stops_at_its_bound(cast: Cast, account: Account, x: FakeX) -> None:
    (place,) = places_of(cast.alice)
    assert (place.forms, place.has_price) == (("words", "hashtag"), True)
    assert str(place.price.amount) == "0.500"
    search = begin(cast, account, most_a_day=LEAST_A_DAY)
    look(search)
    for number in range(LEAST_A_DAY):
        write(x, f"number {number} #norlunedown", f"person{number}")
    assert look(search) == LEAST_A_DAY
    (running,) = searches_of(cast.alice, timezone.now())
    assert (running.items, str(running.price.amount)) == (10, "0.050")
    write(x, "one too many #norlunedown")
    assert look(search) == 0
    cursor = Cursor.objects.get(stream=search.stream)
    assert cursor.reason == ENOUGH
    assert cursor.next_poll_at == datetime.combine(
        timezone.now().astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC
    )
    ReadCount.objects.update(day=timezone.now().date() - timedelta(days=1))
    assert look(search) == 1


def test_what_a_busy_day_left_out_is_read_back(cast: Cast, account: Account, x: FakeX) -> None:
    search = begin(cast, account, most_a_day=1000)
    known = write(x, "the first #norlunedown")
    look(search)
    for number in range(12):
        write(x, f"missed {number} #norlunedown", f"person{number}")
    newest = write(x, "the last #norlunedown", "last")
    Cursor.objects.filter(stream=search.stream).update(value=str(int(newest) - 1))
    gap = Gap.objects.create(team=account.team, account=account, stream=search.stream, newer_than=known,
                             older_than=newest, noticed_at=timezone.now())  # fmt: skip
    assert fill_gap(gap.id) == 12
    gap.refresh_from_db()
    assert gap.filled_at is not None
    assert set(Message.objects.values_list("kind", flat=True)) == {"hashtag"}


def test_a_search_that_cannot_be_read_now_says_why(cast: Cast, account: Account, x: FakeX) -> None:
    search = begin(cast, account, "norlune OR")
    x.moods.set("limit", "search")
    look(search)
    (running,) = searches_of(cast.alice, timezone.now())
    assert running.reason
