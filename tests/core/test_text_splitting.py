"""Threads: where a long text may be cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.text import CountingRule, counting_rule, emoji_spans, entities, measure, split_thread

SHORT = CountingRule("graphemes", 40, byte_limit=400)
FAMILIES = ("weighted", "graphemes", "characters")


def test_a_text_that_fits_is_alone_and_has_no_number() -> None:
    assert split_thread("All lines are back.", SHORT) == ["All lines are back."]


@pytest.mark.parametrize("text", ["", "   ", "\n\n\u00a0"])
def test_a_blank_text_has_no_part(text: str) -> None:
    assert split_thread(text, SHORT) == []


def test_parts_end_with_sentences_and_carry_their_number() -> None:
    text = "The mast at Leeds is repaired. Calls work again. Data will follow tonight. Thank you for waiting!"
    assert split_thread(text, SHORT) == [
        "The mast at Leeds is repaired. 1/4",
        "Calls work again. 2/4",
        "Data will follow tonight. 3/4",
        "Thank you for waiting! 4/4",
    ]


def test_numbers_can_be_left_out() -> None:
    text = "The mast at Leeds is repaired. Calls work again since noon."
    assert split_thread(text, SHORT, numbered=False) == [
        "The mast at Leeds is repaired.",
        "Calls work again since noon.",
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Ask for Dr. Hart at the desk on the left side today.", "Ask for Dr. Hart at the desk on the 1/2"),
        ("Write to M. Durand, 3 rue de la Paix, avant le 3 mai.", "Write to M. Durand, 3 rue de la 1/2"),
        ("It costs 3.50 a month, e.g. for students of the town.", "It costs 3.50 a month, e.g. for 1/2"),
        ("Really?! Yes. And there is more to come for all of you", "Really?! Yes. 1/3"),
        ("First line of the news\n\nsecond paragraph is longer", "First line of the news 1/2"),
        ("“Quoted.” Then the text goes on and on without an end", "“Quoted.” 1/3"),
        (
            "電話が使えます。データは今夜です。お待ちください。ご不便をおかけして申し訳ありません。",
            "電話が使えます。データは今夜です。お待ちください。 1/2",
        ),
    ],
)
def test_a_full_stop_is_not_always_the_end_of_a_sentence(text: str, first: str) -> None:
    assert split_thread(text, SHORT)[0] == first


def test_a_long_sentence_is_cut_between_words() -> None:
    parts = split_thread("one two three four five six seven eight nine ten eleven twelve", SHORT)
    assert parts == ["one two three four five six seven 1/2", "eight nine ten eleven twelve 2/2"]


def test_a_word_longer_than_a_part_is_cut_between_graphemes() -> None:
    parts = split_thread("e\u0301" * 100, SHORT)
    assert all(measure(part, SHORT).fits for part in parts)
    assert "".join(part.rpartition(" ")[0] for part in parts) == "e\u0301" * 100


@pytest.mark.slow
def test_one_word_of_a_hundred_thousand_letters_ends() -> None:
    rule = counting_rule("weighted")
    parts = split_thread("x" * 100_000, rule)
    assert parts[-1].endswith(f" {len(parts)}/{len(parts)}")
    assert sum(len(part.split(" ")[0]) for part in parts) == 100_000
    assert all(measure(part, rule).fits for part in parts)


def test_more_than_nine_parts_leave_room_for_longer_numbers() -> None:
    parts = split_thread("word " * 90, CountingRule("graphemes", 30))
    assert len(parts) > 9
    assert all(measure(part, CountingRule("graphemes", 30)).fits for part in parts)
    assert [part.rsplit(" ", 1)[1] for part in parts] == [f"{n}/{len(parts)}" for n in range(1, len(parts) + 1)]


def test_a_link_longer_than_a_part_stays_whole_in_a_part_that_is_too_long() -> None:
    link = "https://example.com/" + "a" * 60
    parts = split_thread(f"Read this: {link} today.", SHORT)
    assert sum(link in part for part in parts) == 1
    assert [measure(part, SHORT).fits for part in parts] == [True, False, True]


WHOLE = ["https://example.com/a-b_c/d?e=f", "@somebody_here", "@name.bsky.social", "@name@social.example"]


@pytest.mark.parametrize("piece", [*WHOLE, "👩🏽‍🚀", "👨‍👩‍👧‍👦", "🇲🇾"])
@pytest.mark.parametrize("before", range(20, 40, 3))
def test_what_belongs_together_is_never_cut(piece: str, before: int) -> None:
    for family in FAMILIES:
        rule = counting_rule(family, limit=45)
        text = "語" * before + " " + piece + " " + "語" * 30
        assert sum(piece in part for part in split_thread(text, rule)) == 1


LETTERS = ["a", "é", "e\u0301", "語", " ", "\n", ". ", "! ", "।", "한", "\r\n", "'", "#"]
JOINED = ["👩🏽‍🚀", "🇲🇾", "1️⃣", "\u200d", "\ufe0f", "\u202e", "\ud800"]
LINKED = ["@ab ", " https://a.com/b ", " b.co ", "@x.bsky.social ", " @a@b.cd "]
SIGNS = st.sampled_from([*LETTERS, *JOINED, *LINKED])
TEXTS = st.lists(SIGNS, max_size=150).map("".join)


@given(TEXTS, st.sampled_from(FAMILIES), st.booleans())
def test_nothing_is_lost_and_every_part_fits(text: str, family: str, numbered: bool) -> None:
    rule = counting_rule(family, limit=60)
    parts = split_thread(text, rule, numbered=numbered)
    assert all(measure(part, rule).fits for part in parts)
    if numbered and len(parts) > 1:
        parts = [part.rpartition(" ")[0] for part in parts]
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


@given(TEXTS)
def test_no_part_begins_or_ends_inside_an_emoji_or_a_link(text: str) -> None:
    kept = {text[start:end] for start, end in emoji_spans(text)}
    kept |= {entity.value for entity in entities(text) if entity.kind == "url" and "://" in entity.value}
    parts = split_thread(text, counting_rule("weighted", limit=50), numbered=False)
    for piece in kept:
        assert sum(part.count(piece) for part in parts) == text.count(piece)
