"""Praise is reposted by a person: once, taken back, refused with a reason, never what is private."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pluralis.inbox.actions import erase_contact, offer_message, repost_message, repost_way, take_back_repost
from pluralis.inbox.models import Contact, Conversation, Message, Offer, Repost
from pluralis.inbox.queries.reposts import reposts_lately
from pluralis.networks.contract import Access
from pluralis.networks.errors import NotNow
from pluralis.networks.fake.moods import Mood
from pluralis.networks.fake.world import Draft
from pluralis.networks.fake.x import FakeX
from pluralis.networks.x import XConnector
from pluralis.publishing.actions import set_budget, stop_everything
from pluralis.publishing.models import Charge
from pluralis.teams.errors import ActionError, Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, connect, make_user
from tests.apps.inbox.test_personal_data import hear, incoming

pytestmark = pytest.mark.django_db

PRAISE = "I love your shop, thank you so much, you are wonderful!"


def heard(account: Account, x: FakeX, text: str = PRAISE) -> Message:
    """Let Dana write to us, and hear of it."""
    words = f"@{account.handle} {text}"
    post = x.world.write(x.world.add_profile("dana", "Dana").id, Draft(words))
    return hear(account, incoming(words, remote_id=post.id))[0]


@pytest.fixture
def praise(account: Account, x: FakeX) -> Message:
    return heard(account, x)


def press(actor: Membership, message: Message, account: Account | None = None, *, by_hand: bool = False) -> Repost:
    account_id = (account or message.account).id
    return repost_message(
        actor=actor, message_id=message.id, account_id=account_id, by_hand=by_hand, now=timezone.now()
    )


def take_back(actor: Membership, repost: Repost, *, by_hand: bool = False) -> Repost:
    return take_back_repost(actor=actor, repost_id=repost.id, by_hand=by_hand, now=timezone.now())


def noted(x: FakeX) -> list[str]:
    return [entry.action for entry in x.ledger.entries() if entry.action in ("repost", "unrepost")]


def charged() -> list[tuple[str, Decimal]]:
    return list(Charge.objects.order_by("at").values_list("line", "amount"))


def test_praise_is_reposted_once_however_often_it_is_pressed(cast: Cast, praise: Message, x: FakeX) -> None:
    first, second = press(cast.bob, praise), press(cast.alice, praise)
    assert (first, second.reposted_by) == (second, cast.bob)
    assert noted(x) == ["repost"]
    entry = AuditEntry.objects.get(action="inbox.message.reposted")
    assert (entry.object_id, entry.data) == (praise.id, {"account": str(praise.account_id), "by_hand": False})
    assert charged() == [("create_interaction", Decimal("0.015"))]


def test_reposting_what_was_offered_takes_the_offer(cast: Cast, praise: Message) -> None:
    assert Offer.objects.get().state == "open"
    press(cast.bob, praise)
    assert (Offer.objects.get().state, Offer.objects.get().decided_by) == ("taken", cast.bob)
    offer_message(actor=cast.bob, message_id=praise.id, about="praise", now=timezone.now())
    press(cast.bob, praise)
    assert Offer.objects.get().state == "taken"


def test_a_repost_is_taken_back_once_and_can_be_made_again(cast: Cast, praise: Message, x: FakeX) -> None:
    made = press(cast.bob, praise)
    for _again in range(2):
        ended = take_back(cast.alice, made)
    assert (ended.state, ended.taken_back_by, noted(x)) == ("taken_back", cast.alice, ["repost", "unrepost"])
    assert AuditEntry.objects.filter(action="inbox.message.repost_taken_back").count() == 1
    assert reposts_lately(cast.bob, timezone.now()) == []
    assert press(cast.bob, praise) != made
    assert [line for line, _amount in charged()] == ["create_interaction", "delete", "create_interaction"]


def no_longer(**values: object) -> Callable[[Message, Cast], object]:
    return lambda message, _cast: Message.objects.filter(id=message.id).update(**values)


def account_is(**values: object) -> Callable[[Message, Cast], object]:
    return lambda message, _cast: Account.objects.filter(id=message.account_id).update(**values)


NOW = timezone.now()
STOOD_IN_THE_WAY: dict[str, Callable[[Message, Cast], object]] = {
    "message_deleted": no_longer(deleted_at=NOW),
    "personal_data": no_longer(personal_data=[{"kind": "email", "start": 0, "end": 4}]),
    "private": no_longer(kind="direct"),
    "cannot_repost": no_longer(direction="out"),
    "do_not_engage": lambda *_: Contact.objects.update(do_not_engage_until=NOW + timedelta(days=9)),
    "stopped": lambda _message, cast: stop_everything(actor=cast.alice, reason="Crisis", now=timezone.now()),
    "quarantined": account_is(quarantined_at=NOW),
    "paused": account_is(paused_at=NOW),
    "disconnected": account_is(connected=False),
    "over_budget": lambda message, cast: set_budget(
        actor=cast.alice, account_id=message.account_id, amount=Decimal("0.01"), currency="USD", now=timezone.now()
    ),
}


@pytest.mark.parametrize("code", STOOD_IN_THE_WAY)
def test_what_stands_in_the_way_is_said_and_nothing_is_reposted(
    cast: Cast, praise: Message, x: FakeX, code: str
) -> None:
    STOOD_IN_THE_WAY[code](praise, cast)
    with pytest.raises(ActionError) as refused:
        press(cast.bob, praise)
    assert refused.value.code == code
    assert str(refused.value.kept).startswith("Nothing was")
    assert code == "cannot_repost" or refused.value.next_step
    assert (noted(x), Repost.objects.count()) == ([], 0)


def test_a_conversation_that_became_private_is_for_nobody_else(cast: Cast, praise: Message) -> None:
    Conversation.objects.update(private=True)
    with pytest.raises(Conflict):
        press(cast.bob, praise)


def test_taking_back_stays_possible_while_everything_is_stopped(cast: Cast, praise: Message, x: FakeX) -> None:
    made = press(cast.bob, praise)
    stop_everything(actor=cast.alice, reason="Crisis", now=timezone.now())
    assert take_back(cast.bob, made).state == "taken_back"
    assert noted(x) == ["repost", "unrepost"]


def test_an_unclear_answer_says_to_press_again_and_the_second_press_makes_no_second_repost(
    cast: Cast, praise: Message, x: FakeX
) -> None:
    x.moods.add(Mood("drop", "repost", times=1))
    with pytest.raises(Conflict) as unclear:
        press(cast.bob, praise)
    assert (unclear.value.code, Repost.objects.count(), Offer.objects.get().state) == ("unconfirmed", 0, "open")
    press(cast.bob, praise)
    assert (noted(x), Repost.objects.count()) == (["repost"], 1)


def test_a_used_up_limit_says_when_to_come_back(cast: Cast, praise: Message, x: FakeX) -> None:
    x.moods.set("limit", "repost", seconds=600)
    with pytest.raises(Conflict, match="Try again after") as late:
        press(cast.bob, praise)
    assert (late.value.code, str(late.value.kept)) == ("not_now", "Nothing was done.")


def test_keys_that_are_no_longer_taken_disconnect_the_account(cast: Cast, praise: Message, x: FakeX) -> None:
    x.moods.set("unauthorised", "repost")
    for _again in range(2):
        with pytest.raises(Conflict) as refused:
            press(cast.bob, praise)
        assert refused.value.code == "disconnected"
    assert not Account.objects.get().connected


def test_keys_that_ended_early_are_renewed_and_it_is_reposted(
    cast: Cast, praise: Message, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def once(connector: XConnector, access: Access, *_rest: object) -> None:
        seen.append(access)
        if len(seen) == 1:
            raise NotNow("sign in again", refresh=True)

    monkeypatch.setattr(XConnector, "repost", once)
    assert press(cast.bob, praise).state == "done"
    assert len(seen) == 2


def test_where_programs_may_not_a_trusted_person_does_it_by_hand_for_nothing(
    cast: Cast, praise: Message, x: FakeX
) -> None:
    x.reposts_by_program = False
    with pytest.raises(Conflict) as refused:
        press(cast.bob, praise)
    assert refused.value.code == "by_hand"
    with pytest.raises(Forbidden):
        press(cast.bob, praise, by_hand=True)
    way = repost_way(
        actor=cast.alice, message_id=praise.id, account_id=praise.account_id, now=timezone.now()
    )  # fmt: skip
    assert way.page.endswith(f"/intent/retweet?tweet_id={praise.remote_id}")
    made = press(cast.alice, praise, by_hand=True)
    assert (made.by_hand, noted(x), charged()) == (True, [], [])
    assert take_back(cast.alice, made, by_hand=True).state == "taken_back"


def test_the_main_account_reposts_what_support_heard_and_an_account_elsewhere_cannot(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = heard(connect(cast.alice, x, "NorluneHelp", "support"), x)
    made = press(cast.bob, message, account)
    assert (made.account, x.world.reposts) == (account, {(account.remote_id, message.remote_id)})
    Account.objects.filter(id=account.id).update(network="mastodon")
    with pytest.raises(Invalid):
        press(cast.bob, message, account)


def test_viewers_and_other_teams_repost_and_take_back_nothing(cast: Cast, praise: Message) -> None:
    made = press(cast.bob, praise)
    viewer = Membership.objects.create(
        team=cast.alice.team, user=make_user("Vera"), role=Role.VIEWER, created_at=timezone.now()
    )
    for actor, refusal in ((viewer, Forbidden), (cast.charlie, NotFound)):
        with pytest.raises(refusal):
            press(actor, praise)
        with pytest.raises(refusal):
            take_back(actor, made)
    assert reposts_lately(cast.charlie, timezone.now()) == []


def test_the_week_s_reposts_take_one_query(cast: Cast, praise: Message, django_assert_num_queries) -> None:
    made = press(cast.bob, praise)
    with django_assert_num_queries(1):
        assert [str(each.reposted_by.user) for each in reposts_lately(cast.bob, timezone.now())] == ["Bob"]
    assert reposts_lately(cast.bob, made.reposted_at + timedelta(days=8)) == []


def test_erasing_the_person_leaves_no_row_of_what_was_reposted(cast: Cast, praise: Message) -> None:
    press(cast.bob, praise)
    contact_id = praise.conversation.contact_id
    assert contact_id
    erase_contact(actor=cast.alice, contact_id=contact_id, now=timezone.now())
    assert not Repost.objects.exists()
