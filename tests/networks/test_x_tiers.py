"""What X forbids to programs is handed over to a person, and what it costs is said."""

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest

from pluralis.networks.contract import Access, Outgoing, Prices, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Refused
from pluralis.networks.x import NETWORK, price
from pluralis.networks.x.pricing import price_of_reading

SUMMONED = Reference("17", {"author_handle": "dana", "summoned": "yes"})
UNCALLED = Reference("17", {"author_handle": "dana", "summoned": "no"})
OWN = Reference("17", {"own": "yes"})
CASES = {
    "a plain post": ("Open on Sunday", {}, ""),
    "an answer to who mentioned us": ("Gladly", {"reply_to": SUMMONED}, ""),
    "an answer that names who it answers": ("@Dana gladly", {"reply_to": SUMMONED}, ""),
    "an answer to a stranger": ("May we help?", {"reply_to": UNCALLED}, "answer only people"),
    "an answer of which nothing is known": ("May we help?", {"reply_to": Reference("17")}, ""),
    "a thread of our own": ("Two of two", {"reply_to": OWN}, ""),
    "a mention of a stranger": ("Thanks to @somebody", {}, "not @somebody"),
    "a mention of a third in an answer": ("@bob too", {"reply_to": SUMMONED}, "not @bob"),
    "a mention of ourselves": ("Follow @norlune", {}, ""),
    "an address with an at sign": ("Write to help@norlune.example", {}, ""),
    "a link with an at sign": ("See https://social.example/@bob", {}, ""),
    "a quote of a stranger": ("So true", {"quote": UNCALLED}, "quote other people"),
    "a quote of ourselves": ("Once more", {"quote": OWN}, ""),
    "a private message": ("@bob", {"visibility": "direct", "recipient": "9"}, ""),
}


def access(**settings: str) -> Access:
    return Access("https://api.x.com", "7", "Norlune", {"access_token": "t"}, settings)


def outgoing(text: str, **more: object) -> Outgoing:
    return Outgoing(text, "", datetime(2026, 11, 22, tzinfo=UTC), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES)
def test_what_a_self_serve_tier_forbids_is_handed_over(case: str) -> None:
    text, more, reason = CASES[case]
    handed = NETWORK.connector.hand_over(access(), outgoing(text, **more))
    assert (handed is None) == (reason == "")
    if handed is not None:
        assert reason in handed.reason


@pytest.mark.parametrize("case", CASES)
def test_an_enterprise_account_hands_nothing_over(case: str) -> None:
    text, more, _ = CASES[case]
    assert NETWORK.connector.hand_over(access(tier="enterprise"), outgoing(text, **more)) is None


def test_what_must_be_handed_over_is_never_sent() -> None:
    with pytest.raises(Refused) as refused:
        NETWORK.connector.send(access(), outgoing("May we help?", reply_to=UNCALLED), Deadline.after(5))
    assert refused.value.by_hand


def test_the_intent_link_carries_the_text_and_its_target() -> None:
    handed = NETWORK.connector.hand_over(access(), outgoing("Où & quand ?\n#été 100 %", reply_to=UNCALLED))
    assert handed is not None
    parts = urlsplit(handed.url)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "x.com", "/intent/post")
    assert dict(parse_qsl(parts.query)) == {"text": "Où & quand ?\n#été 100 %", "in_reply_to": "17"}


def test_the_intent_link_of_a_quote_carries_its_address() -> None:
    handed = NETWORK.connector.hand_over(access(), outgoing("So true", quote=UNCALLED))
    assert handed is not None
    assert dict(parse_qsl(urlsplit(handed.url).query))["text"] == "So true https://x.com/i/status/17"


@pytest.mark.parametrize(
    ("text", "more", "amount", "line"),
    [
        ("Open on Sunday", {}, "0.015", "create_post"),
        ("See https://norlune.com/a", {}, "0.200", "create_post_with_url"),
        ("See norlune.com", {}, "0.200", "create_post_with_url"),
        ("Gladly", {"reply_to": SUMMONED}, "0.010", "create_summoned_reply"),
        ("Gladly: https://norlune.com", {"reply_to": SUMMONED}, "0.200", "create_post_with_url"),
        ("Two of two", {"reply_to": OWN}, "0.015", "create_post"),
        ("psst https://norlune.com", {"visibility": "direct", "recipient": "9"}, "0.015", "create_message"),
    ],
)
def test_a_part_has_a_price_with_its_date(text: str, more: dict[str, object], amount: str, line: str) -> None:
    told = price(outgoing(text, **more))
    assert told is not None
    assert (told.amount, told.line, told.currency) == (Decimal(amount), line, "USD")
    assert told.as_of >= date(2026, 11, 22)


def test_an_enterprise_contract_has_no_price_we_know() -> None:
    assert price(outgoing("Open"), {"tier": "enterprise"}) is None


def test_the_price_is_asked_for_through_the_contract() -> None:
    connector = NETWORK.connector
    assert isinstance(connector, Prices)
    assert connector.price(access(), outgoing("Open")) == price(outgoing("Open"))
    assert connector.price(access(tier="enterprise"), outgoing("Open")) is None


def test_reading_has_a_price_per_item() -> None:
    assert price_of_reading("read_own", 212).amount == Decimal("0.212")
    assert price_of_reading("read_post", 212).amount == Decimal("1.060")
    with pytest.raises(KeyError):
        price_of_reading("create_post", 1)


def test_a_premium_account_may_write_long() -> None:
    assert NETWORK.connector.limits(None).counting.limit == 280
    assert NETWORK.connector.limits(access(premium="yes")).counting.limit == 25_000
    assert NETWORK.connector.limits(access()).counting.url_length == 23
