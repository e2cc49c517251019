"""Whose approval counts, how many are missing, what a trivial change is, and who is named in a remark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.review import (
    REVIEW_MOVES,
    ReviewRule,
    ReviewState,
    Voter,
    check_review_move,
    counts,
    is_trivial,
    missing,
    named_in,
)
from pluralis.core.wording import LONGEST, Kind, compare_words

LEAD = Voter("lead", approves=True)
WRITER = Voter("writer")
CLIENT = Voter("link:1", by_link=True)


@pytest.mark.parametrize(
    ("rule", "voter", "said"),
    [
        (ReviewRule(1), LEAD, True),
        (ReviewRule(1), WRITER, False),
        (ReviewRule(1, members=("writer",)), WRITER, True),
        (ReviewRule(1, members=("writer",)), LEAD, False),
        (ReviewRule(1), Voter("lead", approves=True, wrote=True), False),
        (ReviewRule(1, own=True), Voter("lead", approves=True, wrote=True), True),
        (ReviewRule(1, own=True), Voter("writer", wrote=True), False),
        (ReviewRule(2, members=("writer",)), CLIENT, True),
    ],
)
def test_whose_approval_counts(rule: ReviewRule, voter: Voter, said: bool) -> None:
    assert counts(rule, voter) is said


def test_each_account_waits_for_its_own_number() -> None:
    rules = {"main": ReviewRule(2), "support": ReviewRule(1), "event": ReviewRule(0)}
    assert missing(rules, []) == {"main": 2, "support": 1, "event": 1}
    assert missing(rules, [LEAD]) == {"main": 1}
    assert missing(rules, [LEAD, LEAD]) == {"main": 1}, "one person counts once"
    assert missing(rules, [LEAD, CLIENT]) == {}


def test_a_rule_is_stored_and_read_without_loss() -> None:
    rule = ReviewRule(3, ("a", "b"), own=True, trivial=True)
    assert ReviewRule.from_dict(rule.to_dict()) == rule
    assert ReviewRule.from_dict(None) == ReviewRule()
    assert ReviewRule.from_dict({"approvals": 99}).approvals == 9


def test_only_declared_moves_can_be_made() -> None:
    for before in ReviewState:
        for after in ReviewState:
            if after in REVIEW_MOVES[before]:
                check_review_move(before, after)
            else:
                with pytest.raises(ValueError, match="review"):
                    check_review_move(before, after)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("We open at nine.", "we  open at NINE.\n", True),
        ("We open at nine.", "We open at ten.", False),
        ("Caf\u00e9", "Cafe\u0301", True),
        ("We open at nine.", "We open at nine", False),
    ],
)
def test_white_space_and_capitals_are_trivial_and_nothing_else(before: str, after: str, said: bool) -> None:
    assert is_trivial([before], [after]) is said


def test_another_message_is_no_trivial_change() -> None:
    assert not is_trivial(["One.", "Two."], ["One. Two."])


NAMES = {"Bob": "b", "Bob Marley": "m", "BO": "b", "Ana": "a", "Ana\u00efs": "i"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Bob look", {"b"}),
        ("@bob marley, and @ana", {"m", "a"}),
        ("mail bob@bob.example", set()),
        ("@Bobby is nobody here", set()),
        ("@Ana\u00efs and (@BO)", {"i", "b"}),
        ("@@Bob", {"b"}),
        ("nobody", set()),
    ],
)
def test_members_are_named_by_the_longest_name_that_fits(text: str, found: set[str]) -> None:
    assert named_in(text, NAMES) == found


def test_a_changed_word_is_shown_where_it_stands() -> None:
    pieces = compare_words("We open at nine on Monday.", "We open at ten on Monday.")
    assert [(one.kind, one.text) for one in pieces] == [
        (Kind.SAME, "We open at "),
        (Kind.REMOVED, "nine"),
        (Kind.ADDED, "ten"),
        (Kind.SAME, " on Monday."),
    ]


@given(st.text(alphabet="ab .'\n", max_size=60), st.text(alphabet="ab .'\n", max_size=60))
def test_both_wordings_can_be_read_back_from_the_difference(before: str, after: str) -> None:
    pieces = compare_words(before, after)
    assert "".join(one.text for one in pieces if one.kind is not Kind.ADDED) == before
    assert "".join(one.text for one in pieces if one.kind is not Kind.REMOVED) == after


def test_very_long_texts_are_compared_without_their_square() -> None:
    before, after = "a " * LONGEST, "b " * LONGEST
    pieces = compare_words(f"Same. {before}", f"Same. {after}")
    assert [one.kind for one in pieces][:3] == [Kind.SAME, Kind.REMOVED, Kind.ADDED]
