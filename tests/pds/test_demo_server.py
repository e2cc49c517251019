"""The ground of `make demo-bluesky`: it survives a kill, and it tells the truth about what stands."""

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_bytes

import pytest

from pluralis.networks import addresses
from pluralis.networks.bluesky.connector import BlueskyConnector
from pluralis.networks.contract import Access, Outgoing
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Unconfirmed
from tools.demo_bluesky.server import Comparison, open_demo

pytestmark = pytest.mark.pds

connector = BlueskyConnector()


def connect(demo):
    addresses.allow_private_origins(demo.private_origins)
    values = {"identifier": demo.norlune.handle, "password": demo.norlune.app_password}
    for _ in range(3):
        try:
            grant = connector.connect_with_keys(demo.host, values, Deadline.after(20))
        except NotNow:  # the answer was the third
            continue
        return Access(demo.host, demo.norlune.did, demo.norlune.handle, grant.credentials, grant.settings)
    raise AssertionError("no way in")


def send_until_answered(access, outgoing):
    for _ in range(6):
        try:
            return connector.send(access, outgoing, Deadline.after(20))
        except (NotNow, Unconfirmed):
            continue
    raise AssertionError("never answered")


def parts(count):
    now = datetime.now(UTC)
    return [Outgoing(f"row {number} 🙂", connector.choose_key(now, token_bytes(16)), now) for number in range(count)]


def test_killed_in_the_middle_and_started_again_every_row_stands_once(tmp_path):
    rows = parts(12)
    meant = {row.key: row.text for row in rows}
    with open_demo(tmp_path) as demo:
        access = connect(demo)
        assert "pds" not in access.settings  # nothing goes past the line
        for row in rows[:6]:
            send_until_answered(access, row)
        lost, before = list(demo.line.lost), (demo.host, demo.norlune.did)
        os.kill(demo.pds._process.pid, signal.SIGKILL)
    assert lost
    with open_demo(tmp_path) as demo:
        assert (demo.host, demo.norlune.did) == before
        addresses.allow_private_origins(demo.private_origins)
        comparison = demo.compare(meant)
        assert len(comparison.missing) == 6
        for row in rows:
            send_until_answered(access, row)
        assert demo.compare(meant) == Comparison((), (), (), ())
        assert demo.compare(meant).is_exact
        stranger = replace(rows[0], key=connector.choose_key(datetime.now(UTC), token_bytes(16)))
        send_until_answered(access, stranger)
        doubled = demo.compare({**meant, rows[1].key: "another text"})
    assert doubled.extra == (stranger.key,)
    assert doubled.doubled == (stranger.text,)
    assert doubled.different == (rows[1].key,)
