"""Three kinds of reply over real HTTP to the fake X: each has one place, fixed on the server."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from pluralis.inbox.actions import Answer, answer, ask_relation
from pluralis.inbox.models import Conversation, ConversationLink, Message, ProfileRelation, Reply
from pluralis.inbox.proposing import asked_lately, read_for_answer
from pluralis.networks.fake.world import Window
from pluralis.networks.fake.x import FakeX
from pluralis.posts.actions import save_post
from pluralis.posts.drafts import one_text
from pluralis.posts.models import Post
from pluralis.publishing.actions import Plan
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Part
from pluralis.publishing.tasks import publish_part
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast, connect
from tests.apps.inbox.test_hear_and_answer import mention, poll

pytestmark = pytest.mark.django_db(transaction=True)


def heard(account: Account, x: FakeX, text: str, author: str = "dana") -> Message:
    mention(x, f"@Norlune {text}", author)
    poll(account)
    return Message.objects.filter(direction="in", text__contains=text[:40]).latest("created_at", "id")


def reply(actor, message: Message, text: str, confirmed: Confirmations | None = None, **more: object) -> Message:
    now = timezone.now()
    return answer(
        actor=actor,
        conversation_id=message.conversation_id,
        given=Answer(message_id=message.id, text=text, language="en", **more),
        plan=Plan(at=now, confirmed=confirmed or Confirmations()),
        client_key=str(uuid4()),
        now=now,
    )


def own_timeline(x: FakeX) -> list:
    return x.world.posts_of(x.world.find_profile("Norlune").id, Window())


def test_an_open_reply_stands_under_its_message(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "do you ship to Norway?")
    kept = reply(cast.bob, message, "We do.", kind="open")
    publish_part(str(kept.part_id))
    assert [post.draft.reply_to for post in own_timeline(x)] == [message.remote_id]
    noted = Reply.objects.get()
    assert (noted.kind, noted.form, noted.proposed, noted.reason) == ("open", "", "open", "one_person")


def test_a_private_reply_to_a_public_message_goes_on_in_a_conversation_of_its_own(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = heard(account, x, "my number is +44 7700 900482, where is my parcel?")
    kept = reply(cast.bob, message, "We look it up.", kind="private")
    publish_part(str(kept.part_id))
    assert own_timeline(x) == []
    dana = x.world.find_profile("dana").id
    assert [each.text for each in x.world.messages_of(dana, Window())] == ["We look it up."]
    link = ConversationLink.objects.get()
    assert (link.source_id, link.target_id, link.why) == (message.conversation_id, kept.conversation_id, "private")
    private, public = (
        Conversation.objects.get(id=kept.conversation_id),
        Conversation.objects.get(id=message.conversation_id),
    )
    assert (private.private, private.contact_id) == (True, public.contact_id)
    assert "900482" not in private.excerpt + public.excerpt
    assert (private.state, public.state) == ("waiting", "waiting")
    assert private.assigned_to_id == public.assigned_to_id == cast.bob.id


def test_what_they_answer_privately_joins_that_conversation(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "where is my parcel?")
    kept = reply(cast.bob, message, "Which number has it?", kind="private")
    publish_part(str(kept.part_id))
    x.world.send_privately(x.world.find_profile("dana").id, x.world.find_profile("Norlune").id, "Number 12")
    poll(account)
    assert Message.objects.get(text="Number 12").conversation_id == kept.conversation_id


def test_a_reply_for_everyone_waits_for_a_person_where_the_tier_forbids_it(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = heard(account, x, "are you open on Sunday?")
    kept = reply(cast.bob, message, "We are, from 10 to 16.", kind="community", form="dot_mention")
    assert kept.text == ".@dana We are, from 10 to 16."
    publish_part(str(kept.part_id))
    part = Part.objects.get(id=kept.part_id)
    assert (part.state, part.hold_reason) == ("held", "by_hand")
    assert "in_reply_to" not in part.by_hand_url
    assert kept.kind == "community"


def test_a_reply_for_everyone_quotes_the_question_and_stands_as_a_post(
    cast: Cast, account: Account, x: FakeX
) -> None:
    Account.objects.filter(id=account.id).update(settings={**account.settings, "tier": "enterprise"})
    message = heard(account, x, "are you open on Sunday?")
    kept = reply(cast.bob, message, "We are.", kind="community", form="question")
    publish_part(str(kept.part_id))
    post = own_timeline(x)[0]
    assert post.text == "“are you open on Sunday?”\nWe are. (via @dana)"
    assert (post.draft.reply_to, post.draft.quote_of) == (None, None)


def test_a_quote_post_names_the_post_it_quotes(cast: Cast, account: Account, x: FakeX) -> None:
    Account.objects.filter(id=account.id).update(settings={**account.settings, "tier": "enterprise"})
    message = heard(account, x, "are you open on Sunday?")
    publish_part(str(reply(cast.bob, message, "We are.", kind="community", form="quote_post").part_id))
    assert own_timeline(x)[0].draft.quote_of == message.remote_id


@pytest.mark.parametrize("kind", ["open", "private"])
def test_an_answer_whose_place_is_not_known_is_refused_and_nothing_goes_out(
    cast: Cast, account: Account, x: FakeX, kind: str
) -> None:
    message = heard(account, x, "do you ship to Norway?")
    Message.objects.filter(id=message.id).update(reference={}, profile=None)
    with pytest.raises(Invalid) as refused:
        reply(cast.bob, message, "We do.", kind=kind)
    assert refused.value.code == "no_place"
    assert not Part.objects.exists()


def test_changing_the_words_of_an_answer_never_moves_it_to_the_main_timeline(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = heard(account, x, "do you ship to Norway?")
    kept = reply(cast.bob, message, "We do.", kind="open")
    post = Post.objects.get()
    save_post(actor=cast.alice, post_id=post.id, draft=one_text("We do, weekly."), revision=1, now=timezone.now())
    post.refresh_from_db()
    assert post.reply_to["remote_id"] == message.remote_id
    publish_part(str(kept.part_id))
    assert all(each.draft.reply_to == message.remote_id for each in own_timeline(x))


def test_a_private_message_is_never_answered_openly(cast: Cast, account: Account, x: FakeX) -> None:
    dana = x.world.add_profile("dana", "Dana")
    x.world.send_privately(dana.id, x.world.find_profile("Norlune").id, "Where is my parcel?")
    poll(account)
    message = Message.objects.get()
    for kind in ("open", "community"):
        with pytest.raises(Invalid) as refused:
            reply(cast.bob, message, "Here.", kind=kind)
        assert refused.value.code == "private_stays_private"
    publish_part(str(reply(cast.bob, message, "Here.").part_id))
    assert own_timeline(x) == []


def test_an_unknown_kind_is_refused(cast: Cast, account: Account, x: FakeX) -> None:
    with pytest.raises(Invalid):
        reply(cast.bob, heard(account, x, "hello?"), "Hello.", kind="shout")


def test_a_public_reply_with_personal_data_is_stopped_and_a_lead_may_override_with_a_reason(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = heard(account, x, "whom do I write to?")
    text = "Please write to dana.ray@mail.example."
    for actor in (cast.bob, cast.alice):
        with pytest.raises(Invalid) as refused:
            reply(actor, message, text, kind="open")
        assert "rule:personal_data" in refused.value.fields
    with pytest.raises(Invalid):
        reply(cast.bob, message, text, Confirmations(override_reason="It is hers"), kind="open")
    assert not Part.objects.exists()
    reason = "She asked us to, mail bob.ray@mail.example"
    reply(cast.alice, message, text, Confirmations(override_reason=reason), kind="open")
    entry = AuditEntry.objects.get(action="inbox.reply.overridden")
    assert entry.data["rules"] == ["personal_data"]
    assert entry.data["reason"] == "She asked us to, mail [EMAIL]"


def test_the_proposal_is_kept_beside_what_a_person_chose(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "where is my parcel?")
    reply(cast.bob, message, "Please write to us privately.", kind="open")
    noted = Reply.objects.get()
    assert (noted.kind, noted.proposed, noted.reason) == ("open", "private", "data_needed")


def test_what_others_asked_lately_is_counted_once_for_each_person(cast: Cast, account: Account, x: FakeX) -> None:
    for author, text in (("erin", "how do I switch off autoplay?"), ("frank", "how do I switch autoplay off?"),
                         ("frank", "how do I switch off autoplay?"), ("gil", "lovely shop")):  # fmt: skip
        mention(x, f"@Norlune {text}", author)
    message = heard(account, x, "how do I switch off the autoplay?")
    now = timezone.now()
    assert asked_lately(message, now) == 2
    assert asked_lately(message, now + timedelta(days=8)) == 0
    assert read_for_answer(message.conversation, message, now).propose().kind == "community"


def test_reading_for_a_proposal_takes_three_queries(
    cast: Cast, account: Account, x: FakeX, django_assert_num_queries
) -> None:
    message = heard(account, x, "are you open on Sunday?")
    conversation = Conversation.objects.select_related("account__team").get()
    message = Message.objects.select_related("profile").get()
    with django_assert_num_queries(3):
        reading = read_for_answer(conversation, message, timezone.now())
        reading.propose("We are.")
        [reading.by_hand(form, "We are.") for form in reading.forms]


def test_the_network_is_asked_once_a_day_whether_somebody_takes_our_messages(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = heard(account, x, "where is my parcel?")
    now, dana = timezone.now(), x.world.find_profile("dana")
    dana.accepts_messages = False
    asked = {"actor": cast.bob, "conversation_id": message.conversation_id}
    assert ask_relation(**asked, now=now).may_message is False
    dana.accepts_messages = True
    assert ask_relation(**asked, now=now + timedelta(hours=2)).may_message is False
    assert ask_relation(**asked, now=now + timedelta(seconds=5), again=True).may_message is False
    assert ask_relation(**asked, now=now + timedelta(minutes=1), again=True).may_message is True
    assert ProfileRelation.objects.count() == 1


def test_charlie_can_ask_nothing_about_them(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "where is my parcel?")
    with pytest.raises(NotFound):
        ask_relation(actor=cast.charlie, conversation_id=message.conversation_id, now=timezone.now())
    with pytest.raises(NotFound):
        reply(cast.charlie, message, "We know.", kind="private")


def test_two_kinds_to_one_message_ask_before_the_second_goes_out(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "where is my parcel?")
    reply(cast.bob, message, "We write to you.", kind="private")
    with pytest.raises(Conflict) as asked:
        reply(cast.bob, message, "We wrote to you.", kind="open")
    assert asked.value.code == "second_answer"


def test_support_answers_from_its_own_account_under_the_same_message(cast: Cast, account: Account, x: FakeX) -> None:
    support = connect(cast.alice, x, "NorluneHelp", "support")
    message = heard(account, x, "how do I switch off autoplay?")
    kept = reply(cast.bob, message, "In the settings.", kind="open", account_id=support.id)
    part = Part.objects.select_related("delivery__post").get(id=kept.part_id)
    assert part.account_id == support.id
    assert part.delivery.post.reply_to["remote_id"] == message.remote_id
    assert (kept.account_id, kept.conversation_id) == (support.id, message.conversation_id)


def test_an_account_elsewhere_cannot_answer_there(cast: Cast, account: Account, x: FakeX) -> None:
    support = connect(cast.alice, x, "NorluneHelp", "support")
    Account.objects.filter(id=support.id).update(host="https://elsewhere.example")
    with pytest.raises(Invalid) as refused:
        reply(cast.bob, heard(account, x, "hello?"), "Hello.", kind="open", account_id=support.id)
    assert refused.value.code == "cannot_reach"


def test_an_answer_is_a_plain_value() -> None:
    given = Answer(message_id=uuid4(), text="a")
    assert replace(given, kind="open") != given
