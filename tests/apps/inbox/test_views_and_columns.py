"""Saved views, their counts, columns, and what has been read."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from pluralis.inbox.actions import views as actions
from pluralis.inbox.models import Column, Contact, Conversation, ReadMark, SavedView
from pluralis.inbox.queries import Filter, count_each, counts, inbox_page
from pluralis.inbox.queries.views import columns_of, mark_shown, views_of
from pluralis.teams.errors import Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, make_user
from tests.apps.inbox.test_search import NOW, account_of, person, talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast.alice)


@pytest.fixture
def dana(cast: Cast) -> Contact:
    return person(cast.alice, "Dana", "dana")


def save(seat: Membership, name: str, shared: bool = False, **wanted: object) -> SavedView:
    return actions.save_view(actor=seat, name=name, wanted=Filter(**wanted), shared=shared, now=timezone.now())


CASES = [
    ({"kind": "quote"}, {"kind": "quote"}, {"kind": "reply"}),
    ({"label": "complaint"}, {"label": "complaint"}, {"label": "praise"}),
    ({"language": "ms"}, {"language": "ms"}, {"language": "en"}),
    ({"network": "x"}, {}, None),
    ({"state": "waiting"}, {"state": "waiting"}, {"state": "open"}),
    ({"late": True}, {"answer_due_at": NOW - timedelta(hours=1)}, {"answer_due_at": NOW + timedelta(days=1)}),
    ({"words": "fibre"}, {}, None),
]


@pytest.mark.parametrize(("wanted", "fits", "fits_not"), CASES)
def test_each_filter_shows_what_fits_and_counts_it(
    cast: Cast, account: Account, dana: Contact, wanted: dict, fits: dict, fits_not: dict | None
) -> None:
    inside = talk(account, dana, "fibre", **fits)
    if fits_not is not None:
        talk(account, dana, "other", **fits_not)
    asked = Filter(**wanted)
    assert [each.id for each in inbox_page(cast.bob, asked).conversations] == [inside.id]
    assert count_each(cast.bob, [asked, Filter(label="spam")]) == [1, 0]
    assert count_each(cast.charlie, [asked]) == [0]


def test_a_filter_by_tag_holder_and_reader(cast: Cast, account: Account, dana: Contact) -> None:
    first = talk(account, dana, "one", assigned_to=cast.bob)
    second = talk(account, person(cast.alice, "Zoe", "zoe"), "two")
    Contact.objects.filter(id=dana.id).update(tags=["VIP"])
    actions.mark_read(actor=cast.bob, conversation=second)
    for wanted in (Filter(tag="VIP"), Filter(mine=True), Filter(unread=True)):
        assert [each.id for each in inbox_page(cast.bob, wanted).conversations] == [first.id], wanted
    assert [each.id for each in inbox_page(cast.bob, Filter(unassigned=True)).conversations] == [second.id]
    assert counts(cast.bob) == {"open": 2, "waiting": 0, "snoozed": 0, "mine": 1}


def test_a_filter_survives_its_address_and_nonsense_is_left_out() -> None:
    wanted = Filter(state="waiting", account_id=uuid4(), kind="reply", tag="VIP", late=True, words="no network")
    assert Filter.from_words(wanted.to_words()) == wanted
    nonsense = {"state": "exploded", "account_id": "7", "mine": "maybe", "colour": "red", "words": "x" * 900}
    read = Filter.from_words(nonsense)
    assert (read.state, read.account_id, read.mine, len(read.words)) == ("open", None, False, 200)
    assert Filter.from_words({"state": ""}).state == ""


def test_counts_stop_where_nobody_reads_them(cast: Cast, account: Account, dana: Contact) -> None:
    for _number in range(5):
        talk(account, dana, "fibre")
    assert count_each(cast.bob, [Filter(), Filter(words="fibre", state="")], most=3) == [3, 3]


def test_all_counts_are_one_question(cast: Cast, account: Account, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        count_each(cast.bob, [Filter(label="praise"), Filter(unread=True), Filter(tag="VIP"), Filter(words="a")])
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert count_each(cast.bob, []) == []


def test_a_view_is_the_members_own_or_the_teams(cast: Cast) -> None:
    own, teams = save(cast.bob, "Mine", mine=True), save(cast.alice, "Complaints", shared=True, label="complaint")
    assert views_of(cast.bob) == [own, teams]
    assert views_of(cast.alice) == [teams]
    assert views_of(cast.charlie) == []
    for stranger in (cast.alice, cast.charlie):
        with pytest.raises(NotFound):
            actions.remove_view(actor=stranger, view_id=own.id, now=NOW)
    assert AuditEntry.objects.filter(action="inbox.view.saved").count() == 2


def test_the_same_name_again_takes_the_old_ones_place(cast: Cast) -> None:
    first = save(cast.bob, " Late   ones ", late=True)
    again = save(cast.bob, "Late ones", label="complaint")
    assert (again.id, again.name) == (first.id, "Late ones")
    assert Filter.from_words(SavedView.objects.get().wanted) == Filter(label="complaint")


def test_who_only_looks_keeps_views_for_themselves_alone(cast: Cast) -> None:
    viewer = Membership.objects.create(team=cast.alice.team, user=make_user("Vera"), role=Role.VIEWER, created_at=NOW)
    save(viewer, "Mine")
    with pytest.raises(Forbidden):
        save(viewer, "Ours", shared=True)


@pytest.mark.parametrize("name", ["", "  ", "\x00"])
def test_a_view_needs_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid):
        save(cast.bob, name)


def test_columns_stand_in_the_members_own_order(cast: Cast) -> None:
    views = [save(cast.alice, name, shared=True) for name in ("A", "B", "C")]
    columns = [actions.add_column(actor=cast.bob, view_id=view.id) for view in views]
    assert actions.add_column(actor=cast.bob, view_id=views[0].id).id == columns[0].id
    theirs = actions.add_column(actor=cast.alice, view_id=views[0].id)
    actions.order_columns(actor=cast.bob, column_ids=[columns[2].id, theirs.id, columns[2].id])
    assert [each.view.name for each in columns_of(cast.bob)] == ["C", "A", "B"]
    assert [each.view.name for each in columns_of(cast.alice)] == ["A"]
    with pytest.raises(NotFound):
        actions.remove_column(actor=cast.alice, column_id=columns[0].id)
    assert Column.objects.filter(member=cast.bob).count() == 3
    actions.remove_column(actor=cast.bob, column_id=columns[0].id)
    assert [each.view.name for each in columns_of(cast.bob)] == ["C", "B"]


def test_there_are_as_many_columns_as_fit(cast: Cast) -> None:
    views = [save(cast.bob, f"V{number}") for number in range(actions.MOST_COLUMNS + 1)]
    for view in views[:-1]:
        actions.add_column(actor=cast.bob, view_id=view.id)
    with pytest.raises(Invalid):
        actions.add_column(actor=cast.bob, view_id=views[-1].id)


def test_a_view_that_goes_takes_its_columns_along(cast: Cast) -> None:
    view = save(cast.bob, "A")
    actions.add_column(actor=cast.bob, view_id=view.id)
    actions.remove_view(actor=cast.bob, view_id=view.id, now=NOW)
    assert columns_of(cast.bob) == []


def test_what_was_read_is_unread_again_when_they_write(cast: Cast, account: Account, dana: Contact) -> None:
    conversation = talk(account, dana, "one")
    actions.mark_read(actor=cast.bob, conversation=conversation)
    actions.mark_read(actor=cast.bob, conversation=conversation)
    assert ReadMark.objects.count() == 1
    mark_shown(cast.bob, [conversation], NOW)
    assert conversation.is_unread is False  # type: ignore[attr-defined]
    Conversation.objects.filter(id=conversation.id).update(
        last_message_at=conversation.last_message_at + timedelta(1)
    )
    mark_shown(cast.bob, [conversation], NOW)
    assert conversation.is_unread is True  # type: ignore[attr-defined]
    actions.mark_unread(actor=cast.bob, conversation_id=conversation.id)
    assert not ReadMark.objects.exists()
