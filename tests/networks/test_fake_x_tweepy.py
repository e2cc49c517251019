"""The fake X is driven by an independent client: what tweepy understands was not made to fit our own reading.

tweepy has one fixed host; its session is led to the fake, the signature stays over the fixed host.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from pluralis.networks.fake import Clock, FakeServer
from pluralis.networks.fake.world import Draft
from pluralis.networks.fake.x import FakeX


class Detour(HTTPAdapter):
    """Sends every request to the fake, with the Host header of where it was meant to go."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        assert request.url
        request.headers["Host"] = "api.twitter.com"
        request.url = request.url.replace("https://api.twitter.com", self.origin)
        return super().send(request, *args, **more)


@pytest.fixture
def network() -> Iterator[FakeX]:
    with FakeServer(FakeX(seed=3, clock=Clock(scale=100))) as server:
        assert isinstance(server.network, FakeX)
        yield server.network


def connect(network: FakeX, handle: str, *, bearer: bool = False) -> tweepy.Client:
    profile = network.world.add_profile(handle, handle.title(), followers=9)
    values = network.open_account(profile).values
    if bearer:
        client = tweepy.Client(bearer_token=values["oauth2_access_token"])
    else:
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        client = tweepy.Client(**{name: values[name] for name in names})
    client.session.mount("https://", Detour(network.origin))
    return client


def test_tweepy_posts_signed_by_oauth_1_and_reads_its_timeline(network: FakeX) -> None:
    client = connect(network, "alice")
    made = client.create_tweet(text="Hello & welcome: https://alice.example/a?b=1")
    assert made.data["id"] == network.ledger.entries()[0].remote_id
    me = client.get_me(user_fields=["public_metrics", "created_at", "profile_image_url"]).data
    assert (me.username, me.public_metrics["followers_count"]) == ("alice", 9)
    tweets = client.get_users_tweets(me.id, tweet_fields=["created_at", "entities"], user_auth=True).data
    assert [str(tweet.id) for tweet in tweets] == [made.data["id"]]
    assert tweets[0].entities["urls"][0]["expanded_url"] == "https://alice.example/a?b=1"
    assert tweets[0].created_at.tzinfo is not None


def test_tweepy_with_a_bearer_token_reads_mentions_page_by_page(network: FakeX) -> None:
    alice = connect(network, "alice", bearer=True)
    us = network.world.find_profile("alice")
    dana = network.world.add_profile("dana", "Dana")
    assert us
    sent = [network.world.write(dana.id, Draft(f"@alice question {number}")).id for number in range(23)]
    pages = tweepy.Paginator(
        alice.get_users_mentions, us.id, max_results=5, expansions=["author_id"], user_fields=["username"]
    )
    read = list(pages)
    assert [str(tweet.id) for page in read for tweet in page.data] == sent[::-1]
    assert read[0].includes["users"][0].username == "dana"
    newer = alice.get_users_mentions(us.id, since_id=sent[19])
    assert [str(tweet.id) for tweet in newer.data] == sent[:19:-1]
    assert alice.get_users_mentions(us.id, since_id=sent[-1]).data is None


def test_tweepy_answers_only_who_has_summoned_it(network: FakeX) -> None:
    client = connect(network, "alice")
    dana = network.world.add_profile("dana")
    called = network.world.write(dana.id, Draft("@alice help")).id
    uncalled = network.world.write(dana.id, Draft("just talking")).id
    client.create_tweet(text="Gladly", in_reply_to_tweet_id=called)
    with pytest.raises(tweepy.Forbidden, match="not been mentioned"):
        client.create_tweet(text="May we?", in_reply_to_tweet_id=uncalled)
    network.tier = "enterprise"
    client.create_tweet(text="May we?", in_reply_to_tweet_id=uncalled)


def test_tweepy_learns_of_limits_duplicates_and_wrong_keys(network: FakeX) -> None:
    client = connect(network, "alice")
    network.moods.set("duplicate", "post")
    client.create_tweet(text="Once")
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        client.create_tweet(text="Once")
    network.limits.enforced = True
    with pytest.raises(tweepy.TooManyRequests) as limited:
        for number in range(200):
            client.create_tweet(text=f"Post {number}")
    assert int(limited.value.response.headers["x-rate-limit-reset"]) > 0
    assert len(network.ledger.entries(action="post")) == 99
    client.access_token_secret = "wrong"
    with pytest.raises(tweepy.Unauthorized):
        client.create_tweet(text="Never")


def test_tweepy_deletes_mutes_and_looks_up(network: FakeX) -> None:
    client = connect(network, "alice")
    dana = network.world.add_profile("dana")
    made = client.create_tweet(text="Oops").data["id"]
    assert (
        client.get_tweet(made, tweet_fields=["public_metrics"], user_auth=True).data.public_metrics["like_count"] == 0
    )
    assert client.delete_tweet(made).data == {"deleted": True}
    gone = client.get_tweets([made], user_auth=True)
    assert gone.data is None
    assert gone.errors[0]["resource_id"] == made
    assert client.mute(dana.id).data == {"muting": True}
    assert client.get_user(username="DANA", user_auth=True).data.username == "dana"


def test_tweepy_writes_private_messages(network: FakeX) -> None:
    client = connect(network, "alice")
    dana = network.world.add_profile("dana")
    made = client.create_direct_message(participant_id=dana.id, text="psst")
    assert network.world.messages[made.data["dm_event_id"]].text == "psst"
    events = client.get_direct_message_events(dm_event_fields=["text", "sender_id"])
    assert [event.text for event in events.data] == ["psst"]
