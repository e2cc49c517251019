"""The table of sure refusals: case by case, as data."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pluralis.networks import errors
from pluralis.networks.contract import Access
from pluralis.networks.transport import Answer
from pluralis.networks.x.refusals import refusal_of_read, refusal_of_refresh, refusal_of_upload, refusal_of_write

CASES = json.loads(
    (Path(__file__).parents[2] / "pluralis/networks/x/fixtures/refusals.json").read_text(encoding="utf-8")
)
KEYS = {"consumer_key": "a", "consumer_secret": "b", "access_token": "c", "access_token_secret": "d"}
TOKENS = {"access_token": "c", "refresh_token": "r"}


def access(case: dict[str, Any]) -> Access:
    return Access("https://api.x.com", "7", "norlune", TOKENS if case.get("oauth2") else KEYS)


def answer(case: dict[str, Any], unclear: type[errors.NetworkError] = errors.Unconfirmed) -> Answer:
    body = case["text"].encode() if "text" in case else json.dumps(case["body"]).encode()
    return Answer(case["status"], case.get("headers", {}), body, unclear)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_refused_write_tells_what_to_do(case: dict[str, Any]) -> None:
    error = refusal_of_write(answer(case), access(case))
    assert type(error).__name__ == case["error"]
    assert error.reason
    if isinstance(error, errors.Refused):
        assert (error.duplicate, error.by_hand) == (case.get("duplicate", False), case.get("by_hand", False))
        assert sorted(error.fields) == case.get("fields", [])
    if isinstance(error, errors.NotNow):
        until = datetime.fromtimestamp(case["until"], UTC) if "until" in case else None
        assert error.until == until
        assert (error.refresh, error.whole_app) == (case.get("refresh", False), case.get("whole_app", False))


@pytest.mark.parametrize(
    "status", [status for status in range(300, 600) if status not in (400, 401, 402, 403, 404, 410, 413)]
)
def test_no_other_status_is_ever_a_sure_refusal(status: int) -> None:
    case = {"status": status, "body": {"title": "Odd", "detail": "Odd", "status": status}}
    assert isinstance(refusal_of_write(answer(case), access(case)), errors.Unconfirmed)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_refused_read_never_leaves_a_doubt(case: dict[str, Any]) -> None:
    error = refusal_of_read(answer(case, errors.NotNow), access(case))
    assert isinstance(error, errors.NotNow | errors.Disconnected)


def test_a_refused_picture_names_the_attachments() -> None:
    case = {"status": 400, "body": {"title": "Invalid Request", "detail": "The media is too large."}}
    error = refusal_of_upload(answer(case, errors.NotNow), access(case))
    assert isinstance(error, errors.Refused)
    assert error.fields == {"attachments": "The media is too large."}
    busy = {"status": 503, "text": "", "body": {}}
    assert isinstance(refusal_of_upload(answer(busy, errors.NotNow), access(busy)), errors.NotNow)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (
            400,
            {"error": "invalid_request", "error_description": "Value passed for the token was invalid."},
            "Disconnected",
        ),
        (400, {"error": "invalid_grant"}, "Disconnected"),
        (
            401,
            {"error": "unauthorized_client", "error_description": "Missing valid authorization header"},
            "Disconnected",
        ),
        (400, {"title": "Odd"}, "Unconfirmed"),
        (503, {"error": "temporarily_unavailable"}, "Unconfirmed"),
        (502, {}, "Unconfirmed"),
        (429, {"title": "Too Many Requests"}, "NotNow"),
        (307, {}, "Unconfirmed"),
    ],
)
def test_the_sign_in_endpoint_is_read_by_its_own_table(status: int, body: dict[str, str], expected: str) -> None:
    assert type(refusal_of_refresh(answer({"status": status, "body": body}))).__name__ == expected


@pytest.mark.parametrize("reset", ["", "soon", "-1", "9" * 40, "1795000000.5"])
def test_a_reset_that_is_no_instant_is_no_reset(reset: str) -> None:
    headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
    case = {"status": 429, "headers": headers, "body": {"title": "Too Many Requests"}}
    error = refusal_of_write(answer(case), access(case))
    assert isinstance(error, errors.NotNow)
    assert error.until is None


def test_a_long_sentence_of_x_is_cut() -> None:
    case = {"status": 403, "body": {"title": "Forbidden", "detail": "x" * 10_000}}
    assert len(refusal_of_write(answer(case), access(case)).reason) <= 300
