"""Followers worth following back: who is listed and why, how it gets known, what a person decides."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pluralis import jobs
from pluralis.inbox.actions import erase_contact, export_contact, following_back
from pluralis.inbox.actions.contacts import set_tags
from pluralis.inbox.actions.distancing import end_distance, keep_distance, moderate
from pluralis.inbox.actions.following_back import ask_about_writers, ask_tonight, decide_follow_back, undo_follow_back
from pluralis.inbox.actions.learning import correct_label
from pluralis.inbox.models import FollowBack, Message, Profile, ProfileRelation, ReadCount, Reply
from pluralis.inbox.queries.follow_backs import decided_lately, price_of_asking, told_of, worth_following
from pluralis.inbox.queries.reads import reads_of
from pluralis.inbox.tasks import ask_who_follows
from pluralis.networks.fake.network import FakeNetwork
from pluralis.networks.fake.world import Draft as FakeDraft
from pluralis.networks.fake.x import FakeX
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, connect, make_user
from tests.apps.inbox.test_hear_and_answer import poll
from tests.apps.publishing.ahead import fake

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network() -> Iterator[FakeNetwork]:
    """A network that tells for nothing who follows whom."""
    with fake("mastodon") as opened:
        yield opened


@pytest.fixture
def brand(cast: Cast, network: FakeNetwork) -> Account:
    return connect(cast.alice, network)


def follower(network: FakeNetwork, account: Account, handle: str, *texts: str, followers: int = 0) -> str:
    """Somebody who follows the account writes to it; returns their id there."""
    us = network.world.find_profile(account.handle.partition("@")[0])
    them = network.world.add_profile(handle, handle.title(), followers=followers)
    for text in texts:
        network.world.write(them.id, FakeDraft(f"@{us.handle} {text}"))
    network.world.follows.add((them.id, us.id))
    return them.id


def known(account: Account, handle: str, they: bool = True, we: bool = False, **more: object) -> ProfileRelation:
    """What a network has told of somebody who wrote."""
    told = {"they_follow": they, "we_follow": we, "may_message": True, "seen_at": timezone.now()} | more
    return ProfileRelation.objects.create(team=account.team, account=account, profile=of(handle), **told)


def of(handle: str) -> Profile:
    return Profile.objects.get(handle__startswith=handle)


def listed(account: Account) -> list[str]:
    return [each.profile.handle.partition("@")[0] for each in worth_following(account, timezone.now()).people]


def whys(account: Account) -> list[tuple[str, int | str]]:
    (found,) = worth_following(account, timezone.now()).people
    return [(str(each.why), each.words or each.number) for each in found.reasons]


def test_a_night_tells_who_of_the_writers_follows_us(
    cast: Cast, brand: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower(network, brand, "dana", "hello", "hello again")
    stranger = network.world.add_profile("erin", "Erin")
    network.world.write(stranger.id, FakeDraft(f"@{brand.handle.partition('@')[0]} hi"))
    poll(brand)
    deferred: list[dict] = []
    monkeypatch.setattr(jobs, "defer", lambda name, **given: deferred.append({"name": name, **given}))
    assert (ask_who_follows(0), listed(brand)) == (1, [])
    assert deferred[0]["name"] == "ask_who_follows_account"
    assert ask_tonight(deferred[0]["account_id"], timezone.now()) == 2
    assert listed(brand) == ["dana"]
    (dana,) = worth_following(brand, timezone.now()).people
    assert dana.page.endswith(f"/@{dana.profile.handle}") or dana.page
    assert ask_tonight(brand.id, timezone.now()) == 0, "who is known is not asked about again for a week"
    assert ask_tonight(brand.id, timezone.now() + timedelta(days=8)) == 2


def test_the_reasons_are_what_is_stored_and_the_strongest_stands_first(
    cast: Cast, brand: Account, network: FakeNetwork
) -> None:
    follower(network, brand, "dana", "hello", "your service is wonderful, thank you", followers=999)
    poll(brand)
    Message.objects.filter(text__contains="wonderful").update(triage={"label": "praise"})
    Message.objects.filter(text__contains="hello").update(triage={"label": "question"})
    set_tags(actor=cast.bob, contact_id=of("dana").contact_id, tags=["customer", "Journaliste"], now=timezone.now())
    known(brand, "dana")
    assert whys(brand) == [("tag", "Journaliste"), ("followers", 999), ("wrote", 2), ("praise", 1)]
    Message.objects.update(created_at=timezone.now() - timedelta(days=91))
    assert [why for why, _number in whys(brand)] == ["tag", "followers"]


def test_a_private_answer_that_was_wanted_and_not_possible_comes_first(
    cast: Cast, brand: Account, network: FakeNetwork
) -> None:
    follower(network, brand, "dana", "where is my parcel?")
    follower(network, brand, "erin", *["hello"] * 6)
    poll(brand)
    known(brand, "erin")
    relation = known(brand, "dana", may_message=False)
    assert listed(brand) == ["erin", "dana"]
    message = Message.objects.get(profile=of("dana"))
    Reply.objects.create(team=brand.team, message=message, part=_part(cast, brand), author=cast.bob, kind="open",
                         form="plain", proposed="private", reason="order", at=timezone.now())  # fmt: skip
    assert listed(brand) == ["dana", "erin"]
    ProfileRelation.objects.filter(id=relation.id).update(may_message=True)
    assert listed(brand) == ["erin", "dana"], "who can be written to privately needs no follow for it"


def _part(cast: Cast, account: Account):
    from tests.apps.cast import schedule, write

    return schedule(cast.alice, write(cast.alice, "We write to you."), account, after=3600)[0].parts.get()


@pytest.mark.parametrize(
    "told", [{"they": False}, {"we": True}, {"they": None}, {"we": None}, {"seen_at": timezone.now() - timedelta(91)}]
)
def test_who_does_not_follow_or_is_followed_or_is_not_known_is_not_listed(
    cast: Cast, brand: Account, network: FakeNetwork, told: dict
) -> None:
    follower(network, brand, "dana", "hello")
    poll(brand)
    known(brand, "dana", **told)
    assert listed(brand) == []


def test_nobody_is_listed_or_asked_about_whom_the_team_does_not_engage_with(
    cast: Cast, brand: Account, network: FakeNetwork
) -> None:
    for name in ("dana", "erin", "frank", "gina", "hugo"):
        follower(network, brand, name, "hello there")
        poll(brand)
    now = timezone.now()
    for name in ("dana", "erin", "frank", "gina"):
        known(brand, name)
    until = now + timedelta(days=7)
    keep_distance(actor=cast.alice, contact_id=of("dana").contact_id, reason="Hate", until=until, now=now)
    correct_label(actor=cast.bob, message_id=Message.objects.get(profile=of("erin")).id, label="abuse", now=now)
    moderate(actor=cast.alice, profile_id=of("frank").id, account_id=brand.id, action="mute", by_hand=True, now=now)
    assert listed(brand) == ["gina"]
    keep_distance(actor=cast.alice, contact_id=of("hugo").contact_id, reason="Hate", until=until, now=now)
    ProfileRelation.objects.all().delete()
    assert ask_tonight(brand.id, now) == 1
    assert ProfileRelation.objects.get().profile == of("gina")
    end_distance(actor=cast.alice, contact_id=of("hugo").contact_id, now=now)
    assert ask_tonight(brand.id, now) == 1


def test_the_list_is_two_queries_however_long(
    cast: Cast, brand: Account, network: FakeNetwork, django_assert_num_queries
) -> None:
    for number in range(8):
        follower(network, brand, f"p{number:02}", *["hello"] * (number + 1))
    poll(brand)
    ask_tonight(brand.id, timezone.now())
    with django_assert_num_queries(2):
        found = worth_following(brand, timezone.now(), 2)
    assert [each.profile.handle.partition("@")[0] for each in found.people] == ["p07", "p06"]
    assert found.how_many == 8
    with django_assert_num_queries(2):
        told_of(brand, timezone.now())
        decided_lately(brand)


def test_a_decision_is_kept_with_who_and_when_and_can_be_taken_back(
    cast: Cast, brand: Account, network: FakeNetwork
) -> None:
    follower(network, brand, "dana", "hello")
    poll(brand)
    known(brand, "dana")
    now = timezone.now()
    this = {"account_id": brand.id, "profile_id": of("dana").id}
    for actor in (cast.bob, cast.alice):  # the second press changes nothing
        decide_follow_back(actor=actor, **this, decision="done", now=now)
    kept = FollowBack.objects.get()
    assert (kept.decided_by, kept.decided_at, listed(brand)) == (cast.bob, now, [])
    decide_follow_back(actor=cast.alice, **this, decision="dismissed", now=now)
    assert [each.decision for each in decided_lately(brand)] == ["dismissed"]
    assert undo_follow_back(actor=cast.bob, **this, now=now)
    assert not undo_follow_back(actor=cast.bob, **this, now=now)
    assert listed(brand) == ["dana"]
    entries = AuditEntry.objects.filter(action__contains="follow", object_id=of("dana").id).order_by("id")
    assert [each.action.rpartition(".")[2] for each in entries] == [
        "followed_back", "not_followed_back", "follow_undecided",
    ]  # fmt: skip


def test_charlie_and_who_only_reads_decide_nothing(cast: Cast, brand: Account, network: FakeNetwork) -> None:
    follower(network, brand, "dana", "hello")
    poll(brand)
    now = timezone.now()
    reader = Membership.objects.create(team=brand.team, user=make_user("Ray"), role=Role.VIEWER, created_at=now)
    this = {"account_id": brand.id, "profile_id": of("dana").id, "decision": "done", "now": now}
    for actor, error in ((cast.charlie, NotFound), (reader, Forbidden)):
        with pytest.raises(error):
            decide_follow_back(actor=actor, **this)
        with pytest.raises(error):
            ask_about_writers(actor=actor, account_id=brand.id, now=now)
    with pytest.raises(Invalid):
        decide_follow_back(actor=cast.bob, **this | {"decision": "follow"})
    assert not FollowBack.objects.exists()


def test_where_it_costs_only_the_button_asks_and_says_its_price(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        follower(x, account, f"p{number}", *["hello"] * (number + 1))
    poll(account)
    assert following_back.asked_each_night() == []
    assert ask_tonight(account.id, timezone.now()) == 0
    price = price_of_asking(account, 10)
    assert (price.amount, price.currency) == (Decimal("0.100"), "USD")
    monkeypatch.setattr(following_back, "AT_ONCE", 2)
    assert ask_about_writers(actor=cast.bob, account_id=account.id, now=timezone.now()) == 2
    assert listed(account) == ["p3", "p2"], "the most frequent writers are asked about first"
    assert ReadCount.objects.get(stream="relations").items == 2
    assert reads_of([account], timezone.now())[account.id].price >= Decimal("0.020")
    monkeypatch.setattr(following_back, "PAID_A_DAY", 3)
    assert ask_about_writers(actor=cast.bob, account_id=account.id, now=timezone.now()) == 1
    with pytest.raises(Conflict) as enough:
        ask_about_writers(actor=cast.bob, account_id=account.id, now=timezone.now())
    assert enough.value.code == "enough_today"
    monkeypatch.setattr(following_back, "is_over_budget", lambda _account: True)
    with pytest.raises(Conflict) as spent:
        ask_about_writers(actor=cast.bob, account_id=account.id, now=timezone.now())
    assert (spent.value.code, ReadCount.objects.get(stream="relations").items) == ("over_budget", 3)


def test_a_network_that_is_silent_ends_the_asking_and_nothing_is_believed(
    cast: Cast, brand: Account, network: FakeNetwork
) -> None:
    follower(network, brand, "dana", "hello")
    poll(brand)
    network.moods.set("error_before", "relation")
    assert ask_about_writers(actor=cast.bob, account_id=brand.id, now=timezone.now()) == 0
    assert not ProfileRelation.objects.exists()
    Account.objects.filter(id=brand.id).update(connected=False)
    with pytest.raises(Conflict):
        ask_about_writers(actor=cast.bob, account_id=brand.id, now=timezone.now())


def test_what_is_known_of_a_follower_is_given_out_on_request_and_goes_with_the_person(
    cast: Cast, brand: Account, network: FakeNetwork
) -> None:
    follower(network, brand, "dana", "hello")
    poll(brand)
    known(brand, "dana")
    now, dana = timezone.now(), of("dana")
    decide_follow_back(actor=cast.bob, account_id=brand.id, profile_id=dana.id, decision="done", now=now)
    (told,) = export_contact(actor=cast.alice, contact_id=dana.contact_id, now=now)["profiles"]
    assert (told["follow_state"][0]["follows_it"], told["follow_decisions"][0]["decision"]) == (True, "done")
    erase_contact(actor=cast.alice, contact_id=dana.contact_id, now=now)
    assert not FollowBack.objects.exists() and not ProfileRelation.objects.exists()
