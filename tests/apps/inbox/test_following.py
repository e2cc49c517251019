"""Deleted and edited messages are followed: by looking again, by what a stream tells, and because somebody looks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from pluralis.inbox import following
from pluralis.inbox.actions import resolve_conversation
from pluralis.inbox.actions.following import empty_deleted, record_looks
from pluralis.inbox.actions.presence import LOOKING, be_present
from pluralis.inbox.actions.privacy import hold_contact, lift_hold, mask_old
from pluralis.inbox.actions.relating import ask_relation
from pluralis.inbox.following import due_accounts, look_again
from pluralis.inbox.models import AnsweredQuestion, Conversation, Message, MessageRevision, Promise, ReadCount
from pluralis.inbox.tasks import look_again_at_account
from pluralis.networks.fake.world import Draft
from pluralis.networks.fake.x import FakeX
from pluralis.networks.hearing import GONE, Standing
from pluralis.publishing.tasks import publish_part
from pluralis.teams.models import Account, AuditEntry, Change
from tests.apps.cast import Cast, connect
from tests.apps.inbox.test_hear_and_answer import mention, poll, say
from tests.apps.publishing.ahead import fake

pytestmark = pytest.mark.django_db(transaction=True)


def hear(x: FakeX, account: Account, text: str, author: str = "dana") -> Message:
    remote_id = mention(x, text, author)
    poll(account)
    return Message.objects.get(remote_id=remote_id)


def follow(account: Account) -> tuple[int, int]:
    """Look again as the job does, as if every pause were over."""
    Message.objects.filter(follow_at__isnull=False).update(follow_at=timezone.now() - timedelta(seconds=1))
    found = look_again(account.id)
    return found.edited, found.deleted


def test_an_edit_keeps_the_former_words_and_is_read_anew(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune when do you open?")
    x.world.reissue(message.remote_id, "@Norlune my contract is FR-123, call me at +33 6 12 34 56 78, I am furious")
    assert follow(account) == (1, 0)
    message.refresh_from_db()
    assert "furious" in message.text
    assert message.edited_at is not None
    assert [each.text for each in message.revisions.all()] == ["@Norlune when do you open?"]
    assert message.personal_data
    conversation = Conversation.objects.get()
    assert conversation.personal_data
    assert "furious" in conversation.excerpt
    assert "+33" not in conversation.excerpt
    assert conversation.label == message.triage["label"]
    assert "furious" in message.search_text
    assert "open" not in message.search_text
    assert Change.objects.filter(topics__contains=f"conversation:{conversation.id}").exists()
    assert AuditEntry.objects.filter(action="inbox.message.edited", object_id=message.id).exists()


def test_looking_twice_at_an_edit_is_looking_once(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune one")
    x.world.reissue(message.remote_id, "@Norlune two")
    assert [follow(account), follow(account)] == [(1, 0), (0, 0)]
    x.world.reissue(x.world.posts[message.remote_id].history[-1], "@Norlune three")
    assert follow(account) == (1, 0)
    assert [each.text for each in MessageRevision.objects.order_by("seen_at")] == ["@Norlune one", "@Norlune two"]


def test_an_edit_that_a_stream_tells_is_no_new_message(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune the line is dead")
    newest = x.world.reissue(message.remote_id, "@Norlune the line is back").id
    assert poll(account) == 0
    message.refresh_from_db()
    assert (Message.objects.count(), message.text) == (1, "@Norlune the line is back")
    assert message.reference["remote_id"] == newest
    assert poll(account) == 0
    assert MessageRevision.objects.count() == 1


def test_an_answer_goes_to_the_newest_version(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune the line is dead")
    newest = x.world.reissue(message.remote_id, "@Norlune the line is back").id
    follow(account)
    kept = say(cast, Conversation.objects.get(), "Good to hear.")
    publish_part(str(kept.part_id))
    kept.refresh_from_db()
    assert x.world.posts[kept.remote_id].draft.reply_to == newest


def test_a_deleted_message_keeps_none_of_its_words(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune my phone is +33 6 12 34 56 78")
    x.world.reissue(message.remote_id, "@Norlune my mail is dana@example.org")
    follow(account)
    x.world.delete(message.remote_id)
    assert follow(account) == (0, 1)
    message.refresh_from_db()
    assert (message.text, message.search_text, message.personal_data, message.media) == ("", "", [], [])
    assert message.deleted_at is not None
    assert message.follow_at is None
    assert MessageRevision.objects.count() == 0
    assert Conversation.objects.get().excerpt == ""
    assert AuditEntry.objects.filter(action="inbox.message.deleted", object_id=message.id).exists()
    assert follow(account) == (0, 0)


def test_who_deleted_their_question_waits_for_no_answer(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune when do you open?")
    x.world.delete(message.remote_id)
    follow(account)
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.waiting_since, conversation.answer_due_at) == ("resolved", None, None)
    assert list(conversation.traces.values_list("kind", flat=True))[-1] == "withdrawn"
    assert not Promise.objects.filter(answered_at__isnull=True).exists()


def test_what_else_they_wrote_still_waits(cast: Cast, account: Account, x: FakeX) -> None:
    first = hear(x, account, "@Norlune when do you open?")
    hear(x, account, "@Norlune and where?")
    second = Message.objects.order_by("created_at", "id").last()
    Message.objects.filter(id=second.id).update(conversation=first.conversation_id)
    x.world.delete(first.remote_id)
    follow(account)
    conversation = Conversation.objects.get(id=first.conversation_id)
    assert (conversation.state, conversation.waiting_since) == ("open", second.created_at)
    assert "where" in conversation.excerpt


def test_our_answers_to_a_deleted_message_remain(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune when does your shop in Nantes open on Sunday morning?")
    kept = say(cast, message.conversation, "We open at nine.")
    publish_part(str(kept.part_id))
    assert AnsweredQuestion.objects.exists()
    x.world.delete(message.remote_id)
    follow(account)
    kept.refresh_from_db()
    assert (kept.text, kept.part.state) == ("We open at nine.", "sent")
    assert not AnsweredQuestion.objects.exists(), "a question that is gone is no longer offered as asked before"
    assert Conversation.objects.get().state == "waiting"


def test_what_the_law_keeps_stays_until_the_hold_ends(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune I will find you")
    now, contact_id = timezone.now(), message.conversation.contact_id
    until = now + timedelta(days=30)
    hold_contact(actor=cast.alice, contact_id=contact_id, reason="Police", until=until, now=now)
    x.world.delete(message.remote_id)
    follow(account)
    message.refresh_from_db()
    assert (message.text, message.search_text, message.deleted_at is None) == ("@Norlune I will find you", "", False)
    assert empty_deleted(now) == 0
    lift_hold(actor=cast.alice, contact_id=contact_id, now=now)
    assert empty_deleted(timezone.now()) == 1
    message.refresh_from_db()
    assert message.text == ""


def test_what_we_masked_ourselves_is_not_brought_back(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune my phone is +33 6 12 34 56 78")
    cast.alice.team.settings = {"retention_days": 30}
    mask_old(cast.alice.team, timezone.now() + timedelta(days=31))
    follow(account)
    message.refresh_from_db()
    assert "+33" not in message.text
    assert message.edited_at is None


def test_former_words_are_masked_in_time_too(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune my phone is +33 6 12 34 56 78")
    x.world.reissue(message.remote_id, "@Norlune never mind")
    follow(account)
    cast.alice.team.settings = {"retention_days": 30}
    mask_old(cast.alice.team, timezone.now() + timedelta(days=31))
    assert "+33" not in MessageRevision.objects.get().text


def test_private_messages_on_x_are_not_asked_for(cast: Cast, account: Account, x: FakeX) -> None:
    dana = x.world.add_profile("dana", "Dana")
    x.world.send_privately(dana.id, x.world.find_profile(account.handle).id, "in private")
    poll(account)
    assert Message.objects.get().follow_at is None


def test_a_private_message_is_followed_where_its_network_tells_and_its_former_words_are_masked(cast: Cast) -> None:
    with fake("mastodon") as network:
        brand = connect(cast.alice, network)
        dana = network.world.add_profile("dana", "Dana")
        said = Draft(f"@{brand.handle.partition('@')[0]} call me at +33 6 12 34 56 78", visibility="direct")
        remote_id = network.world.write(dana.id, said).id
        poll(brand)
        message = Message.objects.get()
        assert (message.kind, message.follow_at is not None) == ("direct", True)
        network.edit_by_hand(remote_id, f"@{brand.handle.partition('@')[0]} I found it, thank you")
        assert follow(brand) == (1, 0)
        assert "+33" in MessageRevision.objects.get().text
        cast.alice.team.settings = {"retention_days": 30}
        mask_old(cast.alice.team, timezone.now() + timedelta(days=31))
        assert "+33" not in MessageRevision.objects.get().text
        network.world.delete(remote_id)
        assert follow(brand) == (0, 1)
        assert (Message.objects.get().text, MessageRevision.objects.count()) == ("", 0)


def test_a_direct_message_that_the_service_says_nothing_of_is_asked_about_ever_less_often(cast: Cast) -> None:
    with fake("bluesky") as network:
        brand = connect(cast.alice, network)
        dana, us = network.world.add_profile("dana", "Dana"), network.world.find_profile("Norlune")
        sent = network.world.send_privately(dana.id, us.id, "in private")
        poll(brand)
        network.moods.set("error_before", "messages")
        Message.objects.update(created_at=timezone.now() - timedelta(days=3))
        assert follow(brand) == (0, 0)
        assert Message.objects.get().follow_at > timezone.now() + timedelta(hours=20)
        network.moods.clear()
        network.chat.hidden.add((us.id, sent.id))
        assert follow(brand) == (0, 1)


def test_looks_are_spread_and_get_rarer(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune hello")
    assert message.follow_at > timezone.now() + timedelta(minutes=30)
    assert due_accounts(timezone.now()) == []
    assert [each.id for each in due_accounts(timezone.now() + timedelta(days=1))] == [account.id]
    follow(account)
    message.refresh_from_db()
    first = message.follow_at - timezone.now()
    Message.objects.update(created_at=timezone.now() - timedelta(days=3))
    follow(account)
    message.refresh_from_db()
    assert message.follow_at - timezone.now() > first
    Message.objects.update(created_at=timezone.now() - timedelta(days=100))
    follow(account)
    message.refresh_from_db()
    assert message.follow_at is None


def test_what_somebody_opens_is_looked_at_next(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune hello")
    Message.objects.update(follow_at=None, followed_at=timezone.now() - timedelta(days=90))
    now = timezone.now()
    be_present(actor=cast.bob, conversation_id=message.conversation_id, doing=LOOKING, now=now)
    assert Message.objects.get().follow_at == now
    Message.objects.update(follow_at=None, followed_at=now)
    be_present(actor=cast.alice, conversation_id=message.conversation_id, doing=LOOKING, now=now)
    assert Message.objects.get().follow_at is None


def test_a_network_that_does_not_answer_is_asked_later_and_nothing_is_lost(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = hear(x, account, "@Norlune hello")
    x.world.delete(message.remote_id)
    x.moods.set("limit", "figures")
    assert follow(account) == (0, 0)
    message.refresh_from_db()
    assert message.deleted_at is None
    assert message.follow_at > timezone.now()
    x.moods.clear()
    assert follow(account) == (0, 1)


def test_of_many_the_open_and_the_newest_come_first_and_all_are_looked_at(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, done = (hear(x, account, f"@Norlune {name}", name) for name in ("old", "new", "done"))
    resolve_conversation(actor=cast.bob, conversation_id=done.conversation_id, now=timezone.now())
    asked: list[list[str]] = []
    connector = type(following.network_of(account).connector)
    ask = connector.look_again

    def watched(self, access, references, deadline):
        asked.append([one.remote_id for one in references])
        return ask(self, access, references, deadline)

    monkeypatch.setattr(connector, "at_once", 1)
    monkeypatch.setattr(connector, "look_again", watched)
    follow(account)
    assert asked == [[new.remote_id], [old.remote_id], [done.remote_id]]


def test_what_was_taken_is_not_taken_again_at_once(cast: Cast, account: Account, x: FakeX) -> None:
    hear(x, account, "@Norlune hello")
    Message.objects.update(follow_at=timezone.now() - timedelta(seconds=1))
    assert len(following._take(account, 10)) == 1
    assert following._take(account, 10) == []


def test_looks_are_counted_where_they_have_a_price(cast: Cast, account: Account, x: FakeX) -> None:
    hear(x, account, "@Norlune hello")
    follow(account)
    counted = ReadCount.objects.get(stream="looks")
    assert (counted.calls, counted.items) == (1, 1)


def test_another_teams_message_is_not_touched(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune hello")
    other = Account(id=account.team_id, team=account.team, network="x", host=account.host, language="en")
    assert record_looks(other, {message.id: GONE}, timezone.now()).deleted == 0


def test_an_id_that_the_network_says_nothing_about_stays(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune hello")
    assert record_looks(account, {}, timezone.now()).deleted == 0
    told = replace(Standing(text=message.text), language="en")
    assert record_looks(account, {message.id: told}, timezone.now()).edited == 0


def test_the_job_says_how_much_changed(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune hello")
    x.world.delete(message.remote_id)
    Message.objects.update(follow_at=timezone.now())
    assert look_again_at_account(str(account.id)) == 1


def test_who_left_the_network_is_marked_until_they_write_again(cast: Cast, account: Account, x: FakeX) -> None:
    message = hear(x, account, "@Norlune hello")
    profile, now = message.profile, timezone.now()
    relation = x.world.profiles.pop(profile.remote_id)
    told = ask_relation(actor=cast.bob, conversation_id=message.conversation_id, now=now)
    profile.refresh_from_db()
    assert (told.may_message, profile.gone_at) == (False, now)
    x.world.profiles[profile.remote_id] = relation
    hear(x, account, "@Norlune I am back")
    profile.refresh_from_db()
    assert profile.gone_at is None


def test_where_looks_have_a_price_a_day_has_a_bound(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAID_LOOKS_A_DAY", 2)
    heard = [hear(x, account, f"@Norlune {number}", f"person{number}") for number in range(3)]
    for each in heard[1:]:
        x.world.delete(each.remote_id)
    assert follow(account) == (0, 2)
    Message.objects.update(follow_at=timezone.now() - timedelta(seconds=1))
    ReadCount.objects.update(items=2)
    assert look_again(account.id).deleted == 0
    waiting = Message.objects.get(id=heard[0].id)
    assert waiting.follow_at.astimezone(UTC).time() == datetime.min.time()
    ReadCount.objects.update(day=timezone.now().date() - timedelta(days=1))
    x.world.delete(heard[0].remote_id)
    assert follow(account) == (0, 1)
