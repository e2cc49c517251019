"""Slots and waiting posts change places, by pointer or keyboard alike, and every move can be taken back."""

import re
import uuid
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.publishing import queries
from pluralis.publishing.actions import add_slots, add_to_queue
from pluralis.publishing.actions.slot_moves import move_slot
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Part, QueueSlot
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership
from tests.apps.cast import Cast
from tests.apps.publishing.repeats import free_account, write
from tests.web.conftest import refused_by_policy

Open = Callable[[Membership], Client]
NOW = timezone.now


@pytest.fixture
def account(cast: Cast) -> Account:
    made = free_account(cast.alice)
    add_slots(actor=cast.alice, account_id=made.id, weekdays=[0, 2, 4], times=[time(9)], now=NOW())
    return made


@pytest.fixture
def waiting(cast: Cast, account: Account) -> list[Part]:
    for number in range(3):
        post = write(cast.alice, f"Number {number}.", now=NOW())
        add_to_queue(actor=cast.alice, post_id=post.id, account_ids=[account.id], confirmed=Confirmations(),
                     client_key=uuid.uuid4().hex, now=NOW())  # fmt: skip
    return queries.slot_queue(account, NOW())


def hours(account: Account) -> list[tuple[int, str]]:
    return [(slot.weekday, f"{slot.local_time:%H:%M}") for slot in queries.slots_of(account)]


def texts(account: Account) -> list[str]:
    return [part.text for part in queries.slot_queue(account, NOW())]


def slot_on(account: Account, weekday: int) -> QueueSlot:
    return QueueSlot.objects.get(account=account, weekday=weekday)


def test_a_slot_goes_to_another_day_and_back(cast: Cast, account: Account, browser: Open) -> None:
    client, slot = browser(cast.alice), slot_on(account, 2)
    page = client.post(
        reverse("slot_move", args=[account.id, slot.id]), {"weekday": "5"}, follow=True
    ).content.decode()
    assert hours(account) == [(0, "09:00"), (4, "09:00"), (5, "09:00")]
    assert "The slot is on Saturday at 09:00." in page and refused_by_policy(page) == []
    [undo] = re.findall(r'action="([^"]+/back/2/0900)"', page)
    client.post(undo)
    assert hours(account) == [(0, "09:00"), (2, "09:00"), (4, "09:00")]
    client.post(reverse("slot_move", args=[account.id, slot.id]), {"weekday": "2", "time": "10:30"})
    assert (2, "10:30") in hours(account)
    assert AuditEntry.objects.filter(action="publishing.slots.changed", data__moved=1).count() == 3


def test_what_was_planned_in_a_slot_stays_planned(cast: Cast, account: Account, waiting: list[Part]) -> None:
    before = [part.planned_at for part in waiting]
    move_slot(actor=cast.alice, account_id=account.id, slot_id=slot_on(account, 0).id, to=(6, time(20)), now=NOW())
    assert [part.planned_at for part in queries.slot_queue(account, NOW())] == before


def test_two_slots_never_stand_at_one_time(cast: Cast, account: Account) -> None:
    slot = slot_on(account, 0)
    with pytest.raises(Conflict) as taken:
        move_slot(actor=cast.alice, account_id=account.id, slot_id=slot.id, to=(2, time(9)), now=NOW())
    assert taken.value.code == "slot_taken"
    assert move_slot(actor=cast.alice, account_id=account.id, slot_id=slot.id, to=(0, time(9)), now=NOW()) == (
        0,
        time(9),
    )
    assert hours(account) == [(0, "09:00"), (2, "09:00"), (4, "09:00")]


def test_what_is_no_day_slot_or_right_is_refused(cast: Cast, account: Account) -> None:
    slot = slot_on(account, 0)
    wanted = {"account_id": account.id, "to": (3, time(9)), "now": NOW()}
    with pytest.raises(Invalid):
        move_slot(actor=cast.alice, slot_id=slot.id, **(wanted | {"to": (7, time(9))}))
    with pytest.raises(NotFound):
        move_slot(actor=cast.alice, slot_id=uuid.uuid4(), **wanted)
    with pytest.raises(NotFound):
        move_slot(actor=cast.charlie, slot_id=slot.id, **wanted)
    with pytest.raises(Forbidden):
        move_slot(actor=cast.bob, slot_id=slot.id, **wanted)
    assert (0, "09:00") in hours(account)


@pytest.mark.parametrize("typed", [{"weekday": "9"}, {"weekday": ""}, {"weekday": "1", "time": "noon"}])
def test_what_cannot_be_read_changes_nothing(
    typed: dict[str, str], cast: Cast, account: Account, browser: Open
) -> None:
    client = browser(cast.alice)
    answer = client.post(reverse("slot_move", args=[account.id, slot_on(account, 0).id]), typed)
    assert answer.status_code in (302, 422) and hours(account) == [(0, "09:00"), (2, "09:00"), (4, "09:00")]
    odd = reverse("slot_move_back", args=[account.id, slot_on(account, 0).id, 77, "nine"])
    assert client.post(odd).status_code in (302, 422)


def test_a_dropped_post_takes_its_new_place_and_the_order_before_comes_back(
    cast: Cast, account: Account, waiting: list[Part], browser: Open
) -> None:
    client, ids = browser(cast.alice), [str(part.delivery_id) for part in waiting]
    address = reverse("queue_move", args=[account.id])
    client.post(address, {"do": "arrange", "order": [ids[2], ids[0], ids[1]]})
    assert texts(account) == ["Number 2.", "Number 0.", "Number 1."]
    page = client.get(reverse("slots", args=[account.id])).content.decode()
    assert "Back to the order before" in page and page.count("data-delivery=") == 3
    client.post(reverse("queue_shuffle", args=[account.id]), {"do": "undo"})
    assert texts(account) == ["Number 0.", "Number 1.", "Number 2."]
    client.post(address, {"do": "down", "delivery": ids[0]})
    client.post(reverse("queue_shuffle", args=[account.id]), {"do": "undo"})
    assert texts(account) == ["Number 0.", "Number 1.", "Number 2."]


def test_an_order_of_a_queue_that_changed_is_refused(
    cast: Cast, account: Account, waiting: list[Part], browser: Open
) -> None:
    ids = [str(part.delivery_id) for part in waiting]
    for order in (ids[:2], [*ids, ids[0]], []):
        browser(cast.alice).post(reverse("queue_move", args=[account.id]), {"do": "arrange", "order": order})
    assert texts(account) == ["Number 0.", "Number 1.", "Number 2."]
    assert waiting[0].planned_at - NOW() < timedelta(days=8)


def test_who_only_looks_on_gets_nothing_to_drag(
    cast: Cast, account: Account, waiting: list[Part], browser: Open
) -> None:
    page = browser(cast.bob).get(reverse("slots", args=[account.id])).content.decode()
    assert "data-slot=" not in page and "data-delivery=" not in page and "slots-" not in page.split("</main>")[-1]
