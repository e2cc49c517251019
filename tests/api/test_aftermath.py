"""A program reads what did not go as planned, brings it back, and corrects what is out."""

from pluralis.publishing.models import Correction, Delivery
from pluralis.teams.models import Account
from tests.api.conftest import Program
from tests.apps.cast import Cast, schedule, write


def planned(cast: Cast, account: Account, text: str = "We open at nine.") -> Delivery:
    return schedule(cast.alice, write(cast.alice, text), account, after=3600)[0]


def test_held_posts_are_read_and_let_go(alice: Program, cast: Cast, account: Account) -> None:
    one, other = planned(cast, account), planned(cast, account, "We open at ten.")
    alice.post("stop", {"reason": "Outage"})
    alice.post("stop/lift")
    held = alice.get("aftermath").json()["held"]
    assert {each["delivery_id"] for each in held} == {str(one.id), str(other.id)}
    done = alice.post("aftermath", {"delivery_ids": [str(one.id)], "do": "release"}).json()
    assert done == {"done": 1, "refused": []}
    done = alice.post("aftermath", {"delivery_ids": [str(one.id), str(other.id)], "do": "cancel"}).json()
    assert done["done"] == 1 and done["refused"][0]["delivery_id"] == str(one.id)


def test_what_is_out_is_taken_down_and_what_cannot_be_edited_says_so(
    alice: Program, cast: Cast, account: Account
) -> None:
    delivery = planned(cast, account)
    part = delivery.parts.get()
    assert alice.post(f"parts/{part.id}/take-down", {}).json()["code"] == "not_out"
    delivery.parts.update(state="sending")
    delivery.parts.update(state="sent", remote_id="1234567")
    assert alice.post(f"parts/{part.id}/correct", {"text": "We open at ten."}).json()["code"] == "no_edit"
    (made,) = alice.post(f"parts/{part.id}/take-down", {"whole": True}).json()
    assert (made["kind"], made["state"]) == ("take_down", "wanted")
    assert Correction.objects.count() == 1
