"""Saved replies and the FAQ: written here, offered beside the reply box, and read by everybody on a public page."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pluralis.core.questions import PLACEHOLDERS
from pluralis.inbox import actions, queries
from pluralis.inbox.access import (
    access_conversation,
    access_faq_entry,
    access_open_faq,
    access_saved_reply,
)
from pluralis.inbox.models import FaqEntry, SavedReply
from pluralis.teams.access import Ability, access_account, accounts_of, may, require, valid_id
from pluralis.teams.errors import ActionError, NotFound
from pluralis.teams.models import LANGUAGES, Account
from pluralis.web.gates import SeatedRequest, seated

LONGEST_SEARCH = 200


@seated
def replies(request: SeatedRequest) -> HttpResponseBase:
    """The saved replies, most used first."""
    require(request.membership, Ability.VIEW)
    aside = request.GET.get("aside") == "1"
    context = {
        "replies": queries.saved_replies_of(request.membership, aside=aside),
        "aside": aside,
        "may_write": may(request.membership, Ability.ANSWER),
    }
    return render(request, "knowledge/replies.html", context)


@seated
def reply(request: SeatedRequest, saved_id: UUID | None = None) -> HttpResponseBase:
    """One saved reply, new or to be changed: its words in each language."""
    require(request.membership, Ability.ANSWER)
    saved = access_saved_reply(request.membership, saved_id) if saved_id else None
    if request.method != "POST":
        return _reply_page(request, saved, saved.texts if saved else {}, saved.name if saved else "")
    texts = {code: request.POST.get(f"text_{code}", "") for code, _label in LANGUAGES}
    name, account = request.POST.get("name", ""), request.POST.get("account", "")
    if saved is not None:
        saved.revision = _number(request.POST.get("revision", ""))
    try:
        actions.save_reply(
            actor=request.membership, name=name, texts=texts, saved=saved,
            account_id=valid_id(account) if account else None, now=timezone.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except ActionError as error:
        return _reply_page(request, saved, texts, name, error)
    messages.success(request, _("Saved. It is offered beside every answer."))
    return redirect("settings_replies")


def _reply_page(
    request: SeatedRequest,
    saved: SavedReply | None,
    texts: dict[str, str],
    name: str,
    error: ActionError | None = None,
) -> HttpResponseBase:
    fields = error.fields if error else {}
    boxes = [
        {
            "code": code,
            "label": label,
            "text": texts.get(code, ""),
            "error": fields.get(f"text_{code}", ""),
            "findings": actions.voice_findings(texts[code], code, saved.account if saved else None)
            if texts.get(code)
            else [],
        }
        for code, label in LANGUAGES
    ]
    chosen = request.POST.get("account", str(saved.account_id or "") if saved else "")
    context = {
        "saved": saved,
        "name": name,
        "boxes": boxes,
        "error": error,
        "fields": fields,
        "accounts": accounts_of(request.membership),
        "chosen": chosen,
        "placeholders": PLACEHOLDERS,
    }
    return render(request, "knowledge/reply.html", context, status=error.status if error else 200)


@require_POST
@seated
def reply_aside(request: SeatedRequest, saved_id: UUID) -> HttpResponseBase:
    """Put a saved reply aside, or bring it back."""
    aside = request.POST.get("aside") != "0"
    row = actions.put_reply_aside(actor=request.membership, saved_id=saved_id, aside=aside, now=timezone.now())
    said = _("“%(name)s” is put aside.") if aside else _("“%(name)s” is back.")
    messages.success(request, said % {"name": row.name})
    return redirect("settings_replies")


@require_POST
@seated
def before(request: SeatedRequest, conversation_id: UUID) -> HttpResponseBase:
    """Beside the reply box: what was answered before to such a question, and the saved replies that fit.

    By POST, since what is typed may be personal and addresses end up in logs.
    """
    conversation = access_conversation(request.membership, conversation_id, Ability.ANSWER)
    asked = queries.last_incoming(conversation)
    typed = request.POST.get("text", "")[:LONGEST_SEARCH]
    question = asked.text if asked else ""
    language = (asked.language if asked else "") or conversation.language or conversation.account.language
    context = {
        "conversation": conversation,
        "incident": queries.approved_text(conversation),
        "known": queries.asked_before(request.membership, f"{question} {typed}", language, conversation.account),
        "replies": queries.ready_replies(request.membership, conversation, language),
    }
    return render(request, "knowledge/before.html", context)


@require_POST
@seated
def used(request: SeatedRequest, saved_id: UUID) -> HttpResponseBase:
    """Count that a saved reply was taken into the reply box."""
    require(request.membership, Ability.ANSWER)
    actions.note_use(actor=request.membership, saved_id=saved_id, now=timezone.now())
    return render(request, "knowledge/nothing.html", status=200)


@seated
def faq(request: SeatedRequest) -> HttpResponseBase:
    """The FAQ of one account: its entries, its public page, and what is asked most and not in it."""
    require(request.membership, Ability.VIEW)
    accounts = list(accounts_of(request.membership))
    account = _chosen(request, accounts)
    if account is None:
        return render(request, "knowledge/faq.html", {"account": None, "accounts": accounts})
    page = queries.faq_page_of(account)
    context = {
        "accounts": accounts,
        "account": account,
        "entries": queries.faq_of(request.membership, account),
        "page": page,
        "address": settings.SITE_URL + reverse("answers", args=[page.key]) if page else "",
        "asked": queries.asked_most(request.membership, account, timezone.now()),
        "may_write": may(request.membership, Ability.ANSWER),
        "may_publish": may(request.membership, Ability.PUBLISH),
    }
    return render(request, "knowledge/faq.html", context)


def _chosen(request: SeatedRequest, accounts: list[Account]) -> Account | None:
    wanted = request.GET.get("account") or request.session.get("account") or ""
    return next((one for one in accounts if str(one.id) == wanted), accounts[0] if accounts else None)


@seated
def entry(request: SeatedRequest, entry_id: UUID | None = None) -> HttpResponseBase:
    """One entry, new (empty, or from ``message``) or to be changed."""
    require(request.membership, Ability.ANSWER)
    row = access_faq_entry(request.membership, entry_id) if entry_id else None
    if request.method == "POST":
        return _save_entry(request, row)
    words, account, message_id = _first_words(request, row)
    return _entry_page(request, row, words, account, message_id)


def _first_words(request: SeatedRequest, row: FaqEntry | None) -> tuple[actions.Words, Account, str]:
    if row is not None:
        return actions.Words(row.language, row.question, row.answer), row.account, ""
    message_id = request.GET.get("message", "")
    if message_id:
        found, words = actions.words_from(actor=request.membership, message_id=valid_id(message_id))
        return words, found.account, str(found.question_id)
    account = _chosen(request, list(accounts_of(request.membership)))
    if account is None:
        raise NotFound("account")
    return actions.Words(account.language or request.membership.team.language, "", ""), account, ""


def _save_entry(request: SeatedRequest, row: FaqEntry | None) -> HttpResponseBase:
    words = actions.Words(*(request.POST.get(name, "") for name in ("language", "question", "answer")))
    message_id = request.POST.get("message", "")
    if row is not None:
        account, row.revision = row.account, _number(request.POST.get("revision", ""))
    else:
        account = access_account(request.membership, request.POST.get("account", ""), Ability.ANSWER)
    try:
        saved = actions.save_entry(
            actor=request.membership, account_id=account.id, words=words, entry=row,
            message_id=valid_id(message_id) if message_id else None, now=timezone.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except ActionError as error:
        return _entry_page(request, row, words, account, message_id, error)
    if saved.state == FaqEntry.State.PUBLISHED:
        messages.success(request, _("Saved. The public page shows the new words."))
    else:
        messages.success(request, _("Saved as a draft. Nobody outside sees it before you publish it."))
    return _to_faq(saved)


def _entry_page(
    request: SeatedRequest, row: FaqEntry | None, words: actions.Words, account: Account, message_id: str,
    error: ActionError | None = None,
) -> HttpResponseBase:  # fmt: skip
    context = {
        "entry": row,
        "words": words,
        "account": account,
        "message_id": message_id,
        "languages": LANGUAGES,
        "error": error,
        "fields": error.fields if error else {},
    }
    return render(request, "knowledge/entry.html", context, status=error.status if error else 200)


@require_POST
@seated
def entry_state(request: SeatedRequest, entry_id: UUID, wanted: str) -> HttpResponseBase:
    """Publish an entry, withdraw it or put it aside."""
    change, said = {
        "publish": (actions.publish_entry, _("It is public now.")),
        "withdraw": (actions.withdraw_entry, _("It is off the public page, and kept as a draft.")),
        "aside": (actions.put_entry_aside, _("It is put aside.")),
    }.get(wanted, (None, ""))
    if change is None:
        raise Http404
    row = change(actor=request.membership, entry_id=entry_id, now=timezone.now())
    messages.success(request, said)
    return _to_faq(row)


@require_POST
@seated
def faq_page(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """Open or close the public page of an account."""
    opened = request.POST.get("open") == "1"
    actions.set_page(actor=request.membership, account_id=account_id, opened=opened, now=timezone.now())
    messages.success(
        request, _("The page is open.") if opened else _("The page is closed. Nobody finds it any more.")
    )
    return redirect(f"{reverse('settings_faq')}?account={account_id}")


def _to_faq(row: FaqEntry) -> HttpResponseBase:
    return redirect(f"{reverse('settings_faq')}?account={row.account_id}")


@require_safe
def public(request: HttpRequest, key: str) -> HttpResponseBase:
    """The answers of an account, for everybody: no session, no name of a member, nothing of another account."""
    try:
        page = access_open_faq(key)
    except NotFound:
        raise Http404 from None
    languages = queries.languages_of(page)
    wanted = request.GET.get("language", "")
    language = _spoken(wanted, languages)
    typed = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH]
    with translation.override(language):
        context: dict[str, Any] = {
            "page": page,
            "entries": queries.public_entries(page, language, typed),
            "languages": [(code, label) for code, label in LANGUAGES if code in languages],
            "language": language,
            "typed": typed,
        }
        response = render(request, "knowledge/public.html", context)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _spoken(wanted: str, languages: list[str]) -> str:
    """Return the language of the page: as asked, else as the browser asks, else the first it has."""
    preferred = translation.get_language() or settings.LANGUAGE_CODE
    for code in (wanted, preferred):
        if code in languages:
            return code
    return languages[0] if languages else preferred


def _number(typed: str) -> int:
    return int(typed) if typed.isdigit() and len(typed) < 9 else 0
