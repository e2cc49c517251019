"""The line of the Bluesky demo: it carries every request out and loses the answers it was told to lose."""

import httpx2
import pytest

from tests.networks.wire import answer, says, wire
from tools.demo_bluesky.losing_proxy import LosingProxy, every

OK = answer("200 OK", b'{"a": 1}', "Content-Type: application/json", "RateLimit-Remaining: 9")


def ask(proxy, path="/xrpc/one", **request):
    return httpx2.post(f"{proxy.origin}{path}", trust_env=False, timeout=5, **request)


def test_every_third_answer_is_lost_and_its_request_was_carried_out():
    with wire(says(OK)) as there, LosingProxy(there.origin, every(3)) as proxy:
        lost = 0
        for _ in range(9):
            try:
                assert ask(proxy, json={"text": "é"}).json() == {"a": 1}
            except httpx2.RemoteProtocolError:
                lost += 1
        assert (lost, len(proxy.lost), len(there.requests)) == (3, 3, 9)


def test_only_answers_to_the_named_path_are_counted_and_lost():
    with wire(says(OK)) as there, LosingProxy(there.origin, every(2, "putRecord")) as proxy:
        for _ in range(3):
            assert ask(proxy).status_code == 200
        assert ask(proxy, "/xrpc/putRecord").status_code == 200
        with pytest.raises(httpx2.RemoteProtocolError):
            ask(proxy, "/xrpc/putRecord")
        assert proxy.lost == ["/xrpc/putRecord"]


def test_body_headers_and_status_pass_unchanged():
    with wire(says(answer("400 Bad", b'{"error": "x"}', "RateLimit-Remaining: 9"))) as there:
        with LosingProxy(there.origin, every(100)) as proxy:
            found = ask(
                proxy, content=b"\x00\xff", headers={"authorization": "Bearer t", "content-type": "image/png"}
            )
        assert (found.status_code, found.json(), found.headers["ratelimit-remaining"]) == (400, {"error": "x"}, "9")
        assert there.requests[0].endswith(b"\r\n\r\n\x00\xff")
        assert b"authorization: bearer t" in there.requests[0].lower()


def test_the_line_can_come_back_at_the_same_place():
    with wire(says(OK)) as there:
        with LosingProxy(there.origin, every(100)) as first:
            port = first.port
        with LosingProxy(there.origin, every(100), port=port) as second:
            assert second.origin == first.origin
            assert ask(second).status_code == 200
