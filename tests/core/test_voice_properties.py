"""What holds for every text, however strange: places inside it, a plural without "I", and no runaway work."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pluralis.core.findings import Severity
from pluralis.core.voice import VoiceProfile, check
from tests.core.voice_cases import PERSON, cases, rules

STRICT = VoiceProfile(
    severities={"first_person": Severity.STOP, "first_person_verb": Severity.STOP, "banned_word": Severity.STOP},
    banned=("cheap",),
    preferred={"client": "customer"},
    emoji="few",
    hashtags="few",
    sign_off="^AB",
    reading_level=12,
)
LANGUAGES = ["en", "fr", "es", "ms", "id", "ms/id", "other", "xx", None]
DRAFTS = [case.values[1] for case in cases()]
WORDS = sorted({word for draft in DRAFTS for word in draft.split()})
MARKS = [
    "'",
    "’",
    '"',
    "«",
    "»",
    "“",
    "”",
    "-",
    ".",
    "…",
    "\n",
    "\u200b",
    "\u0301",
    "\ud800",
    "\u202e",
    "👩‍👩‍👧",
    "🇲🇾",
    "<b>",
    "Ι",
]

strange = st.text(max_size=200)
sentences = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=40).map(" ".join)
glued = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKS), st.characters()), max_size=30).map("".join)
texts = st.one_of(sentences, strange, glued)


@given(text=texts, language=st.sampled_from(LANGUAGES))
@example(text="", language="fr")
@example(text="\ud800 I \udfff", language="en")
@example(text="I\u0301\u0301 am", language="en")
@example(text="#MyWay I \n", language="ms")
def test_every_finding_stands_where_it_says(text: str, language: str | None) -> None:
    last = 0
    for finding in check(text, language=language, profile=STRICT).findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        assert finding.start >= last
        last = finding.start


@given(text=texts, language=st.sampled_from(LANGUAGES))
def test_the_plural_holds_no_stop_finding_and_no_writer(text: str, language: str | None) -> None:
    rewritten = check(text, language=language, profile=STRICT).rewritten
    if rewritten is not None:
        after = check(rewritten, language=language, profile=STRICT)
        assert all(finding.severity is not Severity.STOP for finding in after.findings)
        assert PERSON.isdisjoint(rules(after))


@given(text=texts, language=st.sampled_from(LANGUAGES))
def test_the_same_text_gets_the_same_answer(text: str, language: str | None) -> None:
    assert check(text, language=language) == check(text, language=language)


def test_a_draft_that_is_stopped_can_be_put_into_the_plural() -> None:
    strict = VoiceProfile(severities={"first_person": Severity.STOP, "first_person_verb": Severity.STOP})
    for language, draft, plural in (case.values for case in cases() if case.values[2]):
        result = check(draft, language=language, profile=strict)
        assert any(finding.severity is Severity.STOP for finding in result.findings), draft
        assert result.rewritten == plural


def work(action: Callable[[], object]) -> int:
    """Return how many calls an action makes: a measure of work that no busy machine disturbs."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls


HOSTILE = [
    "I ", "I am and was ", "my@", "“I” ", '"', "je ", "j'", "je suis et ", "«je» ", "creo ", "no se que ",
    "yo tenía ", "avísame ", "soy muy ", "saya ", "gua ", "dan buku", "SY ", "-ku ", "My Account > ", "menu My ",
    "<a ", "@a", "www.", "e\u0301", "I\u200b ", "\ud800", "Ι ", "𝐈 ", "👩\u200d👧", "1️⃣", "a.a", "a_", "#a ",
    "cheap ", "client ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("language", ["en", "fr", "es", "ms"])
def test_four_times_the_text_is_about_four_times_the_work(unit: str, language: str) -> None:
    short, long = (unit * (size // len(unit)) for size in (200, 800))
    once = work(lambda: check(short, language=language, profile=STRICT))
    assert work(lambda: check(long, language=language, profile=STRICT)) <= 6 * once + 200


@pytest.mark.parametrize("language", ["en", "fr", "es", "ms"])
def test_a_hundred_thousand_characters_are_read(language: str) -> None:
    text = " ".join(DRAFTS) * (100_000 // len(" ".join(DRAFTS)) + 1)
    result = check(text[:100_000], language=language)
    assert result.findings and result.rewritten
