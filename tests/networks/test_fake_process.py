"""The fake as a process, as the demo and the crash tests start it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.contract import Access
from pluralis.networks.x import NETWORK
from tests.networks.harness import soon
from tests.networks.harness_x import USER_KEYS
from tests.networks.test_x_tiers import UNCALLED, outgoing


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [sys.executable, "-m", "pluralis.networks.fake", "--until-eof", *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | environment
    )
    try:
        assert process.stdout
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def admin(started: dict[str, Any]) -> httpx2.Client:
    return httpx2.Client(base_url=started["x"], headers={"fake-secret": started["secrets"]["x"]}, trust_env=False)


@pytest.fixture(scope="module")
def demo() -> Iterator[dict[str, Any]]:
    arguments = ("--history", "60", "--seed", "4", "--refuse-duplicates", "--brand", "Norlune:Norlune")
    with running(*arguments, PLURALIS_FAKE_SECRET="of-this-start") as (_, started):
        before = allow_private_origins({started["x"]})
        yield started
        allow_private_origins(before)


@pytest.fixture(scope="module")
def access(demo: dict[str, Any]) -> Access:
    with admin(demo) as remote:
        account = remote.post("/_fake/accounts", json={"handle": "Norlune"}).json()
    keys = {name: account["credentials"][name] for name in USER_KEYS}
    return Access(demo["x"], account["profile"]["id"], "Norlune", keys)


def test_it_starts_with_the_secret_it_was_given(demo: dict[str, Any]) -> None:
    assert demo["secrets"] == {"x": "of-this-start"}
    assert httpx2.get(f"{demo['x']}/_fake/health", trust_env=False).json() == {"network": "x", "seed": 4}


def test_its_inbox_is_filled_with_people(access: Access) -> None:
    batch = NETWORK.connector.fetch(access, "mentions", None, soon())
    assert len(batch.messages) > 40
    assert {message.language for message in batch.messages} == {"en", "fr", "es", "ms"}
    assert all(message.author.followers is not None for message in batch.messages)


def test_pages_and_pictures_can_be_looked_at(demo: dict[str, Any], access: Access) -> None:
    batch = NETWORK.connector.fetch(access, "mentions", None, soon())
    with httpx2.Client(trust_env=False) as browser:
        for message in batch.messages[:5]:
            page = browser.get(message.url)
            assert page.status_code == 200
            assert f'id="post-{message.reference.remote_id}"' in page.text
            assert browser.get(message.author.avatar_url).content.startswith(b"\x89PNG")
            assert message.author.handle in browser.get(message.author.url).text
        assert browser.get(f"{demo['x']}/favicon.ico").headers["content-type"] == "image/png"
        assert browser.get(f"{demo['x']}/@Norlune/status/17").status_code == 404
        assert browser.get(f"{demo['x']}/nobody_here").status_code == 404


def test_a_page_shows_hostile_text_as_text(demo: dict[str, Any]) -> None:
    hostile = "<script>alert(1)</script> \"'><img src=x onerror=alert(1)>"
    with admin(demo) as remote:
        made = remote.post("/_fake/mentions", json={"to": "Norlune", "from": "mallory", "text": hostile}).json()
        answer = remote.get(f"/@mallory/status/{made['id']}")
    assert "<script>" not in answer.text
    assert "<img src=x" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_what_is_handed_over_is_posted_by_hand_and_found(demo: dict[str, Any], access: Access) -> None:
    with admin(demo) as remote:
        asked = remote.post("/_fake/mentions", json={"to": "Norlune", "from": "dana", "text": "help?"}).json()["id"]
    part = outgoing("Où & quand ?\nBientôt.", reply_to=type(UNCALLED)(asked, UNCALLED.extra))
    handed = NETWORK.connector.hand_over(access, part)
    assert handed is not None
    with httpx2.Client(trust_env=False, follow_redirects=True) as browser:
        page = browser.get(handed.url)
        assert "Bientôt." in page.text
        form = {"profile": access.profile_id, "text": "Où & quand ?\r\nBientôt.", "in_reply_to": asked}
        assert "Bientôt." in browser.post(handed.url, data=form).text
        stranger = {"profile": asked, "text": "spoof"}
        assert browser.post(handed.url, data=stranger).status_code == 400
    found = NETWORK.connector.find(access, part, part.created_at, soon())
    assert [post.text for post in found.posts if post.reply_to_id == asked] == [part.text]


def test_a_killed_fake_leaves_its_ledger(tmp_path: Path) -> None:
    with running("--ledger", str(tmp_path)) as (process, started):
        before = allow_private_origins({started["x"]})
        with admin(started) as remote:
            account = remote.post("/_fake/accounts", json={"handle": "Norlune"}).json()
        keys = {name: account["credentials"][name] for name in USER_KEYS}
        us = Access(started["x"], account["profile"]["id"], "Norlune", keys)
        sent = NETWORK.connector.send(us, outgoing("Before the end"), soon())
        allow_private_origins(before)
        process.send_signal(signal.SIGKILL)
        process.wait()
    (row,) = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (row["remote_id"], row["detail"]["text"]) == (sent.reference.remote_id, "Before the end")


def test_a_fake_mastodon_server_runs_beside_it() -> None:
    pytest.importorskip("pluralis.networks.fake.mastodon", reason="this build has no fake Mastodon server")
    with running("--mastodon-port", "0", "--history", "20") as (_, started):
        for name in ("x", "mastodon"):
            health = httpx2.get(f"{started[name]}/_fake/health", trust_env=False).json()
            assert health["network"] == name
        assert started["x"] != started["mastodon"]
        with httpx2.Client(trust_env=False, headers={"fake-secret": started["secrets"]["mastodon"]}) as remote:
            account = remote.post(f"{started['mastodon']}/_fake/accounts", json={"handle": "Norlune"})
            assert account.status_code == 201


@pytest.mark.parametrize("end", ["eof", "sigterm", "sigint"])
def test_it_ends_when_told_or_left_alone(end: str) -> None:
    with running() as (process, _):
        if end == "eof":
            assert process.stdin
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM if end == "sigterm" else signal.SIGINT)
        assert process.wait(timeout=10) == 0


def test_lively_people_write_while_it_runs() -> None:
    with running("--lively", "600", "--scale", "1") as (_, started), admin(started) as remote:
        account = remote.post("/_fake/accounts", json={"handle": "Norlune"}).json()
        token = {"authorization": f"Bearer {account['credentials']['oauth2_access_token']}"}
        path = f"/2/users/{account['profile']['id']}/mentions"
        for _ in range(60):
            time.sleep(0.1)
            if remote.get(path, headers=token).json()["meta"]["result_count"]:
                break
        else:
            pytest.fail("nobody wrote in six seconds")
        assert remote.post("/_fake/lively", json={"per_minute": 0}).status_code == 204
