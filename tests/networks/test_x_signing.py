"""OAuth 1.0a signatures: the RFC's example, X's published example, and an independent library."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oauthlib.oauth1 import Client
from oauthlib.oauth1.rfc5849 import signature as theirs

from pluralis.networks.x.signing import Keys, authorization, base_string, encode, signature


def test_the_base_string_of_the_rfc() -> None:
    """RFC 5849, section 3.4.1.1; its body parameters are given as pairs here."""
    pairs = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
        ("c2", ""),
        ("a3", "2 q"),
    ]
    url = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"
    assert base_string("post", url, pairs) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540"
        "%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC"
        "-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_the_signature_of_x_documentation() -> None:
    """X, "Creating a signature": the worked example with its published result."""
    pairs = [
        ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
        ("oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"),
        ("oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1318622958"),
        ("oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
        ("oauth_version", "1.0"),
    ]
    text = base_string("POST", "https://api.twitter.com/1.1/statuses/update.json?include_entities=true", pairs)
    secrets = ("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE")
    assert signature(text, *secrets) == "hCtSmYh+iHYCEqBWrE7C7hYmtUk="


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("Ladies + Gentlemen", "Ladies%20%2B%20Gentlemen"),
        ("-._~", "-._~"),
        ("☃", "%E2%98%83"),
        ("a/b&c=d", "a%2Fb%26c%3Dd"),
    ],
)
def test_percent_encoding_of_section_3_6(text: str, encoded: str) -> None:
    assert encode(text) == encoded


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@given(
    names=st.lists(st.tuples(words.filter(bool), words), max_size=6),
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    origin=st.sampled_from(["https://api.x.com", "http://127.0.0.1:8801", "https://api.x.com:443"]),
    secret=words,
)
def test_an_independent_library_signs_the_same(
    names: list[tuple[str, str]], method: str, origin: str, secret: str
) -> None:
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in names)
    url = f"{origin}/2/tweets" + (f"?{query}" if query else "")
    keys = Keys("key", f"s{secret}", "token", f"t{secret}")
    header = authorization(keys, method, url, nonce="nonce", timestamp=1795000000)
    library = Client("key", f"s{secret}", "token", f"t{secret}", nonce="nonce", timestamp="1795000000")
    _, signed, _ = library.sign(url, method)
    assert _sent(header) == _sent(signed["Authorization"])
    assert theirs.base_string_uri(url)


def _sent(header: str) -> dict[str, str]:
    pairs = (piece.strip().split("=", 1) for piece in header.removeprefix("OAuth ").split(","))
    return {name: value.strip('"') for name, value in pairs}


def test_two_requests_never_share_a_nonce_and_no_key_is_shown() -> None:
    keys = Keys.of({"consumer_key": "a", "consumer_secret": "b", "access_token": "c", "access_token_secret": "d"})
    headers = [_sent(authorization(keys, "GET", "https://api.x.com/2/users/me")) for _ in range(3)]
    assert len({header["oauth_nonce"] for header in headers}) == 3
    assert repr(keys) == "Keys(...)"
    with pytest.raises(KeyError, match="consumer_secret"):
        Keys.of({"consumer_key": "a"})
