"""A program reads how completely the accounts were heard, as a person reads it at the foot of the inbox."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from pluralis.inbox.models import Cursor, Gap
from pluralis.teams.models import Account
from tests.api.conftest import Program
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


@pytest.fixture
def heard(account: Account) -> tuple[Cursor, Gap]:
    now, of = timezone.now(), {"team": account.team, "account": account}
    Cursor.objects.create(**of, stream="messages", seen_until=now)
    slow = Cursor.objects.create(**of, stream="mentions", seen_until=now - timedelta(minutes=30), reason="busy")
    return slow, Gap.objects.create(**of, stream="mentions", noticed_at=now, found=3, reason="no_longer")


def test_it_tells_until_when_and_what_is_missing(alice: Program, account: Account, heard: tuple[Cursor, Gap]) -> None:
    told = alice.get("heard").json()
    [one], [gap] = told["accounts"], told["gaps"]
    assert datetime.fromisoformat(told["until"]) == heard[0].seen_until
    assert (told["whole"], one["reason"], one["account"]["handle"]) == (False, "busy", account.handle)
    assert (gap["stream"], gap["found"], gap["given_up_at"], gap["reason"]) == ("mentions", 3, None, "no_longer")


def test_it_is_whole_when_nothing_is_missing(alice: Program, heard: tuple[Cursor, Gap]) -> None:
    heard[1].delete()
    Cursor.objects.update(reason="")
    assert alice.get("heard").json()["whole"] is True


def test_it_can_be_asked_of_one_account(alice: Program, account: Account, heard: tuple[Cursor, Gap]) -> None:
    other = Account.objects.create(team=account.team, network="x", host="https://example.org", remote_id="2",
                                   handle="other", created_at=timezone.now())  # fmt: skip
    assert [each["account"]["handle"] for each in alice.get("heard", account=str(other.id)).json()["accounts"]] == [
        "other"
    ]
    assert alice.get("heard").json()["until"] is None, "the other one never was"
    assert alice.get("heard", account="nothing").status_code == 400


def test_another_team_reads_nothing_of_it(
    cast: Cast, program: Programs, account: Account, heard: tuple[Cursor, Gap]
) -> None:
    charlie = program(cast.charlie)
    assert charlie.get("heard").json() == {"until": None, "whole": False, "accounts": [], "gaps": []}
    assert charlie.get("heard", account=str(account.id)).status_code == 404
