"""The word lists: how a line reads, which languages it counts in, and what is found."""

import pytest

from pluralis.core.data import load_lines
from pluralis.core.triage.cues import build_lexicon, packaged_lexicon
from pluralis.core.triage.fold import fold

LINES = (
    "insult en+: idiot, piece of junk",
    "insult fr: con",
    "thanks ms: terima kasih",
    "bad en: useless",
    "insult en: useless",
)


def found(text: str, language: str | None) -> list[tuple[str, tuple[str, ...]]]:
    cues = build_lexicon(LINES).find(fold(text), language)
    return [(cue.phrase, cue.groups) for cue in cues]


def test_a_phrase_is_found_whole_words_only() -> None:
    assert found("what a piece of junk", "en") == [("piece of junk", ("insult",))]
    assert found("idiotic pieces of junk", "en") == []


def test_a_word_of_another_language_does_not_count() -> None:
    assert found("con leche", "es") == []
    assert found("quel con", "fr") == [("con", ("insult",))]


def test_a_plus_counts_everywhere() -> None:
    assert found("quel idiot", "fr") == [("idiot", ("insult",))]


@pytest.mark.parametrize("language", ["ms", "id", "ms/id"])
def test_malay_and_indonesian_share_their_lists(language: str) -> None:
    assert found("terima kasih", language) == [("terima kasih", ("thanks",))]


@pytest.mark.parametrize("language", [None, "de", "other"])
def test_a_language_without_lists_reads_all_of_them(language: str | None) -> None:
    assert found("con terima kasih", language) == [("con", ("insult",)), ("terima kasih", ("thanks",))]


def test_a_phrase_may_stand_in_several_lists() -> None:
    assert found("useless", "en") == [("useless", ("bad", "insult"))]


def test_cues_come_in_reading_order() -> None:
    starts = [cue.start for cue in packaged_lexicon().find(fold("thanks but you are a useless idiot"), "en")]
    assert starts == sorted(starts)


@pytest.mark.parametrize("line", ["insult", "insult en idiot", "insult xx: idiot", ": idiot", "a b c: d"])
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"cues|language"):
        build_lexicon((line,))


def test_every_list_exists_in_every_language_or_in_all_at_once() -> None:
    languages: dict[str, set[str]] = {}
    for line in load_lines("triage_cues.txt"):
        group, language = line.partition(": ")[0].split()
        languages.setdefault(group, set()).add(language.rstrip("+"))
    incomplete = {group for group, own in languages.items() if "*" not in own and not {"en", "fr", "es", "ms"} <= own}
    # The valence list is English alone; the other languages have the lists of feelings only.
    assert {group for group in incomplete if not group.startswith("val_")} == set()


def test_no_shipped_phrase_vanishes_when_it_is_folded() -> None:
    for line in load_lines("triage_cues.txt"):
        for phrase in line.partition(": ")[2].split(", "):
            assert fold(phrase).strip(), f"{phrase!r} in {line[:30]!r}"
