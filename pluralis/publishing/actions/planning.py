"""Make the times of a repeat ahead, each once, each as a post of its own on the road every post takes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pluralis.core.delivery import MissedPolicy
from pluralis.core.schedule import Occurrence as Time
from pluralis.core.schedule import RuleError, look_ahead, nearly_same
from pluralis.posts.actions import create_post
from pluralis.posts.drafts import Draft, DraftVersion
from pluralis.posts.models import Post
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.publishing.actions.schedule import Plan, schedule_approved, schedule_post
from pluralis.publishing.actions.stop import active_stop
from pluralis.publishing.approvals import unapproved
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Instance, Occurrence, Recurrence, RecurrenceText, StopOrder
from pluralis.publishing.rule_words import refused_rule
from pluralis.teams import audit
from pluralis.teams.changes import note_change
from pluralis.teams.errors import ActionError, Conflict
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of

REMEMBERED = 100
"""With how many earlier texts of the same repeat a new one is compared."""


def plan_recurrence(recurrence_id: UUID, *, now: datetime, strict: bool = False) -> int:
    """Plan what a repeat needs by now; returns how many times were planned.

    Nothing in quarantine, while everything is stopped, or after a stop until a person lets it go on; nothing when
    paused or ended. A time that cannot be planned stops the row: the repeat waits and says why, later times wait
    with it. Two planners at once: the second waits for the first, and ``unique(recurrence, local)`` stands behind.
    ``strict`` is for a person who sets one up: what stops the very first time is raised, and nothing is written.
    """
    with transaction.atomic():
        found = Recurrence.objects.select_for_update(of=("self",)).filter(id=recurrence_id)
        recurrence = found.select_related("team", "responsible__team", "responsible__user").first()
        if recurrence is None or recurrence.paused_at or recurrence.ended_at:
            return 0
        with translation.override(recurrence.team.language or None):
            return _plan(recurrence, now, strict)


def _plan(recurrence: Recurrence, now: datetime, strict: bool) -> int:
    accounts = accounts_on(recurrence)
    try:
        outlook = look_ahead(
            recurrence.repeat,
            recurrence.decided_until,
            now,
            policy=MissedPolicy(recurrence.missed_policy),
            late_limit=recurrence.late_limit,
        )
    except RuleError as error:
        refused = refused_rule(error)
        wait(recurrence, refused.code, str(refused), now=now)
        return 0
    held = _held(recurrence, accounts)
    if held is not None:
        # What passes while it is held is over: after a restore it may stand on the network already.
        _write_missed(recurrence, [*outlook.missed, *([outlook.late] if outlook.late else [])], now)
        _decide(recurrence, max(recurrence.decided_until, now), held, now)
        return 0
    _write_missed(recurrence, outlook.missed, now)
    road = _Road(recurrence, accounts, now)
    # One that was held at the last look is not made up for either, however short ago.
    if outlook.late and (recurrence.waiting_code or _plan_one(road, outlook.late) is not None):
        _write_missed(recurrence, [outlook.late], now)
    reached = max(recurrence.decided_until, now)
    problem: ActionError | None = None
    count = int(outlook.late is not None and not recurrence.waiting_code)
    for time in outlook.ahead:
        problem = _plan_one(road, time)
        if problem is not None:
            if strict and not count:
                raise problem
            break
        reached, count = time.at, count + 1
    _decide(recurrence, reached, (problem.code, str(problem)) if problem else ("", ""), now)
    if outlook.over:
        finish(recurrence, now)
    return count


def accounts_on(recurrence: Recurrence) -> list[Account]:
    """Return the accounts a repeat goes out on, given-up ones left out. One query."""
    seats = Account.objects.filter(id__in=recurrence.seats.values("account_id"), released_at__isnull=True)
    return list(seats.select_related("team").order_by("created_at", "id"))


def _held(recurrence: Recurrence, accounts: list[Account]) -> tuple[str, str] | None:
    """Return why nothing of it may be planned now, as code and words."""
    if Instance.objects.filter(quarantined_at__isnull=False).exists() or any(a.quarantined_at for a in accounts):
        return "quarantined", _("A backup was restored. It is planned again once the accounts are released.")
    if active_stop(recurrence.team_id) is not None:
        return "stopped", _("Everything is stopped.")
    if StopOrder.objects.filter(team=recurrence.team_id, ordered_at__gte=recurrence.resumed_at).exists():
        return "stopped", _("Everything was stopped. Look at it once more, then let it go on.")
    if not accounts:
        return "no_account", _("None of its accounts is connected any more. Choose others.")
    if recurrence.responsible is None:
        return "nobody", _("Whoever set it up has left the team. Let it go on in your own name.")
    return None


def wait(recurrence: Recurrence, code: str, words: str, *, now: datetime) -> None:
    """Write why a repeat does not go on by itself; said once, not at every look."""
    if recurrence.waiting_code == code and recurrence.waiting_words == words:
        return
    recurrence.waiting_code, recurrence.waiting_words = code, words
    recurrence.waiting_since = now if code else None
    recurrence.save(update_fields=["waiting_code", "waiting_words", "waiting_since"])
    if code:
        audit.note("publishing.recurrence.waits", team_id=recurrence.team_id, about=recurrence, now=now, code=code)
    note_change(recurrence.team_id, "repeats", f"recurrence:{recurrence.id}")


def finish(recurrence: Recurrence, now: datetime) -> None:
    """Write that no time of a repeat is left."""
    recurrence.ended_at = now
    recurrence.save(update_fields=["ended_at"])
    audit.note("publishing.recurrence.finished", team_id=recurrence.team_id, about=recurrence, now=now)
    note_change(recurrence.team_id, "repeats", f"recurrence:{recurrence.id}")


def _decide(recurrence: Recurrence, until: datetime, waits: tuple[str, str], now: datetime) -> None:
    """Write how far everything is decided, from where the next look begins, and why it waits, if it does."""
    if until != recurrence.decided_until:
        recurrence.decided_until = until
        recurrence.save(update_fields=["decided_until"])
    wait(recurrence, *waits, now=now)


def _write_missed(recurrence: Recurrence, missed: Iterable[Time], now: datetime) -> None:
    rows = [_row(recurrence, time, now, Occurrence.State.MISSED) for time in missed]
    if rows:
        Occurrence.objects.bulk_create(rows, ignore_conflicts=True)
        audit.note("publishing.recurrence.missed", team_id=recurrence.team_id, about=recurrence, now=now,
                   count=len(rows))  # fmt: skip


def _row(recurrence: Recurrence, time: Time, now: datetime, state: str) -> Occurrence:
    return Occurrence(
        team_id=recurrence.team_id,
        recurrence=recurrence,
        local=time.local,
        planned_at=time.at,
        edge=time.edge.value,
        state=state,
        created_at=now,
    )


@dataclass(frozen=True, slots=True)
class _Road:
    """What every time of one look has in common."""

    recurrence: Recurrence
    accounts: list[Account]
    now: datetime
    sender: Membership | None = None

    @property
    def actor(self) -> Membership:
        """In whose name: whoever sends it by hand, else who answers for the repeat; the planner looked that there is
        somebody."""
        if self.sender is not None:
            return self.sender
        assert self.recurrence.responsible is not None
        return self.recurrence.responsible


def _plan_one(road: _Road, time: Time) -> ActionError | None:
    """Plan one time, unless it was decided before; return why it could not be, with nothing of it written."""
    recurrence = road.recurrence
    known = recurrence.occurrences.filter(local=time.local).first()
    if known is not None and known.state != Occurrence.State.WITHDRAWN:
        return None
    try:
        with transaction.atomic():
            row = known or _row(recurrence, time, road.now, Occurrence.State.PLANNED)
            row.text = _next_text(road)
            row.post = _post(road, row)
            row.state, row.planned_at, row.tries = Occurrence.State.PLANNED, time.at, row.tries + 1
            row.save(force_insert=known is None)
            _schedule(road, row)
    except ActionError as error:
        return error
    return None


def plan_by_hand(recurrence: Recurrence, row: Occurrence, actor: Membership, now: datetime) -> None:
    """Plan a time that passed unplanned for now, in the name of whoever wants it, in the caller's transaction.

    Raises :class:`Conflict` in quarantine, while everything is stopped, without an account, and whatever else keeps
    the post from going out.
    """
    accounts = accounts_on(recurrence)
    if Instance.objects.filter(quarantined_at__isnull=False).exists() or any(a.quarantined_at for a in accounts):
        raise Conflict("quarantined", _("A backup was restored. It is planned again once the accounts are released."),
                       kept=_("Nothing was changed."))  # fmt: skip
    if active_stop(recurrence.team_id) is not None:
        raise Conflict("stopped", _("Everything is stopped."), kept=_("Nothing was changed."),
                       next_step=_("Lift the stop first."))  # fmt: skip
    if not accounts:
        raise Conflict("no_account", _("None of its accounts is connected any more. Choose others."))
    road = _Road(recurrence, accounts, now, actor)
    row.text = _next_text(road)
    row.tries += 1
    row.post = _post(road, row)
    row.state = Occurrence.State.PLANNED
    row.save(update_fields=["text", "tries", "post", "state"])
    _schedule(road, row)


def needs_own_text(accounts: Iterable[Account]) -> bool:
    """Say whether a network among them forbids repeats in nearly the same words. No query."""
    return any(network_of(account).repeats_need_own_text for account in accounts)


def _next_text(road: _Road) -> RecurrenceText:
    """Take the next text in turn. Raises :class:`Conflict` when every time needs its own and none is left."""
    texts = list(road.recurrence.texts.all())
    if needs_own_text(road.accounts):
        used = [each.text for each in texts if each.uses][-REMEMBERED:]
        texts = [each for each in texts if not each.uses and not nearly_same(each.text, used)]
    if not texts:
        raise Conflict(
            "no_text_left",
            _("Every text has been used, and this network forbids saying nearly the same again."),
            kept=_("What is planned already goes out."),
            next_step=_("Write more texts and it goes on by itself."),
        )
    text = min(texts, key=lambda each: (each.uses, each.position))
    text.uses, text.used_at = text.uses + 1, road.now
    text.save(update_fields=["uses", "used_at"])
    return text


def _post(road: _Road, row: Occurrence) -> Post:
    """Save the words of one time as a post of its own, so that one can be changed without the others."""
    template = draft_from(post_with_words(road.recurrence.post_id))
    assert row.text is not None
    draft = template if row.text.position == 0 else in_other_words(template, row.text.text)
    return create_post(actor=road.actor, draft=draft, client_key=f"repeat:{row.id.hex}:{row.tries}", now=road.now)


def in_other_words(template: Draft, text: str) -> Draft:
    """Return a draft with another text for every account, the pictures and poll of the template's first message."""
    first = template.versions[0].segments[0]
    return replace(template, versions=(DraftVersion((replace(first, text=text),)),))


def _schedule(road: _Road, row: Occurrence) -> None:
    recurrence, post = road.recurrence, row.post
    assert post is not None and row.text is not None
    plan = Plan(
        at=max(row.planned_at, road.now),
        zone=recurrence.zone,
        missed_policy=MissedPolicy(recurrence.missed_policy),
        late_limit=recurrence.late_limit,
        confirmed=Confirmations(
            same_text=not needs_own_text(road.accounts), override_reason=recurrence.override_reason
        ),
    )
    key = f"repeat:{row.id.hex}:{row.tries}"
    if row.text.position == 0 and not unapproved(recurrence.post, road.accounts, road.actor):
        schedule_approved(
            actor=road.actor, post=post_with_words(post.id), accounts=road.accounts, plan=plan, client_key=key,
            now=road.now,
        )  # fmt: skip
    else:
        ids = [account.id for account in road.accounts]
        schedule_post(actor=road.actor, post_id=post.id, account_ids=ids, plan=plan, client_key=key, now=road.now)
