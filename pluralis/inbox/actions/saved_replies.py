"""Saved replies: write them, check them, use them, put them aside."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from pluralis.core import voice
from pluralis.core.findings import Finding, Severity
from pluralis.core.questions import PLACEHOLDERS, unknown_placeholders
from pluralis.inbox.access import access_saved_reply
from pluralis.inbox.models import SavedReply
from pluralis.posts.queries import voice_of
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.ids import new_id
from pluralis.teams.models import LANGUAGES, Account, Membership

LONGEST = 5_000


def save_reply(
    *, actor: Membership, name: str, texts: Mapping[str, str], saved: SavedReply | None, account_id: UUID | None,
    now: datetime,
) -> SavedReply:  # fmt: skip
    """Save a new reply, or a changed one (``saved`` as it was read; an older revision is a :class:`Conflict`).

    ``texts`` are the words by language; empty ones are left out. Raises :class:`Invalid` for no name, no words, a
    placeholder that does not exist, or words that the voice rules stop, each with its field.
    """
    require(actor, Ability.ANSWER)
    account = access_account(actor, account_id, Ability.ANSWER) if account_id else None
    kept = {code: text.strip() for code, text in texts.items() if text.strip() and code in dict(LANGUAGES)}
    _check(name.strip(), kept, account)
    try:
        with transaction.atomic():
            row = _locked(actor, saved) if saved else SavedReply(id=new_id(), team_id=actor.team_id)
            row.name, row.texts, row.account = name.strip(), kept, account
            row.changed_by, row.changed_at = actor, now
            row.save(force_insert=saved is None)
            audit.note("inbox.saved_reply.saved", team_id=actor.team_id, actor=actor, about=row, now=now)
            note_change(actor.team_id, "saved_replies")
    except IntegrityError:
        raise Invalid(
            "name_taken", _("Another saved reply has this name."), kept=_("Your words are kept."),
            fields={"name": _("Another saved reply has this name.")},
        ) from None  # fmt: skip
    return row


def put_reply_aside(*, actor: Membership, saved_id: UUID, aside: bool, now: datetime) -> SavedReply:
    """Put a saved reply aside, or bring it back."""
    require(actor, Ability.ANSWER)
    with transaction.atomic():
        row = access_saved_reply(actor, saved_id)
        row.put_aside_at = now if aside else None
        row.save(update_fields=["put_aside_at"])
        audit.note(
            "inbox.saved_reply.put_aside" if aside else "inbox.saved_reply.brought_back",
            team_id=actor.team_id, actor=actor, about=row, now=now,
        )  # fmt: skip
        note_change(actor.team_id, "saved_replies")
    return row


def note_use(*, actor: Membership, saved_id: UUID, now: datetime) -> None:
    """Count that a saved reply was taken, so that the most used stand first."""
    row = access_saved_reply(actor, saved_id)
    SavedReply.objects.filter(id=row.id).update(used=F("used") + 1, used_at=now)


def voice_findings(text: str, language: str, account: Account | None) -> list[Finding]:
    """Return what the voice rules say of a saved reply in a language: of its account, or of any company account."""
    profile = voice_of(account) if account else voice.VoiceProfile.for_account("support")
    return list(voice.check(text, language=language, profile=profile).findings)


def _check(name: str, texts: dict[str, str], account: Account | None) -> None:
    fields: dict[str, str] = {}
    if not name or len(name) > 80:
        fields["name"] = _("A name of 1 to 80 characters.")
    if not texts:
        fields["text"] = _("There are no words in any language yet.")
    for code, text in texts.items():
        said = _trouble(text, code, account)
        if said:
            fields[f"text_{code}"] = said
    if fields:
        raise Invalid("reply_refused", _("This reply cannot be saved yet."),
                      kept=_("Your words are still on the page."), next_step=_("Mend what is marked."),
                      fields=fields)  # fmt: skip


def _trouble(text: str, code: str, account: Account | None) -> str:
    if len(text) > LONGEST:
        return _("It is longer than %(most)d characters.") % {"most": LONGEST}
    unknown = unknown_placeholders(text)
    if unknown:
        known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
        return _("{%(word)s} is no placeholder. There are: %(known)s.") % {"word": unknown[0], "known": known}
    stops = [one for one in voice_findings(text, code, account) if one.severity is Severity.STOP]
    if stops:
        return _("The voice rules stop “%(words)s”.") % {"words": text[stops[0].start : stops[0].end]}
    return ""


def _locked(actor: Membership, saved: SavedReply) -> SavedReply:
    access_saved_reply(actor, saved.id)
    row = SavedReply.objects.select_for_update().get(id=saved.id)
    if row.revision != saved.revision:
        raise Conflict("reply_changed", _("Somebody else saved this reply meanwhile."),
                       kept=_("Theirs is saved, yours is still on your page."),
                       next_step=_("Open it anew and compare."))  # fmt: skip
    row.revision += 1
    return row
