"""What a month costs and may cost, as a program asks and sets it."""

from decimal import Decimal

import pytest

from pluralis.publishing import sending
from pluralis.publishing.models import Budget, Overrun, Part
from pluralis.teams.models import Account, Scope, ServiceHours
from tests.api.conftest import Program, program_of
from tests.apps.cast import Cast, schedule, write

pytestmark = pytest.mark.django_db(transaction=True)
LINKED = "We open at https://www.example.org today."


@pytest.fixture
def program(alice: Program) -> Program:
    """Alice's program."""
    return alice


def test_a_program_reads_the_month_and_sets_what_it_may_cost(cast: Cast, account: Account, program: Program) -> None:
    found = program.put("costs/budget", {"amount": "0.25", "account_id": str(account.id)}).json()
    [row] = found["accounts"]
    assert (row["spending"]["budget"], row["spending"]["stops"], row["reads"]["items"]) == ("0.25", False, 0)
    part = schedule(cast.alice, write(cast.alice, LINKED), account)[0].parts.get()
    sending.publish_part(str(part.id), worker="here:1")
    [row] = program.get("costs").json()["accounts"]
    assert (row["writes"], Decimal(row["spending"]["spent"]), row["spending"]["warns"]) == (1, Decimal("0.2"), True)
    assert program.put("costs/budget", {"amount": None, "account_id": str(account.id)}).status_code == 200
    assert Budget.objects.count() == 0
    assert program.put("costs/budget", {"amount": "-1"}).status_code == 422
    assert program.put("costs/budget", {"amount": "1", "currency": "dollars"}).status_code in (400, 422)


def test_a_program_is_told_beforehand_what_a_post_costs_and_which_budget_it_passes(
    cast: Cast, account: Account, program: Program
) -> None:
    program.put("costs/budget", {"amount": "0.15"})
    asked = {"post_id": str(write(cast.alice, LINKED, "And a second part.").id), "account_ids": [str(account.id)]}
    found = program.post("costs/check", asked).json()
    assert found["prices"] == [{"account_id": str(account.id), "price": "0.2150"}]
    assert found["shortfalls"] == [{"account_id": None, "over": "0.0650", "currency": "USD"}]
    program.put("costs/budget", {"amount": "5"})
    assert program.post("costs/check", asked).json()["shortfalls"] == []


def test_what_a_budget_holds_goes_out_on_a_leads_word(cast: Cast, account: Account, program: Program) -> None:
    program.put("costs/budget", {"amount": "0"})
    part = schedule(cast.alice, write(cast.alice, "We open at nine."), account)[0].parts.get()
    sending.publish_part(str(part.id), worker="here:1")
    address = f"parts/{part.id}"
    assert program.get(address).json()["hold_reason"] == "over_budget"
    assert program.post(f"{address}/again").status_code == 409
    reader = program_of(cast.alice, Scope.READ)
    assert reader.post(f"{address}/over-budget", {"reason": "It must go out."}).status_code == 403
    assert program.post(f"{address}/over-budget", {"reason": "It must go out."}).json()["state"] == "waiting"
    sending.publish_part(str(part.id), worker="here:1")
    assert Part.objects.get(id=part.id).state == "sent" and Overrun.objects.get().reason == "It must go out."


def test_a_program_applies_the_plan_of_polls(cast: Cast, account: Account, program: Program) -> None:
    address = f"accounts/{account.id}/poll-plan"
    assert program.put(address, {}).status_code == 409
    ServiceHours.objects.create(team=cast.alice.team, answer_minutes=60, updated_at=account.created_at)
    plan = program.put(address, {}).json()
    assert len(plan["minutes"]) == 168 and plan["answer_minutes"] == 60
    [row] = program.get("costs").json()["accounts"]
    assert row["poll_plan"]["applied"] is True and row["poll_plan"]["calls"] < plan["calls_now"]
    assert program._send("delete", address, None, {}).status_code == 204
