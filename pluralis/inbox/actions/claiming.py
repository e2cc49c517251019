"""Who holds a conversation: claim, take over, give back, hand over, and back to the team when nothing happens."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from pluralis.core.states import ConversationState
from pluralis.inbox.access import access_conversation
from pluralis.inbox.actions.tracing import notify, trace
from pluralis.inbox.models import Conversation, Notice
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_member, may, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Membership, Team

CLAIM_MINUTES = 60
MOST_CLAIM_MINUTES = 7 * 24 * 60
MOST_EXPIRED = 500


def claim_conversation(
    *, actor: Membership, conversation_id: UUID, now: datetime, take_over: bool = False
) -> Conversation:
    """Take a conversation; of two people who try at once exactly one gets it. Taking over leaves a trace.

    Taking over is a compare-and-swap too: it takes from the holder that was seen, and from nobody else.
    """
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    seen = conversation.assigned_to_id
    if seen == actor.id:
        return conversation
    expected = Q(assigned_to__isnull=True) | Q(assigned_to=seen) if take_over else Q(assigned_to__isnull=True)
    with transaction.atomic():
        wanted = Conversation.objects.filter(expected, id=conversation.id)
        if not wanted.update(assigned_to=actor, assigned_at=now, acted_at=now, queue_reason=""):
            holder = Conversation.objects.select_related("assigned_to__user").get(id=conversation.id)
            if holder.assigned_to_id != actor.id:
                raise already_claimed(holder)
            return holder
        taken = take_over and seen is not None
        what = "taken_over" if taken else "claimed"
        _note(actor, conversation, what, now)
        if taken and seen is not None:
            trace(conversation, what, now=now, actor=actor, holder=seen)
            notify(seen, Notice.Kind.TAKEN_OVER, team_id=actor.team_id, now=now, conversation=conversation,
                   actor=actor)  # fmt: skip
        else:
            trace(conversation, what, now=now, actor=actor)
    conversation.refresh_from_db()
    return conversation


def already_claimed(conversation: Conversation) -> Conflict:
    """Return the error that says who is on it."""
    name = str(conversation.assigned_to.user) if conversation.assigned_to else _("Somebody")
    return Conflict(
        "already_claimed",
        _("%(name)s is already on it.") % {"name": name},
        kept=_("What you typed is kept."),
        next_step=_("Take another one, or take it over if they asked you to."),
    )


def release_conversation(*, actor: Membership, conversation_id: UUID, now: datetime) -> Conversation:
    """Give a conversation back to the team."""
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    with transaction.atomic():
        held = Conversation.objects.filter(id=conversation.id, assigned_to__isnull=False)
        if held.update(assigned_to=None, assigned_at=None):
            _note(actor, conversation, "released", now)
            trace(conversation, "released", now=now, actor=actor)
    conversation.refresh_from_db()
    return conversation


def assign_conversation(
    *, actor: Membership, conversation_id: UUID, membership_id: UUID, now: datetime
) -> Conversation:
    """Hand a conversation over to a member, who is told."""
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    member = access_member(actor, membership_id)
    if not may(member, Ability.ANSWER) and conversation.account.member_id != member.id:
        raise Invalid(
            "cannot_answer",
            _("%(name)s may not answer here.") % {"name": member.user},
            kept=_("Nothing was changed."),
            next_step=_("Hand it to somebody whose role answers messages."),
        )
    with transaction.atomic():
        Conversation.objects.filter(id=conversation.id).update(
            assigned_to=member, assigned_at=now, acted_at=now, queue_reason=""
        )
        _note(actor, conversation, "assigned", now, to=member.id)
        trace(conversation, "assigned", now=now, actor=actor, to=member.id)
        notify(member.id, Notice.Kind.ASSIGNED, team_id=actor.team_id, now=now, conversation=conversation,
               actor=actor)  # fmt: skip
    conversation.refresh_from_db()
    return conversation


def hold_to_answer(conversation: Conversation, actor: Membership, now: datetime) -> None:
    """Let whoever answers what nobody held hold it, in the caller's transaction. One query."""
    held = Conversation.objects.filter(Q(assigned_to__isnull=True) | Q(assigned_to=actor), id=conversation.id)
    held.update(assigned_to=actor, assigned_at=Coalesce("assigned_at", now), acted_at=now, queue_reason="")


def touch(conversation_id: UUID, actor: Membership, now: datetime) -> None:
    """Note that its holder does something with a conversation, so that the claim does not expire. One query."""
    Conversation.objects.filter(id=conversation_id, assigned_to=actor).update(acted_at=now)


@transaction.atomic
def set_claim_minutes(*, actor: Membership, minutes: int, now: datetime) -> None:
    """Say after how many minutes without action a claim goes back to the team; 0 is never."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    if not 0 <= minutes <= MOST_CLAIM_MINUTES:
        raise Invalid("out_of_range", _("A claim lasts at most a week."), fields={"minutes": _("At most 10,080.")})
    team = Team.objects.select_for_update().get(id=actor.team_id)
    team.settings = {**team.settings, "claim_minutes": minutes}
    team.save(update_fields=["settings"])
    audit.note("teams.team.changed", team_id=team.id, actor=actor, about=team, now=now, fields=["claim_minutes"])
    note_change(team.id, "team")


def claim_minutes(team: Team) -> int:
    """Return after how many minutes without action a claim of this team goes back; 0 is never. No query."""
    stored = team.settings.get("claim_minutes", CLAIM_MINUTES)
    return stored if isinstance(stored, int) and 0 <= stored <= MOST_CLAIM_MINUTES else CLAIM_MINUTES


def expire_claims(*, now: datetime) -> int:
    """Give conversations that wait back to the team where their holder did nothing for too long; returns how many.

    Compare-and-swap on what was seen: whoever acts in this very moment keeps theirs.
    """
    count = 0
    waiting = Conversation.objects.filter(
        state=ConversationState.OPEN, assigned_to__isnull=False, waiting_since__isnull=False
    )
    for team in Team.objects.filter(id__in=waiting.values("team")):
        minutes = claim_minutes(team)
        if minutes:
            count += _expire(team, now - timedelta(minutes=minutes), now)
    return count


def _expire(team: Team, before: datetime, now: datetime) -> int:
    idle = Q(acted_at__lt=before) | Q(acted_at__isnull=True, assigned_at__lt=before)
    # What came in after the last action gives the holder the whole time again.
    idle &= Q(waiting_since__lt=before)
    held = Conversation.objects.filter(idle, team=team, state=ConversationState.OPEN, assigned_to__isnull=False)
    count = 0
    for each in held.order_by("waiting_since")[:MOST_EXPIRED]:
        with transaction.atomic():
            same = Conversation.objects.filter(id=each.id, assigned_to=each.assigned_to_id, acted_at=each.acted_at,
                                               state=ConversationState.OPEN)  # fmt: skip
            if not same.update(assigned_to=None, assigned_at=None, acted_at=None, queue_reason="expired"):
                continue
            audit.note("inbox.conversation.expired", team_id=team.id, about=each, now=now)
            trace(each, "expired", now=now, holder=each.assigned_to_id)
            if each.assigned_to_id:
                notify(each.assigned_to_id, Notice.Kind.EXPIRED, team_id=team.id, now=now, conversation=each)
            note_change(team.id, f"conversation:{each.id}", f"inbox:{each.account_id}", "inbox")
            count += 1
    return count


def _note(actor: Membership, conversation: Conversation, what: str, now: datetime, **data: object) -> None:
    audit.note(f"inbox.conversation.{what}", team_id=actor.team_id, actor=actor, about=conversation, now=now, **data)
    note_change(actor.team_id, f"conversation:{conversation.id}", f"inbox:{conversation.account_id}", "inbox")
