"""Programs look for words on the networks as people do."""

from collections.abc import Callable

import pytest

from pluralis.teams.models import Account
from tests.api.conftest import Program
from tests.apps.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_program_begins_rests_and_ends_a_search(account: Account, alice: Program) -> None:
    wished = {"account_id": str(account.id), "words": "#Fibre", "labels": ["question"], "most_a_day": 20}
    made = alice.post("searches", wished, key="a")
    assert made.status_code == 201
    told = made.json()
    assert (told["words"], told["labels"], told["most_a_day"], told["found"]) == ("#Fibre", ["question"], 20, 0)
    assert alice.post("searches", wished | {"words": "#fibre"}, key="b").json()["id"] == told["id"]
    assert alice.post(f"searches/{told['id']}/pause").json()["paused_at"] is not None
    assert alice.post(f"searches/{told['id']}/resume").json()["paused_at"] is None
    assert alice.post(f"searches/{told['id']}/remove").status_code == 204
    assert alice.get("searches").json() == []
    assert alice.post(f"searches/{told['id']}/pause").status_code == 404
    assert alice.post(f"searches/{told['id']}/restore").json()["id"] == told["id"]


@pytest.mark.parametrize("wrong", [{"words": ""}, {"words": "#a-b"}, {"most_a_day": 1}, {"labels": ["odd"]}])
def test_what_cannot_be_looked_for_is_refused_with_the_reason(
    account: Account, alice: Program, wrong: dict[str, object]
) -> None:
    answer = alice.post("searches", {"account_id": str(account.id), "words": "#x"} | wrong, key="a")
    assert answer.status_code in (400, 422)
    assert alice.get("searches").json() == []


def test_only_whoever_manages_accounts_changes_searches(
    cast: Cast, account: Account, alice: Program, program: Callable[..., Program]
) -> None:
    wished = {"account_id": str(account.id), "words": "#x"}
    assert program(cast.bob).post("searches", wished, key="a").status_code == 403
    made = alice.post("searches", wished, key="b").json()
    assert [each["id"] for each in program(cast.bob).get("searches").json()] == [made["id"]]
    assert program(cast.charlie).get("searches").json() == []
    assert program(cast.charlie).post(f"searches/{made['id']}/remove").status_code == 404
