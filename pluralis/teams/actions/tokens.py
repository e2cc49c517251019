"""How programs come in: tokens of the API, and the answers its creating commands give again."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pluralis.teams import audit
from pluralis.teams.access import access_token
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import ApiToken, KeptAnswer, Membership, Scope

PREFIX = "plr_"
LONGEST_LIFE = timedelta(days=366)
NOTE_USE_EVERY = timedelta(minutes=1)
KEEP_ANSWERS = timedelta(hours=24)


@transaction.atomic
def make_token(
    *, actor: Membership, name: str, scopes: Sequence[str], expires_at: datetime, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token for the actor's own seat. Returns it with its words, which are stored hashed and shown once."""
    _check(name, scopes, expires_at, now)
    words = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        team_id=actor.team_id,
        membership=actor,
        name=name.strip()[:80],
        token_hash=_hash(words),
        hint=words[-4:],
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    audit.note("teams.token.made", team_id=actor.team_id, actor=actor, about=token, now=now, scopes=token.scopes)
    return token, words


def _check(name: str, scopes: Sequence[str], expires_at: datetime, now: datetime) -> None:
    if not name.strip():
        raise Invalid("no_name", _("The token has no name."), next_step=_("Name the program that will use it."))
    if not scopes or not set(scopes) <= set(Scope.values):
        raise Invalid("no_such_scope", _("Choose at least one thing that the token may do."))
    if not now < expires_at <= now + LONGEST_LIFE:
        raise Invalid("token_life", _("A token lives between one moment and one year."))


@transaction.atomic
def revoke_token(*, actor: Membership, token_id: UUID | str, now: datetime) -> ApiToken:
    """End a token at once: one's own, or as an owner anybody's of the team. Twice is once."""
    token = access_token(actor, token_id)
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        audit.note("teams.token.revoked", team_id=actor.team_id, actor=actor, about=token, now=now)
    return token


def use_token(*, words: str, now: datetime) -> ApiToken | None:
    """Return the token that these words open, with its seat, or ``None``; notes its use once a minute at most."""
    found = ApiToken.objects.select_related("membership__team", "membership__user").filter(
        token_hash=_hash(words), revoked_at__isnull=True, expires_at__gt=now, membership__user__is_active=True
    )
    token = found.first()
    if token is not None:
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - NOTE_USE_EVERY)
        ApiToken.objects.filter(unnoted, id=token.id).update(last_used_at=now)
    return token


def kept_answer(*, actor: Membership, client_key: str, request_hash: str, now: datetime) -> KeptAnswer | None:
    """Return what the command with this key answered in the last 24 hours. :class:`Conflict` for another command."""
    kept = KeptAnswer.objects.filter(membership=actor, client_key=client_key, at__gt=now - KEEP_ANSWERS).first()
    if kept is not None and kept.request_hash != request_hash:
        raise Conflict(
            "idempotency_key_reused",
            _("This Idempotency-Key was used for another command."),
            kept=_("Nothing was changed."),
            next_step=_("Send a new key with a new command, and the same key only with the same one."),
        )
    return kept


def keep_answer(
    *, actor: Membership, client_key: str, request_hash: str, answer: tuple[int, Any], now: datetime
) -> KeptAnswer:
    """Keep the status and body of an answer; of two at the same time the first stays, and is returned."""
    status, body = answer
    KeptAnswer.objects.filter(membership=actor, client_key=client_key, at__lte=now - KEEP_ANSWERS).delete()
    kept, _created = KeptAnswer.objects.get_or_create(
        membership=actor,
        client_key=client_key,
        defaults={
            "team_id": actor.team_id, "request_hash": request_hash, "status": status, "body": body, "at": now,
        },
    )  # fmt: skip
    return kept


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
