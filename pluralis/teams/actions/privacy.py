"""What the team taught about numbers: references of its own that nobody should post, addresses that anybody may."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.privacy import ReferencePattern, learn_reference
from pluralis.teams import audit
from pluralis.teams.access import Ability, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Membership, Team

MOST_REFERENCES = 20
MOST_ADDRESSES = 200
SHORTEST_RETENTION, LONGEST_RETENTION = 7, 3650


def teach_reference(*, actor: Membership, name: str, samples: Sequence[str], now: datetime) -> ReferencePattern:
    """Learn how a number of the company looks, from samples that are not kept. A known name is learnt anew."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    try:
        pattern = learn_reference(name.strip()[:80], [each for each in samples if each.strip()])
    except ValueError as error:
        raise Invalid(
            "no_reference",
            _("None of the samples holds a number."),
            kept=_("Nothing was changed."),
            next_step=_("Give two or three, as customers write them."),
            fields={"samples": _("Give two or three, as customers write them.")},
        ) from error
    with transaction.atomic():
        team = _locked(actor)
        kept = [each for each in team.settings.get("references", []) if each.get("name") != pattern.name]
        if len(kept) >= MOST_REFERENCES:
            raise Conflict("too_many_references", _("There are enough patterns. Forget one first."))
        _store(actor, team, now, references=[*kept, pattern.to_dict()])
    return pattern


@transaction.atomic
def forget_reference(*, actor: Membership, name: str, now: datetime) -> None:
    """Forget a pattern; forgotten already is fine."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    team = _locked(actor)
    kept = [each for each in team.settings.get("references", []) if each.get("name") != name]
    _store(actor, team, now, references=kept)


@transaction.atomic
def set_own_addresses(*, actor: Membership, addresses: Sequence[str], now: datetime) -> None:
    """Say which addresses and numbers of our own may stand in public."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    clean = list(dict.fromkeys(each.strip()[:200] for each in addresses if each.strip()))
    _store(actor, _locked(actor), now, own_addresses=clean[:MOST_ADDRESSES])


@transaction.atomic
def set_retention(*, actor: Membership, days: int | None, now: datetime) -> None:
    """Say after how many days personal data is masked for good; ``None`` keeps it."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    if days is not None and not SHORTEST_RETENTION <= days <= LONGEST_RETENTION:
        words = _("Between %(least)d and %(most)d days.") % {
            "least": SHORTEST_RETENTION, "most": LONGEST_RETENTION,
        }  # fmt: skip
        raise Invalid("bad_days", words, kept=_("Nothing was changed."), fields={"days": words})
    _store(actor, _locked(actor), now, retention_days=days)


def _locked(actor: Membership) -> Team:
    return Team.objects.select_for_update().get(id=actor.team_id)


def _store(actor: Membership, team: Team, now: datetime, **settings: Any) -> None:
    team.settings = {**team.settings, **settings}
    team.save(update_fields=["settings"])
    audit.note("teams.team.changed", team_id=team.id, actor=actor, about=team, now=now, fields=sorted(settings))
    note_change(team.id, "team")
