"""Small rules of working together: who is called by an @, how an answer is signed, how a webhook is."""

import pytest

from pluralis.core.initials import signed
from pluralis.core.mentions import Named, mentioned
from pluralis.core.signing import TOLERANCE_SECONDS, is_genuine, signature

PEOPLE = [Named("bob", "Bob Tan", "BT"), Named("siti", "Siti Aisyah", "SA"), Named("zoe", "Zoé", "ZO"),
          Named("bob2", "Bob Lee", "BL"), Named("nobody", "", "")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Siti can you look?", ["siti"]),
        ("ask @bob tan or @BL.", ["bob", "bob2"]),
        ("@Bob is two people", []),
        ("@zoe and @Zoé!", ["zoe"]),
        ("mail siti@norlune.example", []),
        ("(@siti)", ["siti"]),
        ("@SitiAisyah", ["siti"]),
        ("@sitis", []),
        ("@", []),
        ("nobody", []),
        ("@BT,@SA", ["bob", "siti"]),
    ],
)
def test_a_note_calls_whom_it_names(text: str, who: list[str]) -> None:
    assert mentioned(text, PEOPLE) == who


@pytest.mark.parametrize(
    ("text", "initials", "expected"),
    [
        ("We look into it.", "BT", "We look into it. ^BT"),
        ("We look into it.\n", "BT", "We look into it. ^BT"),
        ("We look into it. ^BT", "BT", "We look into it. ^BT"),
        ("We look into it. ^SA", "BT", "We look into it. ^SA"),
        ("2^10 is 1024", "BT", "2^10 is 1024 ^BT"),
        ("See https://norlune.example/a", "BT", "See https://norlune.example/a ^BT"),
        ("", "BT", ""),
        ("Hello", "", "Hello"),
    ],
)
def test_an_answer_is_signed_once(text: str, initials: str, expected: str) -> None:
    assert signed(text, initials) == expected
    assert signed(expected, initials) == expected


BODY, SECRET, NOW = b'{"a":1}', "secret", 1_800_000_000


def test_a_signature_is_the_one_its_receiver_computes() -> None:
    import hashlib
    import hmac

    expected = hmac.new(b"secret", b'1800000000.{"a":1}', hashlib.sha256).hexdigest()
    assert signature(SECRET, NOW, BODY) == f"t=1800000000,v1={expected}"


@pytest.mark.parametrize(
    ("header", "secret", "body", "now", "genuine"),
    [
        (None, SECRET, BODY, NOW, True),
        (None, SECRET, BODY, NOW + TOLERANCE_SECONDS, True),
        (None, SECRET, BODY, NOW + TOLERANCE_SECONDS + 1, False),
        (None, SECRET, BODY, NOW - TOLERANCE_SECONDS - 1, False),
        (None, SECRET, BODY + b" ", NOW, False),
        (None, "other", BODY, NOW, False),
        ("", SECRET, BODY, NOW, False),
        ("t=,v1=", SECRET, BODY, NOW, False),
        ("t=1800000000,v1=00", SECRET, BODY, NOW, False),
        ("t=" + "9" * 400, SECRET, BODY, NOW, False),
        ("t=\u0663", SECRET, BODY, NOW, False),
    ],
)
def test_only_what_is_whole_new_and_ours_is_genuine(
    header: str | None, secret: str, body: bytes, now: int, genuine: bool
) -> None:
    given = signature(SECRET, NOW, BODY) if header is None else header
    assert is_genuine(given, secret, body, now) is genuine
