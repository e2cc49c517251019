"""From the page that a person copied to the id by which the network knows the post."""

from collections.abc import Iterator

import pytest

from pluralis.networks.contract import Access
from pluralis.networks.registry import networks
from tests.networks.contract_suite import send
from tests.networks.harness import NAMES, Harness, open_harness, part

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
ACCOUNTS = {
    "x": Access("https://api.x.com", "42", "Norlune", {}),
    "fake x": Access("http://127.0.0.1:8101", "42", "Norlune", {}),
    "mastodon": Access("https://social.example", "9", "norlune", {}, {"domain": "example.org"}),
    "bluesky": Access("https://pds.example", DID, "norlune.example", {}),
}
OURS = [
    ("x", "https://x.com/Norlune/status/1890000000000000001", "1890000000000000001"),
    ("x", "https://twitter.com/norlune/status/189?s=20&t=abc", "189"),
    ("x", "https://mobile.x.com/i/web/status/189", "189"),
    ("x", "https://x.com/i/status/189/photo/1", "189"),
    ("fake x", "http://127.0.0.1:8101/Norlune/status/189", "189"),
    ("mastodon", "https://social.example/@norlune/113", "113"),
    ("mastodon", "https://social.example/@norlune@example.org/113?x=1", "113"),
    ("mastodon", "https://social.example/users/norlune/statuses/113", "113"),
    ("mastodon", "https://social.example/deck/@Norlune/113", "113"),
    ("bluesky", f"https://bsky.app/profile/{DID}/post/3lf2abc", f"at://{DID}/app.bsky.feed.post/3lf2abc"),
    ("bluesky", "https://bsky.app/profile/Norlune.example/post/3lf2abc?ref=1",
     f"at://{DID}/app.bsky.feed.post/3lf2abc"),
    ("bluesky", f"at://{DID}/app.bsky.feed.post/3lf2abc", f"at://{DID}/app.bsky.feed.post/3lf2abc"),
]  # fmt: skip
OTHERS = [
    ("x", "https://x.com/Rival/status/189"),
    ("x", "https://x.com.evil.example/Norlune/status/189"),
    ("x", "https://x.com/Norlune"),
    ("x", "https://x.com/Norlune/status/189abc"),
    ("x", "https://social.example/@norlune/113"),
    ("x", "http://127.0.0.1:8101/Norlune/status/189"),
    ("x", "javascript://x.com/Norlune/status/189"),
    ("fake x", "https://x.com/Norlune/status/189"),
    ("mastodon", "https://social.example/@rival/113"),
    ("mastodon", "https://other.example/@norlune/113"),
    ("mastodon", "https://social.example/@norlune@other.example/113"),
    ("mastodon", "https://social.example/@norlune/with_replies"),
    ("bluesky", "https://bsky.app/profile/rival.example/post/3lf2abc"),
    ("bluesky", "https://evil.example/profile/norlune.example/post/3lf2abc"),
    ("bluesky", f"at://{DID}/app.bsky.feed.like/3lf2abc"),
    ("bluesky", f"https://bsky.app/profile/{DID}/post/3lf2abc/liked-by"),
    ("bluesky", "https://x.com/Norlune/status/189"),
]


def remote_id_of(name: str, url: str) -> str | None:
    connector = networks()[name.split()[-1]].connector
    return connector.remote_id_of(ACCOUNTS[name], url)


@pytest.mark.parametrize(("name", "url", "remote_id"), OURS)
def test_a_page_of_ours_is_understood_however_it_was_copied(name: str, url: str, remote_id: str) -> None:
    assert remote_id_of(name, url) == remote_id


@pytest.mark.parametrize(("name", "url"), OTHERS)
def test_what_is_not_a_post_of_this_account_is_not_taken_for_one(name: str, url: str) -> None:
    assert remote_id_of(name, url) is None


@pytest.mark.parametrize("name", sorted(ACCOUNTS))
@pytest.mark.parametrize(
    "url", ["", "/", "https://", "https://[", "at://", "status/1", "https://x.com/\x00/status/1"]
)
def test_nonsense_is_no_post_and_no_accident(name: str, url: str) -> None:
    assert remote_id_of(name, url) is None


@pytest.fixture(params=NAMES)
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    with open_harness(request.param) as opened:
        yield opened


def test_the_page_of_what_was_just_sent_leads_back_to_it(harness: Harness) -> None:
    sent = send(harness, part(harness, "Our shops are open on Sunday."))
    assert harness.connector.remote_id_of(harness.access, sent.url) == sent.reference.remote_id
