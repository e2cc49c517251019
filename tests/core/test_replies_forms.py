"""A reply for everyone: its forms, its length, and the room it leaves to those who share it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core import privacy
from pluralis.core.replies import CommunityForm, Quoted, community_text, room_to_share
from pluralis.core.text import counting_rule, measure

DOT, QUESTION, QUOTE = CommunityForm.DOT_MENTION, CommunityForm.QUESTION, CommunityForm.QUOTE_POST
X, SKY, TOOT = counting_rule("weighted"), counting_rule("graphemes"), counting_rule("characters", url_length=23)
ASKED = Quoted("dana", "@Norlune are you open on Boxing Day?")


def test_a_dot_stands_before_the_name_so_that_followers_see_it() -> None:
    assert community_text(DOT, "We are, from 10 to 16.", ASKED, X).text == ".@dana We are, from 10 to 16."


@pytest.mark.parametrize("typed", ["@dana We are.", ".@dana We are.", "@Dana We are."])
def test_a_name_that_is_typed_already_is_not_doubled(typed: str) -> None:
    assert community_text(DOT, typed, ASKED, X).text.casefold() == ".@dana we are."


def test_the_question_stands_with_its_answer_and_credit() -> None:
    found = community_text(QUESTION, "We are, from 10 to 16.", ASKED, X)
    assert found.text == "“are you open on Boxing Day?”\nWe are, from 10 to 16. (via @dana)"


def test_a_quote_post_is_the_answer_alone() -> None:
    assert community_text(QUOTE, " We are. ", ASKED, X).text == "We are."


def test_personal_data_in_the_question_never_goes_out() -> None:
    text = "call me on +44 7700 900482, are you open?"
    found = community_text(QUESTION, "We are.", Quoted("dana", text, privacy.find(text)), X)
    assert "900482" not in found.text
    assert "[PHONE]" in found.text


def test_a_long_question_is_cut_in_whole_words_until_others_have_room() -> None:
    found = community_text(QUESTION, "We are.", Quoted("dana", "why and how " * 90), X)
    assert found.length.fits
    assert found.roomy
    assert found.text.startswith("“why and how")
    assert "…”" in found.text
    assert found.room >= room_to_share(X) == 40


def test_a_long_answer_leaves_the_question_out_and_is_never_cut_itself() -> None:
    answer = "We answer at length. " * 13
    found = community_text(QUESTION, answer, ASKED, X)
    assert found.text == f"{answer.strip()} (via @dana)"
    assert not found.roomy


def test_an_answer_that_is_too_long_says_so() -> None:
    found = community_text(DOT, "x" * 400, ASKED, X)
    assert not found.length.fits
    assert found.room == 0


@given(
    answer=st.text(max_size=300),
    question=st.text(max_size=600),
    rule=st.sampled_from([X, SKY, TOOT]),
    form=st.sampled_from(list(CommunityForm)),
)
def test_whatever_is_asked_the_answer_stands_whole_and_a_question_never_makes_it_too_long(
    answer: str, question: str, rule: object, form: CommunityForm
) -> None:
    found = community_text(form, answer, Quoted("dana", question), rule)
    assert answer.strip() in found.text or form is DOT
    bare = community_text(form, answer, Quoted("dana", ""), rule)
    if bare.roomy:
        assert found.length.fits
    assert found.length == measure(found.text, rule)
