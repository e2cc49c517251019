"""An import that is killed, pressed twice or worked on by two is one import: no row twice, none lost."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from pluralis.posts.models import Post
from pluralis.publishing import actions
from pluralis.publishing.actions import import_steps, save_import, save_rows, take_back
from pluralis.publishing.models import Import, ImportContent, ImportRow, ImportState, Part
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, make_user, schedule, write
from tests.apps.publishing.test_import_road import checked, hand_in, later, saved

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """Like a kill: nothing of ours may catch it."""


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_steps, "CHUNK", 3)


def ten(actor: Membership, account: Account) -> Import:
    lines = "\n".join(f"We are number {number},{later(number + 1)}" for number in range(10))
    return checked(actor, hand_in(actor, f"text,when\n{lines}\n"), account)


@pytest.mark.parametrize("place", ["note_many", "wake_many"])
def test_a_kill_within_a_chunk_leaves_nothing_of_it_and_the_next_step_goes_on(
    cast: Cast, account: Account, small_chunks: None, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    one = ten(cast.alice, account)
    save_import(actor=cast.alice, import_id=one.id, now=timezone.now())
    assert save_rows(one.id, timezone.now())
    with monkeypatch.context() as patch:

        def kill(*_given: object, **_named: object) -> None:
            raise Killed

        patch.setattr(import_module("pluralis.publishing.actions.schedule_many"), place, kill)
        with pytest.raises(Killed):
            save_rows(one.id, timezone.now())
    assert (Part.objects.count(), Post.objects.count()) == (3, 3)
    while save_rows(one.id, timezone.now()):
        pass
    assert sorted(Part.objects.values_list("text", flat=True)) == [f"We are number {number}" for number in range(10)]
    assert AuditEntry.objects.filter(action="publishing.delivery.scheduled").count() == 10


def test_two_workers_at_one_import_plan_every_row_once(cast: Cast, account: Account, small_chunks: None) -> None:
    one = ten(cast.alice, account)
    save_import(actor=cast.alice, import_id=one.id, now=timezone.now())
    start = Barrier(2)

    def work() -> None:
        start.wait()
        try:
            for _step in range(20):
                save_rows(one.id, timezone.now())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(work), workers.submit(work)]:
            done.result()
    assert (Part.objects.count(), Post.objects.count()) == (10, 10)
    assert Import.objects.get().rows_saved == 10


def test_a_lost_step_is_woken_again(cast: Cast, account: Account) -> None:
    one = ten(cast.alice, account)
    save_import(actor=cast.alice, import_id=one.id, now=timezone.now())
    assert actions.resume_imports(timezone.now()) == 0
    assert actions.resume_imports(timezone.now() + import_steps.STALLED * 2) == 1


def test_saving_twice_and_after_the_end_changes_nothing(cast: Cast, account: Account) -> None:
    one = saved(cast.alice, ten(cast.alice, account))
    saved(cast.alice, one)
    assert Part.objects.count() == 10 and not ImportContent.objects.exists()


def test_taking_back_while_it_is_saved_ends_it(cast: Cast, account: Account, small_chunks: None) -> None:
    one = ten(cast.alice, account)
    save_import(actor=cast.alice, import_id=one.id, now=timezone.now())
    save_rows(one.id, timezone.now())
    assert take_back(actor=cast.alice, import_id=one.id, now=timezone.now()).taken_back["cancelled"] == 3
    assert save_rows(one.id, timezone.now()) is False
    assert set(Part.objects.values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(Conflict):
        take_back(actor=cast.alice, import_id=one.id, now=timezone.now())


def test_texts_that_repeat_are_marked_unless_they_are_meant(cast: Cast, account: Account) -> None:
    schedule(cast.alice, write(cast.alice, "We open at nine."), account, after=3600)
    texts = ("We open at nine.", "We close at six.", "We open at ten.", "We close at six.")
    lines = "\n".join(f"{words},{later(day)}" for day, words in enumerate(texts, start=3))
    one = checked(cast.alice, hand_in(cast.alice, f"text,when\n{lines}\n"), account)
    told = {row.number: [code for _column, code, _values in row.problems] for row in one.rows.filter(bad=True)}
    assert told[2] == ["same_as_planned"] and told[5] == ["same_as_row"]
    assert checked(cast.alice, one, account, same_texts=True).rows_chosen == 4


def test_what_the_road_refuses_at_the_last_moment_leaves_nothing_behind(cast: Cast, account: Account) -> None:
    one = ten(cast.alice, account)
    schedule(cast.alice, write(cast.alice, "We are number 4"), account, after=3600)
    one = saved(cast.alice, one)
    assert (one.rows_saved, one.rows_failed) == (9, 1)
    failed = one.rows.get(state=ImportRow.State.FAILED)
    assert failed.post_id is None and "within 24 hours" in str(failed.problems)
    assert Post.objects.filter(state="draft").count() == 0


def test_who_may_not_publish_keeps_drafts(cast: Cast, account: Account) -> None:
    one = hand_in(cast.bob, f"text,when\nWe open,{later(2)}\n")
    one = saved(cast.bob, checked(cast.bob, one, account, drafts=True))
    assert (one.rows_saved, Part.objects.count(), Post.objects.get().state) == (1, 0, "draft")


def test_a_member_who_left_plans_nothing(cast: Cast, account: Account) -> None:
    seat = Membership.objects.create(
        team=cast.alice.team, user=make_user("Eve"), role=Role.LEAD, created_at=timezone.now()
    )
    one = ten(seat, account)
    save_import(actor=seat, import_id=one.id, now=timezone.now())
    Membership.objects.filter(id=seat.id).update(role=Role.VIEWER)
    while save_rows(one.id, timezone.now()):
        pass
    one.refresh_from_db()
    assert (one.state, one.rows_failed, Part.objects.count()) == (ImportState.SAVED, 10, 0)


def test_old_files_are_forgotten_and_their_posts_stay(cast: Cast, account: Account) -> None:
    saved(cast.alice, ten(cast.alice, account))
    hand_in(cast.alice, f"text,when\nNever decided,{later(2)}\n")
    assert actions.forget_imports(timezone.now()) == 0
    assert actions.forget_imports(timezone.now() + import_steps.KEPT * 2) == 10
    assert Import.objects.get().rows.first().cells == [] and Post.objects.count() == 10
