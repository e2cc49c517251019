"""A creating command sent twice does its work once and answers the same, for 24 hours and however it was lost."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.authentication import Caller
from pluralis.teams.actions import keep_answer, kept_answer
from pluralis.teams.errors import ActionError

HEADER = "Idempotency-Key"
LONGEST = 200


class KeyMissing(ActionError):
    """A creating command came without its key."""

    status = 400

    def __init__(self) -> None:
        super().__init__(
            "idempotency_key_missing",
            _("This command makes something and needs an Idempotency-Key of 1 to 200 characters."),
            kept=_("Nothing was changed."),
            next_step=_("Send a new random key with each new command, and the same one when you try again."),
        )


def once(request: Request, asked: Any, work: Callable[[str], tuple[int, Any]]) -> Response:
    """Do ``work`` under the request's key, or give again what it answered.

    ``asked`` is what was asked, as JSON. ``work`` gets the client key under which the actions refuse doubles for
    ever and returns status and body; only what succeeded is kept, so that a refused command may be mended and
    sent again.
    """
    caller: Caller = request.auth
    typed = request.headers.get(HEADER, "").strip()
    if not 1 <= len(typed) <= LONGEST:
        raise KeyMissing
    client_key = _digest(f"{caller.membership.id}\n{request.path}\n{typed}")
    request_hash = _digest(json.dumps(asked, sort_keys=True, default=str))
    this: dict[str, Any] = {"actor": caller.membership, "client_key": client_key, "request_hash": request_hash}
    kept = kept_answer(**this, now=timezone.now())
    if kept is None:
        kept = keep_answer(**this, answer=work(client_key), now=timezone.now())
    return Response(kept.body, status=kept.status)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
