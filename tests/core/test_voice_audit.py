"""The audit of what was already posted: how often the account said "I", and where."""

from pluralis.core.voice import VoiceProfile, audit

POSTED = [
    ("1", "I am sorry, my mistake.", "en"),
    ("2", "We are open.", "en"),
    ("3", "Je vous rappelle.", "fr"),
    ("4", 'Dana says "I love it".', "en"),
    ("5", "Creo que sí.", "es"),
]


def test_an_audit_counts_texts_times_and_words() -> None:
    found = audit(POSTED)
    assert found.texts == 5
    assert [one.key for one in found.said] == ["1", "3", "5"]
    assert found.times == 4
    assert found.share == 3 / 5
    assert dict(found.words) == {"i am": 1, "my": 1, "je vous rappelle": 1, "creo": 1}


def test_an_audit_shows_where() -> None:
    said = audit(POSTED).said[0]
    assert [(finding.start, finding.end) for finding in said.findings] == [(0, 4), (12, 14)]


def test_an_account_that_may_say_i_can_be_audited_too() -> None:
    assert audit(POSTED, profile=VoiceProfile.for_account("employee")).times == 4


def test_an_audit_of_nothing_is_not_a_division_by_zero() -> None:
    found = audit([])
    assert (found.texts, found.times, found.share, found.words) == (0, 0, 0.0, ())
