"""What goes at once to the person named for it: security, safety, children, self-harm."""

import pytest

from pluralis.core.triage import KINDS, classify
from tests.core.triage_cases import cases


@pytest.mark.parametrize(("language", "kind", "text"), cases("escalate"))
def test_a_report_goes_at_once_to_the_person_named_for_it(language: str, kind: str, text: str) -> None:
    assert classify(text, language=language).escalate == (None if kind == "-" else kind)


@pytest.mark.parametrize(("language", "kind", "text"), [case for case in cases("escalate") if case[1] != "-"])
def test_what_goes_at_once_is_urgent_whatever_its_label(language: str, kind: str, text: str) -> None:
    assert classify(text, language=language).urgency >= 0.9


def test_a_person_in_danger_comes_before_a_thing_that_is_broken() -> None:
    text = "the heater caught fire and I want to die"
    assert classify(text, language="en").escalate == "self_harm"


def test_a_rude_report_of_a_security_hole_is_no_hater() -> None:
    text = "you idiots, I can read other customers' data on your site, massive data leak"
    answer = classify(text, language="en")
    assert answer.escalate == "security"


def test_an_offer_to_recover_hacked_accounts_is_spam_and_no_report() -> None:
    text = "Account has been hacked? Recover your account now, DM the expert on telegram, bit.ly/abc #crypto #bitcoin"
    assert classify(text, language="en").escalate is None


def test_every_kind_has_a_case_in_english() -> None:
    assert {kind for language, kind, _ in cases("escalate") if language == "en"} >= set(KINDS)
