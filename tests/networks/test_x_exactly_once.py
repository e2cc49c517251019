"""Obeying the four instructions leaves every post exactly once, whatever the network's mood; obeying none does not.

Without kills and without a database: the least a connector must give the road out. The oracle is the ledger.
"""

import random
import time
from collections import Counter

from pluralis.core.matching import Sample, is_same
from pluralis.networks.contract import Outgoing
from pluralis.networks.errors import NetworkError, NotNow, Refused, Unconfirmed
from tests.networks.harness import part, soon
from tests.networks.harness_x import XHarness, open_harness

MOODS = (
    "drop", "cut", "late", "nonsense", "error_after", "limit_after", "drop_before", "error_before", "limit",
    "limit_silent", "redirect", "duplicate", "slow",
)  # fmt: skip
SECONDS = 0.1
LAG = 0.15
LATE = 0.2  # how long a slow network takes: longer than we wait for it
SETTLE = LATE + LAG + 0.1  # from our giving up until nothing new can show up any more


def begin(opened: XHarness, chance: random.Random) -> None:
    """Put the network into one mood for the next post, and let its timeline lag or be paged at times."""
    opened.calm()
    name = chance.choice(MOODS)
    more = {} if name == "duplicate" else {"nth": chance.choice((1, 1, 1, 2))}
    opened.mood(name, "post", seconds=LATE * 100, status=chance.choice((500, 502, 503)), **more)
    if chance.random() < 0.4:
        opened.mood("lag", "timeline", seconds=LAG * 100)
    if chance.random() < 0.4:
        opened.mood("paged", "timeline", size=5)


def is_there(opened: XHarness, outgoing: Outgoing) -> bool:
    search = opened.connector.find(opened.access, outgoing, outgoing.created_at, soon())
    assert search.complete
    ours = Sample(outgoing.text, outgoing.reply_to.remote_id if outgoing.reply_to else None)
    return any(is_same(ours, Sample(post.text, post.reply_to_id, post.media_count)) for post in search.posts)


def publish(opened: XHarness, outgoing: Outgoing) -> None:
    """Send as the contract tells: in doubt look, and send again only what is proven absent."""
    in_doubt = False
    for _ in range(10):
        try:
            opened.connector.send(opened.access, outgoing, soon(SECONDS))
            return
        except NotNow:
            continue
        except Refused as refused:
            assert refused.duplicate, refused.reason
            assert in_doubt, "a duplicate on a first attempt"
        except Unconfirmed:
            in_doubt = True
        time.sleep(SETTLE)
        if is_there(opened, outgoing):
            return
    raise AssertionError("ten attempts were not enough")


def publish_naively(opened: XHarness, outgoing: Outgoing) -> None:
    """Send as the simplest publisher does: again after every failure."""
    for _ in range(10):
        try:
            opened.connector.send(opened.access, outgoing, soon(SECONDS))
            return
        except NetworkError:
            continue


def play(road, runs: int, seed: int) -> Counter[str]:  # type: ignore[no-untyped-def]
    chance = random.Random(seed)
    wanted: list[str] = []
    with open_harness() as opened:
        for number in range(runs):
            begin(opened, chance)
            wanted.append(f"Post {number} & https://norlune.example/{number}")
            road(opened, part(opened, wanted[-1]))
        opened.calm()
        time.sleep(SETTLE)
        accepted = Counter(entry.detail["text"] for entry in opened.network.ledger.entries(action="post"))
        opened.network.exchanges = opened.network.exchanges[-20:]
    counts = [accepted[text] for text in wanted]
    return Counter("lost" if count == 0 else "once" if count == 1 else "doubled" for count in counts)


def test_forty_posts_in_bad_moods_stand_exactly_once() -> None:
    assert play(publish, 40, seed=1) == {"once": 40}


def test_the_naive_publisher_beside_it_doubles() -> None:
    outcome = play(publish_naively, 40, seed=1)
    assert outcome["doubled"] >= 2  # five in a hundred, else this proves nothing
