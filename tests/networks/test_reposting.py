"""Reposting as each network has it: other servers' habits, other programs' reposts, tiers and prices."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from pluralis.networks.bluesky.client import Client
from pluralis.networks.bluesky.records import stamp
from pluralis.networks.bluesky.reposting import REPOSTS
from pluralis.networks.contract import Reference
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.fake.world import Draft
from tests.networks import harness_bluesky, harness_mastodon, harness_x
from tests.networks.harness import reference, soon

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.fixture
def mastodon() -> Iterator[Any]:
    with harness_mastodon.open_harness() as opened:
        yield opened


@pytest.fixture
def bluesky() -> Iterator[Any]:
    with harness_bluesky.open_harness() as opened:
        yield opened


@pytest.fixture
def x() -> Iterator[Any]:
    with harness_x.open_harness() as opened:
        yield opened


def praise(harness: Any) -> Reference:
    return reference(harness, harness.mention("you are wonderful!"))


def press(harness: Any, target: Reference) -> None:
    harness.connector.repost(harness.access, target, NOW, soon())


def test_a_server_that_takes_a_second_repost_is_not_asked_for_one(mastodon: Any) -> None:
    mastodon.mood("forgetful", "repost")
    target = praise(mastodon)
    for _ in range(2):
        press(mastodon, target)
    assert len(mastodon.network.ledger.entries(action="repost")) == 1


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_what_was_not_written_for_everybody_is_refused(mastodon: Any, visibility: str) -> None:
    words = Draft("@norlune only for us", visibility=visibility)
    remote_id = mastodon.network.world.write(mastodon.dana()[0], words).id
    with pytest.raises(Refused):
        press(mastodon, Reference(remote_id))
    assert mastodon.network.ledger.entries(action="repost") == []


def test_the_page_of_a_status_is_on_our_own_instance(mastodon: Any) -> None:
    target = praise(mastodon)
    page = mastodon.connector.repost_page(mastodon.access, target)
    assert page == f"{mastodon.network.origin}/@dana/{target.remote_id}"
    assert httpx2.get(page, trust_env=False).status_code == 200


def test_a_repost_that_a_person_made_in_another_program_is_no_second_one_and_is_taken_back(bluesky: Any) -> None:
    target, access = praise(bluesky), bluesky.access
    subject = {"uri": target.remote_id, "cid": target.extra["cid"]}
    record = {"$type": REPOSTS, "subject": subject, "createdAt": stamp(NOW)}
    client = Client(access.host, soon(), access.credentials["access"])
    client.put_new_record(access.profile_id, REPOSTS, "3kotherprogram", record, marks=None)
    press(bluesky, target)
    assert len(bluesky.network.ledger.entries(action="repost")) == 1
    bluesky.connector.take_back_repost(access, target, soon())
    assert [key for key in bluesky.network.repository.records if key[0] == REPOSTS] == []


def test_the_record_carries_the_instant_at_which_a_person_pressed(bluesky: Any) -> None:
    press(bluesky, praise(bluesky))
    [record] = [value for key, value in bluesky.network.repository.records.items() if key[0] == REPOSTS]
    assert record["createdAt"] == "2026-11-22T12:30:00.000Z"


def test_without_an_app_view_the_record_itself_is_read(bluesky: Any) -> None:
    target = praise(bluesky)
    bluesky.mood("error_before", "figures")
    press(bluesky, Reference(target.remote_id))
    assert len(bluesky.network.ledger.entries(action="repost")) == 1


def test_where_the_tier_forbids_it_a_person_does_it_on_the_page(x: Any) -> None:
    x.network.reposts_by_program = False
    target = praise(x)
    with pytest.raises(Refused) as refused:
        press(x, target)
    assert refused.value.by_hand
    page = x.connector.repost_page(x.access, target)
    assert parse_qs(urlsplit(page).query) == {"tweet_id": [target.remote_id]}
    shown = httpx2.get(page, trust_env=False)
    assert "you are wonderful!" in shown.text
    form = {"profile": x.us.id, "tweet_id": target.remote_id, "do": "repost"}
    httpx2.post(page, data=form, trust_env=False)
    assert x.network.world.reposts == {(x.us.id, target.remote_id)}


def test_a_refusal_that_says_already_is_as_good_as_done(x: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pluralis.networks.fake.x.reposts.NOT_FOR_PROGRAMS", "You have already retweeted this Tweet.")
    x.network.reposts_by_program = False
    press(x, praise(x))


def test_a_used_up_limit_is_not_now(x: Any) -> None:
    target = praise(x)
    x.mood("limit", "repost")
    with pytest.raises(NotNow) as late:
        press(x, target)
    assert late.value.until is not None


@pytest.mark.parametrize(("back", "amount"), [(False, "0.015"), (True, "0.010")])
def test_a_repost_has_its_price_and_an_enterprise_contract_none_we_know(x: Any, back: bool, amount: str) -> None:
    price = x.connector.price_of_repost(x.access, back=back)
    assert (str(price.amount), price.currency) == (amount, "USD")
    enterprise = replace(x.access, settings={"tier": "enterprise"})
    assert x.connector.price_of_repost(enterprise, back=back) is None
