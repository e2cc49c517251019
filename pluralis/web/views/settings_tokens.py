"""Tokens of the API: made here, shown once, ended here."""

from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from pluralis.teams import actions, queries
from pluralis.teams.access import Ability, may
from pluralis.teams.models import Scope
from pluralis.web.gates import SeatedRequest, seated

SCOPE_HELP: dict[str, Any] = {
    Scope.READ: gettext_lazy("Posts, deliveries, conversations, accounts."),
    Scope.WRITE: gettext_lazy("Drafts, pictures, claiming and sorting conversations. Nothing goes out."),
    Scope.PUBLISH: gettext_lazy("Planning, moving and taking back posts, answering, stopping everything."),
}


def lives() -> list[tuple[str, str]]:
    """Return how long a token may live, in the reader's language."""
    choices = (7, 30, 90, 365)
    return [(str(days), ngettext("%(number)d day", "%(number)d days", days) % {"number": days}) for days in choices]


class TokenForm(forms.Form):
    """A new token: for which program, for what, for how long."""

    name = forms.CharField(
        label=gettext_lazy("Name of the program"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.ChoiceField(label=gettext_lazy("Ends after"), choices=lives, initial="90")
    scopes = forms.MultipleChoiceField(label=gettext_lazy("It may"), choices=Scope.choices, initial=[Scope.READ])


@seated
def tokens(request: SeatedRequest) -> HttpResponseBase:
    """One's own tokens; an owner sees the whole team's."""
    return render(request, "settings/tokens.html", _page(request))


def _page(request: SeatedRequest, **more: Any) -> dict[str, Any]:
    form = more.get("form") or TokenForm()
    chosen = set(form["scopes"].value() or ())
    tokens = queries.tokens_of(request.membership, timezone.now())
    for token in tokens:
        token.labels = [Scope(one).label for one in token.scopes]  # type: ignore[attr-defined]
    return {
        "tokens": tokens,
        "whole_team": may(request.membership, Ability.MANAGE_TEAM),
        "scope_choices": [(one.value, one.label, SCOPE_HELP[one], one.value in chosen) for one in Scope],
        "form": form,
    } | more


@require_POST
@seated
@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: SeatedRequest) -> HttpResponseBase:
    """Make a token and show its words, once: only their hash is stored."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return render(request, "settings/tokens.html", _page(request, form=form), status=422)
    now = timezone.now()
    token, words = actions.make_token(
        actor=request.membership,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=now + timedelta(days=int(form.cleaned_data["days"])),
        now=now,
    )
    response = render(request, "settings/tokens.html", _page(request, new=token, words=words))
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@seated
def revoke(request: SeatedRequest, token_id: str) -> HttpResponseBase:
    """End a token at once."""
    token = actions.revoke_token(actor=request.membership, token_id=token_id, now=timezone.now())
    messages.success(request, _("“%(name)s” is ended. It opens nothing any more.") % {"name": token.name})
    return redirect("settings_tokens")
