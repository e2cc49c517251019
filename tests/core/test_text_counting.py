"""Lengths: what each family of networks counts."""

import re
from pathlib import Path

import pytest

from pluralis.core.text import (
    CountingRule,
    Length,
    count_graphemes,
    counting_rule,
    emoji_spans,
    measure,
    overflow_start,
)

CASES = Path(__file__).parent / "cases" / "text_lengths.tsv"
SIGNS = {"n": "\n", "r": "\r"}


def _unescape(field: str) -> str:
    return re.sub(
        r"\\(?:u([0-9a-f]{4})|([nr]))", lambda found: chr(int(found[1], 16)) if found[1] else SIGNS[found[2]], field
    )


def _cases() -> list[list[str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("family", "count", "text", "why"), _cases())
def test_a_text_counts_what_its_network_counts(family: str, count: str, text: str, why: str) -> None:
    assert measure(_unescape(text), counting_rule(family)).count == int(count), why


@pytest.mark.parametrize(
    ("family", "limit", "byte_limit"),
    [("weighted", 280, None), ("premium", 25_000, None), ("graphemes", 300, 3000), ("characters", 500, None)],
)
def test_the_standard_rules_have_the_published_limits(family: str, limit: int, byte_limit: int | None) -> None:
    rule = counting_rule(family)
    assert (rule.limit, rule.byte_limit) == (limit, byte_limit)


def test_a_server_can_have_its_own_limit() -> None:
    assert counting_rule("characters", limit=11_000).limit == 11_000


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(KeyError):
        counting_rule("pigeons")


def test_bytes_can_be_too_many_while_graphemes_are_few() -> None:
    length = measure("👨‍👩‍👧‍👦" * 200, counting_rule("graphemes"))
    assert length.count == 200
    assert length.bytes == 25 * 200
    assert not length.fits


def test_what_is_left_is_negative_when_the_text_is_too_long() -> None:
    assert measure("x" * 281, counting_rule("weighted")).left == -1
    assert Length(280, 280, 280).fits


def test_a_rule_without_a_link_length_counts_links_as_they_are() -> None:
    assert measure("http://a.example", CountingRule("characters", 500)).count == 16


def test_many_emoji_of_each_kind_count_two_each() -> None:
    text = "🫩🪾🫆🇨🇶👩‍🦽‍➡️❤️‍🔥🧑🏻‍🤝‍🧑🏿"
    assert len(emoji_spans(text)) == 7
    assert measure(text, counting_rule("weighted")).count == 14


def test_emoji_inside_a_link_are_part_of_the_link() -> None:
    assert measure("http://☃.net/ ☃️", counting_rule("weighted")).count == 23 + 1 + 2


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("no emoji: 12 # * © ™ ☎", []),
        ("☎️", [(0, 2)]),
        ("a😀b😀", [(1, 2), (3, 4)]),
        ("🇫🇷🇫", [(0, 2)]),
        ("#️⃣#", [(0, 3)]),
    ],
)
def test_emoji_are_found_where_they_stand(text: str, spans: list[tuple[int, int]]) -> None:
    found = [span for span in emoji_spans(text) if text[slice(*span)] != "🇫"]
    assert found == spans


@pytest.mark.parametrize(
    ("text", "rule", "start"),
    [
        ("fits", CountingRule("weighted", 4, url_length=23), 4),
        ("too long", CountingRule("weighted", 4, url_length=23), 4),
        ("日本語", CountingRule("weighted", 5, url_length=23), 2),
        ("see https://example.com/b", CountingRule("weighted", 20, url_length=23), 4),
        ("abc👨‍👩‍👧‍👦", CountingRule("graphemes", 3), 3),
        ("ab👨‍👩‍👧‍👦", CountingRule("graphemes", 9, byte_limit=10), 2),
        ("@me@social.example!!", CountingRule("characters", 4, mention_without_domain=True), 19),
    ],
)
def test_the_overflow_starts_before_the_piece_that_crosses_the_limit(
    text: str, rule: CountingRule, start: int
) -> None:
    assert overflow_start(text, rule) == start


def test_graphemes_of_plain_and_joined_text_add_up() -> None:
    assert count_graphemes("plain") == 5
    assert count_graphemes("e\u0301te\u0301 👩‍🚀 ok\r\n") == 3 + 1 + 1 + 1 + 2 + 1
