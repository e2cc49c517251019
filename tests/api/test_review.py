"""A program hands posts in, approves them, and makes links for clients, within its scopes and its member's role."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pluralis.posts.models import ApprovalLink
from pluralis.publishing.models import Delivery
from pluralis.teams.models import Account, Scope
from tests.api.conftest import Program, text_draft
from tests.apps.cast import Cast


@pytest.fixture
def bob(cast: Cast, program: Callable[..., Program]) -> Program:
    return program(cast.bob)


@pytest.fixture
def review(bob: Program, account: Account) -> dict[str, Any]:
    """A post that Bob's program handed in for tomorrow."""
    post = bob.post("posts", text_draft("We open at nine.")).json()
    at = (timezone.now() + timedelta(days=1)).isoformat()
    body = {"account_ids": [str(account.id)], "at": at, "note": "For Lyon"}
    answer = bob.post(f"posts/{post['id']}/submit", body)
    assert answer.status_code == 200
    return answer.json()


def test_handed_in_listed_approved_and_planned(alice: Program, bob: Program, review: dict[str, Any]) -> None:
    assert [one["id"] for one in alice.get("reviews").json()] == [review["id"]]
    assert bob.get("reviews").json() == []
    assert [one["id"] for one in bob.get("reviews", of="mine").json()] == [review["id"]]
    whole = alice.get(f"reviews/{review['id']}").json()
    assert whole["review"]["note"] == "For Lyon"
    assert [one["approvals"] for one in whole["missing"]] == [1]
    done = alice.post(f"reviews/{review['id']}/approve", {"comment": "Good."}).json()
    assert (done["state"], done["trouble"]) == ("approved", "")
    assert Delivery.objects.count() == 1
    whole = bob.get(f"reviews/{review['id']}").json()
    assert [(one["kind"], one["comment"]) for one in whole["verdicts"]] == [("approved", "Good.")]


def test_sent_back_changed_and_handed_in_again_with_the_difference(
    alice: Program, bob: Program, account: Account, review: dict[str, Any]
) -> None:
    assert alice.post(f"reviews/{review['id']}/send-back", {"text": "Ten!"}).json()["state"] == "sent_back"
    bob.put(f"posts/{review['post_id']}", text_draft("We open at ten.") | {"revision": 1})
    again = bob.post(f"posts/{review['post_id']}/submit", {"account_ids": [str(account.id)]}).json()
    (change,) = alice.get(f"reviews/{again['id']}").json()["changes"]
    assert [one["text"] for one in change["pieces"] if one["kind"] != "same"] == ["nine", "ten"]
    assert bob.post(f"reviews/{again['id']}/withdraw").json()["state"] == "withdrawn"


def test_a_token_that_only_writes_approves_nothing(
    cast: Cast, program: Callable[..., Program], review: dict[str, Any]
) -> None:
    answer = program(cast.alice, Scope.READ, Scope.WRITE).post(f"reviews/{review['id']}/approve", {})
    assert answer.status_code == 403 and answer.json()["code"] == "scope_missing"
    assert not Delivery.objects.exists()


def test_bobs_role_approves_nothing_and_charlie_finds_nothing(
    cast: Cast, program: Callable[..., Program], bob: Program, review: dict[str, Any]
) -> None:
    assert bob.post(f"reviews/{review['id']}/approve", {}).status_code == 403
    charlie = program(cast.charlie)
    assert charlie.get(f"reviews/{review['id']}").status_code == 404
    assert charlie.post(f"reviews/{review['id']}/approve", {}).status_code == 404
    assert charlie.get("reviews", of="open").json() == []


def test_a_link_is_answered_once_and_never_kept(alice: Program, review: dict[str, Any]) -> None:
    body = {"recipient": "Norlune Ltd", "expires_at": (timezone.now() + timedelta(days=2)).isoformat()}
    made = alice.post(f"reviews/{review['id']}/links", body)
    assert made.status_code == 200
    path = made.json()["url"].partition("//")[2].partition("/")[2]
    assert Client().get(f"/{path}").status_code == 200
    (kept,) = alice.get(f"reviews/{review['id']}").json()["links"]
    assert "url" not in kept
    assert alice.post(f"reviews/links/{kept['id']}/revoke").json()["revoked_at"] is not None
    assert Client().get(f"/{path}").status_code == 404
    assert ApprovalLink.objects.count() == 1


def test_an_account_asks_for_approval_and_scheduling_says_so(
    alice: Program, bob: Program, account: Account, review: dict[str, Any]
) -> None:
    address = f"accounts/{account.id}/review"
    assert alice.get(address).json() == {"approvals": 0, "members": [], "own": False, "trivial": False}
    assert bob.put(address, {"approvals": 1}).status_code == 403
    assert alice.put(address, {"approvals": 1}).json()["approvals"] == 1
    post = alice.post("posts", text_draft("We open at noon.")).json()
    answer = alice.post(f"posts/{post['id']}/schedule", {"account_ids": [str(account.id)]})
    assert (answer.status_code, answer.json()["code"]) == (409, "needs_approval")


def test_a_remark_is_made_once_under_its_key(alice: Program, review: dict[str, Any]) -> None:
    for _again in range(2):
        said = alice.post(f"reviews/{review['id']}/comments", {"text": "@Bob when?"}, key="k")
        assert said.status_code == 201
    assert len(alice.get(f"reviews/{review['id']}").json()["comments"]) == 1
