"""A repeat whose time passed unplanned can still be sent by hand, once, or left."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.publishing import queries
from pluralis.publishing.actions import lift_stop, plan_recurrence, stop_everything
from pluralis.publishing.actions.missed_times import leave_missed_times, send_missed_time
from pluralis.publishing.models import Occurrence, Part, Recurrence
from pluralis.publishing.queries.missed_repeats import missed_repeats
from pluralis.teams.errors import Conflict, Forbidden, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.api.conftest import program_of
from tests.apps.cast import Cast, make_user
from tests.apps.publishing.repeats import MONDAY, free_account, repeat

DAY = timedelta(days=1)
LATER = MONDAY + 40 * DAY
"""Long after what had been planned ahead when the machine went away."""


@pytest.fixture
def recurrence(cast: Cast) -> Recurrence:
    """A daily repeat of which the times of three weeks passed while nothing was planned."""
    made = repeat(cast.alice, free_account(cast.alice))
    Part.objects.update(state="cancelled")
    plan_recurrence(made.id, now=LATER)
    return made


def waiting(recurrence: Recurrence) -> list[Part]:
    parts = Part.objects.filter(delivery__post__occurrences__recurrence=recurrence, state="waiting")
    return list(parts.filter(planned_at__lte=LATER).order_by("planned_at"))


def last(actor: Membership) -> str:
    return missed_repeats(actor, LATER)[0].last.local


def test_the_page_tells_of_each_repeat_once_with_its_last_time(cast: Cast, recurrence: Recurrence) -> None:
    [found] = missed_repeats(cast.alice, LATER)
    assert (found.recurrence.id, found.text) == (recurrence.id, "We open at nine.")
    assert found.last.local[:10] == str((LATER - DAY).date())
    assert found.number == 14 and found.earlier == 13, "of two weeks, the last in full"
    assert missed_repeats(cast.charlie, LATER) == []


def test_it_is_read_in_few_queries(cast: Cast, recurrence: Recurrence, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        assert [one.accounts for one in missed_repeats(cast.alice, LATER)]
    Occurrence.objects.update(state="skipped")
    with django_assert_max_num_queries(1):
        assert missed_repeats(cast.alice, LATER) == []


def test_sent_by_hand_it_goes_out_now_once_and_the_earlier_ones_are_left(cast: Cast, recurrence: Recurrence) -> None:
    local = last(cast.alice)
    row = send_missed_time(actor=cast.alice, recurrence_id=recurrence.id, local=local, now=LATER)
    [part] = waiting(recurrence)
    assert (part.planned_at, part.text, part.delivery.created_by) == (LATER, "We open at nine.", cast.alice)
    assert (row.state, row.local) == ("planned", local)
    assert missed_repeats(cast.alice, LATER) == [] and queries.missed_times(recurrence) == []
    with pytest.raises(Conflict) as twice:
        send_missed_time(actor=cast.alice, recurrence_id=recurrence.id, local=local, now=LATER)
    assert twice.value.code == "settled" and len(waiting(recurrence)) == 1
    assert AuditEntry.objects.filter(action="publishing.recurrence.sent_late").count() == 1


def test_left_it_is_not_asked_about_again(cast: Cast, recurrence: Recurrence) -> None:
    assert leave_missed_times(actor=cast.alice, recurrence_id=recurrence.id, now=LATER) >= 14
    assert missed_repeats(cast.alice, LATER) == [] and waiting(recurrence) == []
    with pytest.raises(Conflict):
        leave_missed_times(actor=cast.alice, recurrence_id=recurrence.id, now=LATER)
    assert plan_recurrence(recurrence.id, now=LATER + 13 * DAY) >= 1, "the repeat goes on"


def test_nothing_is_sent_during_a_stop_nor_in_quarantine(cast: Cast, recurrence: Recurrence) -> None:
    local = last(cast.alice)
    stop_everything(actor=cast.alice, reason="storm", now=LATER)
    with pytest.raises(Conflict) as stopped:
        send_missed_time(actor=cast.alice, recurrence_id=recurrence.id, local=local, now=LATER)
    assert stopped.value.code == "stopped"
    lift_stop(actor=cast.alice, now=LATER)
    Account.objects.update(quarantined_at=LATER)
    with pytest.raises(Conflict) as held:
        send_missed_time(actor=cast.alice, recurrence_id=recurrence.id, local=local, now=LATER)
    assert held.value.code == "quarantined"
    assert missed_repeats(cast.alice, LATER)[0].last.local == local, "it still waits"


def test_who_may_not_publish_sends_none_of_it(cast: Cast, recurrence: Recurrence) -> None:
    user = make_user("Vera")
    vera = Membership.objects.create(team=cast.alice.team, user=user, role=Role.VIEWER, created_at=LATER)
    for actor, error in ((vera, Forbidden), (cast.charlie, NotFound)):
        with pytest.raises(error):
            send_missed_time(actor=actor, recurrence_id=recurrence.id, local=last(cast.alice), now=LATER)
        with pytest.raises(error):
            leave_missed_times(actor=actor, recurrence_id=recurrence.id, now=LATER)
    assert waiting(recurrence) == []


def missed_lately(recurrence: Recurrence, days: int) -> Occurrence:
    at = timezone.now() - timedelta(days=days)
    return Occurrence.objects.create(
        team_id=recurrence.team_id, recurrence=recurrence, local=at.strftime("%Y-%m-%dT%H:%M"), planned_at=at,
        state="missed", created_at=at,
    )  # fmt: skip


def test_the_buttons_of_the_page_send_and_leave(cast: Cast, recurrence: Recurrence) -> None:
    missed_lately(recurrence, 2)
    row = missed_lately(recurrence, 1)
    client = Client()
    client.force_login(cast.alice.user)
    page = client.get(reverse("aftermath")).content.decode()
    assert "not even planned" in page and "and 1 time before" in page and "Everything went as planned" not in page
    address = reverse("repeat_occurrence", args=[recurrence.id])
    done = client.post(address, {"do": "send", "local": row.local, "next": reverse("aftermath")})
    assert done.headers["Location"] == reverse("aftermath")
    row.refresh_from_db()
    assert row.post is not None and row.post.deliveries.count() == 1
    assert "Everything went as planned" in client.get(reverse("aftermath")).content.decode()
    missed_lately(recurrence, 3)
    client.post(address, {"do": "leave"})
    assert missed_repeats(cast.alice, timezone.now()) == []


def test_a_program_does_the_same(cast: Cast, recurrence: Recurrence) -> None:
    row = missed_lately(recurrence, 1)
    program = program_of(cast.alice, "read", "publish")
    [told] = program.get("aftermath").json()["unplanned"]
    assert (told["local"], told["number"], told["text"]) == (row.local, 1, "We open at nine.")
    assert program.post(f"repeats/{recurrence.id}/send", {"local": row.local}).status_code == 200
    assert program.post(f"repeats/{recurrence.id}/leave").status_code == 409
    missed_lately(recurrence, 2)
    assert program.post(f"repeats/{recurrence.id}/leave").status_code == 200
