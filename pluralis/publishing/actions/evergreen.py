"""Evergreen posts: what may come again refills the slots that stay empty, in turn."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pluralis.core.schedule import Occurrence as Time
from pluralis.core.schedule import nearly_same
from pluralis.posts.access import access_post
from pluralis.posts.actions import create_post
from pluralis.posts.models import Post
from pluralis.posts.queries import draft_from, post_with_words, segments_for
from pluralis.publishing.access_repeats import access_evergreen
from pluralis.publishing.actions.schedule import Plan, schedule_approved, schedule_post
from pluralis.publishing.actions.slots import free_slots, lock_accounts, note_queued
from pluralis.publishing.approvals import unapproved
from pluralis.publishing.checks import ON_ITS_WAY, Confirmations
from pluralis.publishing.models import Delivery, Evergreen, Instance, Part, SlotFill, StopOrder
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import ActionError, Conflict, Invalid
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of

AHEAD = timedelta(days=2)
"""Slots that are still empty this long before their time are refilled."""

REST = timedelta(days=7)
"""How long an evergreen post rests on an account before it may come again."""

REMEMBERED = 100


def mark_evergreen(*, actor: Membership, post_id: UUID, account_id: UUID, now: datetime) -> Evergreen:
    """Let a post refill empty slots of an account, in the actor's name; marked already, it goes on in their name."""
    post = access_post(actor, post_id)
    account = access_account(actor, account_id, Ability.PUBLISH)
    if post.message_id is not None or post.recipient is not None:
        raise Invalid("answer_repeats", _("An answer to somebody cannot repeat."), kept=_("Nothing was changed."))
    with transaction.atomic():
        evergreen, _new = Evergreen.objects.update_or_create(
            account=account,
            post=post,
            defaults={
                "team_id": actor.team_id, "responsible": actor, "resumed_at": now, "waiting_code": "",
                "waiting_words": "",
            },
            create_defaults={
                "team_id": actor.team_id, "responsible": actor, "resumed_at": now, "created_at": now,
                "last_used_at": _last_said(account, post),
            },
        )  # fmt: skip
        _note(actor, evergreen, "marked", now)
    return evergreen


def _last_said(account: Account, post: Post) -> datetime | None:
    """Return when the post itself goes or went out on the account, so that it rests first."""
    said = Part.objects.filter(account=account, delivery__post=post, state__in=ON_ITS_WAY)
    return said.order_by("-planned_at").values_list("planned_at", flat=True).first()


def unmark_evergreen(*, actor: Membership, evergreen_id: UUID, now: datetime) -> None:
    """Take a post off the list; what it has filled already stays planned."""
    evergreen = access_evergreen(actor, evergreen_id, Ability.PUBLISH)
    with transaction.atomic():
        _note(actor, evergreen, "unmarked", now)
        evergreen.delete()


def refill_slots(account_id: UUID, *, now: datetime) -> int:
    """Fill the empty slots of the next two days with evergreen posts; returns how many.

    Each slot once, whoever looks and how often: what a person took out of it is not put back. Nothing in
    quarantine, while everything is stopped, or by a list nobody has looked at since a stop.
    """
    with transaction.atomic():
        account = Account.objects.select_related("team").get(id=account_id)
        if account.quarantined_at or account.paused_at or account.released_at or not account.connected:
            return 0
        if Instance.objects.filter(quarantined_at__isnull=False).exists():
            return 0
        lock_accounts([account])
        filled = set(
            SlotFill.objects.filter(account=account, created_at__gte=now - 2 * AHEAD).values_list("local", flat=True)
        )
        with translation.override(account.team.language or None):
            free = [each for each in free_slots(account, now, now + AHEAD) if each.local not in filled]
            return sum(_fill(account, slot, now) for slot in free)


def _fill(account: Account, slot: Time, now: datetime) -> bool:
    """Put the evergreen post whose turn it is into a slot; one that is refused waits and the next is tried."""
    for evergreen in _in_turn(account, slot.at):
        try:
            with transaction.atomic():
                _check_own_text(account, evergreen)
                fill = SlotFill.objects.create(
                    team_id=account.team_id, account=account, local=slot.local, evergreen=evergreen, created_at=now
                )
                note_queued(_schedule(account, evergreen, slot, fill, now), now)
                evergreen.last_used_at, evergreen.uses = slot.at, evergreen.uses + 1
                evergreen.save(update_fields=["last_used_at", "uses"])
                audit.note(
                    "publishing.slot.refilled", team_id=account.team_id, about=evergreen, now=now, local=slot.local
                )
                return True
        except ActionError as error:
            evergreen.waiting_code, evergreen.waiting_words = error.code, str(error)
            evergreen.save(update_fields=["waiting_code", "waiting_words"])
            note_change(account.team_id, f"queue:{account.id}")
    return False


def _in_turn(account: Account, at: datetime) -> list[Evergreen]:
    """Return the posts that may fill a slot at ``at``, the longest unused first."""
    stop = StopOrder.objects.filter(team=account.team_id).order_by("-ordered_at").first()
    found = Evergreen.objects.filter(account=account, waiting_code="", responsible__isnull=False)
    rested = [
        each
        for each in found.select_related("post", "responsible__team", "responsible__user")
        if each.last_used_at is None or each.last_used_at <= at - REST
    ]
    allowed = [each for each in rested if stop is None or stop.ordered_at < each.resumed_at]
    return sorted(allowed, key=lambda each: (each.last_used_at is not None, each.last_used_at or at, each.created_at))


def _check_own_text(account: Account, evergreen: Evergreen) -> None:
    """Refuse words that the account has said before, where its network forbids repeats."""
    if not network_of(account).repeats_need_own_text:
        return
    said = Part.objects.filter(account=account, state__in=ON_ITS_WAY).order_by("-planned_at")
    texts = list(said.values_list("text", flat=True)[:REMEMBERED])
    for segment in segments_for(post_with_words(evergreen.post_id), account):
        if nearly_same(segment.text, texts) is not None:
            raise Conflict(
                "no_text_left",
                _("This account has said nearly the same before, and its network forbids repeats."),
                next_step=_("Write it anew and mark the new post as evergreen."),
            )


def _schedule(account: Account, evergreen: Evergreen, slot: Time, fill: SlotFill, now: datetime) -> Delivery:
    actor = evergreen.responsible
    assert actor is not None
    key = f"evergreen:{fill.id.hex}"
    draft = draft_from(post_with_words(evergreen.post_id))
    post = post_with_words(create_post(actor=actor, draft=draft, client_key=key, now=now).id)
    plan = Plan(slot.at, account.zone, confirmed=Confirmations(same_text=True))
    if unapproved(evergreen.post, [account], actor):
        return schedule_post(
            actor=actor, post_id=post.id, account_ids=[account.id], plan=plan, client_key=key, now=now
        )[0]
    return schedule_approved(actor=actor, post=post, accounts=[account], plan=plan, client_key=key, now=now)[0]


def _note(actor: Membership, evergreen: Evergreen, what: str, now: datetime) -> None:
    audit.note(f"publishing.evergreen.{what}", team_id=actor.team_id, actor=actor, about=evergreen, now=now)
    note_change(actor.team_id, f"queue:{evergreen.account_id}")
