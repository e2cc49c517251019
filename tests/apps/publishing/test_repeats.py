"""Repeats are planned ahead, each time once, by wall clock; nothing while held; texts take turns and run out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connections

from pluralis.core.delivery import MissedPolicy
from pluralis.core.states import PartState
from pluralis.posts.models import Post
from pluralis.publishing import queries
from pluralis.publishing.actions import (
    change_repeat,
    change_texts,
    edit_scheduled,
    end_repeat,
    enter_quarantine,
    lift_stop,
    move_occurrence,
    pause_repeat,
    plan_recurrence,
    release_account,
    repeat_post,
    resume_repeat,
    skip_occurrence,
    stop_everything,
    unskip_occurrence,
)
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Delivery, Occurrence, Part, Recurrence
from pluralis.publishing.planning import plan_repeats
from pluralis.teams.access import Ability
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, draft, make_user
from tests.apps.publishing.repeats import MONDAY, free_account, order, planned, repeat, walls, write

DAY = timedelta(days=1)


@pytest.fixture
def mastodon(cast: Cast) -> Account:
    return free_account(cast.alice)


def test_the_next_fourteen_days_are_planned_at_once_and_keep_their_hour_through_the_clock_change(
    cast: Cast, mastodon: Account
) -> None:
    recurrence = repeat(cast.alice, mastodon)
    assert walls(recurrence) == [f"{day:02} 09:00" for day in (*range(22, 32), *range(1, 5))]
    instants = [part.planned_at for part in planned(recurrence)]
    assert instants[5] == datetime(2027, 3, 27, 8, tzinfo=UTC)
    assert instants[6] == datetime(2027, 3, 28, 7, tzinfo=UTC)  # 23 hours later: the clocks went forward
    assert not recurrence.waiting_code


def test_a_rare_repeat_has_at_least_its_next_time_planned(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon, rule="FREQ=YEARLY", starts_on=date(2027, 12, 24))
    assert [part.planned_at.date() for part in planned(recurrence)] == [date(2027, 12, 24)]
    assert plan_recurrence(recurrence.id, now=MONDAY + 30 * DAY) == 0
    assert plan_recurrence(recurrence.id, now=datetime(2027, 12, 25, tzinfo=UTC)) == 1
    assert [part.planned_at.year for part in planned(recurrence)] == [2027, 2028]


def test_looking_again_plans_only_what_is_new(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    assert plan_recurrence(recurrence.id, now=MONDAY) == 0
    assert plan_recurrence(recurrence.id, now=MONDAY + 2 * DAY) == 2
    assert len(planned(recurrence)) == 16
    assert Occurrence.objects.filter(recurrence=recurrence).count() == 16


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_never_double_a_time() -> None:
    from tests.apps.cast import make_cast

    cast = make_cast()
    recurrence = repeat(cast.alice, free_account(cast.alice))

    def look(_number: int) -> int:
        try:
            return plan_recurrence(recurrence.id, now=MONDAY + 7 * DAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(look, range(8)))
    assert sorted(counts) == [0] * 7 + [7]
    instants = [part.planned_at for part in planned(recurrence)]
    assert len(instants) == len(set(instants)) == 21


def test_the_same_form_sent_twice_sets_up_one_repeat(cast: Cast, mastodon: Account) -> None:
    post = write(cast.alice, "We open at nine.")
    wish = {"post_id": post.id, "account_ids": [mastodon.id], "order": order(), "client_key": "one", "now": MONDAY}
    first = repeat_post(actor=cast.alice, **wish)
    assert repeat_post(actor=cast.alice, **wish) == first
    assert len(planned(first)) == 14


def test_each_time_is_a_post_of_its_own_and_the_template_is_no_draft_any_more(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    posts = {part.delivery.post_id for part in planned(recurrence)}
    assert len(posts) == 14 and recurrence.post_id not in posts
    assert set(Post.objects.values_list("state", flat=True)) == {"scheduled"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rule_no_such_day"),
        ({"rule": "FREQ=DAILY;INTERVAL=7;BYDAY=TU"}, "rule_never"),
        ({"rule": "whenever"}, "rule_unreadable"),
        ({"rule": "FREQ=HOURLY"}, "rule_too_often"),
        ({"rule": "FREQ=DAILY;UNTIL=20270301"}, "rule_over"),
        ({"rule": "FREQ=DAILY;COUNT=3", "starts_on": date(2027, 1, 1)}, "rule_over"),
        ({"zone": "Europe/Lutetia"}, "zone_unknown"),
        ({"exceptions": ("30 February",)}, "exception_unreadable"),
        ({"texts": (" ",)}, "texts_unusable"),
    ],
)
def test_what_cannot_repeat_is_refused_with_what_to_do_and_the_draft_is_kept(
    cast: Cast, mastodon: Account, more: dict[str, object], code: str
) -> None:
    post = write(cast.alice, "We open at nine.")
    with pytest.raises(Invalid) as refused:
        repeat_post(actor=cast.alice, post_id=post.id, account_ids=[mastodon.id], order=order(**more),
                    client_key="k", now=MONDAY)  # fmt: skip
    assert refused.value.code == code
    assert str(refused.value.happened) and refused.value.fields
    assert Recurrence.objects.count() == 0
    assert Post.objects.get().state == "draft"


def test_words_that_may_not_go_out_are_refused_when_the_repeat_is_set_up(cast: Cast, mastodon: Account) -> None:
    with pytest.raises(Invalid) as refused:
        repeat(cast.alice, mastodon, text="x" * 900)
    assert "Too long" in " ".join(map(str, refused.value.fields.values()))
    assert Recurrence.objects.count() == 0


# Texts.


def test_where_the_network_forbids_repeats_each_time_has_its_own_text_and_then_it_waits(
    cast: Cast, account: Account
) -> None:
    texts = ("Three new teas arrived this morning.", "Bake bread with us on Saturday, come along.")
    recurrence = repeat(cast.alice, account, texts=texts)
    assert [part.text for part in planned(recurrence)] == ["We open at nine.", *texts]
    assert recurrence.waiting_code == "no_text_left"
    assert "forbids" in recurrence.waiting_words
    waits = AuditEntry.objects.filter(action="publishing.recurrence.waits")
    plan_recurrence(recurrence.id, now=MONDAY + timedelta(minutes=5))
    assert waits.count() == 1  # said once, not at every look


def test_new_texts_let_it_go_on_by_itself(cast: Cast, account: Account) -> None:
    recurrence = repeat(cast.alice, account)
    assert len(planned(recurrence)) == 1
    change_texts(actor=cast.alice, recurrence_id=recurrence.id, texts=["The terrace is open again."], now=MONDAY)
    assert [part.text for part in planned(recurrence)] == ["We open at nine.", "The terrace is open again."]
    assert walls(recurrence) == ["22 09:00", "23 09:00"]


def test_texts_that_differ_by_a_number_are_refused_where_repeats_are_forbidden(cast: Cast, account: Account) -> None:
    with pytest.raises(Invalid) as refused:
        repeat(cast.alice, account, texts=("Another text altogether, about bread.", "We open at nine!!"))
    assert refused.value.code == "texts_nearly_same"
    assert "Text 3" in str(refused.value.happened)


def test_where_repeats_are_free_texts_take_turns_without_end(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon, texts=("Good morning.",))
    assert [part.text for part in planned(recurrence)][:4] == ["We open at nine.", "Good morning."] * 2
    assert not recurrence.waiting_code


def test_a_time_that_passed_while_it_waited_for_texts_is_not_made_up_for(cast: Cast, account: Account) -> None:
    recurrence = repeat(cast.alice, account)
    later = MONDAY + 4 * DAY
    plan_recurrence(recurrence.id, now=later)
    change_texts(actor=cast.alice, recurrence_id=recurrence.id, texts=["The terrace is open again."], now=later)
    assert walls(recurrence) == ["22 09:00", "26 09:00"]
    assert [each.local[8:10] for each in queries.missed_times(recurrence)] == ["25", "24", "23"]


# Held.


def test_nothing_is_planned_while_everything_is_stopped_nor_before_somebody_looked(
    cast: Cast, mastodon: Account
) -> None:
    recurrence = repeat(cast.alice, mastodon)
    stop_everything(actor=cast.alice, reason="storm", now=MONDAY + DAY)
    assert plan_recurrence(recurrence.id, now=MONDAY + 3 * DAY) == 0
    lift_stop(actor=cast.alice, now=MONDAY + 4 * DAY)
    assert plan_recurrence(recurrence.id, now=MONDAY + 5 * DAY) == 0
    recurrence.refresh_from_db()
    assert recurrence.waiting_code == "stopped"
    assert {part.state for part in Part.objects.all()} == {PartState.HELD}
    resume_repeat(actor=cast.alice, recurrence_id=recurrence.id, now=MONDAY + 5 * DAY)
    recurrence.refresh_from_db()
    assert not recurrence.waiting_code
    assert {part.planned_at.day for part in planned(recurrence)} == {5, 6, 7, 8, 9}  # what was held stays held


def test_a_repeat_set_up_while_everything_is_stopped_waits(cast: Cast, mastodon: Account) -> None:
    stop_everything(actor=cast.alice, reason="storm", now=MONDAY - DAY)
    recurrence = repeat(cast.alice, mastodon)
    assert recurrence.waiting_code == "stopped"
    assert Part.objects.count() == 0


def test_nothing_is_planned_in_quarantine_and_what_passed_in_it_never_goes_out(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon, missed_policy=MissedPolicy.LATE, late_limit=7 * DAY)
    before = Part.objects.count()
    enter_quarantine(reasons=["restored"], backup_at=None, now=MONDAY + DAY)
    assert plan_recurrence(recurrence.id, now=MONDAY + 20 * DAY) == 0
    recurrence.refresh_from_db()
    assert (recurrence.waiting_code, Part.objects.count()) == ("quarantined", before)
    release_account(actor=cast.alice, account_id=mastodon.id, now=MONDAY + 21 * DAY)
    plan_recurrence(recurrence.id, now=MONDAY + 21 * DAY)
    fresh = [part for part in planned(recurrence) if part.planned_at > MONDAY + 15 * DAY]
    assert min(part.planned_at for part in fresh) > MONDAY + 21 * DAY


def test_pausing_takes_back_what_is_planned_and_resuming_starts_from_now(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    pause_repeat(actor=cast.alice, recurrence_id=recurrence.id, now=MONDAY)
    assert planned(recurrence) == []
    assert plan_recurrence(recurrence.id, now=MONDAY + DAY) == 0
    resume_repeat(actor=cast.alice, recurrence_id=recurrence.id, now=MONDAY + 3 * DAY)
    assert walls(recurrence)[0] == "25 09:00"
    assert not Occurrence.objects.filter(recurrence=recurrence, state="missed").exists()


# The server was down.


@pytest.mark.parametrize(
    ("policy", "minutes", "late"),
    [(MissedPolicy.SKIP, 3, 1), (MissedPolicy.SKIP, 30, 0), (MissedPolicy.ASK, 30, 0), (MissedPolicy.LATE, 90, 1),
     (MissedPolicy.LATE, 150, 0)],
)  # fmt: skip
def test_after_a_long_outage_at_most_the_last_time_goes_out_late(
    cast: Cast, mastodon: Account, policy: MissedPolicy, minutes: int, late: int
) -> None:
    recurrence = repeat(cast.alice, mastodon, missed_policy=policy)
    back = datetime(2027, 6, 1, 7, tzinfo=UTC) + timedelta(minutes=minutes)
    plan_recurrence(recurrence.id, now=back)
    fresh = [part for part in planned(recurrence) if part.created_at == back]
    assert [part.planned_at for part in fresh if part.planned_at <= back] == [back] * late
    assert all(part.planned_at >= back for part in fresh)
    missed = Occurrence.objects.filter(recurrence=recurrence, state="missed")
    assert missed.count() == 31 - late  # the last month of them, no more


def test_one_repeat_that_breaks_does_not_hold_up_the_others(
    cast: Cast, mastodon: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zone that the tz database dropped: the repeat waits and says so, the next one is planned."""
    broken, sound = repeat(cast.alice, mastodon), repeat(cast.alice, mastodon, text="Another one.")
    Recurrence.objects.filter(id=broken.id).update(zone="Europe/Lutetia")
    monkeypatch.setattr("pluralis.publishing.planning.database_now", lambda: MONDAY + 3 * DAY)
    assert plan_repeats(0) == 3
    broken.refresh_from_db()
    assert broken.waiting_code == "zone_unknown"
    assert len(planned(sound)) == 17


# One time, or all later ones.


def test_one_time_is_skipped_and_brought_back(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    which = {"recurrence_id": recurrence.id, "local": "2027-03-24T09:00"}
    skip_occurrence(actor=cast.alice, **which, now=MONDAY)
    assert "24 09:00" not in walls(recurrence)
    plan_recurrence(recurrence.id, now=MONDAY + timedelta(minutes=5))
    assert "24 09:00" not in walls(recurrence)
    unskip_occurrence(actor=cast.alice, **which, now=MONDAY)
    assert walls(recurrence).count("24 09:00") == 1


def test_a_time_that_is_not_planned_yet_can_be_skipped_before_it_is(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    skip_occurrence(actor=cast.alice, recurrence_id=recurrence.id, local="2027-04-20T09:00", now=MONDAY)
    plan_recurrence(recurrence.id, now=datetime(2027, 4, 15, tzinfo=UTC))
    assert "20 09:00" not in walls(recurrence)
    assert "21 09:00" in walls(recurrence)
    with pytest.raises(Conflict):
        skip_occurrence(actor=cast.alice, recurrence_id=recurrence.id, local="2027-04-20T10:00", now=MONDAY)


def test_one_time_moves_alone(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    to = datetime(2027, 3, 23, 15, tzinfo=UTC)
    move_occurrence(actor=cast.alice, recurrence_id=recurrence.id, local="2027-03-23T09:00", to=to, now=MONDAY)
    assert walls(recurrence)[:3] == ["22 09:00", "23 16:00", "24 09:00"]
    moved = next(each for each in queries.coming_times(recurrence, MONDAY) if each.local == "2027-03-23T09:00")
    assert moved.moved and moved.at == to
    plan_recurrence(recurrence.id, now=MONDAY + DAY)
    assert "23 09:00" not in walls(recurrence)


def test_a_change_concerns_all_later_times(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    now = MONDAY + 2 * DAY
    Part.objects.filter(planned_at__lte=now).update(state="sending")
    change_repeat(actor=cast.alice, recurrence_id=recurrence.id, account_ids=[mastodon.id],
                  order=order("FREQ=WEEKLY;BYDAY=FR", local_time=time(18, 30)), now=now)  # fmt: skip
    assert walls(recurrence) == ["26 18:30", "02 18:30"]
    assert len(planned(recurrence, "sending")) == 2


def test_a_rule_edited_while_its_time_is_being_sent_does_not_plan_that_time_again(
    cast: Cast, mastodon: Account
) -> None:
    recurrence = repeat(cast.alice, mastodon)
    first = planned(recurrence)[0]
    Part.objects.filter(id=first.id).update(state="sending")
    change_repeat(actor=cast.alice, recurrence_id=recurrence.id, account_ids=[mastodon.id],
                  order=order("FREQ=DAILY;INTERVAL=2"), now=MONDAY)  # fmt: skip
    locals_ = list(Occurrence.objects.filter(recurrence=recurrence).values_list("local", flat=True))
    assert len(locals_) == len(set(locals_))
    on_monday = Part.objects.filter(planned_at=first.planned_at).exclude(state="cancelled")
    assert [part.id for part in on_monday] == [first.id]


def test_one_time_is_reworded_without_the_others(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    second = planned(recurrence)[1].delivery.post
    edit_scheduled(actor=cast.alice, post_id=second.id, draft=draft("We open at ten today."), revision=1,
                   confirmed=Confirmations(same_text=True), now=MONDAY)  # fmt: skip
    assert [part.text for part in planned(recurrence)][:3] == [
        "We open at nine.", "We open at ten today.", "We open at nine.",
    ]  # fmt: skip


def test_ending_takes_back_what_waits_and_refuses_further_changes(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    end_repeat(actor=cast.alice, recurrence_id=recurrence.id, now=MONDAY)
    assert planned(recurrence) == []
    assert plan_recurrence(recurrence.id, now=MONDAY + DAY) == 0
    with pytest.raises(Conflict):
        resume_repeat(actor=cast.alice, recurrence_id=recurrence.id, now=MONDAY)


def test_a_repeat_ends_by_itself_after_its_last_time(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon, rule="FREQ=DAILY;COUNT=2")
    assert walls(recurrence) == ["22 09:00", "23 09:00"]
    plan_recurrence(recurrence.id, now=MONDAY + DAY)
    recurrence.refresh_from_db()
    assert recurrence.ended_at is None
    plan_recurrence(recurrence.id, now=MONDAY + 3 * DAY)
    recurrence.refresh_from_db()
    assert recurrence.ended_at is not None


# Who may.


def test_another_team_finds_nothing_and_an_agent_may_look_but_not_touch(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    with pytest.raises(NotFound):
        pause_repeat(actor=cast.charlie, recurrence_id=recurrence.id, now=MONDAY)
    with pytest.raises(Forbidden):
        pause_repeat(actor=cast.bob, recurrence_id=recurrence.id, now=MONDAY)
    assert list(queries.recurrences_of(cast.charlie)) == []
    assert [each.id for each in queries.recurrences_of(cast.bob)] == [recurrence.id]
    with pytest.raises(Forbidden) as refused:
        repeat(cast.bob, mastodon)
    assert refused.value.ability == Ability.PUBLISH


def test_when_whoever_set_it_up_loses_the_right_it_waits_until_somebody_takes_it_over(
    cast: Cast, mastodon: Account
) -> None:
    writer = Membership.objects.create(
        team=cast.alice.team, user=make_user("Wendy"), role=Role.WRITER, created_at=MONDAY
    )
    recurrence = repeat(writer, mastodon)
    Membership.objects.filter(id=writer.id).update(role=Role.VIEWER)
    plan_recurrence(recurrence.id, now=MONDAY + DAY)
    recurrence.refresh_from_db()
    assert recurrence.waiting_code == "forbidden"
    resume_repeat(actor=cast.alice, recurrence_id=recurrence.id, now=MONDAY + DAY)
    recurrence.refresh_from_db()
    assert (recurrence.waiting_code, recurrence.responsible) == ("", cast.alice)


def test_an_account_that_was_given_up_is_left_out_and_without_any_the_repeat_waits(
    cast: Cast, mastodon: Account
) -> None:
    other = free_account(cast.alice, "norlune_help")
    recurrence = repeat(cast.alice, mastodon, other)
    Account.objects.filter(id=other.id).update(released_at=MONDAY)
    plan_recurrence(recurrence.id, now=MONDAY + DAY)
    assert {part.account_id for part in planned(recurrence) if part.created_at > MONDAY} == {mastodon.id}
    Account.objects.filter(id=mastodon.id).update(released_at=MONDAY)
    plan_recurrence(recurrence.id, now=MONDAY + 2 * DAY)
    recurrence.refresh_from_db()
    assert recurrence.waiting_code == "no_account"


# What is read.


def test_the_list_and_the_coming_times_take_few_queries(
    cast: Cast, mastodon: Account, django_assert_num_queries: object
) -> None:
    for number in range(3):
        repeat(cast.alice, mastodon, text=f"Text number {'abc'[number]}.")
    with django_assert_num_queries(3):  # type: ignore[operator]
        found = list(queries.recurrences_of(cast.alice))
        assert [len(each.seats.all()) for each in found] == [1, 1, 1]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(queries.next_times(found, MONDAY)) == 3
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(queries.coming_times(found[0], MONDAY)) == 20


def test_the_coming_times_show_what_is_planned_what_is_skipped_and_what_comes_later(
    cast: Cast, mastodon: Account
) -> None:
    recurrence = repeat(cast.alice, mastodon, zone="Europe/Paris", local_time=time(2, 30))
    skip_occurrence(actor=cast.alice, recurrence_id=recurrence.id, local="2027-03-25T02:30", now=MONDAY)
    times = {each.local: each for each in queries.coming_times(recurrence, MONDAY)}
    assert times["2027-03-24T02:30"].state == "planned"
    assert times["2027-03-25T02:30"].state == "skipped"
    assert times["2027-04-10T02:30"].state == "later"
    assert times["2027-03-28T02:30"].edge == "skipped"
    assert times["2027-03-28T02:30"].at == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert not times["2027-03-28T02:30"].moved


def test_a_summary_is_given_even_for_a_rule_that_cannot_be_read_any_more(cast: Cast, mastodon: Account) -> None:
    recurrence = repeat(cast.alice, mastodon)
    assert queries.summary_of(recurrence, "fr") == "Tous les jours à 09:00"
    recurrence.rule = "FREQ=OLD"
    assert queries.summary_of(recurrence, "fr") == "FREQ=OLD"
    assert Delivery.objects.count() == 14
