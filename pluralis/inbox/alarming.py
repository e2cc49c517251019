"""Telling a webhook of an alarm: one signed POST over the pinned-address transport, its outcome written down.

What is told holds ids, times and a link; nothing of what anybody wrote leaves.
"""

import json
import time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from pluralis.core.signing import signature
from pluralis.inbox.actions.alarms import Try, record_try, rule_for, secret_of
from pluralis.inbox.models import AlarmCall
from pluralis.networks.addresses import ForbiddenAddress, Origin
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError
from pluralis.networks.transport import Answer, read_client
from pluralis.teams.fields import SealBroken
from pluralis.teams.queries import database_now

SECONDS = 10.0
MOST_ANSWER = 64 * 1024
HEADER = "Pluralis-Signature"


def call_webhook(call_id: UUID | str) -> str:
    """Tell one webhook once; returns the state of the call afterwards. What is done already is left alone."""
    call = AlarmCall.objects.select_related("alarm__account", "alarm__conversation").get(id=call_id)
    if call.state != AlarmCall.State.WAITING:
        return str(call.state)
    rule = rule_for(call.alarm)
    if rule is None or rule.webhook_url != call.target:
        outcome = Try(False, said="the webhook was changed since", for_good=True)
    else:
        try:
            outcome = post(call.target, secret_of(rule), call)
        except SealBroken:
            outcome = Try(False, said="its secret cannot be opened", for_good=True)
    return str(record_try(call_id=call.id, outcome=outcome, now=database_now()).state)


def post(url: str, secret: str, call: AlarmCall) -> Try:
    """Send one signed request and judge the answer: 2xx is done, 410 ends it, all else is tried again."""
    body = json.dumps(told(call), ensure_ascii=False, separators=(",", ":")).encode()
    begun = time.monotonic()
    try:
        answer = _ask(url, body, signature(secret, int(time.time()), body), call)
    except ForbiddenAddress as error:
        return Try(False, said=error.reason, for_good=True)
    except NetworkError as error:
        return Try(False, said=error.reason, ms=_since(begun))
    return Try(answer.ok, answer.status, ms=_since(begun), for_good=answer.status == 410)


def _ask(url: str, body: bytes, signed: str, call: AlarmCall) -> Answer:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"content-type": "application/json", HEADER.lower(): signed, "pluralis-call": str(call.id)}
    client = read_client(str(Origin.of_url(url)), Deadline.after(SECONDS))
    return client.ask("POST", path, limit=MOST_ANSWER, content=body, headers=headers)


def _since(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)


def told(call: AlarmCall) -> dict[str, Any]:
    """Return what a webhook is told of an alarm, ready for JSON. A receiver drops a ``call`` it has seen before."""
    alarm = call.alarm
    return {
        "event": "alarm",
        "call": str(call.id),
        "alarm": str(alarm.id),
        "account": {"id": str(alarm.account_id), "handle": alarm.account.handle, "network": alarm.account.network},
        "conversation": {
            "id": str(alarm.conversation_id),
            "url": f"{settings.SITE_URL}/inbox/{alarm.conversation_id}",
            "language": alarm.conversation.language,
            "kind": alarm.conversation.label,
            "private": alarm.conversation.private,
        },
        "waiting_since": alarm.waiting_since.isoformat(),
        "raised_at": alarm.raised_at.isoformat(),
    }
