"""What X's refusals mean: which of them are sure, and what the reader should do.

A status counts as a sure refusal of a write only when it stands in this table and the answer is X's own (a JSON
object with ``title``, ``detail`` or ``error``). Everything else may have been accepted: a page of some machine in
between, a 5xx, a redirect, a 429 without X's counters.
"""

import re
from datetime import UTC, datetime
from typing import Any

from pluralis.networks.contract import Access
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused
from pluralis.networks.transport import Answer
from pluralis.networks.x.client import uses_user_keys

DUPLICATE = re.compile(r"duplicate content|status is a duplicate", re.IGNORECASE)
BY_HAND = re.compile(
    r"not been mentioned or otherwise engaged|reply to this conversation is not allowed", re.IGNORECASE
)
GONE = re.compile(r"deleted or not visible", re.IGNORECASE)
LOCKED = re.compile(r"suspended|locked|temporarily restricted|not configured with the appropriate", re.IGNORECASE)
NO_ACCESS = re.compile(r"problems/(?:oauth1-permissions|client-forbidden|unsupported-authentication)")
TOO_LONG = re.compile(r"longer than|too long|280 characters", re.IGNORECASE)


def refusal_of_write(answer: Answer, access: Access) -> NetworkError:
    """Return the error for a write that was not answered with success."""
    problem = answer.error_json()
    if not _is_from_x(problem):
        return answer.unclear(f"X answered with status {answer.status}, which does not tell what happened")
    detail = _detail(problem)
    match answer.status:
        case 400 | 413:
            return Refused(detail, _fields(detail, problem))
        case 401:
            return _unauthorised(access)
        case 402:
            return NotNow(f"X: {detail} (add credits in X's developer console)", whole_app=True)
        case 403:
            return _forbidden(detail, problem)
        case 404 | 410:
            return Refused(detail, {"reply_to": detail})
        case 429 if _has_counters(answer):
            return _limited(answer)
    return answer.unclear(f"X answered with status {answer.status}: {detail}")


def refusal_of_read(answer: Answer, access: Access) -> NetworkError:
    """Return the error for a read (or an upload) that was not answered with success."""
    problem = answer.error_json()
    detail = _detail(problem)
    if answer.status == 401:
        return _unauthorised(access)
    if answer.status == 429:
        return _limited(answer)
    if answer.status == 403 and (NO_ACCESS.search(str(problem.get("type"))) or LOCKED.search(detail)):
        return Disconnected(f"X: {detail}")
    if answer.status == 402:
        return NotNow(f"X: {detail} (add credits in X's developer console)", whole_app=True)
    return NotNow(f"X answered with status {answer.status}: {detail}")


def refusal_of_upload(answer: Answer, access: Access) -> NetworkError:
    """Return the error for a picture that X did not take: a 4xx of its own is about the picture."""
    if answer.status in (400, 413) and _is_from_x(answer.error_json()):
        detail = _detail(answer.error_json())
        return Refused(detail, {"attachments": detail})
    return refusal_of_read(answer, access)


def refusal_of_refresh(answer: Answer) -> NetworkError:
    """Return the error of the token endpoint (RFC 6749, 5.2)."""
    problem = answer.error_json()
    detail = str(problem.get("error_description") or problem.get("error") or answer.status)
    if answer.status in (400, 401, 403) and problem.get("error"):
        return Disconnected(f"X no longer accepts the saved sign-in: {detail[:200]}")
    if answer.status == 429:
        return _limited(answer)
    return answer.unclear(f"X's sign-in answered with status {answer.status}")


def _is_from_x(problem: dict[str, Any]) -> bool:
    return bool({"title", "detail", "error", "errors"} & problem.keys())


def _detail(problem: dict[str, Any]) -> str:
    """Return X's own sentence, the most special one it gives."""
    errors = problem.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    found = problem.get("detail") or first.get("detail") or first.get("message") or problem.get("title")
    return str(found or "no reason given")[:300]


def _fields(detail: str, problem: dict[str, Any]) -> dict[str, str]:
    errors = problem.get("errors")
    text = f"{detail} {errors}"
    if "media" in text.lower():
        return {"attachments": detail}
    return {"text": detail} if "text" in text or TOO_LONG.search(text) else {}


def _forbidden(detail: str, problem: dict[str, Any]) -> NetworkError:
    if DUPLICATE.search(detail):
        return Refused(detail, {"text": detail}, duplicate=True)
    if BY_HAND.search(detail):
        return Refused(detail, by_hand=True)
    if GONE.search(detail):
        return Refused(detail, {"reply_to": detail})
    if NO_ACCESS.search(str(problem.get("type"))) or LOCKED.search(detail):
        return Disconnected(f"X: {detail}")
    return Refused(detail, {"text": detail} if TOO_LONG.search(detail) else {})


def _unauthorised(access: Access) -> NetworkError:
    if uses_user_keys(access.credentials) or not access.credentials.get("refresh_token"):
        return Disconnected("X no longer accepts the keys of this account")
    return NotNow("X asks to sign in again", refresh=True)


def _has_counters(answer: Answer) -> bool:
    """Whether a 429 comes from X's own rate limiter, which works before anything is accepted."""
    return _app_spent(answer) or answer.headers.get("x-rate-limit-remaining") == "0"


def _app_spent(answer: Answer) -> bool:
    return answer.headers.get("x-app-limit-24hour-remaining") == "0"


def _limited(answer: Answer) -> NotNow:
    """Return NotNow until the reset that counts; without one the caller backs off."""
    whole_app = _app_spent(answer)
    names = ["x-app-limit-24hour-reset"] if whole_app else []
    if answer.headers.get("x-user-limit-24hour-remaining") == "0":
        names.append("x-user-limit-24hour-reset")
    names.append("x-rate-limit-reset")
    told = next((answer.headers[name] for name in names if answer.headers.get(name, "").isdigit()), "")
    until = datetime.fromtimestamp(int(told), UTC) if 0 < len(told) < 12 else answer.retry_after()
    return NotNow("X's limit for this account is used up", until, whole_app=whole_app)
