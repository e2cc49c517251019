"""Facets: places in bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pluralis.core.text import Facet, facets


def _shown(text: str) -> list[tuple[str, str, str]]:
    data = text.encode()
    return [(found.kind, found.value, data[found.byte_start : found.byte_end].decode()) for found in facets(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nothing here", []),
        ("see https://example.com/a.", [("url", "https://example.com/a", "https://example.com/a")]),
        ("(https://example.com/a(b))", [("url", "https://example.com/a(b))", "https://example.com/a(b))")]),
        ("(https://example.com/a)", [("url", "https://example.com/a", "https://example.com/a")]),
        ("été example.com/é!", [("url", "https://example.com/é", "example.com/é")]),
        ("👩‍🚀 @alice.bsky.social ok", [("mention", "alice.bsky.social", "@alice.bsky.social")]),
        ("@bob.test's desk", [("mention", "bob.test", "@bob.test")]),
        ("@alice hello", []),
        ("dana@example.com", []),
        ("@a..com @-a.com @a.notadomain", []),
        ("#Réseau, #2024 #5G.", [("hashtag", "Réseau", "#Réseau"), ("hashtag", "5G", "#5G")]),
        ("a#b ##c", [("hashtag", "#c", "##c")]),
        ("#️⃣ #" + "x" * 65, []),
        ("http://localhost:8000/x", [("url", "http://localhost:8000/x", "http://localhost:8000/x")]),
        ("https:// alone", []),
        ("語 www.example.co.jp 語", [("url", "https://www.example.co.jp", "www.example.co.jp")]),
    ],
)
def test_facets_cover_the_bytes_of_what_they_name(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert _shown(text) == expected


def test_places_are_bytes_not_characters() -> None:
    assert facets("é👍 example.com") == [Facet(7, 18, "url", "https://example.com")]


@given(
    st.lists(
        st.sampled_from(
            ["é", "👩‍🚀", " ", "#a", "#é1 ", "@b.com", "http://c.de/f", "x.io", ")", ".", "\ud800", "(", "\n"]
        )
    )
)
def test_facets_lie_inside_the_text_in_order_and_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    size = len(text.encode("utf-8", "surrogatepass"))
    at = 0
    for found in facets(text):
        assert at <= found.byte_start < found.byte_end <= size
        at = found.byte_end
