"""Hearing on the real Bluesky with its app view: opt-in, see tools/bluesky_full. The rest of this folder is not."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_bytes

import pytest

from pluralis.networks import addresses
from pluralis.networks.bluesky.connector import BlueskyConnector
from pluralis.networks.contract import Access, Outgoing
from pluralis.networks.deadline import Deadline
from tools.bluesky_full.running import FullBluesky, ensure
from tools.pds.setup import Missing

pytestmark = pytest.mark.pds

connector = BlueskyConnector()
PATIENCE = 20


@pytest.fixture(scope="module")
def network():
    try:
        ensure()
    except Missing as missing:
        pytest.skip(f"the whole of Bluesky is opt-in: {missing}")
    with FullBluesky() as running:
        before = addresses.allow_private_origins([running.origin])
        yield running
        addresses.allow_private_origins(before)


@pytest.fixture(scope="module")
def people(network):
    found = {}
    for name in ("norlune", "dana"):
        account = network.create_account(name)
        values = {"identifier": account.handle, "password": account.app_password}
        grant = connector.connect_with_keys(network.origin, values, Deadline.after(20))
        found[name] = Access(network.origin, account.did, account.handle, grant.credentials, grant.settings)
    return found


@pytest.fixture(autouse=True)
def allowed(network):
    addresses.allow_private_origins([network.origin])


def say(access, text, **more):
    now = datetime.now(UTC)
    part = Outgoing(text, connector.choose_key(now, token_bytes(16)), now, **more)
    return connector.send(access, part, Deadline.after(20)).reference


def hear(access, count, cursor=None):
    """Fetch until ``count`` messages arrived: the app view indexes a moment later."""
    heard, until = [], time.monotonic() + PATIENCE
    while len(heard) < count and time.monotonic() < until:
        batch = connector.fetch(access, "mentions", cursor, Deadline.after(20))
        heard += batch.messages
        cursor = batch.cursor
        time.sleep(0.2)
    return heard, cursor


def test_mentions_replies_and_quotes_of_another_account_are_heard_and_answered(people):
    norlune, dana = people["norlune"], people["dana"]
    _, cursor = hear(norlune, 0)
    ours = say(norlune, "Our shops are open on Sunday")
    cursor = connector.fetch(norlune, "mentions", None, Deadline.after(20)).cursor
    asked = say(dana, "@norlune.test is there an outage? 👋 https://example.org", language="en")
    replied = say(dana, "from what time?", reply_to=ours)
    quoted = say(dana, "finally!", quote=ours)
    heard, cursor = hear(norlune, 3, cursor)
    assert {(message.reference.remote_id, message.kind) for message in heard} == {
        (asked.remote_id, "mention"),
        (replied.remote_id, "reply"),
        (quoted.remote_id, "quote"),
    }
    by_kind = {message.kind: message for message in heard}
    assert by_kind["mention"].author.handle == "dana.test"
    assert by_kind["mention"].language == "en"
    assert by_kind["reply"].in_reply_to_id == ours.remote_id
    assert by_kind["reply"].conversation == ours.remote_id
    assert by_kind["quote"].quoted_id == ours.remote_id
    assert connector.fetch(norlune, "mentions", cursor, Deadline.after(20)).messages == ()
    for kind in ("mention", "reply"):
        say(norlune, f"our answer to your {kind}", reply_to=by_kind[kind].reference)
    answers, _ = hear(dana, 2)
    assert {message.in_reply_to_id for message in answers} == {asked.remote_id, replied.remote_id}
    assert {message.conversation for message in answers} == {asked.remote_id, ours.remote_id}


def test_figures_and_profiles_come_from_the_app_view(people):
    norlune, dana = people["norlune"], people["dana"]
    ours = say(norlune, "count me")
    say(dana, "counted", reply_to=ours)
    until = time.monotonic() + PATIENCE
    figures = {}
    while time.monotonic() < until and figures.get(ours.remote_id, {}).get("replies") != 1:
        figures = connector.snapshot(norlune, [ours], Deadline.after(20))
        time.sleep(0.2)
    assert figures[ours.remote_id] == {"likes": 0, "reshares": 0, "replies": 1}
    profile = connector.read_profile(norlune, Deadline.after(20)).profile
    assert (profile.handle, profile.remote_id) == ("norlune.test", norlune.profile_id)
    assert profile.posts is not None


def test_muting_blocking_and_reporting_are_accepted_twice(people, network):
    norlune = replace(people["norlune"], settings={"report_service": network.report_service})
    for action in ("mute", "report", "block"):
        for _ in range(2):
            connector.moderate(norlune, action, people["dana"].profile_id, Deadline.after(20))
