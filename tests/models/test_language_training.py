"""The training of the language model, on a handful of rows."""

import json

import pytest

pytest.importorskip("sklearn", reason="the group of packages for models is not installed")
pytest.importorskip("wordfreq", reason="the group of packages for models is not installed")

from pluralis.core.language import CODES, _Model
from tests.shared import shared_data
from tools.models import language, language_corpus
from tools.models.language_corpus import (
    EVALUATION_ONLY,
    Row,
    drawn_texts,
    frequencies,
    further_rows,
    labelled_rows,
    malay_ratios,
)

pytestmark = pytest.mark.slow

WORDS = {
    "en": "the shop opens when you order parcels",
    "fr": "la boutique ouvre quand vous commandez",
    "ms": "kedai buka bila awak tempah esok",
    "id": "toko buka kapan kamu pesan besok",
}


def _rows() -> list[Row]:
    return [
        Row(f"{code}-{number}", code, "authored", "tweet", f" {' '.join(words.split()[number % 3 :])} ")
        for code, words in WORDS.items()
        for number in range(12)
    ]


def test_parts_are_framed_by_blanks_and_hold_no_plain_letter() -> None:
    assert sorted(language.word_parts(" né a ")) == sorted(
        ["é", " n", "né", "é ", " né", "né ", " né ", " a", "a ", " a "]
    )


def test_the_same_rows_give_the_same_bytes() -> None:
    assert language.train(_rows()) == language.train(_rows())


def test_a_packed_model_knows_what_it_was_taught() -> None:
    model = _Model(language.train(_rows()))
    for code, words in WORDS.items():
        chances = model.probabilities(words.split())
        assert max(chances, key=chances.__getitem__) == code


def test_the_header_tells_how_to_read_the_rest() -> None:
    header, _, body = language.train(_rows()).partition(b"\n")
    facts = json.loads(header)
    names = body[: facts["pattern_bytes"]].decode().split("\n")
    assert len(body) - facts["pattern_bytes"] == len(names) * (len(facts["groups"]) + 1)
    assert names == sorted(set(names))


def test_rows_for_evaluation_only_are_never_learnt_from() -> None:
    folder = shared_data("text/langid.dev.tsv").parent
    rows = further_rows(folder, set())
    assert rows
    assert not {row.source for row in rows} & EVALUATION_ONLY


def test_further_rows_hold_no_text_of_the_measured_file() -> None:
    folder = shared_data("text/langid.dev.tsv").parent
    measured = {row.text for row in labelled_rows(folder)}
    assert not measured & {row.text for row in further_rows(folder, measured)}


def test_malay_words_weigh_for_malay_and_indonesian_words_against() -> None:
    ratios = malay_ratios(2000)
    assert len(ratios) == 2000
    assert ratios["boleh"] > 0 > ratios["bisa"]


def test_drawn_texts_are_the_same_every_time_and_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_corpus, "_DRAWN", {"other": 2})
    monkeypatch.setattr(language_corpus, "_DRAWN_ELSE", 3)
    texts = drawn_texts()
    assert texts == drawn_texts()
    assert {row.language for row in texts} == set(CODES)


def test_frequencies_hold_words_of_latin_letters_only() -> None:
    assert all(word.replace("'", "").isalpha() for word in frequencies("ms"))
