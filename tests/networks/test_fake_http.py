"""The little of HTTP that the fakes speak."""

import asyncio
import json

import httpx2
import pytest

from pluralis.networks.fake.http import BadRequest, Request, Response, read_request


def read(sent: bytes) -> Request | None:
    async def feed() -> Request | None:
        reader = asyncio.StreamReader()
        reader.feed_data(sent)
        reader.feed_eof()
        return await read_request(reader)

    return asyncio.run(feed())


def as_sent(request: httpx2.Request) -> Request:
    return Request(request.method, request.url.raw_path.decode(), dict(request.headers), request.read())


def test_a_request_is_read_with_every_byte() -> None:
    sent = b"POST /a%20b?x=1&x=2&y= HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX-Odd:  v \r\n\r\nabc"
    request = read(sent)
    assert request is not None
    assert (request.method, request.path, request.body, request.raw) == ("POST", "/a b", b"abc", sent)
    assert request.query == [("x", "1"), ("x", "2"), ("y", "")]
    assert (request.asked("x"), request.asked("z", "none")) == ("2", "none")
    assert request.headers["x-odd"] == "v"


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", b"GET / HTTP/1.1\r\nHost: h\r\n"]
)
def test_a_client_that_leaves_early_is_no_request(sent: bytes) -> None:
    assert read(sent) is None


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
    ],
)
def test_what_the_fake_does_not_speak_is_a_bad_request(sent: bytes) -> None:
    with pytest.raises(BadRequest):
        read(sent)


@pytest.mark.parametrize("content", [b"\x00\xff\r\n--not-the-end\r\n", b"", b"plain", bytes(range(256)) * 50])
def test_a_form_with_files_keeps_every_byte(content: bytes) -> None:
    request = httpx2.Request(
        "POST", "http://h/", data={"name": "Zoë"}, files={"media": ("a.png", content, "image/png")}
    )
    parts = as_sent(request).parts()
    assert parts["name"].content.decode() == "Zoë"
    assert (parts["media"].content, parts["media"].filename, parts["media"].content_type) == (
        content, "a.png", "image/png",
    )  # fmt: skip


def test_a_body_without_parts_has_none() -> None:
    assert Request("POST", "/", {"content-type": "application/json"}, b"{}").parts() == {}


def test_forms_and_json_are_read_or_refused() -> None:
    form = as_sent(httpx2.Request("POST", "http://h/", data={"a": "1 & 2", "b": "é"}))
    assert form.form() == {"a": "1 & 2", "b": "é"}
    assert Request("POST", "/", {}, b'{"a": 1}').json() == {"a": 1}
    assert Request("POST", "/", {}).json() == {}
    with pytest.raises(BadRequest):
        Request("POST", "/", {}, b"{a").json()


def test_answers_are_written_with_length_and_phrase() -> None:
    encoded = Response.of_json({"é": 1}, 201, cache_control="no-store").encode()
    head, _, body = encoded.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201 Created\r\n")
    assert f"content-length: {len(body)}".encode() in head
    assert b"cache-control: no-store" in head
    assert json.loads(body) == {"é": 1}


def test_a_page_may_run_nothing_and_a_redirect_has_a_place() -> None:
    assert "default-src 'none'" in Response.of_html("<p>").headers["content-security-policy"]
    assert Response.redirect("/there").headers == {"location": "/there"}
    assert Response.redirect("/there").status == 303
