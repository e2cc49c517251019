"""Every write about the rules of routing: only leads make them, in an order that counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.inbox.models import RoutingRule, RuleMember
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, access_member, require, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, NotFound
from pluralis.teams.models import Membership

MOST_RULES = 100


@dataclass(frozen=True, slots=True)
class WishedRule:
    """A rule as it is wished: what it is for (empty means any), and who may get it (none means everybody)."""

    language: str = ""
    account_id: UUID | None = None
    kind: str = ""
    private: bool | None = None
    member_ids: tuple[UUID, ...] = ()
    on_duty_only: bool = True
    speakers_only: bool = True
    most_load: int | None = None


@transaction.atomic
def add_rule(*, actor: Membership, wished: WishedRule, now: datetime) -> RoutingRule:
    """Add a rule behind the others."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    last = _locked(actor)
    if len(last) >= MOST_RULES:
        raise Conflict("too_many_rules", _("There are enough rules. Remove one first."))
    rule = _make(actor, wished, last[-1].position + 1 if last else 0, now)
    return _noted(actor, rule, now)


@transaction.atomic
def replace_rules(*, actor: Membership, wished: Sequence[WishedRule], now: datetime) -> list[RoutingRule]:
    """Put these rules, in this order, in the place of all."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    if len(wished) > MOST_RULES:
        raise Conflict("too_many_rules", _("There are enough rules. Remove one first."))
    _locked(actor)
    RoutingRule.objects.filter(team=actor.team_id).delete()
    rules = [_make(actor, each, position, now) for position, each in enumerate(wished)]
    _noted(actor, None, now)
    return rules


@transaction.atomic
def remove_rule(*, actor: Membership, rule_id: UUID, now: datetime) -> None:
    """Take a rule away; what it gave stays where it is."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    deleted, _rows = RoutingRule.objects.filter(team=actor.team_id, id=valid_id(rule_id)).delete()
    if not deleted:
        raise NotFound("rule")
    _noted(actor, None, now)


@transaction.atomic
def move_rule(*, actor: Membership, rule_id: UUID, up: bool, now: datetime) -> None:
    """Let a rule come before (or after) its neighbour; at the end of the list it stays."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    rules = _locked(actor)
    place = next((place for place, each in enumerate(rules) if each.id == valid_id(rule_id)), None)
    if place is None:
        raise NotFound("rule")
    other = place - 1 if up else place + 1
    if 0 <= other < len(rules):
        rules[place], rules[other] = rules[other], rules[place]
    for position, each in enumerate(rules):
        each.position = position
    RoutingRule.objects.bulk_update(rules, ["position"])
    _noted(actor, None, now)


def _locked(actor: Membership) -> list[RoutingRule]:
    return list(RoutingRule.objects.select_for_update().filter(team=actor.team_id))


def _make(actor: Membership, wished: WishedRule, position: int, now: datetime) -> RoutingRule:
    account = access_account(actor, wished.account_id) if wished.account_id else None
    rule = RoutingRule.objects.create(
        team_id=actor.team_id, position=position, language=wished.language[:8], account=account,
        kind=wished.kind[:16], private=wished.private, on_duty_only=wished.on_duty_only,
        speakers_only=wished.speakers_only, most_load=wished.most_load, created_at=now,
    )  # fmt: skip
    members = [access_member(actor, each) for each in dict.fromkeys(wished.member_ids)]
    RuleMember.objects.bulk_create(RuleMember(team_id=actor.team_id, rule=rule, member=each) for each in members)
    return rule


def _noted(actor: Membership, rule: RoutingRule | None, now: datetime) -> RoutingRule:
    audit.note("inbox.routing.changed", team_id=actor.team_id, actor=actor, about=rule, now=now)
    note_change(actor.team_id, "team")
    return rule  # type: ignore[return-value]
