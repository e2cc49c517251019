"""From draft to published, over real HTTP to the fake X; the oracle is the fake's own ledger."""

import pytest

from pluralis.networks.fake.x import FakeX
from pluralis.publishing.actions import stop_everything
from pluralis.publishing.models import Attempt, AttemptResult, Part
from pluralis.publishing.tasks import publish_part
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)


def only_part() -> Part:
    return Part.objects.get()


def sent_texts(x: FakeX) -> list[str]:
    return [entry.detail["text"] for entry in x.ledger.entries(action="post")]


def test_a_post_is_published_once_and_knows_where_it_stands(cast: Cast, account: Account, x: FakeX) -> None:
    schedule(cast.alice, write(cast.alice, "We open at nine."), account)
    publish_part(str(only_part().id))
    part = only_part()
    assert (part.state, sent_texts(x)) == ("sent", ["We open at nine."])
    assert part.remote_id and part.url.endswith(part.remote_id)
    assert list(AttemptResult.objects.values_list("outcome", flat=True)) == ["sent"]


def test_a_second_wake_up_finds_nothing_to_do(cast: Cast, account: Account, x: FakeX) -> None:
    schedule(cast.alice, write(cast.alice, "Once."), account)
    publish_part(str(only_part().id))
    publish_part(str(only_part().id))
    assert sent_texts(x) == ["Once."]
    assert Attempt.objects.count() == 1


def test_a_part_that_is_not_due_stays(cast: Cast, account: Account, x: FakeX) -> None:
    schedule(cast.alice, write(cast.alice, "Later."), account, after=3600)
    publish_part(str(only_part().id))
    assert (only_part().state, sent_texts(x)) == ("waiting", [])


def test_a_thread_goes_out_in_order_each_answering_the_one_before(cast: Cast, account: Account, x: FakeX) -> None:
    schedule(cast.alice, write(cast.alice, "One.", "Two.", "Three."), account)
    for position in (0, 1, 2):
        publish_part(str(Part.objects.get(position=position).id))
    parts = list(Part.objects.order_by("position"))
    assert [part.state for part in parts] == ["sent"] * 3
    posts = [x.world.posts[part.remote_id] for part in parts]
    assert [post.draft.reply_to for post in posts] == [None, parts[0].remote_id, parts[1].remote_id]


def test_an_answer_that_never_came_is_found_in_the_timeline(cast: Cast, account: Account, x: FakeX) -> None:
    from pluralis.publishing.looking import reconcile_part

    x.moods.set("drop", "post", times=1)
    schedule(cast.alice, write(cast.alice, "Did it arrive?"), account)
    publish_part(str(only_part().id))
    assert only_part().state == "unconfirmed"
    Part.objects.update(look_again_at=only_part().claimed_at)
    reconcile_part(str(only_part().id))
    assert (only_part().state, len(sent_texts(x))) == ("sent", 1)


def test_what_a_looker_saw_before_it_was_frozen_is_as_old_as_its_look(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime, timedelta

    from pluralis.publishing import looking
    from pluralis.publishing.actions import reconcile

    x.moods.set("drop_before", "post", times=1)
    schedule(cast.alice, write(cast.alice, "Did it arrive?"), account)
    publish_part(str(only_part().id))
    Part.objects.update(look_again_at=only_part().claimed_at)
    # The process stands still for an hour between what it read and what it makes of it.
    monkeypatch.setattr(reconcile, "database_now", lambda: looking.database_now() + timedelta(hours=1))
    began = looking.database_now()
    looking.reconcile_part(str(only_part().id))
    (reading,) = AttemptResult.objects.filter(outcome="reading")
    assert abs(datetime.fromisoformat(reading.detail["read_at"]) - began) < timedelta(minutes=1)
    assert only_part().state == "unconfirmed"


def test_what_a_killed_looker_had_found_is_looked_up_again(
    cast: Cast, account: Account, x: FakeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pluralis.publishing.actions import reconcile
    from pluralis.publishing.looking import reconcile_part

    def killed(*_what: object) -> None:
        raise KeyboardInterrupt

    def look() -> None:
        Part.objects.update(look_again_at=only_part().claimed_at)
        reconcile_part(str(only_part().id))

    x.moods.set("drop", "post", times=1)
    schedule(cast.alice, write(cast.alice, "Did it arrive?"), account)
    publish_part(str(only_part().id))
    with monkeypatch.context() as patched:
        patched.setattr(reconcile, "_act", killed)
        with pytest.raises(KeyboardInterrupt):
            look()
    assert AttemptResult.objects.get(outcome="reading").detail["found"] == 1
    x.moods.set("drop_before", "timeline", times=1)
    look()
    assert only_part().state == "unconfirmed", "what was found is not at hand, so nothing is decided by it"
    look()
    assert (only_part().state, len(sent_texts(x))) == ("sent", 1)


def test_stop_everything_holds_what_waits_and_what_is_due(cast: Cast, account: Account, x: FakeX) -> None:
    schedule(cast.alice, write(cast.alice, "Not now."), account)
    from django.utils import timezone

    assert stop_everything(actor=cast.alice, reason="An accident", now=timezone.now()) == 1
    publish_part(str(only_part().id))
    assert (only_part().state, only_part().hold_reason, sent_texts(x)) == ("held", "stopped", [])


@pytest.mark.usefixtures("account")
def test_connecting_is_written_into_the_audit_log(cast: Cast) -> None:
    assert AuditEntry.objects.filter(action="teams.account.connected", actor=cast.alice.user).count() == 1
