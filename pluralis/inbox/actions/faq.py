"""The FAQ: an answer becomes an entry, a second click makes it public, and the page opens or closes."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core import privacy
from pluralis.core.privacy import mask
from pluralis.core.questions import terms_of
from pluralis.inbox.access import access_faq_entry, access_message
from pluralis.inbox.models import AnsweredQuestion, FaqEntry, FaqPage
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.ids import new_id
from pluralis.teams.models import LANGUAGES, Account, Membership
from pluralis.teams.queries import privacy_of

LONGEST_QUESTION = 300
LONGEST_ANSWER = 5_000
_HANDLE = re.compile(r"(?<![\w@/.])@[\w.-]*\w(?:@[\w.-]*\w)?")
_SIGNED = re.compile(r"\s*\^[A-Za-zÀ-ÿ]{1,4}\s*$")


@dataclass(frozen=True, slots=True)
class Words:
    """A FAQ entry as it was typed: in which language, the question and its answer."""

    language: str
    question: str
    answer: str


def words_from(*, actor: Membership, message_id: UUID) -> tuple[AnsweredQuestion, Words]:
    """Return what an answered question would be as an entry: without handles, initials and personal data.

    ``message_id`` is the question or the answer. Raises :class:`NotFound` when it is neither.
    """
    message = access_message(actor, message_id, Ability.ANSWER)
    side = {"answer": message} if message.direction == "out" else {"question": message}
    found = AnsweredQuestion.objects.select_related("question", "answer", "account__team").filter(**side).first()
    if found is None:
        raise Conflict("not_answered", _("This is no answer that stands on the network yet."),
                       next_step=_("Wait until it is sent, or write the entry by hand."))  # fmt: skip
    language = found.language or found.account.language or "en"
    question = _public(found.question.text, found.account, language)
    answer = _SIGNED.sub("", _public(found.answer.text, found.account, language))
    return found, Words(language, question[:LONGEST_QUESTION], answer)


def _public(text: str, account: Account, language: str) -> str:
    rules = privacy_of(account.team)
    data = privacy.find(text, language=language, references=rules.references, allow=rules.allow)
    masked = mask(text, data)
    return " ".join(_HANDLE.sub("", masked).split()).lstrip(". ,:")


def save_entry(
    *,
    actor: Membership,
    account_id: UUID,
    words: Words,
    entry: FaqEntry | None,
    message_id: UUID | None,
    now: datetime,
) -> FaqEntry:
    """Save a new entry as a draft, or a changed one (``entry`` as it was read; an older revision is a Conflict).

    A public entry that is changed stays public with the new words, checked as at publishing.
    """
    account = access_account(actor, account_id, Ability.ANSWER)
    _check_words(words)
    with transaction.atomic():
        row = _locked(actor, entry) if entry else FaqEntry(id=new_id(), team_id=actor.team_id, account=account)
        row.language, row.question, row.answer = words.language, words.question.strip(), words.answer.strip()
        row.terms = terms_of(row.question)
        row.changed_by, row.changed_at = actor, now
        if entry is None and message_id is not None:
            row.message = access_message(actor, message_id, Ability.ANSWER)
        if row.state == FaqEntry.State.PUBLISHED:
            _check_public(row, account)
        row.save(force_insert=entry is None)
        _note(actor, row, "saved", now)
    return row


def publish_entry(*, actor: Membership, entry_id: UUID, now: datetime) -> FaqEntry:
    """Make an entry public. Refused while it holds personal data or a handle, with the words that must go."""
    return _set_state(actor, entry_id, FaqEntry.State.PUBLISHED, "published", now)


def withdraw_entry(*, actor: Membership, entry_id: UUID, now: datetime) -> FaqEntry:
    """Take an entry off the public page; it stays as a draft."""
    return _set_state(actor, entry_id, FaqEntry.State.DRAFT, "withdrawn", now)


def put_entry_aside(*, actor: Membership, entry_id: UUID, now: datetime) -> FaqEntry:
    """Put an entry aside: it is neither public nor proposed; it can be brought back as a draft."""
    return _set_state(actor, entry_id, FaqEntry.State.PUT_ASIDE, "put_aside", now)


def set_page(*, actor: Membership, account_id: UUID, opened: bool, now: datetime) -> FaqPage:
    """Open or close the public page of an account. Its address is chosen once and stays the same."""
    account = access_account(actor, account_id, Ability.PUBLISH)
    with transaction.atomic():
        page, _new = FaqPage.objects.select_for_update().get_or_create(
            account=account,
            defaults={"id": new_id(), "team_id": actor.team_id, "key": secrets.token_urlsafe(9), "changed_at": now},
        )
        page.open, page.changed_at = opened, now
        page.save(update_fields=["open", "changed_at"])
        audit.note(
            "inbox.faq_page.opened" if opened else "inbox.faq_page.closed",
            team_id=actor.team_id, actor=actor, about=page, now=now,
        )  # fmt: skip
        note_change(actor.team_id, "faq")
    return page


def _set_state(actor: Membership, entry_id: UUID, state: FaqEntry.State, what: str, now: datetime) -> FaqEntry:
    with transaction.atomic():
        row = access_faq_entry(actor, entry_id)
        row = FaqEntry.objects.select_for_update().select_related("account__team").get(id=row.id)
        access_account(actor, row.account_id, Ability.PUBLISH)
        if state == FaqEntry.State.PUBLISHED:
            _check_public(row, row.account)
            row.published_by, row.published_at = actor, now
        row.state = state
        row.save(update_fields=["state", "published_by", "published_at"])
        _note(actor, row, what, now)
    return row


def _check_words(words: Words) -> None:
    fields: dict[str, str] = {}
    if not 3 <= len(words.question.strip()) <= LONGEST_QUESTION:
        fields["question"] = _("A question of 3 to %(most)d characters.") % {"most": LONGEST_QUESTION}
    if not 3 <= len(words.answer.strip()) <= LONGEST_ANSWER:
        fields["answer"] = _("An answer of 3 to %(most)d characters.") % {"most": LONGEST_ANSWER}
    if words.language not in dict(LANGUAGES):
        fields["language"] = _("Choose a language.")
    if fields:
        raise Invalid("entry_refused", _("This entry cannot be saved yet."),
                      kept=_("Your words are still on the page."), next_step=_("Mend what is marked."),
                      fields=fields)  # fmt: skip


def _check_public(row: FaqEntry, account: Account) -> None:
    """Raise :class:`Invalid` with the first words that strangers must not read, per field."""
    fields = {}
    for name in ("question", "answer"):
        said = _not_public(getattr(row, name), account, row.language)
        if said:
            fields[name] = _("“%(words)s” must not stand on a public page.") % {"words": said}
    if fields:
        raise Invalid("not_public", _("This entry names somebody or holds personal data."),
                      kept=_("It stays as it was."), next_step=_("Take the marked words out, then publish it."),
                      fields=fields)  # fmt: skip


def _not_public(text: str, account: Account, language: str) -> str:
    rules = privacy_of(account.team)
    found = privacy.find(text, language=language, references=rules.references, allow=rules.allow)
    if found:
        return text[found[0].start : found[0].end]
    own = {f"@{one}".lower() for one in Account.objects.filter(team=account.team_id).values_list("handle", flat=True)}
    others = [one for one in _HANDLE.findall(text) if one.lower() not in own]
    return others[0] if others else ""


def _locked(actor: Membership, entry: FaqEntry) -> FaqEntry:
    access_faq_entry(actor, entry.id)
    row = FaqEntry.objects.select_for_update().get(id=entry.id)
    if row.revision != entry.revision:
        raise Conflict("entry_changed", _("Somebody else saved this entry meanwhile."),
                       kept=_("Theirs is saved, yours is still on your page."),
                       next_step=_("Open it anew and compare."))  # fmt: skip
    row.revision += 1
    return row


def _note(actor: Membership, row: FaqEntry, what: str, now: datetime) -> None:
    audit.note(f"inbox.faq_entry.{what}", team_id=actor.team_id, actor=actor, about=row, now=now)
    note_change(actor.team_id, "faq")
