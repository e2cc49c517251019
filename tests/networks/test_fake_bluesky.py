"""The fake Bluesky as a process of its own, with the others: brands connect, the community is heard."""

import json
import subprocess
import sys

import httpx2
import pytest

from pluralis.networks import addresses
from pluralis.networks.contract import Access, Outgoing
from pluralis.networks.registry import network
from tests.networks.harness import soon


@pytest.fixture(scope="module")
def started():
    command = [sys.executable, "-m", "pluralis.networks.fake", "--until-eof", "--history", "40", "--seed", "4"]
    command += ["--mastodon-port", "0", "--bluesky-port", "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        told = json.loads(process.stdout.readline())
        before = addresses.allow_private_origins([told[name] for name in ("mastodon", "bluesky")])
        yield told
        addresses.allow_private_origins(before)
        process.stdin.close()
        process.wait(10)


@pytest.fixture(params=["mastodon", "bluesky"])
def connected(request, started):
    name = request.param
    origin, secret = started[name], started["secrets"][name]
    fields = {"handle": "Norlune", "name": "Norlune"}
    made = httpx2.post(f"{origin}/_fake/accounts", json=fields, headers={"fake-secret": secret}).json()
    grant = network(name).connector.connect_with_keys(origin, made["credentials"], soon())
    profile = grant.profile
    access = Access(origin, profile.remote_id, profile.handle, grant.credentials, grant.settings)
    return name, access, {"fake-secret": secret}


def test_a_brand_of_the_demo_connects_and_hears_its_community(connected):
    name, access, _ = connected
    connector = network(name).connector
    heard = []
    for stream in connector.streams:
        cursor, more = None, True
        while more:
            batch = connector.fetch(access, stream, cursor, soon())
            heard += batch.messages
            cursor, more = batch.cursor, batch.more
    assert len({message.reference.remote_id for message in heard}) >= 5
    assert all(message.text and message.author.handle for message in heard)
    assert {message.author.remote_id for message in heard}.isdisjoint({access.profile_id})


def test_what_a_brand_publishes_stands_in_the_ledger_of_its_network(connected):
    name, access, secret = connected
    connector = network(name).connector
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    part = Outgoing(f"Good morning from {name}", connector.choose_key(now, name.encode().ljust(16)), now)
    sent = connector.send(access, part, soon())
    entries = httpx2.get(f"{access.host}/_fake/ledger?action=post", headers=secret).json()["entries"]
    (entry,) = [entry for entry in entries if entry["detail"]["text"] == part.text]
    assert entry["account"] == "Norlune"
    assert entry["detail"]["key"] == part.key
    assert entry["answer"] == "200"
    assert sent.text == part.text
