"""E-mail addresses: what is one, what only looks like one, and how a spelled one is read back."""

import pytest

from pluralis.core.privacy import find
from pluralis.core.privacy.emails import unspelled
from pluralis.core.privacy.model import PROVED, SURE


def emails(text: str) -> list[str]:
    return [data.text for data in find(text) if data.type == "EMAIL"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("write to <dana@example.org>!", "dana@example.org"),
        ("'dana@example.org'", "dana@example.org"),
        ("dana@example.org.", "dana@example.org"),
        ("mailto:dana@example.org?subject=x", "dana@example.org"),
        ("DANA.OUTSIDE@EXAMPLE.ORG", "DANA.OUTSIDE@EXAMPLE.ORG"),
        ("d+tag_1%x@sub.example.co.uk", "d+tag_1%x@sub.example.co.uk"),
        ("dana@xn--bcher-kva.example", "dana@xn--bcher-kva.example"),
        ("first@example.org,second@example.org", "first@example.org"),
    ],
)
def test_a_plain_address_is_cut_out_cleanly(text: str, address: str) -> None:
    assert emails(text)[0] == address


@pytest.mark.parametrize(
    "text",
    [
        "@dana@mastodon.example is a handle of the fediverse",
        "@dana and @acme.bsky.social",
        "dana@localhost",
        "see you @ the station",
        "see you @ gmail.com",
        "look at gmail.com",
        "buy at amazon dot com",
        "the meeting is at 10 dot",
        "le point de vente est chez nous point com",
        "arroba es una unidad, punto.",
        "me at work at home",
        "@",
        "a@",
        "@b.co",
    ],
)
def test_what_is_no_address_is_left_alone(text: str) -> None:
    assert emails(text) == []


@pytest.mark.parametrize(
    ("text", "sent_to"),
    [
        ("marie arobase exemple point fr", "marie@exemple.fr"),
        ("Marie.D [at] exemple [dot] fr", "marie.d@exemple.fr"),
        ("ana (arroba) ejemplo (punto) es", "ana@ejemplo.es"),
        ("rina at yahoo titik com", "rina@yahoo.com"),
        ("harry.potts @ example.com", "harry.potts@example.com"),
    ],
)
def test_a_spelled_address_is_read_back_as_it_is_sent_to(text: str, sent_to: str) -> None:
    assert emails(f"mail {text}") == [text]
    assert unspelled(text) == sent_to


def test_a_plain_address_is_proved_and_a_spelled_one_sure() -> None:
    plain, spelled = find("dana@example.org or dana (at) example (dot) org")

    assert plain.strength == PROVED
    assert spelled.strength == SURE


def test_an_address_without_any_digit_is_found() -> None:
    assert find("marie arobase exemple point fr")[0].text == "marie arobase exemple point fr"
