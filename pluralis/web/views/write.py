"""Write: a post with its previews, kept as a draft or put on its road."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pluralis.core.delivery import MissedPolicy
from pluralis.inbox.queries.private_answers import hide_private_posts
from pluralis.posts import actions
from pluralis.posts.access import access_post
from pluralis.posts.drafts import Draft, one_text
from pluralis.posts.models import Post, PostState
from pluralis.posts.queries import draft_count, draft_from, drafts_of, post_with_words
from pluralis.publishing.actions import (
    UNDO,
    Plan,
    ReviewWish,
    cancel_delivery,
    carry_words,
    choose_bare_links,
    edit_scheduled,
    schedule_post,
    submit_post,
)
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Delivery
from pluralis.publishing.queries import may_hand_in, review_of_post
from pluralis.teams.access import Ability, accounts_of, may, require, valid_id
from pluralis.teams.errors import ActionError, Conflict, Invalid
from pluralis.teams.models import LANGUAGES, Account
from pluralis.web.composing import draft_of, pictures_of, previews, shown
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.hidden import hidden_words
from pluralis.web.views import when
from pluralis.web.views.write_cards import cards_of
from pluralis.web.views.write_costs import by_hand_accounts, costs_of, warn_of_budgets

LATE_LIMITS = {
    "30": gettext_lazy("half an hour"), "120": gettext_lazy("two hours"),
    "360": gettext_lazy("six hours"), "1440": gettext_lazy("a day"),
}  # fmt: skip


@dataclass
class Problem:
    """Why a post was not taken, beside the form that still holds it."""

    error: ActionError
    happened: str = field(init=False)
    kept: str = field(init=False)
    next_step: str = field(init=False)

    def __post_init__(self) -> None:
        self.happened, self.kept = str(self.error.happened), str(self.error.kept)
        self.next_step = str(self.error.next_step)

    @property
    def fields(self) -> dict[str, Any]:
        return self.error.fields

    @property
    def reasons(self) -> list[str]:
        """Every reason once, in order."""
        return list(dict.fromkeys(str(text) for text in self.error.fields.values()))


@seated
def write(request: SeatedRequest) -> HttpResponseBase:
    """A new post."""
    require(request.membership, Ability.WRITE)
    if request.method == "POST":
        return _take(request, None)
    chosen = {request.session["account"]} if request.session.get("account") else set()
    return _page(request, one_text(request.GET.get("text", "")), chosen={valid_id(one) for one in chosen})


@seated
def write_post(request: SeatedRequest, post_id: UUID) -> HttpResponseBase:
    """A saved post, to go on with."""
    post = post_with_words(access_post(request.membership, post_id).id)
    if request.method == "POST":
        return _take(request, post)
    if hide_private_posts(request.membership, [post], timezone.now()):
        raise hidden_words()
    chosen = set(Delivery.objects.filter(post=post).values_list("account_id", flat=True))
    if not chosen and request.GET.get("account"):
        chosen = {valid_id(request.GET["account"])}
    return _page(request, draft_from(post), post=post, chosen=chosen)


@seated
def drafts(request: SeatedRequest) -> HttpResponseBase:
    """What is kept and not yet on its road."""
    require(request.membership, Ability.WRITE)
    found = drafts_of(request.membership)
    hide_private_posts(request.membership, found, timezone.now())
    return render(request, "write/drafts.html", {"drafts": found})


@require_POST
@seated
def preview(request: SeatedRequest) -> HttpResponseBase:
    """What each chosen account would send, as the text stands now. Nothing is stored."""
    require(request.membership, Ability.WRITE)
    draft = draft_of(request.POST)
    media = pictures_of(draft, request.membership.team_id)
    shown_now = previews(draft, _chosen(request), media)
    context = {**costs_of(request, draft, shown_now), **cards_of(request, draft, shown_now)}
    return render(request, "write/preview.html", {"previews": shown_now, **context})


@require_POST
@seated
def undo(request: SeatedRequest, post_id: UUID) -> HttpResponseBase:
    """Take back what was just sent, while it still waits."""
    post = access_post(request.membership, post_id)
    for delivery in Delivery.objects.filter(post=post):
        cancel_delivery(actor=request.membership, delivery_id=delivery.id, now=timezone.now())
    messages.success(request, _("Taken back. Nothing went out."))
    address = reverse("write_post", args=[post.id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _chosen(request: SeatedRequest) -> list[Account]:
    wanted = [valid_id(one) for one in request.POST.getlist("accounts")]
    return list(accounts_of(request.membership).filter(id__in=wanted))


def _take(request: SeatedRequest, post: Post | None) -> HttpResponseBase:
    """Save what was typed and, if so asked, plan it; on refusal show the form with everything still in it."""
    rest = {} if post is None else _rest_of(post)
    draft, chosen = draft_of(request.POST, **rest), _chosen(request)
    post = post or _made_before(request, draft)
    try:
        if post is not None and post.state == PostState.SCHEDULED:
            return _edit(request, post, draft)
        saved = _save(request, post, draft)
        _choose_cards(request, saved.id)
    except ActionError as error:
        return _page(request, draft, post=post, chosen={one.id for one in chosen}, error=error)
    if request.POST.get("do") not in ("schedule", "submit"):
        messages.success(request, _("Kept as a draft."))
        return redirect("write_post", saved.id)
    try:
        return (_hand_in if request.POST.get("do") == "submit" else _schedule)(request, saved, chosen)
    except ActionError as error:
        return _page(request, draft, post=saved, chosen={one.id for one in chosen}, error=error)


def _rest_of(post: Post) -> dict[str, Any]:
    return {
        "visibility": post.visibility,
        "reply_to": post.reply_to,
        "message_id": post.message_id,
        "recipient": post.recipient,
    }


def _made_before(request: SeatedRequest, draft: Draft) -> Post | None:
    """Return the post that this very form has made already, if other words stand in it now: whoever goes back to
    it and writes on changes that post. The same words again are a double click, or a browser that tries again."""
    made = Post.objects.filter(team=request.membership.team_id, client_key=_key(request)).first()
    if made is None:
        return None
    post = post_with_words(access_post(request.membership, made.id).id)
    return None if draft_from(post).versions == draft.versions else post


def _save(request: SeatedRequest, post: Post | None, draft: Draft) -> Post:
    now = timezone.now()
    if post is None:
        return actions.create_post(actor=request.membership, draft=draft, client_key=_key(request), now=now)
    revision = _revision(request)
    return actions.save_post(actor=request.membership, post_id=post.id, draft=draft, revision=revision, now=now)


def _edit(request: SeatedRequest, post: Post, draft: Draft) -> HttpResponseBase:
    with transaction.atomic():
        _choose_cards(request, post.id, with_words=True)
        edit_scheduled(
            actor=request.membership,
            post_id=post.id,
            draft=draft,
            revision=_revision(request),
            confirmed=_confirmed(request),
            now=timezone.now(),
        )
    carry_words(actor=request.membership, post_id=post.id, confirmed=_confirmed(request), now=timezone.now())
    messages.success(request, _("The new words are planned."))
    return redirect("calendar")


def _choose_cards(request: SeatedRequest, post_id: UUID, *, with_words: bool = False) -> None:
    """Leave out the cards that the writer does not want, before anything is planned."""
    urls = request.POST.getlist("bare_link")
    choose_bare_links(actor=request.membership, post_id=post_id, urls=urls, now=timezone.now(), with_words=with_words)


def _hand_in(request: SeatedRequest, post: Post, chosen: list[Account]) -> HttpResponseBase:
    """Ask for approval; the post goes out by itself once it has it, at the time that was chosen.

    A slot or a repeat is not a time: handed in like that, the post would go out the moment it is approved.
    """
    if request.POST.get("when") in when.WAYS:
        raise Invalid(
            "no_time", _("A slot or a repeat cannot be handed in for review."),
            kept=_("Your post is kept as a draft."),
            next_step=_("Choose a day and a time. Once it is approved, let it repeat or put it in the queue."),
            fields={"when": _("Choose a day and a time.")},
        )  # fmt: skip
    wish = ReviewWish(
        account_ids=tuple(one.id for one in chosen),
        at=_at(request) if request.POST.get("when") == "at" else None,
        zone=str(timezone.get_current_timezone()),
        missed_policy=MissedPolicy(_policy(request)),
        late_limit=_late_limit(request),
        same_text=_confirmed(request).same_text,
        note=request.POST.get("note", ""),
    )
    review = submit_post(actor=request.membership, post_id=post.id, wish=wish, now=timezone.now())
    messages.success(request, _("Handed in for review."))
    return redirect("review", review.id)


def _schedule(request: SeatedRequest, post: Post, chosen: list[Account]) -> HttpResponseBase:
    if request.POST.get("when") in when.WAYS:
        return when.WAYS[request.POST["when"]](request, post, chosen, _key(request), _confirmed(request))
    now, soon = timezone.now(), request.POST.get("when") != "at"
    plan = Plan(
        at=now + UNDO if soon else _at(request),
        zone=str(timezone.get_current_timezone()),
        missed_policy=MissedPolicy(_policy(request)),
        late_limit=_late_limit(request),
        confirmed=_confirmed(request),
        by_hand=by_hand_accounts(request, chosen),
    )
    schedule_post(
        actor=request.membership,
        post_id=post.id,
        account_ids=[one.id for one in chosen],
        plan=plan,
        client_key=_key(request),
        now=now,
    )
    warn_of_budgets(request, chosen, plan.at)
    names = ", ".join(f"@{one.handle}" for one in chosen)
    if soon:
        said = _("Goes out as %(accounts)s in ten seconds.") % {"accounts": names}
        messages.success(request, said, extra_tags=reverse("undo", args=[post.id]))
    else:
        messages.success(request, _("Planned for %(accounts)s.") % {"accounts": names})
    return redirect("calendar")


def _key(request: SeatedRequest) -> str:
    """The form's own key: a second press, or a browser that tries again, makes nothing twice."""
    return request.POST.get("key", "")[:64] or uuid.uuid4().hex


def _revision(request: SeatedRequest) -> int:
    """The revision a person started from; a form that knew of none made the post, and knows the first."""
    typed = request.POST.get("revision", "1")
    return int(typed) if typed.isdigit() and len(typed) < 9 else 0


def _policy(request: SeatedRequest) -> str:
    typed = request.POST.get("missed_policy", "")
    return typed if typed in Delivery.Missed.values else MissedPolicy.ASK


def _late_limit(request: SeatedRequest) -> timedelta:
    """By how much a post may be late that is published late."""
    typed = request.POST.get("late_limit", "")
    return timedelta(minutes=int(typed) if typed in LATE_LIMITS else 120)


def _confirmed(request: SeatedRequest) -> Confirmations:
    return Confirmations(
        same_text=request.POST.get("confirm_same_text") == "1",
        second_answer=request.POST.get("confirm_second_answer") == "1",
        override_reason=request.POST.get("override_reason", "").strip(),
    )


def _at(request: SeatedRequest) -> datetime:
    """Return the instant a person means; their wall clock is read in their own zone."""
    at = instant_of(request.POST.get("at", ""))
    if at is None:
        raise Invalid(
            "no_time", _("No day and time is chosen."), kept=_("Your post is kept as a draft."),
            next_step=_("Choose when it goes out."), fields={"at": _("Choose a day and a time.")},
        )  # fmt: skip
    return at


def instant_of(typed: str) -> datetime | None:
    """Return a typed wall clock as an instant in the reader's zone, or ``None`` for what is none."""
    try:
        parsed = parse_datetime(typed)
    except ValueError:
        return None
    if parsed is None or timezone.is_aware(parsed):
        return parsed
    return timezone.make_aware(parsed)


def _page(
    request: SeatedRequest,
    draft: Draft,
    *,
    post: Post | None = None,
    chosen: set[UUID],
    error: ActionError | None = None,
) -> HttpResponse:
    accounts = list(accounts_of(request.membership))
    if not chosen and len(accounts) == 1:
        chosen = {accounts[0].id}
    media = pictures_of(draft, request.membership.team_id)
    picked = [one for one in accounts if one.id in chosen]
    looks = previews(draft, picked, media) if any(s.text for s in draft.versions[0].segments) else []
    context = {
        "post": post,
        "accounts": accounts,
        "chosen": chosen,
        "versions": shown(draft, accounts, media),
        "previews": looks,
        **costs_of(request, draft, looks),
        **cards_of(request, draft, looks, post),
        "client_key": request.POST.get("key") or uuid.uuid4().hex,
        "language": draft.language,
        "languages": LANGUAGES,
        "may_publish": may(request.membership, Ability.PUBLISH),
        "may_hand_in": may_hand_in(request.membership) and (post is None or post.state != PostState.SCHEDULED),
        "note": request.POST.get("note", ""),
        "review": review_of_post(post) if post is not None else None,
        "drafts_url": reverse("drafts"),
        "draft_count": draft_count(request.membership),
        "picture_url": reverse("pictures"),
        **_when(request),
        "repeat": when.repeat_fields(request, picked),
        "preview_when_url": reverse("write_when"),
        **(_refused(request, error) if error else {}),
    }
    return render(request, "write/index.html", context, status=error.status if error else 200)


def _when(request: SeatedRequest) -> dict[str, Any]:
    now = timezone.localtime()
    planned = request.GET.get("at", "") if instant_of(request.GET.get("at", "")) else ""
    return {
        "when": request.POST.get("when") or ("at" if planned else request.GET.get("when", "now")),
        "at": request.POST.get("at", planned),
        "earliest": now.strftime("%Y-%m-%dT%H:%M"),
        "zone": str(timezone.get_current_timezone()),
        "missed_policies": Delivery.Missed.choices,
        "missed_policy": _policy(request),
        "late_limits": LATE_LIMITS.items(),
        "late_limit": request.POST.get("late_limit", "120"),
    }


def _refused(request: SeatedRequest, error: ActionError) -> dict[str, Any]:
    return {
        "problem": Problem(error),
        "question": error.code if isinstance(error, Conflict) else "",
        "stopped": any(name.startswith("rule:") for name in error.fields),
        "may_override": may(request.membership, Ability.OVERRIDE),
        "at_error": error.fields.get("at", ""),
    }
