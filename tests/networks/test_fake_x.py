"""The fake X by itself: how it shows, refuses, limits and signs in."""

import html
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pluralis.networks.fake import Clock
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import Draft, Post
from pluralis.networks.fake.x import FakeX
from pluralis.networks.fake.x.limits import LIMITS, Limits
from pluralis.networks.fake.x.network import EPOCH
from pluralis.networks.fake.x.posts import make_token, read_token
from pluralis.networks.fake.x.render import Renderer, dialect_of, short_link
from pluralis.networks.x.signing import Keys, authorization

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALL = "tweet.fields=author_id,created_at,entities,referenced_tweets,note_tweet,attachments,public_metrics"


class Stage:
    """A fake X without a server: requests go straight in."""

    def __init__(self, **rules: Any) -> None:
        self.network = FakeX(seed=2, clock=Clock(source=lambda: NOON), **rules)
        self.network.origin = "http://127.0.0.1:8801"
        self.alice = self.network.world.add_profile("alice", "Alice")
        self.dana = self.network.world.add_profile("dana", "Dana")
        self.values = self.network.open_account(self.alice).values

    def ask(self, method: str, target: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        content = b"" if body is None else json.dumps(body).encode()
        bearer = {"authorization": f"Bearer {self.values['oauth2_access_token']}", "content-type": "application/json"}
        response = self.send(Request(method, target, bearer | headers, content))
        return response.status, json.loads(response.body or b"null")

    def send(self, request: Request) -> Response:
        return self.network.finish(self.network.begin(request))

    def show(self, post: Post, query: str = ALL) -> Any:
        renderer = Renderer(
            self.network.world, self.network.origin, dialect_of(Request("GET", f"/?{query}", {}), "mirror")
        )
        return renderer.post(post)

    def write(self, text: str, **more: Any) -> Post:
        return self.network.world.write(self.alice.id, Draft(text, **more))


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_links_are_shortened_and_told_in_the_entities(stage: Stage) -> None:
    shown = stage.show(stage.write("See https://alice.example/a?b=1&c=2, and http://b.example."))
    short = short_link(html.escape("https://alice.example/a?b=1&c=2"))
    assert shown["text"] == f"See {short}, and {short_link('http://b.example')}."
    for link in shown["entities"]["urls"]:
        assert shown["text"][link["start"] : link["end"]] == link["url"]
    assert shown["entities"]["urls"][0]["expanded_url"] == "https://alice.example/a?b=1&c=2"


def test_text_is_escaped_as_x_does(stage: Stage) -> None:
    assert stage.show(stage.write('3 < 5 & "so" it\'s > 2'))["text"] == '3 &lt; 5 &amp; "so" it\'s &gt; 2'


def test_an_answer_is_shown_with_the_mention_in_front(stage: Stage) -> None:
    asked = stage.network.world.write(stage.dana.id, Draft("@alice help"))
    shown = stage.show(stage.write("Gladly", reply_to=asked.id))
    assert shown["text"] == "@dana Gladly"
    assert shown["referenced_tweets"] == [{"type": "replied_to", "id": asked.id}]
    assert stage.show(stage.write("@dana gladly", reply_to=asked.id))["text"] == "@dana gladly"


def test_a_long_post_is_cut_and_whole_in_its_note(stage: Stage) -> None:
    text = "word " * 100
    shown = stage.show(stage.write(text.strip()))
    assert len(shown["text"]) < 281
    assert shown["note_tweet"]["text"] == text.strip()


def test_only_what_was_asked_for_is_shown(stage: Stage) -> None:
    post = stage.write("hello")
    assert set(stage.show(post, "")) == {"id", "text", "edit_history_tweet_ids"}
    assert set(stage.show(post, "tweet.fields=created_at")) == {"id", "text", "edit_history_tweet_ids", "created_at"}
    assert set(stage.show(post, "post.fields=created_at")) == {"id", "text", "edit_history_post_ids", "created_at"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "hello"}, 201),
        ({}, 400),
        ({"text": ""}, 400),
        ({"text": "hello", "in_reply_to_status_id": "1"}, 400),
        ({"text": "x" * 281}, 403),
        ({"text": "hello", "media": {"media_ids": ["17"]}}, 400),
        ({"text": "hello", "reply": {"in_reply_to_tweet_id": "17"}}, 403),
    ],
)
def test_what_may_be_posted(stage: Stage, body: dict[str, Any], status: int) -> None:
    assert stage.ask("POST", "/2/tweets", body)[0] == status
    assert len(stage.network.ledger.entries()) == (status == 201)


def test_a_premium_network_takes_long_posts() -> None:
    assert Stage(long_posts=True).ask("POST", "/2/tweets", {"text": "x" * 3000})[0] == 201


def test_a_thread_of_ones_own_may_be_forbidden() -> None:
    for allowed, status in ((True, 201), (False, 403)):
        stage = Stage(self_threads=allowed)
        first = stage.write("one").id
        body = {"text": "two", "reply": {"in_reply_to_tweet_id": first}}
        assert stage.ask("POST", "/2/tweets", body)[0] == status


def test_nobody_deletes_the_post_of_another(stage: Stage) -> None:
    theirs = stage.network.world.write(stage.dana.id, Draft("mine")).id
    assert stage.ask("DELETE", f"/2/tweets/{theirs}")[0] == 403
    assert stage.ask("DELETE", "/2/tweets/17") == (200, {"data": {"deleted": False}})


def test_who_takes_no_messages_gets_none(stage: Stage) -> None:
    stage.dana.accepts_messages = False
    path = f"/2/dm_conversations/with/{stage.dana.id}/messages"
    assert stage.ask("POST", path, {"text": "psst"})[0] == 403
    assert stage.network.ledger.entries() == []


def test_only_the_latest_eight_hundred_mentions_exist(stage: Stage) -> None:
    for number in range(803):
        stage.network.world.write(stage.dana.id, Draft(f"@alice {number}"))
    token, seen = "", 0
    while True:
        query = f"max_results=100{token}"
        _, answer = stage.ask("GET", f"/2/users/{stage.alice.id}/mentions?{query}")
        seen += answer["meta"]["result_count"]
        if "next_token" not in answer["meta"]:
            break
        token = f"&pagination_token={answer['meta']['next_token']}"
    assert seen == 800


def test_tokens_of_pages_are_long_enough_and_lead_back() -> None:
    for remote_id in ("1", "2124427934688083968"):
        assert len(make_token(remote_id)) >= 16
        assert read_token(make_token(remote_id)) == remote_id


def test_limits_refuse_only_when_enforced_and_end_after_a_quarter_of_an_hour() -> None:
    for enforced in (False, True):
        limits = Limits(enforced)
        states = [limits.count("message", "7", NOON) for _ in range(LIMITS["message"] + 1)]
        assert [state.exceeded for state in states].count(True) == (1 if enforced else 0)
        assert states[-1].remaining == 0
        assert states[-1].reset_at == NOON + timedelta(minutes=15)
        assert not limits.count("message", "8", NOON).exceeded
        assert not limits.count("message", "7", NOON + timedelta(minutes=15)).exceeded


def test_every_answer_tells_where_one_stands(stage: Stage) -> None:
    headers = {"authorization": f"Bearer {stage.values['oauth2_access_token']}"}
    response = stage.send(Request("GET", "/2/users/me", headers))
    assert response.headers["x-rate-limit-remaining"] == str(LIMITS["profile"] - 1)
    assert response.headers["x-rate-limit-reset"] == str(int((NOON + timedelta(minutes=15)).timestamp()))


def test_a_snowflake_tells_its_time(stage: Stage) -> None:
    post = stage.write("hello")
    assert EPOCH + timedelta(milliseconds=int(post.id) >> 22) == NOON


KEYS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
URL = "http://127.0.0.1:8801/2/users/me?user.fields=created_at"


def signed(stage: Stage, url: str = URL, **changed: str) -> Request:
    values = dict(stage.values) | changed
    header = authorization(Keys.of(values), "GET", url)
    return Request("GET", "/2/users/me?user.fields=created_at", {"host": "127.0.0.1:8801", "authorization": header})


def test_a_right_signature_is_accepted(stage: Stage) -> None:
    assert stage.send(signed(stage)).status == 200


@pytest.mark.parametrize("name", KEYS)
def test_a_signature_with_a_wrong_key_is_not(stage: Stage, name: str) -> None:
    assert stage.send(signed(stage, **{name: "wrong"})).status == 401


@pytest.mark.parametrize(
    "url", [URL.replace("created_at", "name"), URL.replace("/me", "/you"), URL.replace("8801", "8802"), URL + "&a=1"]
)
def test_a_signature_over_another_request_is_not(stage: Stage, url: str) -> None:
    assert stage.send(signed(stage, url)).status == 401


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", "OAuth", "OAuth x", "Basic abc", "OAuth a=b, c"])
def test_without_proof_nobody_is_let_in(stage: Stage, header: str) -> None:
    assert stage.send(Request("GET", "/2/users/me", {"authorization": header, "host": "h"})).status == 401
