"""What a person does to what waits, and what they may not do to what is on its way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from pluralis.core.states import PART_MOVES, PartState
from pluralis.networks.contract import Reference, RemotePost
from pluralis.publishing.actions import (
    Plan,
    cancel_delivery,
    edit_scheduled,
    enter_quarantine,
    let_be,
    lift_stop,
    link_by_hand,
    move_delivery,
    release_account,
    schedule_post,
    settle_from_timeline,
    stop_everything,
    try_again,
)
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Attempt, Delivery, Part
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast, draft, schedule, write

NOW = timezone.now


def part_in(state: str, cast: Cast, account: Account, **more: object) -> Part:
    """Return a part that stands in ``state``, brought there by declared moves."""
    word = uuid4().hex[:6].translate(str.maketrans("0123456789", "ghijklmnop"))
    schedule(cast.alice, write(cast.alice, f"A text of {word}."), account, after=60)
    part = Part.objects.latest("created_at")
    way = {
        "waiting": [],
        "sending": ["sending"],
        "unconfirmed": ["sending", "unconfirmed"],
        "sent": ["sending", "sent"],
        "refused": ["sending", "refused"],
        "held": ["held"],
        "missed": ["missed"],
    }
    for step in way[state]:
        Part.objects.filter(id=part.id).update(state=step)
    Part.objects.filter(id=part.id).update(**more)
    part.refresh_from_db()
    return part


def test_a_moved_post_goes_out_at_its_last_time_only(cast: Cast, account: Account) -> None:
    part = part_in("waiting", cast, account)
    for hours in range(1, 11):
        move_delivery(actor=cast.alice, delivery_id=part.delivery_id, to=NOW() + timedelta(hours=hours), now=NOW())
    part.refresh_from_db()
    assert part.state == "waiting"
    assert part.due_at > NOW() + timedelta(hours=9)
    assert AuditEntry.objects.filter(action="publishing.delivery.moved").count() == 10


@pytest.mark.parametrize("state", ["sending", "unconfirmed"])
@pytest.mark.parametrize("act", ["move", "cancel", "edit"])
def test_what_is_on_its_way_or_in_doubt_cannot_be_changed(cast: Cast, account: Account, state: str, act: str) -> None:
    part = part_in(state, cast, account)
    post = part.delivery.post
    with pytest.raises(Conflict):
        if act == "move":
            move_delivery(actor=cast.alice, delivery_id=part.delivery_id, to=NOW() + timedelta(hours=1), now=NOW())
        elif act == "cancel":
            cancel_delivery(actor=cast.alice, delivery_id=part.delivery_id, now=NOW())
        else:
            edit_scheduled(actor=cast.alice, post_id=post.id, draft=draft("New words."), revision=post.revision,
                           confirmed=Confirmations(), now=NOW())  # fmt: skip
    part.refresh_from_db()
    assert part.state == state


def test_edited_words_travel_with_the_waiting_part(cast: Cast, account: Account) -> None:
    part = part_in("waiting", cast, account)
    post = part.delivery.post
    edit_scheduled(actor=cast.alice, post_id=post.id, draft=draft("Better words.", "And more."),
                   revision=post.revision, confirmed=Confirmations(), now=NOW())  # fmt: skip
    assert list(Part.objects.order_by("position").values_list("text", flat=True)) == ["Better words.", "And more."]
    assert Delivery.objects.get().post_revision == 2


def test_a_cancelled_post_never_comes_back(cast: Cast, account: Account) -> None:
    part = part_in("waiting", cast, account)
    cancel_delivery(actor=cast.alice, delivery_id=part.delivery_id, now=NOW())
    with pytest.raises(Conflict):
        try_again(actor=cast.alice, part_id=part.id, at=NOW(), now=NOW())


@pytest.mark.parametrize("state", ["held", "missed", "refused"])
def test_a_person_lets_go_on_what_stands_still(cast: Cast, account: Account, state: str) -> None:
    part = part_in(state, cast, account)
    try_again(actor=cast.alice, part_id=part.id, at=NOW(), now=NOW())
    part.refresh_from_db()
    assert part.state == "waiting"


def test_a_part_in_doubt_is_never_sent_again_by_hand(cast: Cast, account: Account) -> None:
    part = part_in("unconfirmed", cast, account)
    with pytest.raises(Conflict, match="not confirmed"):
        try_again(actor=cast.alice, part_id=part.id, at=NOW(), now=NOW())


def test_a_person_links_a_part_in_doubt_or_lets_it_be(cast: Cast, account: Account) -> None:
    first, second = part_in("unconfirmed", cast, account), part_in("unconfirmed", cast, account)
    link_by_hand(actor=cast.alice, part_id=first.id, remote_id="77", url="https://x.example/77", now=NOW())
    let_be(actor=cast.alice, part_id=second.id, now=NOW())
    assert sorted(Part.objects.values_list("state", flat=True)) == ["cancelled", "sent"]
    with pytest.raises(Conflict):
        third = part_in("unconfirmed", cast, account)
        link_by_hand(actor=cast.alice, part_id=third.id, remote_id="77", url="https://x.example/77", now=NOW())


def test_every_illegal_move_is_refused_by_the_database_itself(cast: Cast, account: Account) -> None:
    for before in PartState:
        for after in set(PartState) - PART_MOVES[before] - {before}:
            part = Part.objects.filter(state=before).first() or _placed(cast, account, before)
            with pytest.raises(IntegrityError), transaction.atomic():
                Part.objects.filter(id=part.id).update(state=after)


def _placed(cast: Cast, account: Account, state: PartState) -> Part:
    made = {"cancelled": "waiting", "deleted": "sent"}.get(state, state)
    part = part_in(made, cast, account)
    if made != state:
        Part.objects.filter(id=part.id).update(state=state)
    return part


def test_attempts_and_the_audit_log_cannot_be_changed_or_removed(cast: Cast, account: Account) -> None:
    part = part_in("waiting", cast, account)
    Attempt.objects.create(team_id=part.team_id, part=part, token=uuid4(), worker="w", at=NOW())
    for rows in (Attempt.objects.all(), AuditEntry.objects.all()):
        for change in (lambda rows: rows.update(at=NOW()), lambda rows: rows._raw_delete("default")):
            with pytest.raises(IntegrityError), transaction.atomic():
                change(rows)


def test_the_same_client_key_schedules_once(cast: Cast, account: Account) -> None:
    post = write(cast.alice, "Only once.")
    plan = Plan(at=NOW() + timedelta(hours=1))
    for _click in range(3):
        schedule_post(
            actor=cast.alice, post_id=post.id, account_ids=[account.id], plan=plan, client_key="k", now=NOW()
        )
    assert Part.objects.count() == 1


def test_the_same_text_within_a_day_asks_first(cast: Cast, account: Account) -> None:
    schedule(cast.alice, write(cast.alice, "We open at nine."), account, after=60)
    with pytest.raises(Conflict, match="24 hours"):
        schedule(cast.alice, write(cast.alice, "We  open at nine."), account, after=120)
    schedule(cast.alice, write(cast.alice, "We open at nine."), account, after=120,
             confirmed=Confirmations(same_text=True))  # fmt: skip
    assert Part.objects.count() == 2


@pytest.mark.parametrize(
    ("texts", "word"),
    [(("x" * 281,), "too_long"), (("",), "nothing_to_say"), (("Write to dana@example.org",), "personal_data")],
)
def test_what_cannot_go_out_is_refused_with_the_place(
    cast: Cast, account: Account, texts: tuple[str], word: str
) -> None:
    with pytest.raises(Invalid) as refused:
        schedule(cast.alice, write(cast.alice, *texts), account, after=60)
    assert any(word in name for name in refused.value.fields)
    assert not Part.objects.exists()


def test_a_lead_may_override_with_a_reason_and_an_agent_may_not(cast: Cast, account: Account) -> None:
    confirmed = Confirmations(override_reason="Our own press office")
    schedule(cast.alice, write(cast.alice, "Write to dana@example.org"), account, after=60, confirmed=confirmed)
    assert AuditEntry.objects.get(action="publishing.delivery.scheduled").data["overridden"]
    with pytest.raises(Forbidden):
        schedule(cast.bob, write(cast.bob, "Hello."), account, after=60)


def test_a_time_in_the_past_is_refused_and_the_draft_kept(cast: Cast, account: Account) -> None:
    post = write(cast.alice, "Yesterday.")
    with pytest.raises(Invalid, match="has passed"):
        schedule(cast.alice, post, account, after=-3600)
    post.refresh_from_db()
    assert post.state == "draft"


def test_stop_everything_holds_each_and_brings_none_back_by_itself(cast: Cast, account: Account) -> None:
    parts = [part_in("waiting", cast, account) for _number in range(3)]
    assert stop_everything(actor=cast.alice, reason="An accident", now=NOW()) == 3
    assert stop_everything(actor=cast.alice, reason="again", now=NOW()) == 0
    lift_stop(actor=cast.alice, now=NOW())
    assert set(Part.objects.values_list("state", "hold_reason")) == {("held", "stopped")}
    with pytest.raises(Forbidden):
        stop_everything(actor=cast.bob, reason="", now=NOW())
    try_again(actor=cast.alice, part_id=parts[0].id, at=NOW(), now=NOW())
    assert Part.objects.filter(state="waiting").count() == 1


def test_quarantine_holds_what_is_due_and_binds_what_already_stands(cast: Cast, account: Account) -> None:
    part = part_in("waiting", cast, account, due_at=NOW() - timedelta(minutes=1))
    enter_quarantine(reasons=["the database is older than what was already sent"], backup_at=NOW(), now=NOW())
    account.refresh_from_db()
    assert account.quarantined_at is not None
    shown = RemotePost(Reference("99"), "https://x.example/99", part.text, NOW())
    assert settle_from_timeline(account=account, posts=[shown], now=NOW()) == 1
    part.refresh_from_db()
    assert (part.state, part.remote_id) == ("sent", "99")
    assert release_account(actor=cast.alice, account_id=account.id, now=NOW()).quarantined_at is None


def test_charlie_of_another_team_reaches_nothing(cast: Cast, account: Account) -> None:
    part = part_in("waiting", cast, account)
    for act in (
        lambda: cancel_delivery(actor=cast.charlie, delivery_id=part.delivery_id, now=NOW()),
        lambda: let_be(actor=cast.charlie, part_id=part.id, now=NOW()),
        lambda: schedule(cast.charlie, write(cast.charlie, "Hi."), account),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_row_cannot_point_at_another_teams_row(cast: Cast, account: Account) -> None:
    part = part_in("waiting", cast, account)
    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.filter(id=part.id).update(team=cast.charlie.team)
        connection.check_constraints()
