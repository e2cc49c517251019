"""What a page says of itself for a card: read over the wire, whatever strangers send."""

import time
from dataclasses import astuple

import pytest

from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError, NotNow, Refused
from pluralis.networks.pages import MOST_BYTES, Page, cut, read_page, shown
from tests.networks.wire import Wire, answer, wire

HEAD = """<!doctype html><html><head><title>Home | Norlune</title>
<meta property="og:title" content="Norlune &amp; Ipoh: a &quot;first&quot; > all">
<meta content="We open on Sunday." name="description"><meta property=og:image content="/shop.jpg?x=1&amp;y=2">
</head><body><p>Hello</body></html>"""


def read(body: bytes | str, *headers: str, status: str = "200 OK", path: str = "/news/ipoh") -> Page:
    sent = body.encode() if isinstance(body, str) else body
    kinds = headers or ("Content-Type: text/html; charset=utf-8",)

    def play(connection, request: bytes) -> None:  # type: ignore[no-untyped-def]
        connection.sendall(answer(status, sent, *kinds))

    with wire(play) as there:
        return reading(there, path)


def reading(there: Wire, path: str = "/") -> Page:
    before = allow_private_origins([there.origin])
    try:
        page = read_page(there.origin + path, Deadline.after(5), title=60, description=80)
        return Page(page.title, page.description, page.picture.replace(there.origin, ""))
    finally:
        allow_private_origins(before)


def test_a_page_says_its_title_description_and_picture() -> None:
    assert astuple(read(HEAD)) == ('Norlune & Ipoh: a "first" > all', "We open on Sunday.", "/shop.jpg?x=1&y=2")


SAID = {
    "only a title": ("<title>\n Hello\n world </title>", ("Hello world", "", "")),
    "twitter's names": (
        '<meta name="twitter:title" content="T"><meta name="twitter:image" content="a.png">',
        ("T", "", "/news/a.png"),
    ),
    "the first of each counts": (
        '<meta property="og:title" content="One"><meta property="og:title" content="Two">',
        ("One", "", ""),
    ),
    "an empty one does not": ('<title>Words</title><meta property="og:title" content=" ">', ("Words", "", "")),
    "a script's words are none": ("<script>'<title>no</title>'</script><title>yes</title>", ("yes", "", "")),
    "a drawing's title is none": ("<svg><title>circle</title></svg><title>page</title>", ("page", "", "")),
    "a remark is none": ("<!-- <title>old</title> --><title>new</title>", ("new", "", "")),
    "markup stays words": ('<meta property="og:title" content="<b>Bold</b>">', ("<b>Bold</b>", "", "")),
    "what turns a text round goes": ("<title>safe\u202egnp.exe</title>", ("safe gnp.exe", "", "")),
    "a script is no picture": ('<title>x</title><meta property="og:image" content="javascript:x()">', ("x", "", "")),
    "secure before plain": (
        '<title>x</title><meta property="og:image" content="/a"><meta property="og:image:secure_url" content="/b">',
        ("x", "", "/b"),
    ),
}


@pytest.mark.parametrize(("markup", "wanted"), SAID.values(), ids=SAID)
def test_what_a_page_says(markup: str, wanted: tuple[str, str, str]) -> None:
    assert astuple(read(markup)) == wanted


def test_long_words_are_cut_with_an_ellipsis() -> None:
    page = read(f"<title>{'word ' * 40}</title><meta name=description content='{'y' * 500}'>")
    assert (len(page.title), page.title[-1]) == (60, "…")
    assert (len(page.description), page.description[-1]) == (80, "…")
    assert cut("12345", 5) == "12345"
    assert shown("a\tb\x00c\ud800") == "a bc\N{REPLACEMENT CHARACTER}"


OLD = "<p>" + "L’été à la plage. " * 30
ENCODED = {
    "its server says": ("latin-1", "; charset=ISO-8859-1", ""),
    "it says itself": ("cp1252", "", '<meta charset="windows-1252">'),
    "nobody says": ("utf-8", "", ""),
    "its server is wrong": ("utf-8", "; charset=ascii", ""),
    "its server names an archive": ("utf-8", "; charset=zlib", ""),
    "nobody says and it is old": ("cp1252", "", OLD),
}


@pytest.mark.parametrize(("encoding", "told", "before"), ENCODED.values(), ids=ENCODED)
def test_the_encoding_is_found(encoding: str, told: str, before: str) -> None:
    content = f"{before}<title>été</title>".encode(encoding)
    assert read(content, f"Content-Type: text/html{told}").title == "été"


REFUSED = {
    "a picture": ("GIF89a", ("Content-Type: image/gif",), "200 OK"),
    "no type at all": (HEAD, ("X-Nothing: 1",), "200 OK"),
    "no title": ("<p>Hello", (), "200 OK"),
    "not found": (HEAD, (), "404 Not Found"),
    "an error": (HEAD, (), "500 Oh"),
    "packed": (HEAD, ("Content-Type: text/html", "Content-Encoding: gzip"), "200 OK"),
}


@pytest.mark.parametrize(("body", "headers", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_page_makes_no_card(body: str, headers: tuple[str, ...], status: str) -> None:
    with pytest.raises(NetworkError) as refused:
        read(body, *headers, status=status)
    assert refused.value.reason


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "ftp://norlune.example/", "https://a:b@c.de/"])
def test_no_page_is_read_where_we_do_not_go(url: str) -> None:
    with pytest.raises(Refused):
        read_page(url, Deadline.after(2), title=60, description=80)


def test_a_redirect_into_the_house_is_not_followed() -> None:
    def play(connection, request: bytes) -> None:  # type: ignore[no-untyped-def]
        connection.sendall(answer("302 Found", b"", "Location: http://127.0.0.1:80/secret"))

    with wire(play) as there, pytest.raises(Refused):
        reading(there)


def test_a_page_without_end_is_read_at_its_beginning_only() -> None:
    def play(connection, request: bytes) -> None:  # type: ignore[no-untyped-def]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Long</title>")
        sent = 0
        while sent < 50 * MOST_BYTES:
            connection.sendall(b"\xc3\xa9" * 32768)
            sent += 65536

    with wire(play) as there:
        assert reading(there).title == "Long"


def test_a_page_that_answers_for_ever_is_given_up() -> None:
    def play(connection, request: bytes) -> None:  # type: ignore[no-untyped-def]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(40):
            connection.sendall(b" ")
            time.sleep(0.05)

    with wire(play) as there:
        before = allow_private_origins([there.origin])
        began = time.monotonic()
        try:
            with pytest.raises(NotNow):
                read_page(there.origin, Deadline.after(0.5), title=60, description=80)
        finally:
            allow_private_origins(before)
        assert time.monotonic() - began < 1.5


HOSTILE = {
    "nested a hundred thousand levels deep": "<div>" * 150_000,
    "half a tag again and again": "<meta" * 150_000,
    "quotes without end": '<meta "' * 120_000,
    "titles in titles": "<title>" * 120_000,
    "remarks without end": "<!--" * 200_000,
    "a hundred thousand attributes": "<meta " + " ".join(f"a{number}" for number in range(100_000)),
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_no_page_takes_long_to_read(markup: str) -> None:
    began = time.monotonic()
    assert read("<title>First</title>" + markup).title == "First"
    assert time.monotonic() - began < 4
