"""What is out and should not be: taken down, given other words, or followed by a correction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis import jobs
from pluralis.config.wiring import tell
from pluralis.core.delivery import back_off
from pluralis.core.findings import Severity
from pluralis.core.states import PART_MOVES, PartState, check_part_move
from pluralis.networks.contract import Edits
from pluralis.posts.actions import create_post
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.models import Post
from pluralis.posts.queries import check_segment
from pluralis.publishing.access import access_part, lock_part
from pluralis.publishing.approvals import rule_of
from pluralis.publishing.checks import stopped_text
from pluralis.publishing.models import Correction, Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, may
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of

MOST_TRIES = 60
"""About half a day of back-offs; then a person is shown why it did not work."""

_TAKE_DOWN, _EDIT = Correction.Kind.TAKE_DOWN, Correction.Kind.EDIT
_WANTED, _DONE, _REFUSED = Correction.State.WANTED, Correction.State.DONE, Correction.State.REFUSED


def take_down(*, actor: Membership, part_id: UUID | str, whole: bool, now: datetime) -> list[Correction]:
    """Ask for a part, or the whole thread on this account, to be deleted on its network. Pressed twice is once.

    With ``whole`` the rest of the thread that still waits is cancelled too. The network is asked by a job, outside
    any transaction, until it says yes or no.
    """
    part = access_part(actor, part_id, Ability.PUBLISH)
    with transaction.atomic():
        parts = _locked(part, whole)
        out = [each for each in parts if each.state == PartState.SENT]
        if not out and not any(each.state == PartState.DELETED for each in parts):
            raise _not_out()
        for each in parts if whole else ():
            _cancel_rest(each)
        return [_ask(actor, each, _TAKE_DOWN, "", now) for each in out]


def correct_words(*, actor: Membership, part_id: UUID | str, text: str, now: datetime) -> Correction:
    """Ask for a part that is out to get other words, where its network can do that; checked like a new post."""
    part = access_part(actor, part_id, Ability.PUBLISH)
    if not may_edit(part.account):
        raise Conflict(
            "no_edit",
            _("%(network)s lets no program change a post that is out.") % {"network": network_of(part.account).title},
            kept=_("Nothing was changed."),
            next_step=_("Take it down, or follow it up with a correction."),
        )
    clean = text.replace("\r\n", "\n")
    _check_words(actor, part, clean)
    with transaction.atomic():
        (locked,) = _locked(part, whole=False)
        if locked.state != PartState.SENT:
            raise _not_out()
        return _ask(actor, locked, _EDIT, clean, now)


def follow_up(*, actor: Membership, part_id: UUID | str, now: datetime) -> Post:
    """Return a draft that answers a part of ours that is out, to correct it; pressed twice is the same draft."""
    part = access_part(actor, part_id, Ability.PUBLISH)
    if part.state != PartState.SENT or not part.remote_id:
        raise _not_out()
    old = part.delivery.post
    segment = DraftSegment(_("Correction:") + " ")
    answered: dict[str, object] = {"remote_id": part.remote_id, "extra": part.remote}
    draft = Draft((DraftVersion((segment,)),), language=old.language, visibility=old.visibility, reply_to=answered)
    return create_post(actor=actor, draft=draft, client_key=f"follow-{part.id}-{actor.id}"[:64], now=now)


def may_edit(account: Account) -> bool:
    """Say whether the account's network lets a program change a post that is out."""
    return isinstance(network_of(account).connector, Edits)


def settle_correction(correction_id: UUID, now: datetime) -> None:
    """Note that the network has done it: the part is gone, or has its new words. Settled already is fine."""
    with transaction.atomic():
        correction = _lock(correction_id)
        if correction.state != _WANTED:
            return
        part = lock_part(correction.part_id)
        if correction.kind == _TAKE_DOWN and part.state == PartState.SENT:
            check_part_move(PartState.SENT, PartState.DELETED)
            part.state = PartState.DELETED
            part.save(update_fields=["state"])
        elif correction.kind == _EDIT:
            part.text = correction.text
            part.save(update_fields=["text"])
        correction.state, correction.done_at, correction.reason = _DONE, now, ""
        correction.save(update_fields=["state", "done_at", "reason"])
        audit.note("publishing.correction.done", team_id=part.team_id, about=correction, now=now, part=part.id,
                   kind=correction.kind)  # fmt: skip
        tell("answer_changed", part=part, now=now)
        _note(part)


def refuse_correction(correction_id: UUID, reason: str, now: datetime) -> None:
    """Note that the network will not do it, and why; a person reads it at the part."""
    with transaction.atomic():
        correction = _lock(correction_id)
        if correction.state != _WANTED:
            return
        correction.state, correction.reason, correction.done_at = _REFUSED, reason[:2000], now
        correction.save(update_fields=["state", "reason", "done_at"])
        audit.note("publishing.correction.refused", team_id=correction.team_id, about=correction, now=now,
                   part=correction.part_id)  # fmt: skip
        _note(correction.part)


def try_correction_later(
    correction_id: UUID, reason: str, until: datetime | None, jitter: float, now: datetime
) -> None:
    """Note that it is not known or not possible now: it may be asked again without harm, after a while."""
    with transaction.atomic():
        correction = _lock(correction_id)
        if correction.state != _WANTED:
            return
        correction.tries += 1
        if correction.tries >= MOST_TRIES:
            refuse_correction(correction.id, reason, now)
            return
        correction.reason = reason[:2000]
        correction.next_at = max(until or now, now + back_off(correction.tries, jitter))
        correction.save(update_fields=["tries", "reason", "next_at"])
        wake_correction(correction)
        _note(correction.part)


def wake_correction(correction: Correction) -> None:
    """Put the job of a correction into the engine, in the caller's transaction."""
    jobs.defer("correct_post", queue=jobs.PUBLISH, at=correction.next_at, correction_id=str(correction.id))


def _ask(actor: Membership, part: Part, kind: str, text: str, now: datetime) -> Correction:
    waiting = Correction.objects.filter(part=part, state=_WANTED).first()
    if waiting is not None and (waiting.kind, waiting.text) == (kind, text):
        return waiting
    if waiting is not None and kind == _EDIT:
        raise Conflict("correcting", _("This post is being corrected already."), kept=_("Nothing was changed."),
                       next_step=_("Wait a moment, then look again."))  # fmt: skip
    if waiting is not None:
        # Who takes it down no longer needs its other words.
        waiting.state, waiting.done_at, waiting.reason = _REFUSED, now, "taken_down"
        waiting.save(update_fields=["state", "done_at", "reason"])
    made = Correction.objects.create(
        team_id=part.team_id, part=part, kind=kind, text=text, before=part.text, asked_by=actor, asked_at=now,
        next_at=now,
    )  # fmt: skip
    audit.note("publishing.correction.asked", team_id=part.team_id, actor=actor, about=made, now=now, part=part.id,
               kind=kind, text=audit.fingerprint(text) if text else "")  # fmt: skip
    wake_correction(made)
    _note(part)
    return made


def _locked(part: Part, whole: bool) -> Sequence[Part]:
    wanted = Part.objects.filter(delivery=part.delivery_id) if whole else Part.objects.filter(id=part.id)
    return list(wanted.select_for_update(of=("self",)).select_related("account").order_by("position"))


def _cancel_rest(part: Part) -> None:
    waits = part.state not in (PartState.SENT, PartState.DELETED, PartState.UNCONFIRMED)
    if waits and PartState.CANCELLED in PART_MOVES[PartState(part.state)]:
        part.state = PartState.CANCELLED
        part.save(update_fields=["state"])


def _check_words(actor: Membership, part: Part, text: str) -> None:
    account = Account.objects.select_related("team").get(id=part.account_id)
    if rule_of(account).approvals and not may(actor, Ability.APPROVE):
        said = _("What stands on this account is changed by those who approve.")
        next_step = _("Ask an owner or a lead of your team.")
        raise Conflict("needs_approval", said, kept=_("Nothing was changed."), next_step=next_step)
    post = part.delivery.post
    pictures = [each.media for each in part.segment.pictures.select_related("media")] if part.segment else []
    draft = Draft((DraftVersion((DraftSegment(""),)),), language=post.language, visibility=post.visibility)
    check = check_segment(text, pictures, account, draft)
    reasons = {f"rule:{one.rule}": stopped_text(one.rule) for one in check.findings if one.severity is Severity.STOP}
    if not check.length.fits:
        reasons["text"] = _("The text is too long for this network.")
    if not text.strip() or reasons:
        raise Invalid(
            "cannot_go_out",
            _("The words cannot be changed to these."),
            kept=_("The post stands as it was."),
            next_step=_("Mend them and try again."),
            fields=reasons,
        )


def _lock(correction_id: UUID) -> Correction:
    return Correction.objects.select_for_update(of=("self",)).select_related("part").get(id=correction_id)


def _not_out() -> Conflict:
    return Conflict("not_out", _("This is not on the network."), kept=_("Nothing was changed."),
                    next_step=_("Take it back on the calendar if it still waits."))  # fmt: skip


def _note(part: Part) -> None:
    note_change(part.team_id, f"part:{part.id}", "calendar")
