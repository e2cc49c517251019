"""Text cut into words that can be found, and what is typed into a search box."""

import pytest

from pluralis.core.searching import LONGEST_WORD, MOST_WORDS, Asked, asked, indexed, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'école d'été", "l ecole d ete"),
        ("¿Dónde está mi niño?", "donde esta mi nino"),
        ("Grüße, Straße!", "grusse strasse"),
        ("www.example.org/help and/or", "www example org help and or"),
        ("#Fibre @Dana_99 don't", "fibre dana 99 don t"),
        ("hati-hati ya", "hati hati ya"),
        ("网络很慢", "网络 络很 很慢 慢"),
        ("Wi-Fi 网", "wi fi 网"),
        ("தமிழ் கடை", "தமிழ கடை"),
        ("order 12-34/56", "order 12 34 56"),
        ("\u202eevil\u202c 🎉 …", "evil"),
        ("", ""),
    ],
)
def test_text_is_cut_into_folded_words(text: str, words: str) -> None:
    assert indexed(text) == words


def test_a_word_and_a_text_have_an_end() -> None:
    assert words_of("x" * 500) == ["x" * LONGEST_WORD]
    assert len(words_of("a b " * 5_000)) == MOST_WORDS


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("École", Asked(words=("ecole",))),
        ("no network", Asked(words=("no", "network"))),
        ('"no network"', Asked(words=("no", "network"), phrases=("no network",))),
        ('"no network', Asked(words=("no", "network"), phrases=("no network",))),
        ("delay*", Asked(beginnings=("delay",))),
        ("de*", Asked(words=("de",))),
        ("fibre -slow", Asked(words=("fibre",), without=("slow",))),
        ("@dana", Asked(words=("dana",))),
        ("网络很慢", Asked(words=("网络", "络很", "很慢"))),
        ("慢", Asked(beginnings=("慢",))),
        ("same same", Asked(words=("same",))),
        ("a\x00b", Asked(words=("ab",))),
        ("'; DROP TABLE--", Asked(words=("drop", "table"))),
        ("\\'", Asked()),
        ("", Asked()),
    ],
)
def test_what_is_typed_becomes_a_question(typed: str, question: Asked) -> None:
    assert asked(typed) == question


@pytest.mark.parametrize("typed", ["-fibre", "", "!!", '""', "-"])
def test_what_must_be_absent_finds_nothing_alone(typed: str) -> None:
    assert asked(typed).nothing


def test_a_question_has_an_end() -> None:
    question = asked(" ".join(f"w{number} b{number}xx* -n{number}" for number in range(500)))
    assert (len(question.words), len(question.beginnings), len(question.without)) == (8, 2, 4)


@pytest.mark.parametrize("text", ["L'école d'été", "网络很慢", "தமிழ் கடை", "and/or", "don't"])
def test_every_text_is_found_by_itself(text: str) -> None:
    question = asked(text)
    stored = indexed(text).split()
    assert set(question.words) <= set(stored)
    assert all(any(word.startswith(each) for word in stored) for each in question.beginnings)
