"""What is done with what was found: masking, severity, and our own addresses that may stand."""

import pytest

from pluralis.core.findings import Severity
from pluralis.core.privacy import DataType, PersonalData, find, findings, mask, severity
from pluralis.core.privacy.model import LIKELY, PROVED, SURE, WEAK


def data(kind: str, strength: float = PROVED, text: str = "x") -> PersonalData:
    return PersonalData(0, len(text), DataType(kind), strength, text)


def masked(text: str) -> str:
    return mask(text, find(text))


def test_a_masked_text_names_the_type_and_keeps_the_rest() -> None:
    assert masked("write to dana@example.org or call +44 7911 123456.") == "write to [EMAIL] or call [PHONE]."


def test_a_masked_card_keeps_its_last_four_digits() -> None:
    assert masked("card 4111 1111 1111 1111 declined") == "card [CARD 1111] declined"


def test_a_card_too_short_to_be_one_is_masked_whole() -> None:
    assert mask("4111", [PersonalData(0, 4, DataType.CARD, WEAK, "4111")]) == "[CARD]"


def test_overlapping_pieces_are_masked_together() -> None:
    text = "0123456789abc"
    found = [
        PersonalData(2, 8, DataType.REF, SURE, text[2:8]),
        PersonalData(4, 10, DataType.PHONE, SURE, text[4:10]),
    ]

    assert mask(text, found) == "01[REF]abc"


def test_a_text_without_finds_is_returned_as_it_is() -> None:
    assert mask("good morning", ()) == "good morning"


@pytest.mark.parametrize("kind", ["EMAIL", "CARD", "IBAN", "NATID"])
@pytest.mark.parametrize("strength", [WEAK, LIKELY, SURE, PROVED])
def test_in_public_these_stop_however_doubtful(kind: str, strength: float) -> None:
    assert severity(data(kind, strength), public=True) is Severity.STOP


@pytest.mark.parametrize("kind", ["PHONE", "ADDRESS", "REF"])
def test_in_public_these_stop_when_sure_and_warn_when_not(kind: str) -> None:
    by_strength = {s: severity(data(kind, s), public=True) for s in (WEAK, LIKELY, SURE, PROVED)}

    assert by_strength == {
        WEAK: Severity.WARN,
        LIKELY: Severity.WARN,
        SURE: Severity.STOP,
        PROVED: Severity.STOP,
    }


@pytest.mark.parametrize("kind", list(DataType))
def test_in_private_nothing_stops_and_payment_data_warns(kind: DataType) -> None:
    expected = Severity.WARN if kind in ("CARD", "IBAN") else Severity.HINT

    assert severity(data(kind), public=False) is expected


def test_the_answer_of_an_agent_that_repeats_a_contract_number_is_stopped() -> None:
    reply = "Hi Dana, we have updated contract CT-590497."

    assert [f.severity for f in findings(find(reply), public=True)] == [Severity.STOP]


def test_findings_carry_the_place_the_rule_and_a_reason_to_translate() -> None:
    (finding,) = findings(find("mail dana@example.org"), public=True)

    assert (finding.start, finding.end, finding.text) == (5, 21, "dana@example.org")
    assert (finding.rule, finding.reason) == ("personal_data", "privacy.email")


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("write to support@acme.example", "support@acme.example"),
        ("write to Support@ACME.example", "support@acme.example"),
        ("write to support arobase acme point com", "support@acme.com"),
        ("write to billing@acme.example", "@acme.example"),
        ("write to billing@eu.acme.example", "@acme.example"),
        ("call 01 23 45 67 89", "+33 1 23 45 67 89"),
        ("call +33 (0)1 23 45 67 89", "01.23.45.67.89"),
        ("visit us: 12 Mill Lane, Leeds LS1 2AB", "12 Mill Lane, Leeds"),
        ("our IBAN GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
    ],
)
def test_what_is_ours_to_publish_is_allowed_however_it_is_spelled(text: str, allowed: str) -> None:
    assert find(text) != ()
    assert find(text, allow=[allowed]) == ()


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("dana@notacme.example", "@acme.example"),
        ("dana@acme.example.org", "@acme.example"),
        ("other@acme.example", "support@acme.example"),
        ("call 01 23 45 67 80", "01 23 45 67 89"),
        ("call 01 23 45 67 89", "89"),
        ("call 01 23 45 67 89", ""),
        ("order 51716384", "5171"),
        ("at 12 Mill Lane, Leeds LS1 2AB", "Leeds"),
    ],
)
def test_an_allowed_entry_allows_nothing_that_is_only_like_it(text: str, allowed: str) -> None:
    assert find(text, allow=[allowed]) == find(text) != ()
