"""A case outside comes back by its reminder; questions are offered to support and praise to the main account."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from pluralis.inbox.actions import (
    Answer,
    close_case,
    decide_offer,
    hand_over,
    offer_message,
    remind_of_cases,
    resolve_conversation,
    rules_of,
    set_rules,
)
from pluralis.inbox.actions.offering import take_offer
from pluralis.inbox.models import Conversation, HandOver, Message, Offer, Reply, Repost
from pluralis.inbox.queries.figures import figures_of, open_offers, shopfront_of, shopfronts
from pluralis.publishing.actions import Plan
from pluralis.publishing.models import Part
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast, schedule, write
from tests.apps.inbox.test_personal_data import account_of, hear, incoming, stand

pytestmark = pytest.mark.django_db
PRAISE = "I love your shop, thank you so much, you are wonderful!"
QUESTION = "How do I switch off the autoplay in the app?"


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast)


def over(cast: Cast, message: Message, days: float = 3, channel: str = "telephone") -> HandOver:
    now = timezone.now()
    return hand_over(
        actor=cast.bob, conversation_id=message.conversation_id, channel=channel,
        remind_at=now + timedelta(days=days), now=now,
    )  # fmt: skip


def state_of(message: Message) -> str:
    return Conversation.objects.get(id=message.conversation_id).state


def test_a_case_sleeps_with_a_number_and_its_reminder_brings_it_back(cast: Cast, account: Account) -> None:
    message = hear(account, incoming(QUESTION))[0]
    case = over(cast, message)
    assert state_of(message) == "snoozed"
    assert len(case.case_number) == 11
    assert remind_of_cases(now=timezone.now()) == 0
    assert remind_of_cases(now=case.remind_at) == 1
    assert state_of(message) == "open"
    assert remind_of_cases(now=case.remind_at + timedelta(days=1)) == 0


def test_the_reminder_wakes_a_resolved_conversation_too(cast: Cast, account: Account) -> None:
    message = hear(account, incoming(QUESTION))[0]
    case = over(cast, message)
    Conversation.objects.update(state="open")
    resolve_conversation(actor=cast.bob, conversation_id=message.conversation_id, now=timezone.now())
    remind_of_cases(now=case.remind_at)
    assert state_of(message) == "open"


def test_handing_over_again_keeps_the_number(cast: Cast, account: Account) -> None:
    message = hear(account, incoming(QUESTION))[0]
    first, second = over(cast, message), over(cast, message, days=7, channel="email")
    assert (first.id, second.channel, second.case_number) == (second.id, "email", first.case_number)


def test_a_case_that_is_done_outside_is_open_again_and_reminds_of_nothing(cast: Cast, account: Account) -> None:
    message = hear(account, incoming(QUESTION))[0]
    case = over(cast, message)
    close_case(actor=cast.bob, conversation_id=message.conversation_id, now=timezone.now())
    assert state_of(message) == "open"
    assert remind_of_cases(now=case.remind_at) == 0
    with pytest.raises(NotFound):
        close_case(actor=cast.bob, conversation_id=message.conversation_id, now=timezone.now())


@pytest.mark.parametrize(("days", "channel"), [(0, "email"), (-1, "email"), (400, "email"), (3, "pigeon"), (3, "")])
def test_a_case_needs_a_way_and_a_time(cast: Cast, account: Account, days: float, channel: str) -> None:
    message = hear(account, incoming(QUESTION))[0]
    with pytest.raises(Invalid):
        over(cast, message, days, channel)
    assert state_of(message) == "open"


def test_charlie_hands_over_nothing(cast: Cast, account: Account) -> None:
    message = hear(account, incoming(QUESTION))[0]
    with pytest.raises(NotFound):
        over(Cast(cast.alice, cast.charlie, cast.charlie), message)


def test_a_question_on_the_main_account_is_offered_to_support_by_rule(cast: Cast, account: Account) -> None:
    support = account_of(cast, "NorluneHelp", "support")
    message = hear(account, incoming(QUESTION))[0]
    offer = Offer.objects.get()
    assert (offer.message_id, offer.account_id, offer.about, offer.offered_by) == (
        message.id,
        support.id,
        "support",
        None,
    )
    assert open_offers(cast.bob) == [offer]
    assert open_offers(cast.charlie) == []


def test_without_a_support_account_nothing_is_offered(cast: Cast, account: Account) -> None:
    hear(account, incoming(QUESTION))
    assert not Offer.objects.exists()


def test_what_arrives_at_support_is_not_offered_to_itself(cast: Cast, account: Account) -> None:
    support = account_of(cast, "NorluneHelp", "support")
    hear(support, incoming(QUESTION))
    assert not Offer.objects.exists()


def test_a_support_account_on_another_network_cannot_be_offered_it(cast: Cast, account: Account) -> None:
    account_of(cast, "NorluneHelp", "support")
    Account.objects.filter(kind="support").update(network="mastodon")
    hear(account, incoming(QUESTION))
    assert not Offer.objects.exists()


def test_praise_is_offered_to_the_main_account_unless_it_holds_personal_data(cast: Cast, account: Account) -> None:
    hear(account, incoming(PRAISE), incoming(f"{PRAISE} dana.ray@mail.example", who="erin"))
    assert [(each.about, each.account_id) for each in Offer.objects.all()] == [("praise", account.id)]


def test_a_team_can_end_the_rules(cast: Cast, account: Account) -> None:
    account_of(cast, "NorluneHelp", "support")
    set_rules(actor=cast.alice, now=timezone.now(), support=False, praise=False)
    account.team.refresh_from_db()
    assert rules_of(account.team) == {"support": False, "praise": False}
    hear(account, incoming(QUESTION), incoming(PRAISE))
    assert not Offer.objects.exists()
    with pytest.raises(Forbidden):
        set_rules(actor=cast.bob, now=timezone.now(), support=True)


def test_a_message_is_offered_by_hand_where_there_is_somebody_to_take_it(cast: Cast, account: Account) -> None:
    message = hear(account, incoming("Hm."))[0]
    with pytest.raises(Conflict) as refused:
        offer_message(actor=cast.bob, message_id=message.id, about="support", now=timezone.now())
    assert refused.value.code == "nobody_to_offer"
    account_of(cast, "NorluneHelp", "support")
    assert offer_message(actor=cast.bob, message_id=message.id, about="support", now=timezone.now()).state == "open"
    with pytest.raises(Invalid):
        offer_message(actor=cast.bob, message_id=message.id, about="lunch", now=timezone.now())


def test_of_two_who_decide_the_second_is_told(cast: Cast, account: Account) -> None:
    hear(account, incoming(PRAISE))
    offer = Offer.objects.get()
    assert decide_offer(actor=cast.bob, offer_id=offer.id, taken=False, now=timezone.now()).state == "declined"
    with pytest.raises(Conflict):
        decide_offer(actor=cast.alice, offer_id=offer.id, taken=True, now=timezone.now())


def take(cast: Cast, offer: Offer, **more: object) -> Message:
    now = timezone.now()
    given = Answer(message_id=offer.message_id, language="en", **{"text": "In the settings.", "kind": "open", **more})
    return take_offer(
        actor=cast.bob, offer_id=offer.id, given=given, plan=Plan(at=now), client_key=uuid4().hex, now=now
    )


def test_support_takes_a_question_by_answering_it(cast: Cast, account: Account) -> None:
    support = account_of(cast, "NorluneHelp", "support")
    hear(account, incoming(QUESTION))
    offer = Offer.objects.get()
    kept = take(cast, offer, account_id=support.id)
    offer.refresh_from_db()
    assert (offer.state, kept.account_id) == ("taken", support.id)


def test_an_offer_stays_open_when_its_answer_cannot_go_out(cast: Cast, account: Account) -> None:
    account_of(cast, "NorluneHelp", "support")
    hear(account, incoming(QUESTION))
    offer = Offer.objects.get()
    with pytest.raises(Invalid):
        take(cast, offer, text="x" * 400)
    offer.refresh_from_db()
    assert offer.state == "open"
    assert not Part.objects.exists()


def test_praise_is_quoted_through_the_road_by_a_person(cast: Cast, account: Account) -> None:
    message = hear(account, incoming(PRAISE, remote_id="99"))[0]
    kept = take(cast, Offer.objects.get(), text="This makes our day.", kind="community", form="quote_post")
    post = kept.part.delivery.post
    assert (post.quote["remote_id"], post.reply_to, kept.text) == ("99", None, "This makes our day.")
    assert Reply.objects.get(message=message).form == "quote_post"


def sent(cast: Cast, account: Account, text: str) -> Part:
    delivery = schedule(cast.alice, write(cast.alice, text), account)[0]
    stand(Part.objects.filter(delivery=delivery))
    return delivery.parts.get()


def test_the_balance_counts_what_went_to_one_and_to_all(cast: Cast, account: Account) -> None:
    support = account_of(cast, "NorluneHelp", "support")
    hear(account, incoming(QUESTION))
    take(cast, Offer.objects.get(), account_id=support.id)
    stand(Part.objects.all())
    sent(cast, support, "New hours from Monday.")
    sent(cast, support, "What would you like to know?")
    found = figures_of(support, timezone.now() + timedelta(seconds=1))
    assert (found.whole.to_one, found.whole.to_all, found.whole.announcements) == (1, 2, 1)
    assert [week.balance.to_all for week in found.weeks] == [0, 0, 0, 2]
    assert (found.proposed, found.kept) == (1, 1)


def test_what_is_older_than_the_weeks_is_not_counted(cast: Cast, account: Account) -> None:
    sent(cast, account, "Long ago.")
    assert figures_of(account, timezone.now() + timedelta(weeks=5)).whole.to_all == 0


def test_the_front_window_shows_how_many_posts_are_about_trouble(cast: Cast, account: Account) -> None:
    sent(cast, account, "We are sorry for the outage in Leeds.")
    sent(cast, account, "Our new lamp is here.")
    found = shopfront_of(account)
    assert (found.burdened, len(found.shown)) == (1, 2)
    assert [each.handle for each, _front in shopfronts(cast.alice)] == ["Norlune"]


def reposted(message: Message, at: datetime, **more: object) -> Repost:
    return Repost.objects.create(
        team_id=message.team_id, message=message, account=message.account, reposted_at=at, **more
    )


def test_a_repost_that_stands_is_shown_at_its_time_and_counted_to_all(cast: Cast, account: Account) -> None:
    sent(cast, account, "Our new lamp is here.")
    praise, gone, ended = hear(account, incoming(PRAISE), incoming("Gone"), incoming("Ended"))
    now = timezone.now()
    reposted(praise, now - timedelta(days=16))
    reposted(gone, now)
    reposted(ended, now, state=Repost.State.TAKEN_BACK, taken_back_at=now)
    Message.objects.filter(id=gone.id).update(deleted_at=now)
    front = shopfront_of(account)
    assert [(each.text, each.repost) for each in front.shown] == [("Our new lamp is here.", False), (PRAISE, True)]
    found = figures_of(account, now + timedelta(seconds=1))
    assert (found.whole.reposts, found.whole.to_all, found.whole.announcements) == (1, 2, 1)
    assert [week.balance.to_all for week in found.weeks] == [0, 1, 0, 1]
    Message.objects.filter(id=praise.id).update(personal_data=[{"start": 2, "end": 6, "type": "EMAIL"}])
    assert "[EMAIL]" in shopfront_of(account).shown[1].text


def test_figures_take_three_queries_and_a_window_two(cast: Cast, account: Account, django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        figures_of(account, timezone.now())
    with django_assert_num_queries(2):
        shopfront_of(account)


def test_every_step_is_in_the_audit_log_by_ids_only(cast: Cast, account: Account) -> None:
    message = hear(account, incoming(PRAISE))[0]
    over(cast, message)
    decide_offer(actor=cast.bob, offer_id=Offer.objects.get().id, taken=False, now=timezone.now())
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"inbox.conversation.handed_over", "inbox.offer.declined"} <= actions
    assert "wonderful" not in str(list(AuditEntry.objects.values_list("data", flat=True)))
