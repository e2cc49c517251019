"""Followers worth following back over the API."""

import pytest

from pluralis.inbox.models import FollowBack
from pluralis.networks.fake.x import FakeX
from pluralis.teams.models import Account
from tests.api.conftest import Program, program_of
from tests.apps.cast import Cast
from tests.apps.inbox.test_follow_backs import follower, of
from tests.apps.inbox.test_hear_and_answer import poll

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_program_asks_lists_decides_and_takes_it_back(
    cast: Cast, alice: Program, account: Account, x: FakeX
) -> None:
    follower(x, account, "dana", "hello", followers=120)
    poll(account)
    address = f"accounts/{account.id}/follow-backs"
    empty = alice.get(address).json()
    assert (empty["people"], empty["known"], empty["price"], empty["at_once"]) == ([], 0, "0.1000", 10)
    assert alice.post(f"{address}/ask").json() == {"told": 1}
    (dana,) = alice.get(address).json()["people"]
    assert dana["profile"]["handle"] == "dana" and dana["page"] == f"{x.origin}/dana"
    assert dana["reasons"] == [
        {"why": "followers", "number": 120, "words": ""},
        {"why": "wrote", "number": 1, "words": ""},
    ]
    one = f"{address}/{of('dana').id}"
    done = alice.put(one, {"decision": "done"}).json()
    assert (done["decision"], done["decided_by"]["id"]) == ("done", str(cast.alice.id))
    after = alice.get(address).json()
    assert (after["people"], [each["decision"] for each in after["decided"]]) == ([], ["done"])
    assert alice._send("delete", one, None, {}).status_code == 204
    assert len(alice.get(address).json()["people"]) == 1
    assert alice.put(one, {"decision": "eat"}).status_code == 400


def test_another_team_and_a_program_that_only_reads_get_nothing_done(cast: Cast, account: Account, x: FakeX) -> None:
    follower(x, account, "dana", "hello")
    poll(account)
    one = f"accounts/{account.id}/follow-backs/{of('dana').id}"
    assert program_of(cast.charlie).put(one, {"decision": "done"}).status_code == 404
    assert program_of(cast.alice, "read").put(one, {"decision": "done"}).status_code == 403
    assert not FollowBack.objects.exists()
