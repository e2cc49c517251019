"""An import from the file to the calendar: checked before anything is kept, saved once, taken back."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from pluralis.posts.models import Post
from pluralis.publishing.actions import (
    Decisions,
    check_rows,
    choose_rows,
    decide,
    save_import,
    save_rows,
    start_import,
    take_back,
)
from pluralis.publishing.models import Delivery, Import, ImportState, Part
from pluralis.teams.models import Account, Membership
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db


def hand_in(actor: Membership, text: str | bytes, name: str = "posts.csv") -> Import:
    content = text.encode() if isinstance(text, str) else text
    key = uuid.uuid4().hex
    return start_import(actor=actor, file_name=name, content=content, client_key=key, now=timezone.now())


def checked(actor: Membership, one: Import, *accounts: Account, **more: object) -> Import:
    """Decide as the guess says, and check every row."""
    said = {"fields": tuple(one.shape["guess"]), "zone": "Europe/Paris", **more}
    decided = Decisions(account_ids=tuple(each.id for each in accounts), **said)
    decide(actor=actor, import_id=one.id, decisions=decided, now=timezone.now())
    while check_rows(one.id, timezone.now()):
        pass
    one.refresh_from_db()
    return one


def saved(actor: Membership, one: Import) -> Import:
    save_import(actor=actor, import_id=one.id, now=timezone.now())
    while save_rows(one.id, timezone.now()):
        pass
    one.refresh_from_db()
    return one


def later(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%d 10:00")


def test_every_good_row_becomes_one_planned_post_and_the_bad_ones_say_why(cast: Cast, account: Account) -> None:
    lines = [f"We are number {number},{later(number + 1)}" for number in range(5)]
    lines += ["We are late,2020-01-01 10:00", f"{'long ' * 80},{later(3)}", f",{later(3)}"]
    one = checked(cast.alice, hand_in(cast.alice, "text,when\n" + "\n".join(lines)), account)
    assert (one.state, one.rows_total, one.rows_chosen) == (ImportState.CHECKED, 8, 5)
    problems = {row.number: [code for _column, code, _values in row.problems] for row in one.rows.filter(bad=True)}
    assert problems == {7: ["past"], 8: ["too_long"], 9: ["no_text"]}
    assert Post.objects.count() == 0
    one = saved(cast.alice, one)
    assert (one.state, one.rows_saved, one.rows_failed) == (ImportState.SAVED, 5, 0)
    assert Part.objects.filter(account=account, state="waiting").count() == 5
    assert {delivery.zone for delivery in Delivery.objects.all()} == {"Europe/Paris"}


def test_taking_back_cancels_what_waits_and_counts_what_is_out(cast: Cast, account: Account) -> None:
    one = checked(cast.alice, hand_in(cast.alice, f"text,when\nOne,{later(1)}\nTwo,{later(2)}\n"), account)
    one = saved(cast.alice, one)
    out = Part.objects.order_by("due_at").first()
    assert out is not None
    for state in ("sending", "sent"):
        Part.objects.filter(id=out.id).update(state=state)
    undone = take_back(actor=cast.alice, import_id=one.id, now=timezone.now())
    assert undone.taken_back == {"cancelled": 1, "out": 1, "on_the_way": 0}
    assert sorted(Part.objects.values_list("state", flat=True)) == ["cancelled", "sent"]
    assert sorted(Post.objects.values_list("state", flat=True)) == ["discarded", "scheduled"]


def test_rows_left_out_stay_out(cast: Cast, account: Account) -> None:
    one = checked(cast.alice, hand_in(cast.alice, f"text,when\nOne,{later(1)}\nTwo,{later(2)}\n"), account)
    assert choose_rows(actor=cast.alice, import_id=one.id, numbers=[2], chosen=False, now=timezone.now()) == 1
    saved(cast.alice, one)
    assert Part.objects.get().text == "Two"
