"""What is out and should not be: taken down, given other words where the network can, followed by a correction."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from pluralis.core.review import ReviewRule
from pluralis.core.states import PartState
from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.fake.mastodon import FakeMastodon
from pluralis.networks.fake.server import FakeServer
from pluralis.networks.fake.x import FakeX
from pluralis.publishing.actions import correct_words, follow_up, may_edit, take_down
from pluralis.publishing.correcting import correct_post, wake_corrections
from pluralis.publishing.models import Correction, Part
from pluralis.publishing.tasks import publish_part
from pluralis.teams.actions import set_review_rule
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership
from tests.apps.cast import Cast, connect, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now


@pytest.fixture
def mastodon() -> Iterator[FakeMastodon]:
    """A fake Mastodon on loopback."""
    network = FakeMastodon(seed=7)
    with FakeServer(network) as server:
        before = allow_private_origins([server.origin])
        try:
            yield network
        finally:
            allow_private_origins(before)


def out(cast: Cast, account: Account, *texts: str) -> list[Part]:
    """Publish a post or a thread and return its parts, which stand on the network."""
    (delivery,) = schedule(cast.alice, write(cast.alice, *texts), account)
    for part in delivery.parts.order_by("position"):
        Part.objects.filter(id=part.id).update(due_at=NOW() - timedelta(seconds=1))
        publish_part(str(part.id))
    parts = list(delivery.parts.order_by("position"))
    assert {part.state for part in parts} == {PartState.SENT}
    return parts


def down(actor: Membership, part: Part, *, whole: bool = False) -> list[Correction]:
    return take_down(actor=actor, part_id=part.id, whole=whole, now=NOW())


def run(*corrections: Correction) -> None:
    for one in corrections:
        Correction.objects.filter(id=one.id).update(next_at=NOW() - timedelta(seconds=1))
        correct_post(str(one.id))


def test_a_post_that_is_taken_down_is_gone_on_the_network(cast: Cast, account: Account, x: FakeX) -> None:
    (part,) = out(cast, account, "We open at nine.")
    (one,) = down(cast.alice, part)
    assert [each.id for each in down(cast.alice, part)] == [one.id], "pressed twice is pressed once"
    run(one)
    part.refresh_from_db()
    one.refresh_from_db()
    assert (part.state, one.state) == (PartState.DELETED, Correction.State.DONE)
    assert x.world.posts[part.remote_id].deleted
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"publishing.correction.asked", "publishing.correction.done"} <= actions
    run(one)
    assert len(x.ledger.entries(action="delete")) == 1
    assert down(cast.alice, part) == []


def test_a_thread_goes_down_whole_or_one_message_of_it(cast: Cast, account: Account, x: FakeX) -> None:
    parts = out(cast, account, "First of all.", "Second of all.", "Third of all.")
    run(*down(cast.alice, parts[2]))
    assert [x.world.posts[each.remote_id].deleted for each in parts] == [False, False, True]
    run(*down(cast.alice, parts[0], whole=True))
    assert all(x.world.posts[each.remote_id].deleted for each in parts)
    assert set(Part.objects.values_list("state", flat=True)) == {PartState.DELETED}


def test_what_of_a_thread_still_waits_does_not_follow(cast: Cast, account: Account, x: FakeX) -> None:
    (delivery,) = schedule(cast.alice, write(cast.alice, "First of all.", "Second of all."), account)
    first, second = delivery.parts.order_by("position")
    Part.objects.filter(id=second.id).update(state="held", hold_reason="paused")
    Part.objects.filter(id=first.id).update(due_at=NOW() - timedelta(seconds=1))
    publish_part(str(first.id))
    assert Part.objects.get(id=second.id).state == PartState.HELD
    run(*down(cast.alice, first, whole=True))
    assert Part.objects.get(id=second.id).state == PartState.CANCELLED
    assert x.world.posts[Part.objects.get(id=first.id).remote_id].deleted


def test_an_answer_that_got_lost_is_asked_for_again(cast: Cast, account: Account, x: FakeX) -> None:
    (part,) = out(cast, account, "We open at nine.")
    (one,) = down(cast.alice, part)
    x.moods.set("drop", "delete", times=1)
    run(one)
    one.refresh_from_db()
    assert (one.state, one.tries) == (Correction.State.WANTED, 1)
    run(one)
    part.refresh_from_db()
    assert part.state == PartState.DELETED


def test_what_is_not_out_is_not_taken_down(cast: Cast, account: Account) -> None:
    (delivery,) = schedule(cast.alice, write(cast.alice, "We open at nine."), account, after=600)
    with pytest.raises(Conflict) as refused:
        down(cast.alice, delivery.parts.get())
    assert refused.value.code == "not_out"


def test_only_who_publishes_takes_down_and_charlie_finds_nothing(cast: Cast, account: Account) -> None:
    (part,) = out(cast, account, "We open at nine.")
    with pytest.raises(Forbidden):
        down(cast.bob, part)
    with pytest.raises(NotFound):
        down(cast.charlie, part)
    assert not Correction.objects.exists()


def test_words_change_where_the_network_can_and_pictures_stay(cast: Cast, mastodon: FakeMastodon) -> None:
    account = connect(cast.alice, mastodon, handle="norlune")
    assert may_edit(account)
    (part,) = out(cast, account, "We open at nine.")
    one = correct_words(actor=cast.alice, part_id=part.id, text="We open at ten.", now=NOW())
    run(one)
    part.refresh_from_db()
    assert part.text == "We open at ten." == mastodon.world.posts[part.remote_id].draft.text
    one.refresh_from_db()
    assert (one.before, one.state) == ("We open at nine.", Correction.State.DONE)


def test_a_network_that_cannot_edit_says_so_with_the_way_on(cast: Cast, account: Account) -> None:
    (part,) = out(cast, account, "We open at nine.")
    assert not may_edit(account)
    with pytest.raises(Conflict) as refused:
        correct_words(actor=cast.alice, part_id=part.id, text="We open at ten.", now=NOW())
    assert refused.value.code == "no_edit"


def test_new_words_are_checked_and_need_who_approves(cast: Cast, mastodon: FakeMastodon) -> None:
    account = connect(cast.alice, mastodon, handle="norlune")
    (part,) = out(cast, account, "We open at nine.")
    for text in ("", "word " * 200, "Write to ana@mail.example.org, we answer."):
        with pytest.raises(Invalid):
            correct_words(actor=cast.alice, part_id=part.id, text=text, now=NOW())
    set_review_rule(actor=cast.alice, account_id=account.id, rule=ReviewRule(1), now=NOW())
    part.delivery.created_by = cast.bob
    part.delivery.save()
    with pytest.raises(Conflict) as refused:
        correct_words(actor=cast.bob, part_id=part.id, text="We open at ten.", now=NOW())
    assert refused.value.code == "needs_approval"


def test_a_post_deleted_on_the_network_by_hand_cannot_get_other_words(cast: Cast, mastodon: FakeMastodon) -> None:
    account = connect(cast.alice, mastodon, handle="norlune")
    (part,) = out(cast, account, "We open at nine.")
    mastodon.world.delete(part.remote_id)
    one = correct_words(actor=cast.alice, part_id=part.id, text="We open at ten.", now=NOW())
    run(one)
    one.refresh_from_db()
    assert (one.state, one.reason) == (Correction.State.REFUSED, "the post is gone: Record not found")
    run(*down(cast.alice, part))
    part.refresh_from_db()
    assert part.state == PartState.DELETED, "gone already is fine"


def test_a_follow_up_answers_our_own_post_and_is_one_draft(cast: Cast, account: Account) -> None:
    (part,) = out(cast, account, "We open at nine.")
    post = follow_up(actor=cast.alice, part_id=part.id, now=NOW())
    assert post.reply_to["remote_id"] == part.remote_id
    assert follow_up(actor=cast.alice, part_id=part.id, now=NOW()).id == post.id


def test_a_lost_wake_up_is_noticed_within_two_minutes(cast: Cast, account: Account) -> None:
    (part,) = out(cast, account, "We open at nine.")
    (one,) = down(cast.alice, part)
    assert wake_corrections(0) == 0
    Correction.objects.filter(id=one.id).update(next_at=NOW() - timedelta(minutes=2))
    assert wake_corrections(0) == 1
