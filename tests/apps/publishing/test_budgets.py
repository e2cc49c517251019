"""A budget stops at its end: what would pass it is held, and a lead's written word lets it go."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from pluralis.networks.fake.x import FakeX
from pluralis.publishing import sending
from pluralis.publishing.actions import charge_sent_parts, let_go_over_budget, link_by_hand, set_budget, try_again
from pluralis.publishing.models import Charge, Overrun, Part
from pluralis.publishing.queries.costs import month_of
from pluralis.publishing.spending import price_of_thread, purse_of
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast, connect, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)
LINKED = "We open at https://www.example.org today."
REASON = "The recall must be public today."


def limit(cast: Cast, amount: str, account: Account | None = None) -> None:
    wanted = {"account_id": account.id if account else None, "amount": Decimal(amount), "currency": "USD"}
    set_budget(actor=cast.alice, now=timezone.now(), **wanted)


def put_out(cast: Cast, account: Account, *texts: str) -> list[Part]:
    delivery = schedule(cast.alice, write(cast.alice, *texts), account)[0]
    sending.publish_part(str(delivery.parts.get(position=0).id), worker="here:1")
    return list(delivery.parts.order_by("position"))


def states(*parts: Part) -> list[tuple[str, str]]:
    return [tuple(Part.objects.values_list("state", "hold_reason").get(id=part.id)) for part in parts]


@pytest.mark.parametrize(("of_team", "amount"), [(True, "0.20"), (False, "0.20"), (False, "0.21")])
def test_what_would_pass_the_budget_is_held_and_what_just_fits_goes_out(
    cast: Cast, account: Account, of_team: bool, amount: str
) -> None:
    limit(cast, amount, None if of_team else account)
    assert states(*put_out(cast, account, LINKED)) == [("sent", "")]
    assert states(*put_out(cast, account, "We close at six.")) == [("held", "over_budget")]
    assert AuditEntry.objects.filter(action="publishing.part.held").count() == 1


def test_several_that_are_due_at_once_are_let_go_until_the_budget_is_spent(cast: Cast, account: Account) -> None:
    limit(cast, "0.04", account)
    parts = [schedule(cast.alice, write(cast.alice, f"Hour {n}."), account)[0].parts.get() for n in range(4)]
    sending.publish_part(str(parts[0].id), worker="here:1")
    assert sorted(state for state, _why in states(*parts)) == ["held", "held", "sent", "sent"]
    assert Charge.objects.count() == 2 and charge_sent_parts(timezone.now()) == 0


def test_a_thread_is_decided_whole(cast: Cast, account: Account) -> None:
    limit(cast, "0.04", account)
    thread = put_out(cast, account, "One of three.", "Two of three.", "Three of three.")
    assert states(*thread) == [("held", "over_budget"), ("waiting", ""), ("waiting", "")]
    assert price_of_thread(thread[0]) == Decimal("0.045")
    limit(cast, "0.045", account)
    limit(cast, "0.05", account)
    again = try_again(actor=cast.alice, part_id=thread[0].id, at=timezone.now(), now=timezone.now())
    sending.publish_part(str(again.id), worker="here:1")
    sending.publish_part(str(thread[1].id), worker="here:1")
    sending.publish_part(str(thread[2].id), worker="here:1")
    assert states(*thread) == [("sent", "")] * 3


def test_a_lead_lets_it_go_with_a_reason_that_is_kept(cast: Cast, account: Account) -> None:
    limit(cast, "0.00", account)
    [part] = put_out(cast, account, "We close at six.")
    now = timezone.now()
    with pytest.raises(Conflict, match="budget"):
        try_again(actor=cast.alice, part_id=part.id, at=now, now=now)
    with pytest.raises(Invalid):
        let_go_over_budget(actor=cast.alice, part_id=part.id, reason=" so ", now=now)
    let_go_over_budget(actor=cast.alice, part_id=part.id, reason=REASON, now=now)
    sending.publish_part(str(part.id), worker="here:1")
    assert states(part) == [("sent", "")]
    overrun = Overrun.objects.get(part=part)
    assert (overrun.member, overrun.name, overrun.reason) == (cast.alice, "Alice", REASON)
    assert AuditEntry.objects.filter(action="publishing.part.over_budget").count() == 1
    with pytest.raises(Conflict):
        let_go_over_budget(actor=cast.alice, part_id=part.id, reason=REASON, now=now)


def test_nobody_else_lets_it_go(cast: Cast, account: Account) -> None:
    limit(cast, "0.00")
    [part] = put_out(cast, account, "We close at six.")
    with pytest.raises(Forbidden):
        let_go_over_budget(actor=cast.bob, part_id=part.id, reason=REASON, now=timezone.now())
    with pytest.raises(NotFound):
        let_go_over_budget(actor=cast.charlie, part_id=part.id, reason=REASON, now=timezone.now())
    assert states(part) == [("held", "over_budget")]


def test_what_may_stand_there_unconfirmed_counts_as_spent(cast: Cast, account: Account) -> None:
    limit(cast, "1.00", account)
    part = schedule(cast.alice, write(cast.alice, LINKED), account, after=60)[0].parts.get()
    assert purse_of(account).left == Decimal("1.00")
    Part.objects.filter(id=part.id).update(state="sending", claimed_at=timezone.now())
    Part.objects.filter(id=part.id).update(state="unconfirmed")
    assert purse_of(account).left == Decimal("0.80")


def test_another_month_has_its_own_room(cast: Cast, account: Account) -> None:
    limit(cast, "0.20", account)
    put_out(cast, account, LINKED)
    assert purse_of(account).left == Decimal("0")
    [part] = put_out(cast, account, "We close at six.")
    later = month_of(timezone.now())[1] + timedelta(days=3)
    assert purse_of(account, later).left == Decimal("0.20")
    assert try_again(actor=cast.alice, part_id=part.id, at=later, now=timezone.now()).state == "waiting"


def test_a_free_network_asks_nothing_and_one_without_a_budget_asks_once(
    cast: Cast, account: Account, django_assert_num_queries: Any
) -> None:
    free = Account(team=cast.alice.team, network="mastodon")
    with django_assert_num_queries(0):
        assert purse_of(free).left is None
    with django_assert_num_queries(1):
        assert purse_of(account).left is None
    limit(cast, "1.00", account)
    with django_assert_num_queries(5):
        assert purse_of(account).left == 1


def by_choice(cast: Cast, account: Account, *texts: str) -> list[Part]:
    delivery = schedule(cast.alice, write(cast.alice, *texts), account, by_hand=frozenset({account.id}))[0]
    for part in delivery.parts.order_by("position"):
        sending.publish_part(str(part.id), worker="here:1")
    return list(delivery.parts.order_by("position"))


def test_by_choice_only_the_message_with_a_link_waits_for_a_person_and_costs_nothing(
    cast: Cast, account: Account
) -> None:
    limit(cast, "0.10", account)
    plain, linked = by_choice(cast, account, "We close at six."), by_choice(cast, account, LINKED)
    assert states(*plain, *linked) == [("sent", ""), ("held", "by_hand")]
    linked[0].refresh_from_db()
    assert "intent" in linked[0].by_hand_url and linked[0].reason == "cheaper_by_hand"
    link_by_hand(actor=cast.alice, part_id=linked[0].id, remote_id="42", url="", now=timezone.now())
    assert states(*linked) == [("sent", "")]
    assert charge_sent_parts(timezone.now()) == 0 and Charge.objects.count() == 1


def test_what_was_to_be_finished_by_hand_can_go_by_program_after_all(cast: Cast, account: Account) -> None:
    [part] = by_choice(cast, account, LINKED)
    try_again(actor=cast.alice, part_id=part.id, at=timezone.now(), now=timezone.now())
    sending.publish_part(str(part.id), worker="here:1")
    assert states(part) == [("sent", "")] and charge_sent_parts(timezone.now()) == 1


def test_what_another_account_is_sending_counts_against_the_teams_budget(
    cast: Cast, account: Account, x: FakeX, django_assert_num_queries: Any
) -> None:
    other = connect(cast.alice, x, handle="NorluneHelp", kind="support")
    limit(cast, "0.30")
    part = schedule(cast.alice, write(cast.alice, LINKED), other, after=60)[0].parts.get()
    purse = purse_of(account)
    mine = schedule(cast.alice, write(cast.alice, "Look: https://www.example.org"), account, after=60)[0].parts.get()
    assert purse.left == Decimal("0.30") and purse.suffices(mine)
    Part.objects.filter(id=part.id).update(state="sending", claimed_at=timezone.now())
    with django_assert_num_queries(5):
        assert purse_of(account).left == Decimal("0.10")
    assert not purse.suffices(mine), "a purse that was opened before looks again"


def test_the_rest_of_a_thread_that_has_begun_counts_too(cast: Cast, account: Account, x: FakeX) -> None:
    other = connect(cast.alice, x, handle="NorluneHelp", kind="support")
    limit(cast, "1.00")
    delivery = schedule(cast.alice, write(cast.alice, "One.", "Two.", "Three."), other, after=60)[0]
    assert purse_of(account).left == Decimal("1.00"), "a thread that nothing began costs nothing yet"
    sending.publish_part(str(delivery.parts.get(position=0).id), worker="here:1")
    Part.objects.filter(delivery=delivery, position=0).update(due_at=timezone.now())
    assert purse_of(account).left == Decimal("1.00")
    Part.objects.filter(delivery=delivery, position=0).update(state="sending", claimed_at=timezone.now())
    assert purse_of(account).left == Decimal("1.00") - 3 * Decimal("0.015")


def test_a_limited_purse_costs_no_question_where_nothing_limits(
    cast: Cast, account: Account, django_assert_num_queries: Any
) -> None:
    part = schedule(cast.alice, write(cast.alice, "One."), account, after=60)[0].parts.get()
    purse = purse_of(account)
    with django_assert_num_queries(0):
        assert purse.suffices(part) and purse.suffices(part)
