"""What people read of HTML that strangers wrote: the cases are rows of cases/mastodon_html.yml."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pluralis.networks.mastodon.plain import LONGEST, plain_text

DATA = yaml.safe_load((Path(__file__).parent / "cases" / "mastodon_html.yml").read_text(encoding="utf-8"))
MENTIONS = [{"url": url, "acct": acct} for url, acct in DATA["mentions"].items()]


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["why"])
def test_markup_is_reduced_to_what_a_person_reads(case):
    assert plain_text(case["html"], MENTIONS) == case["text"]


@pytest.mark.parametrize("markup", DATA["hostile"])
def test_hostile_markup_leaves_words_and_nothing_that_acts(markup):
    text = plain_text(markup)
    for forbidden in (
        "<script",
        "alert(1)<",
        "javascript:",
        "onerror=",
        "onload=",
        "onclick=",
        "<img",
        "<svg",
        "data:",
    ):
        assert forbidden not in text.lower()
    assert "\x00" not in text


def test_the_words_beside_hostile_markup_survive():
    survived = [markup for markup in DATA["hostile"] if "hello" in plain_text(markup)]
    assert len(survived) >= len(DATA["hostile"]) - 6


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" * 100_000,
        "<a href='https://x.example/'>" * 50_000,
        "&" * LONGEST,
        "<" * LONGEST,
        "<ul><li>" * 20_000 + "x",
        "<p>" + "x" * 5_000_000 + "</p>",
    ],
    ids=["deep paragraphs", "unclosed links", "ampersands", "brackets", "deep lists", "five megabytes"],
)
def test_reading_ends_in_good_time_and_bounds(markup):
    started = time.monotonic()
    text = plain_text(markup)
    assert time.monotonic() - started < 10
    assert len(text) <= 2 * LONGEST


def test_control_characters_do_not_get_through():
    assert plain_text("<p>a\x07\x1b[31mb\x9bc\td\r\ne</p>") == "a[31mbc\td\ne"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("<>/ap'\"&;=! -[]xé\n🙂#@")), max_size=60))
def test_no_string_breaks_the_reader(markup):
    assert isinstance(plain_text(markup), str)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_escaped_text_comes_back_as_it_was(text):
    import html

    read = plain_text(f"<p>{html.escape(text)}</p>")
    assert "".join(read.split()) == "".join(text.split())
