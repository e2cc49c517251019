"""Queue slots: the next free one by the account's own clocks, the order of the queue, and evergreen refill."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import connections

from pluralis.publishing import queries
from pluralis.publishing.actions import (
    add_slots,
    add_to_queue,
    arrange_queue,
    cancel_delivery,
    enter_quarantine,
    lift_stop,
    mark_evergreen,
    move_in_queue,
    refill_slots,
    remove_slot,
    set_slots,
    shuffle_queue,
    stop_everything,
    unmark_evergreen,
)
from pluralis.publishing.actions.slots import free_slots
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Delivery, Evergreen, Part, QueueSlot
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast, make_cast
from tests.apps.publishing.repeats import MONDAY, free_account, write

DAY = timedelta(days=1)
NINE, NOON = time(9), time(12)


@pytest.fixture
def mastodon(cast: Cast) -> Account:
    """An account in Paris that speaks at nine and at noon on every day of the week."""
    account = free_account(cast.alice)
    add_slots(actor=cast.alice, account_id=account.id, weekdays=range(7), times=[NINE, NOON], now=MONDAY)
    return account


def queue(
    actor: Membership, *accounts: Account, text: str = "", key: str = "", now: datetime = MONDAY
) -> list[Delivery]:
    post = write(actor, text or f"Text {uuid.uuid4().hex}", now=now)
    ids = [account.id for account in accounts]
    return add_to_queue(actor=actor, post_id=post.id, account_ids=ids, confirmed=Confirmations(),
                        client_key=key or uuid.uuid4().hex, now=now)  # fmt: skip


def times_of(account: Account) -> list[str]:
    return [part.planned_at.strftime("%d %H:%M") for part in queries.slot_queue(account, MONDAY)]


def ids_of(account: Account) -> list[UUID]:
    return [part.delivery_id for part in queries.slot_queue(account, MONDAY)]


def test_each_post_takes_the_next_free_slot_by_the_account_s_own_clocks(cast: Cast, mastodon: Account) -> None:
    for _number in range(3):
        queue(cast.alice, mastodon)
    assert times_of(mastodon) == ["22 08:00", "22 11:00", "23 08:00"]  # in UTC: nine and noon in Paris


def test_slots_keep_their_hour_through_a_clock_change_and_a_skipped_one_moves_behind_the_gap(
    cast: Cast, mastodon: Account
) -> None:
    set_slots(
        actor=cast.alice, account_id=mastodon.id, slots=[(6, time(2, 30)), (6, time(3, 0)), (0, NINE)], now=MONDAY
    )
    free = list(free_slots(mastodon, MONDAY + DAY, MONDAY + 8 * DAY))
    assert [(slot.local, slot.at.strftime("%H:%M"), slot.edge) for slot in free] == [
        ("2027-03-28T02:30", "01:00", "skipped"),  # 03:00 after the change, and the slot at 03:00 is the same instant
        ("2027-03-29T09:00", "07:00", ""),
    ]


def test_a_slot_is_taken_by_whatever_is_planned_there_and_free_again_when_it_is_taken_back(
    cast: Cast, mastodon: Account
) -> None:
    first = queue(cast.alice, mastodon)[0]
    cancel_delivery(actor=cast.alice, delivery_id=first.id, now=MONDAY)
    assert queue(cast.alice, mastodon)[0].planned_at == first.planned_at


def test_a_double_click_takes_one_slot(cast: Cast, mastodon: Account) -> None:
    post = write(cast.alice, "We open at nine.")
    wish = {"post_id": post.id, "account_ids": [mastodon.id], "confirmed": Confirmations(), "client_key": "k" * 64}
    first = add_to_queue(actor=cast.alice, now=MONDAY, **wish)
    assert add_to_queue(actor=cast.alice, now=MONDAY, **wish) == first
    assert Part.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_never_get_the_same_slot() -> None:
    cast = make_cast()
    account = free_account(cast.alice)
    add_slots(actor=cast.alice, account_id=account.id, weekdays=range(7), times=[NINE, NOON], now=MONDAY)
    posts = [write(cast.alice, f"Text {uuid.uuid4().hex}") for _number in range(6)]

    def press(post: object) -> None:
        try:
            add_to_queue(actor=cast.alice, post_id=post.id, account_ids=[account.id], confirmed=Confirmations(),  # type: ignore[attr-defined]
                         client_key=uuid.uuid4().hex, now=MONDAY)  # fmt: skip
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, posts))
    assert len(times_of(account)) == len(set(times_of(account))) == 6


def test_an_account_without_slots_is_told_where_to_set_them_and_no_account_gets_the_post(
    cast: Cast, mastodon: Account
) -> None:
    bare = free_account(cast.alice, "norlune_help")
    with pytest.raises(Invalid) as refused:
        queue(cast.alice, mastodon, bare)
    assert refused.value.code == "no_slots"
    assert "@norlune_help" in str(refused.value.happened)
    assert Part.objects.count() == 0


def test_when_every_slot_of_eight_weeks_is_taken_it_says_so(cast: Cast) -> None:
    account = free_account(cast.alice)
    add_slots(actor=cast.alice, account_id=account.id, weekdays=[2], times=[NINE], now=MONDAY)
    for _number in range(8):
        queue(cast.alice, account)
    with pytest.raises(Conflict) as refused:
        queue(cast.alice, account)
    assert refused.value.code == "queue_full"


@pytest.mark.parametrize("weekdays", [[], [7], [-1]])
def test_days_and_times_must_be_some(cast: Cast, mastodon: Account, weekdays: list[int]) -> None:
    with pytest.raises(Invalid):
        add_slots(actor=cast.alice, account_id=mastodon.id, weekdays=weekdays, times=[NINE], now=MONDAY)


def test_a_slot_that_goes_leaves_what_is_planned_in_it(cast: Cast, mastodon: Account) -> None:
    queue(cast.alice, mastodon)
    slot = QueueSlot.objects.get(account=mastodon, weekday=0, local_time=NINE)
    remove_slot(actor=cast.alice, account_id=mastodon.id, slot_id=slot.id, now=MONDAY)
    assert times_of(mastodon) == ["22 08:00"]
    with pytest.raises(NotFound):
        remove_slot(actor=cast.alice, account_id=mastodon.id, slot_id=slot.id, now=MONDAY)


def test_another_team_and_an_agent_change_no_slots(cast: Cast, mastodon: Account) -> None:
    with pytest.raises(NotFound):
        add_slots(actor=cast.charlie, account_id=mastodon.id, weekdays=[0], times=[NINE], now=MONDAY)
    with pytest.raises(Forbidden):
        set_slots(actor=cast.bob, account_id=mastodon.id, slots=[], now=MONDAY)


# Order.


def test_a_post_changes_places_with_its_neighbour_and_the_slots_stay(cast: Cast, mastodon: Account) -> None:
    for _number in range(3):
        queue(cast.alice, mastodon)
    one, two, three = ids_of(mastodon)
    move_in_queue(actor=cast.alice, delivery_id=three, by=-1, now=MONDAY)
    assert ids_of(mastodon) == [one, three, two]
    move_in_queue(actor=cast.alice, delivery_id=one, by=-1, now=MONDAY)  # first already
    assert ids_of(mastodon) == [one, three, two]
    assert times_of(mastodon) == ["22 08:00", "22 11:00", "23 08:00"]


def test_shuffling_can_be_undone(cast: Cast, mastodon: Account) -> None:
    for _number in range(5):
        queue(cast.alice, mastodon)
    before, times = ids_of(mastodon), times_of(mastodon)
    kept = shuffle_queue(actor=cast.alice, account_id=mastodon.id, seed=7, now=MONDAY)
    assert kept == before != ids_of(mastodon)
    assert times_of(mastodon) == times
    arrange_queue(actor=cast.alice, account_id=mastodon.id, order=kept, now=MONDAY)
    assert ids_of(mastodon) == before


def test_an_order_of_another_queue_than_the_one_that_stands_is_refused(cast: Cast, mastodon: Account) -> None:
    for _number in range(2):
        queue(cast.alice, mastodon)
    before = ids_of(mastodon)
    queue(cast.alice, mastodon)
    with pytest.raises(Conflict) as refused:
        arrange_queue(actor=cast.alice, account_id=mastodon.id, order=before[::-1], now=MONDAY)
    assert refused.value.code == "queue_changed"


def test_what_is_being_sent_keeps_its_place(cast: Cast, mastodon: Account) -> None:
    for _number in range(3):
        queue(cast.alice, mastodon)
    first = ids_of(mastodon)[0]
    Part.objects.filter(delivery=first).update(state="sending")
    shuffle_queue(actor=cast.alice, account_id=mastodon.id, seed=3, now=MONDAY)
    assert Delivery.objects.get(id=first).planned_at.strftime("%d %H:%M") == "22 08:00"


# Evergreen.


def evergreen(actor: Membership, account: Account, text: str) -> Evergreen:
    return mark_evergreen(actor=actor, post_id=write(actor, text).id, account_id=account.id, now=MONDAY)


def test_empty_slots_of_two_days_are_refilled_in_turn_and_each_post_rests_a_week(
    cast: Cast, mastodon: Account
) -> None:
    queue(cast.alice, mastodon, text="Planned by hand.")
    one, two = (
        evergreen(cast.alice, mastodon, "Tea keeps in a dark tin."),
        evergreen(cast.alice, mastodon, "Bread freezes well."),
    )
    assert refill_slots(mastodon.id, now=MONDAY) == 2
    waiting = queries.slot_queue(mastodon, MONDAY)
    assert [(part.text, part.planned_at.strftime("%d %H")) for part in waiting] == [
        ("Planned by hand.", "22 08"), ("Tea keeps in a dark tin.", "22 11"), ("Bread freezes well.", "23 08"),
    ]  # fmt: skip
    assert refill_slots(mastodon.id, now=MONDAY) == 0
    assert refill_slots(mastodon.id, now=MONDAY + 7 * DAY) == 2
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.uses, two.uses) == (2, 2)


def test_a_slot_that_a_person_emptied_is_not_refilled_again(cast: Cast, mastodon: Account) -> None:
    evergreen(cast.alice, mastodon, "Tea keeps in a dark tin.")
    refill_slots(mastodon.id, now=MONDAY)
    delivery = queries.slot_queue(mastodon, MONDAY)[0].delivery
    cancel_delivery(actor=cast.alice, delivery_id=delivery.id, now=MONDAY)
    evergreen(cast.alice, mastodon, "Bread freezes well.")
    refill_slots(mastodon.id, now=MONDAY)
    assert delivery.planned_at not in [part.planned_at for part in queries.slot_queue(mastodon, MONDAY)]


def test_where_the_network_forbids_repeats_an_evergreen_goes_out_once_and_then_waits(
    cast: Cast, account: Account
) -> None:
    Account.objects.filter(id=account.id).update(zone="Europe/Paris")
    add_slots(actor=cast.alice, account_id=account.id, weekdays=range(7), times=[NINE], now=MONDAY)
    one = evergreen(cast.alice, account, "Tea keeps in a dark tin.")
    assert refill_slots(account.id, now=MONDAY) == 1
    assert refill_slots(account.id, now=MONDAY + 8 * DAY) == 0
    one.refresh_from_db()
    assert one.waiting_code == "no_text_left"
    assert "forbids" in one.waiting_words


def test_nothing_is_refilled_while_stopped_nor_after_until_somebody_looked_nor_in_quarantine(
    cast: Cast, mastodon: Account
) -> None:
    one = evergreen(cast.alice, mastodon, "Tea keeps in a dark tin.")
    stop_everything(actor=cast.alice, reason="storm", now=MONDAY)
    assert refill_slots(mastodon.id, now=MONDAY) == 0
    lift_stop(actor=cast.alice, now=MONDAY + DAY)
    assert refill_slots(mastodon.id, now=MONDAY + DAY) == 0
    mark_evergreen(actor=cast.alice, post_id=one.post_id, account_id=mastodon.id, now=MONDAY + DAY)
    enter_quarantine(reasons=["restored"], backup_at=None, now=MONDAY + DAY)
    assert refill_slots(mastodon.id, now=MONDAY + DAY) == 0


def test_a_post_is_taken_off_the_list_and_what_it_filled_stays(cast: Cast, mastodon: Account) -> None:
    one = evergreen(cast.alice, mastodon, "Tea keeps in a dark tin.")
    refill_slots(mastodon.id, now=MONDAY)
    with pytest.raises(NotFound):
        unmark_evergreen(actor=cast.charlie, evergreen_id=one.id, now=MONDAY)
    unmark_evergreen(actor=cast.alice, evergreen_id=one.id, now=MONDAY)
    assert queries.evergreens_of(mastodon) == []
    assert len(queries.slot_queue(mastodon, MONDAY)) == 1


# What comes close together.


def test_other_accounts_within_the_hour_are_shown(cast: Cast, mastodon: Account) -> None:
    other = free_account(cast.alice, "norlune_help")
    add_slots(actor=cast.alice, account_id=other.id, weekdays=range(7), times=[time(9, 40)], now=MONDAY)
    queue(cast.alice, mastodon)
    queue(cast.alice, other)
    at = datetime(2027, 3, 22, 8, 30, tzinfo=UTC)
    assert [part.account for part in queries.close_to(cast.alice, at, [mastodon.id])] == [other]
    assert [part.account for part in queries.close_to(cast.alice, at, [other.id])] == [mastodon]
    assert queries.close_to(cast.alice, at + timedelta(hours=2), [other.id]) == []
    assert queries.close_to(cast.charlie, at, []) == []
    parts = list(Part.objects.select_related("account", "delivery").order_by("planned_at"))
    queries.mark_close(parts)
    assert [[account.handle for account in part.close] for part in parts] == [["norlune_help"], ["norlune"]]


def test_one_post_on_two_accounts_is_no_collision(cast: Cast, mastodon: Account) -> None:
    other = free_account(cast.alice, "norlune_help")
    add_slots(actor=cast.alice, account_id=other.id, weekdays=range(7), times=[NINE], now=MONDAY)
    queue(cast.alice, mastodon, other)
    parts = list(Part.objects.select_related("account", "delivery"))
    queries.mark_close(parts)
    assert [part.close for part in parts] == [[], []]
