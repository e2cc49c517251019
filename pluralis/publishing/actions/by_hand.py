"""Finish by hand: what a network allows only to people is sent there by one, and found again in the timeline."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pluralis import jobs
from pluralis.core.matching import Sample, in_window, is_same
from pluralis.core.states import HoldReason, PartState
from pluralis.networks.contract import Outgoing, RemotePost, Search
from pluralis.publishing.access import access_part, lock_part
from pluralis.publishing.actions.change import link_by_hand
from pluralis.publishing.actions.record import settle_as_sent
from pluralis.publishing.models import Part
from pluralis.teams import audit
from pluralis.teams.access import Ability
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Forbidden, Invalid
from pluralis.teams.models import Membership
from pluralis.teams.queries import network_of, public_access_of

LOOK_EVERY = timedelta(seconds=20)
LOOK_FOR = timedelta(minutes=10)
"""How long a part is looked for after a person opened the network's page; then they are asked."""

NOT_FOUND = "ask_by_hand"


def may_finish_by_hand(actor: Membership, part: Part) -> bool:
    """Say whether the member knows the account's sign-in: their own account, or trusted with it by an owner."""
    return actor.may_post_by_hand or part.account.member_id == actor.id


def open_by_hand(*, actor: Membership, part_id: UUID, now: datetime) -> Part:
    """Hand the part over to a person and begin to look for it; returns the part with the page to open.

    Pressed twice is pressed once: while somebody looks, no second look begins.
    """
    part = access_part(actor, part_id, Ability.PUBLISH)
    if not may_finish_by_hand(actor, part):
        raise Forbidden("post_by_hand")
    with transaction.atomic():
        part = lock_part(part.id)
        if not _is_by_hand(part) or not part.by_hand_url:
            raise Conflict("not_by_hand", _("This is not to be finished by hand."), kept=_("Nothing was changed."))
        if part.look_again_at is None or part.look_again_at < now:
            part.look_again_at = now + LOOK_EVERY
            part.save(update_fields=["look_again_at"])
            _wake_look(part.id, since=now, at=part.look_again_at)
            audit.note("publishing.part.opened_by_hand", team_id=part.team_id, actor=actor, about=part, now=now)
            note_change(part.team_id, f"part:{part.id}", "calendar")
    return part


def link_by_url(*, actor: Membership, part_id: UUID, url: str, now: datetime) -> Part:
    """Link a part to the page that a person copied. Raises :class:`Invalid` unless it is a post of that profile."""
    part = access_part(actor, part_id, Ability.PUBLISH)
    network = network_of(part.account)
    remote_id = network.connector.remote_id_of(public_access_of(part.account), url)
    if remote_id is None:
        raise Invalid(
            "not_our_post",
            _("This is not the address of a post by @%(handle)s on %(network)s.")
            % {"handle": part.account.handle, "network": network.title},
            kept=_("Nothing was changed."),
            next_step=_("Open the post there and copy the address from the browser's address bar."),
        )
    page = url if url.startswith(("https://", "http://")) else ""
    return link_by_hand(actor=actor, part_id=part_id, remote_id=remote_id, url=page, now=now)


def settle_by_hand(
    part_id: UUID, outgoing: Outgoing, search: Search | None, *, since: datetime, now: datetime
) -> bool:
    """Bind a part to the one post that is it, or look again, or ask; returns whether it was found.

    ``since`` is the instant of opening; ``None`` for a timeline that could not be read now.
    """
    found = _same(outgoing, search, since)
    free = [post for post in found if not _is_taken(part_id, post)]
    try:
        with transaction.atomic():
            part = lock_part(part_id)
            if not _is_by_hand(part):
                return False
            if len(free) == 1:
                settle_as_sent(part, free[0], now)
                return True
            _look_again_or_ask(part, since=since, now=now)
    except IntegrityError:
        # In the meantime another part was bound to this very post: the next look finds it taken.
        with transaction.atomic():
            _look_again_or_ask(lock_part(part_id), since=since, now=now)
    return False


def _is_by_hand(part: Part) -> bool:
    return part.state == PartState.HELD and part.hold_reason == HoldReason.BY_HAND


def _same(outgoing: Outgoing, search: Search | None, since: datetime) -> list[RemotePost]:
    answered = outgoing.reply_to.remote_id if outgoing.reply_to else None
    ours = Sample(outgoing.text, answered, len(outgoing.attachments))
    return [post for post in (search.posts if search else ()) if _is_ours(ours, post, since)]


def _is_ours(ours: Sample, post: RemotePost, since: datetime) -> bool:
    theirs = Sample(post.text, post.reply_to_id, post.media_count, post.created_at)
    return is_same(ours, theirs) and in_window(theirs, since)


def _is_taken(part_id: UUID, post: RemotePost) -> bool:
    account = Part.objects.filter(id=part_id).values("account")
    return Part.objects.filter(account__in=account, remote_id=post.reference.remote_id).exclude(id=part_id).exists()


def _look_again_or_ask(part: Part, *, since: datetime, now: datetime) -> None:
    goes_on = now + LOOK_EVERY <= since + LOOK_FOR
    part.look_again_at = now + LOOK_EVERY if goes_on else None
    if goes_on:
        _wake_look(part.id, since=since, at=now + LOOK_EVERY)
    else:
        part.reason = NOT_FOUND
        note_change(part.team_id, f"part:{part.id}", "calendar")
    part.save(update_fields=["look_again_at", "reason"])


def _wake_look(part_id: UUID, *, since: datetime, at: datetime) -> None:
    jobs.defer("look_for_by_hand", queue=jobs.UPKEEP, at=at, part_id=str(part_id), since=since.isoformat())
