"""One shape for every error: ``code`` for programs; what happened, what was kept and what to do next for people."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from pluralis.teams.errors import ActionError, NotFound


def answer_of(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer for an error of an action or of the request itself; ``None`` for a fault of ours."""
    set_rollback()
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, ActionError):
        return Response(words_of(error), status=error.status)
    if isinstance(error, RequestDataTooBig):
        return _answer(413, "too_large", _("This is larger than what is taken in one request."))
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ValidationError):
        return _answer(400, "invalid_shape", _("The request has not the right shape."), flat(error.detail))
    if isinstance(error, exceptions.APIException):
        code = error.get_codes() if isinstance(error.get_codes(), str) else error.default_code
        response = _answer(error.status_code, str(code), str(error.detail))
        if challenge := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = challenge
        return response
    return None


def words_of(error: ActionError) -> dict[str, Any]:
    """Return the body of the answer for an error of an action."""
    return {
        "code": error.code,
        "happened": str(error.happened),
        "kept": str(error.kept),
        "next_step": str(error.next_step),
        "fields": {name: str(text) for name, text in error.fields.items()},
    }


def flat(detail: Any, place: str = "") -> dict[str, str]:
    """Return the complaints of a serializer as one text per place, ``versions.0.segments`` for example."""
    if isinstance(detail, dict):
        inner = [flat(value, f"{place}.{name}" if place else str(name)) for name, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(one, dict | list) for one in detail):
        inner = [flat(value, f"{place}.{number}") for number, value in enumerate(detail)]
    else:
        words = detail if isinstance(detail, list) else [detail]
        return {place or "request": " ".join(str(one) for one in words)} if words else {}
    return {name: text for each in inner for name, text in each.items()}


def _answer(status: int, code: str, happened: str, fields: dict[str, str] | None = None) -> Response:
    body = {"code": code, "happened": happened, "kept": _("Nothing was changed."), "next_step": "",
            "fields": fields or {}}  # fmt: skip
    return Response(body, status=status)
