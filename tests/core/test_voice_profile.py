"""A profile says how an account speaks: who may say "I", and what else a text must and must not hold."""

import pytest

from pluralis.core.findings import Severity
from pluralis.core.voice import VoiceProfile, check
from tests.core.voice_cases import rules, said


@pytest.mark.parametrize("kind", ["main", "support", "event", "contest"])
def test_a_company_account_must_speak_as_we(kind: str) -> None:
    assert said(check("I am sorry", language="en", profile=VoiceProfile.for_account(kind))) == ["I am"]


@pytest.mark.parametrize("kind", ["employee", "persona"])
def test_a_person_behind_an_account_may_say_i(kind: str) -> None:
    result = check("I am sorry", language="en", profile=VoiceProfile.for_account(kind))
    assert (result.findings, result.rewritten) == ((), None)


def test_an_unknown_kind_of_account_is_refused() -> None:
    with pytest.raises(ValueError, match="no such kind of account: boss"):
        VoiceProfile.for_account("boss")


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="no such voice rule: shouting"):
        VoiceProfile(severities={"shouting": Severity.STOP})


def test_saying_i_is_a_warning_until_a_lead_raises_it() -> None:
    assert check("my", language="en").findings[0].severity is Severity.WARN
    raised = VoiceProfile(severities={"first_person": Severity.STOP})
    assert check("my", language="en", profile=raised).findings[0].severity is Severity.STOP


def test_a_profile_that_was_stored_as_plain_text_serves() -> None:
    stored = VoiceProfile(severities={"first_person": "stop"}, allowed=["My Garden"], banned=["cheap"])
    result = check("I see My Garden, cheap.", language="en", profile=stored)
    assert [(one.text, one.severity) for one in result.findings] == [("I", Severity.STOP), ("cheap", Severity.WARN)]
    assert result.rewritten == "We see My Garden, cheap."


def test_a_label_of_the_list_is_not_the_writer_and_the_list_can_be_changed() -> None:
    draft = "Find it under My Garden today."
    assert said(check(draft, language="en", profile=VoiceProfile(allowed=("My Garden",)))) == []
    plain = "find it under my garden today."
    assert said(check(plain, language="en", profile=VoiceProfile(allowed=("My Garden",)))) == ["my"]
    start = "My garden is green."
    assert said(check(start, language="en", profile=VoiceProfile(allowed=()))) == ["My"]


def test_a_banned_word_is_found_whole_and_in_any_case() -> None:
    profile = VoiceProfile(banned=("cheap", "no problem"))
    result = check("Cheap? No problem! Cheaper cheapskates.", language="en", profile=profile)
    assert [(finding.text, finding.rule) for finding in result.findings] == [
        ("Cheap", "banned_word"),
        ("No problem", "banned_word"),
    ]
    assert result.rewritten is None


def test_a_banned_word_with_a_substitute_is_replaced() -> None:
    profile = VoiceProfile(banned=("cheap",), preferred={"cheap": "affordable"})
    assert check("A cheap offer", language="en", profile=profile).rewritten == "A affordable offer"


def test_a_preferred_word_is_proposed_quietly() -> None:
    result = check("Dear client", language="en", profile=VoiceProfile(preferred={"client": "customer"}))
    assert [(one.rule, one.severity, one.suggestion) for one in result.findings] == [
        ("preferred_word", Severity.HINT, "customer")
    ]
    assert result.rewritten is None


def test_a_missing_sign_off_is_said_at_the_end() -> None:
    profile = VoiceProfile(sign_off="^AB", severities={"sign_off": Severity.WARN})
    result = check("Thank you. ", language="en", profile=profile)
    assert [(one.rule, one.start, one.end) for one in result.findings] == [("sign_off", 10, 10)]
    assert result.rewritten == "Thank you. ^AB "
    assert rules(check("Thank you. ^AB", language="en", profile=profile)) == []


@pytest.mark.parametrize(("policy", "found"), [("any", []), ("few", ["👩‍👩‍👧"]), ("none", ["🎉", "🇲🇾", "👩‍👩‍👧"])])
def test_the_emoji_policy_counts_what_a_reader_sees(policy: str, found: list[str]) -> None:
    result = check("Yes 🎉 🇲🇾 👩‍👩‍👧", language="en", profile=VoiceProfile(emoji=policy))
    assert [finding.text for finding in result.findings] == found


@pytest.mark.parametrize(("policy", "found"), [("any", []), ("few", ["#c"]), ("none", ["#a", "#b", "#c"])])
def test_the_hashtag_policy_counts_hashtags_and_not_numbers(policy: str, found: list[str]) -> None:
    result = check("#a #b #1 #c", language="en", profile=VoiceProfile(hashtags=policy))
    assert [finding.text for finding in result.findings] == found


def test_a_required_hashtag_is_missed() -> None:
    assert rules(check("Nothing here", language="en", profile=VoiceProfile(hashtags="required"))) == ["hashtag"]
    assert rules(check("#here", language="en", profile=VoiceProfile(hashtags="required"))) == []


def test_a_sentence_longer_than_the_reading_level_is_marked_whole() -> None:
    profile = VoiceProfile(reading_level=4)
    result = check("One two three. One two three four five. One.", language="en", profile=profile)
    assert [(one.rule, one.text) for one in result.findings] == [("reading_level", "One two three four five")]


def test_the_style_rules_hold_for_an_account_that_may_say_i() -> None:
    profile = VoiceProfile(required=False, banned=("cheap",))
    assert rules(check("I like cheap.", language="en", profile=profile)) == ["banned_word"]


def test_a_rewriting_that_would_still_be_stopped_is_not_proposed() -> None:
    profile = VoiceProfile(banned=("cheap",), severities={"banned_word": Severity.STOP})
    assert check("I sell cheap.", language="en", profile=profile).rewritten is None
