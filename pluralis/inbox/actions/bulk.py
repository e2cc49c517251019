"""One action on many conversations: each by itself, and what could not be done is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from pluralis.inbox.actions.claiming import assign_conversation, claim_conversation, release_conversation
from pluralis.inbox.actions.moving import reopen_conversation, resolve_conversation, snooze_conversation
from pluralis.inbox.models import Conversation
from pluralis.teams.errors import ActionError, Invalid
from pluralis.teams.models import Membership

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Bulk:
    """What is done with many: ``what`` is claim, release, assign (to ``member_id``), snooze (``until``), resolve or
    reopen."""

    what: str
    member_id: UUID | None = None
    until: datetime | None = None


@dataclass(slots=True)
class Outcome:
    """Which were done, and what was said of each that was not."""

    done: list[UUID] = field(default_factory=list)
    refused: list[tuple[UUID, ActionError]] = field(default_factory=list)


def do_many(*, actor: Membership, conversation_ids: Sequence[UUID], bulk: Bulk, now: datetime) -> Outcome:
    """Do one thing with each of up to 200 conversations; a refusal of one keeps none of the others."""
    ids = list(dict.fromkeys(conversation_ids))
    if not ids or len(ids) > MOST_AT_ONCE:
        raise Invalid("how_many", _("Choose between one and 200 conversations."), kept=_("Nothing was changed."))
    act, outcome = _action(actor, bulk, now), Outcome()
    for each in ids:
        try:
            act(each)
            outcome.done.append(each)
        except ActionError as error:
            outcome.refused.append((each, error))
    return outcome


def _action(actor: Membership, bulk: Bulk, now: datetime) -> Callable[[UUID], Conversation]:
    plain = {"claim": claim_conversation, "release": release_conversation, "resolve": resolve_conversation,
             "reopen": reopen_conversation}  # fmt: skip
    if bulk.what in plain:
        return lambda each: plain[bulk.what](actor=actor, conversation_id=each, now=now)
    if bulk.what == "assign" and bulk.member_id is not None:
        member_id = bulk.member_id
        return lambda each: assign_conversation(actor=actor, conversation_id=each, membership_id=member_id, now=now)
    if bulk.what == "snooze" and bulk.until is not None:
        until = bulk.until
        return lambda each: snooze_conversation(actor=actor, conversation_id=each, until=until, now=now)
    raise Invalid("no_such_action", _("There is no such action."), kept=_("Nothing was changed."))
