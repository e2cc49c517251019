"""Settings of programs: tokens that let a program act as one member, shown once, ended at once."""

from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.teams import actions, queries
from pluralis.teams.models import Scope
from pluralis.web.forms import TokenForm
from pluralis.web.gates import SeatedRequest, seated


@seated
@reauthentication_required  # type: ignore[untyped-decorator]
def tokens(request: SeatedRequest) -> HttpResponseBase:
    """The living tokens, and a form for a new one; its words are shown on the answer to that form and never again."""
    form, made = TokenForm(request.POST or None), {}
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        token, words = actions.make_token(
            actor=request.membership,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=now + timedelta(days=int(form.cleaned_data["days"])),
            now=now,
        )
        form, made = TokenForm(), {"made": token, "words": words}
    context: dict[str, Any] = {
        "form": form,
        "tokens": [
            (token, [Scope(scope).label for scope in token.scopes])
            for token in queries.tokens_of(request.membership, timezone.now())
        ],
    }
    return render(request, "settings/tokens.html", context | made)


@require_POST
@seated
def revoke(request: SeatedRequest, token_id: str) -> HttpResponseBase:
    """End a token at once."""
    actions.revoke_token(actor=request.membership, token_id=token_id, now=timezone.now())
    messages.success(request, _("The token is ended. Programs that used it are shut out."))
    return redirect("settings_tokens")
