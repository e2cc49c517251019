"""Many rows written at once are the same as rows written one by one."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from pluralis.inbox.actions.rows import update_rows
from pluralis.inbox.models import Contact, Conversation
from pluralis.teams.models import Account
from tests.apps.cast import Cast
from tests.apps.inbox.test_search import NOW, account_of, person, talk

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = ["state", "urgency", "personal_data", "message_count", "assigned_to", "waiting_since", "excerpt"]


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast.alice)


def test_every_kind_of_value_is_written_to_its_own_row_and_no_other(
    cast: Cast, account: Account, django_assert_num_queries: object
) -> None:
    dana = person(cast.alice, "Dana", "dana")
    rows = [talk(account, dana, f"text {number}") for number in range(4)]
    untouched = rows.pop()
    for number, row in enumerate(rows):
        row.state, row.urgency, row.personal_data = "waiting", number / 10, number == 1
        row.message_count, row.excerpt = number + 5, "it's 100% \\ 'new' \u202e 网络"
        row.assigned_to = cast.bob if number else None
        row.waiting_since = NOW + timedelta(hours=number) if number else None
    with django_assert_num_queries(1):  # type: ignore[operator]
        update_rows(rows, FIELDS)
    for row in rows:
        kept = Conversation.objects.get(id=row.id)
        assert [getattr(kept, name) for name in FIELDS] == [getattr(row, name) for name in FIELDS]
    assert Conversation.objects.get(id=untouched.id).excerpt == "text 3"


def test_json_survives_and_no_rows_ask_nothing(cast: Cast, django_assert_num_queries: object) -> None:
    dana = person(cast.alice, "Dana", "dana")
    dana.tags = ["VIP", 'quo"te']
    update_rows([dana], ["tags"])
    assert Contact.objects.get(id=dana.id).tags == ["VIP", 'quo"te']
    with django_assert_num_queries(0):  # type: ignore[operator]
        update_rows([], ["tags"])


def test_what_the_database_refuses_is_refused(cast: Cast, account: Account) -> None:
    row = talk(account, person(cast.alice, "Dana", "dana"), "text")
    row.message_count = -1
    with pytest.raises(DatabaseError):
        update_rows([row], ["message_count"])


def test_more_rows_than_fit_one_statement_are_all_written(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pluralis.inbox.actions.rows.MOST_ROWS", 2)
    dana = person(cast.alice, "Dana", "dana")
    rows = [talk(account, dana, "text") for _number in range(5)]
    for row in rows:
        row.label = "praise"
    update_rows(rows, ["label"])
    assert Conversation.objects.filter(label="praise").count() == 5
