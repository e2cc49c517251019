"""A demo that is stopped and started goes on where it was."""

import os
import pickle
import signal
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from pluralis.networks.fake.keeping import Memory, UnreadableMemory
from pluralis.networks.fake.mastodon import FakeMastodon
from pluralis.networks.fake.world import Draft
from pluralis.networks.fake.x import FakeX
from tests.networks.test_fake_process import running

WORDS = ("--mastodon-port", "0", "--bluesky-port", "0", "--history", "12")


class Visitor:
    """Somebody with the keys of ``Norlune`` on every network, and with the admin's secret."""

    def __init__(self, started: dict[str, Any]) -> None:
        self.started = started

    def ask(self, network: str, method: str, path: str, **more: Any) -> Any:
        headers = {"fake-secret": self.started["secrets"][network]} | more.pop("headers", {})
        answer = httpx2.request(method, self.started[network] + path, headers=headers, trust_env=False, **more)
        assert answer.status_code < 300, (path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def bearer(self, network: str, token: str, method: str, path: str, **more: Any) -> Any:
        headers = {"authorization": f"Bearer {token}"} | more.pop("headers", {})
        return self.ask(network, method, path, headers=headers, **more)

    def open(self, network: str) -> tuple[str, dict[str, str]]:
        made = self.ask(network, "POST", "/_fake/accounts", json={"handle": "Norlune"})
        return made["profile"]["id"], made["credentials"]


def start(state: Path) -> Any:
    return running(*WORDS, "--state", str(state), PLURALIS_FAKE_SECRET="of-this-demo")


def stop(process: Any, how: int = signal.SIGTERM) -> None:
    process.send_signal(how)
    process.wait(timeout=20)


def mentions_on_x(visitor: Visitor, profile_id: str, token: str) -> list[str]:
    path = f"/2/users/{profile_id}/mentions?max_results=100"
    return [row["id"] for row in visitor.bearer("x", token, "GET", path).get("data", [])]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "network" / "worlds"


def test_x_knows_its_posts_keys_and_mentions_after_a_restart(state: Path) -> None:
    with start(state) as (process, started):
        visitor = Visitor(started)
        profile_id, keys = visitor.open("x")
        token = keys["oauth2_access_token"]
        posted = visitor.bearer("x", token, "POST", "/2/tweets", json={"text": "Open again"})["data"]["id"]
        before = mentions_on_x(visitor, profile_id, token)
        stop(process)
    with start(state) as (_, started):
        visitor = Visitor(started)
        (row,) = visitor.bearer("x", token, "GET", f"/2/users/{profile_id}/tweets")["data"]
        assert (row["id"], row["text"]) == (posted, "Open again")
        assert mentions_on_x(visitor, profile_id, token) == before != []
        pair = {"grant_type": "refresh_token", "refresh_token": keys["oauth2_refresh_token"]}
        app = (keys["client_id"], keys["client_secret"])
        assert httpx2.post(f"{started['x']}/2/oauth2/token", data=pair, auth=app, trust_env=False).status_code == 200


def test_mastodon_knows_its_statuses_tokens_apps_and_idempotency_keys_after_a_restart(state: Path) -> None:
    app_wanted = {"client_name": "Pluralis", "redirect_uris": "http://localhost/back", "scopes": "read write"}
    status, key = {"status": "Ouvert !"}, {"idempotency-key": "once"}
    with start(state) as (process, started):
        visitor = Visitor(started)
        token = visitor.open("mastodon")[1]["access_token"]
        app = visitor.ask("mastodon", "POST", "/api/v1/apps", json=app_wanted)
        posted = visitor.bearer("mastodon", token, "POST", "/api/v1/statuses", json=status, headers=key)["id"]
        before = visitor.bearer("mastodon", token, "GET", "/api/v1/notifications?limit=80")
        stop(process)
    with start(state) as (_, started):
        visitor = Visitor(started)
        again = visitor.bearer("mastodon", token, "POST", "/api/v1/statuses", json=status, headers=key)["id"]
        assert again == posted
        after = visitor.bearer("mastodon", token, "GET", "/api/v1/notifications?limit=80")
        assert [one["id"] for one in after] == [one["id"] for one in before] != []
        page = httpx2.get(f"{started['mastodon']}/oauth/authorize?{asking(app)}", trust_env=False)
        assert (page.status_code, "Pluralis would like" in page.text) == (200, True)


def asking(app: dict[str, str]) -> str:
    return f"client_id={app['client_id']}&redirect_uri=http://localhost/back&response_type=code&scope=read"


def test_bluesky_knows_its_passwords_and_records_after_a_restart(state: Path) -> None:
    record = {"$type": "app.bsky.feed.post", "text": "Buka semula", "createdAt": "2026-11-22T10:00:00Z"}
    with start(state) as (process, started):
        visitor = Visitor(started)
        keys = visitor.open("bluesky")[1]
        session = sign_in(visitor, keys)
        asked = {"repo": session["did"], "collection": "app.bsky.feed.post", "rkey": "3k2a", "record": record}
        put = "/xrpc/com.atproto.repo.putRecord"
        visitor.bearer("bluesky", session["accessJwt"], "POST", put, json=asked)
        stop(process)
    with start(state) as (_, started):
        visitor = Visitor(started)
        at = f"?repo={session['did']}&collection=app.bsky.feed.post&rkey=3k2a"
        token = sign_in(visitor, keys)["accessJwt"]
        found = visitor.bearer("bluesky", token, "GET", f"/xrpc/com.atproto.repo.getRecord{at}")
        assert found["value"] == record


def sign_in(visitor: Visitor, keys: dict[str, str]) -> Any:
    return visitor.ask("bluesky", "POST", "/xrpc/com.atproto.server.createSession", json=keys)


def test_a_killed_fake_remembers_what_it_accepted_a_moment_before(state: Path) -> None:
    with start(state) as (process, started):
        visitor = Visitor(started)
        profile_id, keys = visitor.open("x")
        token = keys["oauth2_access_token"]
        visitor.bearer("x", token, "POST", "/2/tweets", json={"text": "Just before"})
        wait_until_it_holds(state, b"Just before")
        stop(process, signal.SIGKILL)
    with start(state) as (_, started):
        path = f"/2/users/{profile_id}/tweets"
        assert Visitor(started).bearer("x", token, "GET", path)["data"][0]["text"] == "Just before"


def wait_until_it_holds(path: Path, words: bytes) -> None:
    give_up = time.monotonic() + 20
    while not (path.exists() and words in path.read_bytes()):
        assert time.monotonic() < give_up, "the write never reached the file"
        time.sleep(0.05)


def test_the_file_is_its_owners_alone(state: Path) -> None:
    Memory(state).keep([FakeX()])
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert [one.name for one in state.parent.iterdir()] == [state.name]


def test_an_unchanged_world_is_not_written_again(state: Path) -> None:
    network, memory = FakeX(), Memory(state)
    memory.keep([network])
    first = state.stat().st_ino
    memory.keep([network])
    assert state.stat().st_ino == first
    network.world.add_profile("dana")
    memory.keep([network])
    assert state.stat().st_ino != first


def test_a_write_is_kept_at_once_and_anything_else_within_seconds(state: Path) -> None:
    network, memory = FakeX(), Memory(state)
    memory.keep_when_due([network])
    network.world.add_profile("dana")
    memory.keep_when_due([network])
    assert b"dana" not in state.read_bytes()
    memory._took = 0.0
    network.ledger.write(network.clock.now(), "norlune", "post", "1")
    memory.keep_when_due([network])
    assert b"dana" in state.read_bytes()


@dataclass
class Command:
    """What a file of somebody else's would try."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch /nowhere",)


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps({"x": Command()}), pickle.dumps(os.path.join)])
def test_a_file_that_is_not_ours_is_refused_and_runs_nothing(state: Path, content: bytes) -> None:
    state.parent.mkdir()
    state.write_bytes(content)
    network = FakeX()
    network.world.add_profile("dana")
    with pytest.raises(UnreadableMemory, match="Move it away"):
        Memory(state).recall([network])
    assert network.world.find_profile("dana")


def test_a_field_of_a_newer_version_gets_its_default(state: Path) -> None:
    network = FakeX()
    post = network.world.write(network.world.add_profile("dana").id, Draft("Hello"))
    del post.impressions, post.draft.warning
    Memory(state).keep([network])
    fresh = FakeX()
    assert Memory(state).recall([fresh]) == {"x"}
    kept = fresh.world.posts[post.id]
    assert (kept.text, kept.impressions, kept.draft.warning) == ("Hello", 0, "")


def test_a_network_that_is_new_in_this_build_begins_with_a_world_of_its_own(state: Path) -> None:
    Memory(state).keep([FakeX()])
    assert Memory(state).recall([FakeX(), FakeMastodon()]) == {"x"}
