"""Programs repost and take back as people do."""

from collections.abc import Callable

import pytest

from pluralis.inbox.models import Message, Repost
from pluralis.networks.fake.x import FakeX
from pluralis.teams.models import Account, Scope
from tests.api.conftest import Program
from tests.apps.cast import Cast
from tests.apps.inbox.test_reposts import heard

pytestmark = pytest.mark.django_db


@pytest.fixture
def praise(account: Account, x: FakeX) -> Message:
    return heard(account, x)


def test_a_program_looks_reposts_and_takes_back(praise: Message, x: FakeX, alice: Program) -> None:
    address, who = f"messages/{praise.id}/repost", {"account_id": str(praise.account_id)}
    way = alice.get(address, account=praise.account_id).json()
    assert (way["price"], way["currency"], way["reposts"]) == ("0.0150", "USD", [])
    assert way["page"].endswith(praise.remote_id)
    made = [alice.post(address, who, key="a") for _again in range(2)] + [alice.post(address, who, key="b")]
    assert {answer.status_code for answer in made} == {201}
    assert {answer.json()["id"] for answer in made} == {str(Repost.objects.get().id)}
    assert len(x.world.reposts) == 1
    back = f"reposts/{made[0].json()['id']}/take-back"
    assert {alice.post(back).json()["state"] for _again in range(2)} == {"taken_back"}
    assert not x.world.reposts
    assert [each["state"] for each in alice.get(address, account=praise.account_id).json()["reposts"]] == [
        "taken_back"
    ]


def test_it_is_told_where_only_a_person_may(praise: Message, x: FakeX, alice: Program) -> None:
    x.reposts_by_program = False
    answer = alice.post(f"messages/{praise.id}/repost", {"account_id": str(praise.account_id)}, key="a")
    assert (answer.status_code, answer.json()["code"]) == (409, "by_hand")
    by_hand = {"account_id": str(praise.account_id), "by_hand": True}
    assert alice.post(f"messages/{praise.id}/repost", by_hand, key="a").json()["by_hand"] is True


def test_it_takes_the_right_to_publish_and_a_seat_in_the_team(
    cast: Cast, praise: Message, program: Callable[..., Program]
) -> None:
    who = {"account_id": str(praise.account_id)}
    address = f"messages/{praise.id}/repost"
    assert program(cast.bob, Scope.READ, Scope.WRITE).post(address, who, key="a").status_code == 403
    assert program(cast.charlie).post(address, who, key="a").status_code == 404
    assert not Repost.objects.exists()
