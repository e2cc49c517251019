"""What a message wants, how it feels, and whether it hurts people."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.triage import LABELS, SENTIMENTS, classify
from pluralis.core.triage.fold import fold
from tests.core.triage_cases import cases

LANGUAGES = [None, "en", "fr", "es", "ms", "id", "ms/id", "de", "other"]


@pytest.mark.parametrize(("language", "label", "text"), cases("labels"))
def test_a_message_gets_its_label(language: str, label: str, text: str) -> None:
    assert classify(text, language=language).label == label


@pytest.mark.parametrize(("language", "label", "text"), cases("labels"))
def test_what_speaks_for_a_label_stands_in_the_text(language: str, label: str, text: str) -> None:
    for word in classify(text, language=language).reasons:
        assert word in fold(text)


@pytest.mark.xfail(strict=True, reason="known misses, kept so that their end is noticed")
@pytest.mark.parametrize(("language", "label", "text"), cases("known_misses"))
def test_a_known_miss_is_still_one(language: str, label: str, text: str) -> None:
    assert classify(text, language=language).label == label


@pytest.mark.parametrize(("language", "aimed", "text"), cases("aimed"))
def test_hard_words_count_only_when_aimed_at_people(language: str, aimed: str, text: str) -> None:
    assert (classify(text, language=language).abuse >= 0.5) == (aimed == "1")


@pytest.mark.parametrize(("language", "text"), cases("two_faces"))
def test_an_insult_that_holds_a_real_problem_keeps_both_labels(language: str, text: str) -> None:
    assert set(classify(text, language=language).labels) == {"abuse", "complaint"}


def test_the_first_of_both_labels_is_the_label() -> None:
    for _, text in cases("two_faces"):
        answer = classify(text)
        assert answer.labels[0] == answer.label


def test_a_plain_message_has_one_label() -> None:
    assert classify("@brightline when do you open?", language="en").labels == ("question",)


def test_a_language_that_is_not_named_is_found() -> None:
    text = "bonjour @brightline, quels sont vos horaires le dimanche ?"
    assert classify(text) == classify(text, language="fr")


@pytest.mark.parametrize("text", ["", "   ", "\n", "​", "…"])
def test_a_blank_text_is_other_and_unsure(text: str) -> None:
    answer = classify(text)
    assert (answer.label, answer.sentiment, answer.unsure, answer.abuse) == ("other", "neutral", True, 0.0)


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("I love this, wonderful day", "positive"),
        ("this is terrible, I hate it", "negative"),
        ("The meeting is on Tuesday at the town hall", "neutral"),
    ],
)
def test_a_feeling_is_told(text: str, sentiment: str) -> None:
    assert classify(text, language="en").sentiment == sentiment


def test_a_clear_message_is_sure_and_an_empty_phrase_is_not() -> None:
    assert not classify("@brightline thank you so much, brilliant service!", language="en").unsure
    assert classify("hm", language="en").unsure or classify("hm", language="en").label == "other"


def test_bad_news_that_cannot_wait_is_more_urgent_than_praise() -> None:
    slow = classify("@brightline thank you so much!", language="en").urgency
    medium = classify("@brightline my umbrella is broken", language="en").urgency
    fast = classify("@brightline stranded at the airport right now, urgent, nobody answers", language="en").urgency
    assert slow < medium < fast


@pytest.mark.parametrize("twin", ["idi\u043ets", "1d1ots", "i d i o t s", "ｉｄｉｏｔｓ", "id\u200biots"])
def test_a_hidden_insult_is_still_one(twin: str) -> None:
    assert classify(f"@brightline you are all worthless {twin}", language="en").abuse >= 0.5


@given(st.text(max_size=400), st.sampled_from(LANGUAGES))
def test_any_text_is_answered_in_shape(text: str, language: str | None) -> None:
    answer = classify(text, language=language)
    assert answer.label in LABELS
    assert answer.sentiment in SENTIMENTS
    assert 0 <= answer.abuse <= 1
    assert 0 <= answer.urgency <= 1
    assert sum(answer.scores.values()) == pytest.approx(1, abs=0.001)
    assert tuple(answer.scores) == LABELS
    assert answer.labels[0] == answer.label
    assert len(answer.reasons) <= 5


@given(st.text(max_size=200))
def test_the_same_text_gets_the_same_answer(text: str) -> None:
    assert classify(text, language="en") == classify(text, language="en")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["you idiot ", "?", "a", "\ud800", "é", "😡", "http://a.b/c ", "<b>x</b> ", "\u202e"]
)
def test_a_hundred_thousand_characters_are_answered_soon(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    started = time.perf_counter()
    assert classify(text).label in LABELS
    assert time.perf_counter() - started < 5
