"""Giving new conversations to people by the team's rules; a person may always decide otherwise afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from pluralis.core import routing
from pluralis.core.states import ConversationState
from pluralis.inbox.actions.tracing import trace_many
from pluralis.inbox.models import Conversation, RoutingRule
from pluralis.teams.access import ABILITIES, Ability
from pluralis.teams.models import Account, Membership

ROUTED = ["assigned_to", "assigned_at", "acted_at", "queue_reason"]
_NOTHING: dict[str, Any] = {"load": 0, "given_at": None}
_ANSWERING = [role for role, abilities in ABILITIES.items() if Ability.ANSWER in abilities]


def route(account: Account, waiting: Sequence[Conversation], now: datetime) -> None:
    """Give conversations that begin to wait to somebody, on the rows at hand; the caller saves :data:`ROUTED`.

    Without rules everything stays with the team. Whoever holds one and is on duty keeps it. At most five queries,
    one where there are no rules.
    """
    rules = rules_of(account.team_id)
    if not rules:
        return
    people = people_of(account.team_id)
    on_duty = {each.id for each in people if each.on_duty}
    news = [each for each in waiting if each.assigned_to_id not in on_duty]
    routed = routing.route_all([_newcomer(each) for each in news], rules, people, now)
    lines = []
    for each, answer in zip(news, routed, strict=True):
        if answer.member is not None:
            each.assigned_to_id, each.assigned_at, each.acted_at = answer.member, now, now
            each.queue_reason = ""
            lines.append((each, "routed", {"to": answer.member}))
        elif each.assigned_to_id is None:
            each.queue_reason = str(answer.reason)
            lines.append((each, "queued", {"reason": str(answer.reason)}))
    trace_many(lines, now)


def rules_of(team_id: UUID) -> list[routing.Rule]:
    """Return a team's rules in their order. Two queries."""
    stored = RoutingRule.objects.filter(team=team_id).prefetch_related("named")
    return [
        routing.Rule(
            each.id, each.account_id, each.language, each.kind, each.private,
            frozenset(one.member_id for one in each.named.all()),
            each.on_duty_only, each.speakers_only, each.most_load,
        )
        for each in stored
    ]  # fmt: skip


def people_of(team_id: UUID) -> list[routing.Person]:
    """Return who may answer, with what each carries and when they were last given something open. Two queries."""
    seats = Membership.objects.filter(team=team_id, role__in=_ANSWERING, user__is_active=True)
    # Only what is open is counted, so that the index of the list serves it whatever lies resolved behind.
    held = Conversation.objects.filter(team=team_id, state=ConversationState.OPEN, assigned_to__isnull=False)
    rows = held.order_by().values("assigned_to").annotate(load=Count("id"), given_at=Max("assigned_at"))
    loads = {row["assigned_to"]: row for row in rows}
    return [
        routing.Person(
            each.id, each.on_duty_since is not None, loads.get(each.id, _NOTHING)["load"], frozenset(each.languages),
            loads.get(each.id, _NOTHING)["given_at"],
        )
        for each in seats.order_by("created_at", "id")
    ]  # fmt: skip


# Short texts are often Malay or Indonesian alike: whoever answers in Malay can take them.
_TOLD_TOGETHER = {"ms/id": "ms"}


def _newcomer(conversation: Conversation) -> routing.Newcomer:
    language = _TOLD_TOGETHER.get(conversation.language, conversation.language)
    return routing.Newcomer(conversation.account_id, language, conversation.label, conversation.private)
