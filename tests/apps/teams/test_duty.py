"""The roster followed minute by minute, hand-over notes, and who may change what."""

from datetime import UTC, datetime, time, timedelta

import pytest

from pluralis.teams import actions
from pluralis.teams.actions import Stretch, Weekly
from pluralis.teams.errors import ActionError, Forbidden, Invalid, NotFound
from pluralis.teams.models import AuditEntry, DutyChange, Membership, Shift
from pluralis.teams.queries import on_duty
from pluralis.teams.rostering import unread_notes
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
EVERY_DAY = tuple(range(7))


@pytest.fixture
def off(cast: Cast) -> Cast:
    """The cast with nobody on duty."""
    Membership.objects.update(on_duty_since=None)
    cast.bob.refresh_from_db()
    return cast


def plan(
    cast: Cast, begin: str = "09:00", end: str = "17:00", zone: str = "UTC", who: Membership | None = None
) -> Shift:
    weekly = Weekly(EVERY_DAY, time.fromisoformat(begin), time.fromisoformat(end), zone)
    member = (who or cast.bob).id
    return actions.add_shifts(actor=cast.alice, member_id=member, weekly=weekly, now=MONDAY)[0]


def names(cast: Cast) -> list[str]:
    return [str(each.user) for each in on_duty(cast.alice.team_id)]


def test_the_roster_puts_on_and_takes_off(off: Cast) -> None:
    plan(off)
    seen = []
    for hour in (8, 9, 10, 16.99, 17, 18, 33):
        changed = actions.follow_roster(now=MONDAY + hour * HOUR)
        seen.append((changed, names(off)))
    assert seen == [(0, []), (1, ["Bob"]), (0, ["Bob"]), (0, ["Bob"]), (1, []), (0, []), (1, ["Bob"])]
    entries = AuditEntry.objects.filter(action__startswith="teams.duty.").order_by("id")
    assert [(each.action, each.actor) for each in entries] == [
        ("teams.duty.began", None), ("teams.duty.ended", None), ("teams.duty.began", None),
    ]  # fmt: skip


def test_what_a_person_chooses_stands_until_the_roster_changes_again(off: Cast) -> None:
    plan(off)
    actions.follow_roster(now=MONDAY + 9 * HOUR)
    off.bob.refresh_from_db()
    actions.set_duty(actor=off.bob, on=False, now=MONDAY + 10 * HOUR)
    assert actions.follow_roster(now=MONDAY + 11 * HOUR) == 0 and names(off) == []
    actions.set_duty(actor=off.bob, on=True, now=MONDAY + 18 * HOUR)
    actions.follow_roster(now=MONDAY + 17 * HOUR)
    off.bob.refresh_from_db()
    actions.set_duty(actor=off.bob, on=True, now=MONDAY + 18 * HOUR)
    assert actions.follow_roster(now=MONDAY + 19 * HOUR) == 0 and names(off) == ["Bob"]


def test_planning_next_week_moves_nobody_today_and_planning_now_does(off: Cast) -> None:
    actions.set_duty(actor=off.bob, on=True, now=MONDAY)
    shift = plan(off, "20:00", "22:00")
    assert names(off) == ["Bob"]
    actions.remove_shift(actor=off.alice, shift_id=shift.id, now=MONDAY)
    assert names(off) == ["Bob"]
    now = MONDAY + 12 * HOUR
    weekly = Weekly(EVERY_DAY, time(9), time(17), "UTC")
    shifts = actions.add_shifts(actor=off.alice, member_id=off.alice.id, weekly=weekly, now=now)
    assert names(off) == ["Bob", "Alice"]
    monday = next(each for each in shifts if each.weekday == 0)
    actions.remove_shift(actor=off.alice, shift_id=monday.id, now=now)
    assert names(off) == ["Bob"]


def test_a_night_shift_follows_its_own_clock_over_the_change_to_summer(off: Cast) -> None:
    plan(off, "22:00", "06:00", "Europe/Paris")
    saturday = datetime(2027, 3, 27, tzinfo=UTC)
    seen = []
    for hour in (20.9, 21, 27.9, 28):  # 22:00 in winter is 21:00 UTC, 06:00 in summer is 04:00 UTC
        actions.follow_roster(now=saturday + hour * HOUR)
        seen.append(names(off))
    assert seen == [[], ["Bob"], ["Bob"], []]


def test_a_swap_is_one_act_for_two_and_taken_back_as_one(off: Cast) -> None:
    plan(off)
    now = MONDAY + 9 * HOUR
    actions.follow_roster(now=now)
    stretch = Stretch(MONDAY + 8 * HOUR, MONDAY + 12 * HOUR)
    swap = actions.swap_duty(actor=off.bob, member_id=off.bob.id, covering_id=off.alice.id, stretch=stretch, now=now)
    assert names(off) == ["Alice"]
    with pytest.raises(NotFound):
        actions.remove_duty_change(actor=off.charlie, change_id=swap[0].id, now=now)
    actions.remove_duty_change(actor=off.bob, change_id=swap[1].id, now=now)
    assert (names(off), DutyChange.objects.count()) == (["Bob"], 0)


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (2, 1, "ends_before_it_starts"),
        (1, 1, "ends_before_it_starts"),
        (-5, -1, "in_the_past"),
        (1, 9000, "too_long"),
    ],
)
def test_a_stretch_that_cannot_be_is_refused(cast: Cast, begin: int, end: int, code: str) -> None:
    with pytest.raises(Invalid) as error:
        actions.change_duty(actor=cast.bob, member_id=cast.bob.id, on=False, reason="", now=MONDAY,
                            stretch=Stretch(MONDAY + begin * HOUR, MONDAY + end * HOUR))  # fmt: skip
    assert error.value.code == code


def test_members_change_their_own_days_and_leads_anybodys(cast: Cast) -> None:
    stretch = Stretch(MONDAY, MONDAY + HOUR)
    rest = {"on": False, "stretch": stretch, "reason": "ill", "now": MONDAY}
    actions.change_duty(actor=cast.bob, member_id=cast.bob.id, **rest)
    actions.change_duty(actor=cast.alice, member_id=cast.bob.id, **rest)
    with pytest.raises(Forbidden):
        actions.change_duty(actor=cast.bob, member_id=cast.alice.id, **rest)
    with pytest.raises(NotFound):
        actions.change_duty(actor=cast.alice, member_id=cast.charlie.id, **rest)
    with pytest.raises(Forbidden):
        actions.add_shifts(actor=cast.bob, member_id=cast.bob.id, now=MONDAY,
                           weekly=Weekly((0,), time(9), time(17), "UTC"))  # fmt: skip


@pytest.mark.parametrize("weekly", [
    Weekly((), time(9), time(17), "UTC"), Weekly((7,), time(9), time(17), "UTC"),
    Weekly((0,), time(9), time(17), "Mars/Olympus"), Weekly((0,), time(9), time(17), "../etc"),
    Weekly((0,), time(9), time(17), "UTC", MONDAY.date(), MONDAY.date() - timedelta(days=1)),
])  # fmt: skip
def test_a_shift_that_cannot_be_is_refused(cast: Cast, weekly: Weekly) -> None:
    with pytest.raises(ActionError):
        actions.add_shifts(actor=cast.alice, member_id=cast.bob.id, weekly=weekly, now=MONDAY)
    assert not Shift.objects.exists()


def test_a_hand_over_note_is_shown_to_each_on_duty_until_they_have_read_it(cast: Cast) -> None:
    note = actions.leave_note(actor=cast.alice, text="The line in Lyon is down.", now=MONDAY)
    assert unread_notes(cast.bob, MONDAY) == [note]
    assert unread_notes(cast.alice, MONDAY) == []
    for _twice in range(2):
        actions.read_note(actor=cast.bob, note_id=note.id, now=MONDAY)
    assert unread_notes(cast.bob, MONDAY) == []
    assert [each.member for each in note.seen.all()] == [cast.bob]
    with pytest.raises(NotFound):
        actions.read_note(actor=cast.charlie, note_id=note.id, now=MONDAY)
    with pytest.raises(Invalid):
        actions.leave_note(actor=cast.bob, text=" \x00", now=MONDAY)
    assert unread_notes(cast.bob, MONDAY + timedelta(days=5)) == []
