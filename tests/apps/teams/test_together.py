"""Several questions in one: the rows are what Django's own queries give, and counts are the asking member's."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from pluralis.inbox.models import Cursor, Gap
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Account, Membership, Role
from pluralis.teams.together import Counts, as_rows, read_together
from tests.apps.cast import Cast, make_user

pytestmark = pytest.mark.django_db


def account_of(seat: Membership, name: str = "one", **more: object) -> Account:
    return Account.objects.create(
        team=seat.team, network="x", host="https://example.org", remote_id=name, handle=name,
        created_at=timezone.now(), settings={"initials": {"roles": ["agent"]}, "odd": "50 % \"of\" it"}, **more,
    )  # fmt: skip


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast.alice)


def test_rows_are_what_django_reads(account: Account) -> None:
    Gap.objects.create(
        team=account.team, account=account, stream="mentions", noticed_at=timezone.now(), found=3, try_at=None
    )
    found = read_together(
        {"accounts": "SELECT * FROM teams_account WHERE id = %(id)s",
         "gaps": "SELECT * FROM inbox_gap WHERE account_id = %(id)s"},
        {"id": account.id},
    )  # fmt: skip
    for model, name in ((Account, "accounts"), (Gap, "gaps")):
        [row], own = as_rows(model, found[name]), model.objects.get()
        names = [each.attname for each in model._meta.concrete_fields]
        assert [getattr(row, each) for each in names] == [getattr(own, each) for each in names]
        assert not row._state.adding


def test_many_questions_are_one_query(account: Account, django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    with django_assert_num_queries(1):
        found = read_together(
            dict.fromkeys("abc", "SELECT * FROM inbox_cursor WHERE account_id = %(id)s"), {"id": account.id}
        )
        assert found == {"a": [], "b": [], "c": []}
        assert as_rows(Cursor, found["a"]) == []


def test_the_order_of_a_question_is_kept(cast: Cast) -> None:
    for name in ("b", "c", "a"):
        account_of(cast.alice, name)
    found = read_together(
        {"all": "SELECT * FROM teams_account WHERE team_id = %(team)s ORDER BY handle DESC"},
        {"team": cast.bob.team_id},
    )
    assert [each["handle"] for each in found["all"]] == ["c", "b", "a"]


COUNTS = Counts(
    accounts=accounts_of,
    mates=lambda actor: Membership.objects.filter(team=actor.team_id),
    seats=lambda actor: Membership.objects.filter(user=actor.user_id),
    agents=lambda actor: Membership.objects.filter(team=actor.team_id, role=Role.AGENT),
)


def test_counts_are_the_asking_members(
    cast: Cast,
    account: Account,
    django_assert_num_queries: Callable,  # type: ignore[type-arg]
) -> None:
    with django_assert_num_queries(3):
        assert COUNTS.of(cast.alice) == {"accounts": 1, "mates": 2, "seats": 1, "agents": 1}
        assert COUNTS.of(cast.charlie) == {"accounts": 0, "mates": 1, "seats": 1, "agents": 0}
        assert COUNTS.of(cast.alice) == {"accounts": 1, "mates": 2, "seats": 1, "agents": 1}


def test_what_a_role_may_not_see_is_not_counted(cast: Cast, account: Account) -> None:
    employee = Membership.objects.create(
        team=cast.alice.team, user=make_user("Erin"), role=Role.EMPLOYEE, created_at=timezone.now()
    )
    assert COUNTS.of(employee)["accounts"] == 0
    account_of(employee, "own", member=employee, kind="employee")
    assert COUNTS.of(employee)["accounts"] == 1
    assert COUNTS.of(cast.bob)["accounts"] == 2
