"""A poll is stored as it was typed, and what of it does not fit a network is said."""

import pytest

from pluralis.networks.contract import Poll, PollLimits
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion, check_draft, one_text
from pluralis.posts.polls import poll_problems, read_poll, stored_poll
from pluralis.posts.wordings import content_of, digest_of, without_texts
from pluralis.teams.errors import Invalid

ASKED = Poll(("Nantes", "Ipoh"), 1440)
LIMITS = PollLimits(4, 25, 5, 7 * 1440, multiple=False)
CASES = {
    "fits": (ASKED, set()),
    "one answer": (Poll(("Nantes",), 1440), {("poll_too_few", 2)}),
    "five answers": (Poll(tuple("abcde"), 1440), {("poll_too_many", 4)}),
    "a long answer": (Poll(("a", "b" * 26), 1440), {("poll_option_too_long", 25)}),
    "25 characters": (Poll(("a", "b" * 25), 1440), set()),
    "the same answer twice": (Poll(("Yes", " yes"), 1440), {("poll_option_twice", 0)}),
    "too short": (Poll(("a", "b"), 4), {("poll_too_short", 5)}),
    "a week": (Poll(("a", "b"), 7 * 1440), set()),
    "too long": (Poll(("a", "b"), 7 * 1440 + 1), {("poll_too_long", 7)}),
    "several answers": (Poll(("a", "b"), 1440, multiple=True), {("poll_one_choice", 0)}),
}


def draft(poll: Poll | None, text: str = "Where?") -> Draft:
    return Draft((DraftVersion((DraftSegment(text, (), poll),)),))


@pytest.mark.parametrize("case", CASES)
def test_what_does_not_fit_is_said(case: str) -> None:
    poll, wanted = CASES[case]
    assert set(poll_problems(poll, "Where?", 0, LIMITS)) == wanted


def test_a_network_without_polls_says_only_that() -> None:
    assert list(poll_problems(Poll((), 1, multiple=True), "", 3, None)) == [("no_polls", 0)]


def test_a_poll_needs_words_and_no_pictures() -> None:
    assert set(poll_problems(ASKED, " ", 1, LIMITS)) == {("poll_without_words", 0), ("poll_with_pictures", 0)}


@pytest.mark.parametrize("poll", [None, ASKED, Poll(("é", "日本"), 5, multiple=True)])
def test_a_poll_comes_back_as_it_was_stored(poll: Poll | None) -> None:
    assert read_poll(stored_poll(poll)) == poll


@pytest.mark.parametrize(
    "poll",
    [Poll(("a",) * 11, 60), Poll(("a", "b" * 201), 60), Poll(("a", "b"), 0), Poll(("a", "b\x00"), 60),
     Poll(("a", "b"), 10**7)],
)  # fmt: skip
def test_what_no_network_could_take_is_not_stored(poll: Poll) -> None:
    with pytest.raises(Invalid) as refused:
        check_draft(draft(poll))
    assert refused.value.code == "poll_refused"


def test_an_unfinished_poll_is_kept() -> None:
    check_draft(draft(Poll((), 1440)))


def test_a_wording_without_a_poll_keeps_the_hash_it_had_before_there_were_polls() -> None:
    content = content_of(one_text("Where?"))
    assert content["versions"][0]["segments"] == [{"text": "Where?", "media": []}]
    assert digest_of(content) != digest_of(content_of(draft(ASKED)))


def test_another_poll_is_no_trivial_change() -> None:
    before, after = content_of(draft(ASKED)), content_of(draft(Poll(("Nantes", "Penang"), 1440)))
    assert without_texts(before) != without_texts(after)
    assert without_texts(before) == without_texts(content_of(draft(ASKED, "Where then?")))
