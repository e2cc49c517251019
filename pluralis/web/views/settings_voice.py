"""Settings of what is said: the voice of an account, and which numbers nobody should read in public."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.teams import actions
from pluralis.teams.access import Ability, access_account, may
from pluralis.teams.errors import Invalid
from pluralis.teams.queries import privacy_of
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.voice_form import OwnAddressesForm, ReferenceForm, VoiceForm

STORED = ("persona", "languages", "sign_off", "emoji", "hashtags", "banned", "preferred", "allowed", "severities")


@seated
def voice(request: SeatedRequest, account_id: str) -> HttpResponseBase:
    """How one account speaks; every check from now on follows it."""
    found = access_account(request.membership, account_id)
    kept = {name: found.voice[name] for name in STORED if name in found.voice}
    form = VoiceForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        rest = {name: value for name, value in found.voice.items() if name not in STORED}
        actions.change_account(
            actor=request.membership, account_id=found.id, now=timezone.now(), voice=rest | form.chosen()
        )
        messages.success(request, _("The voice of @%(handle)s is saved.") % {"handle": found.handle})
        return redirect("settings_voice", found.id)
    context = {"account": found, "form": form, "manages": may(request.membership, Ability.MANAGE_ACCOUNTS)}
    return render(request, "settings/voice.html", context, status=422 if request.method == "POST" else 200)


@seated
def privacy(request: SeatedRequest) -> HttpResponseBase:
    """What the team taught about numbers and addresses."""
    return _privacy(request)


@require_POST
@seated
def teach(request: SeatedRequest) -> HttpResponseBase:
    """Learn a number of our own from examples."""
    form = ReferenceForm(request.POST)
    if not form.is_valid():
        return _privacy(request, form)
    try:
        pattern = actions.teach_reference(actor=request.membership, now=timezone.now(), **form.cleaned_data)
    except Invalid as error:
        for name, text in error.fields.items():
            form.add_error(name, str(text))
        return _privacy(request, form)
    messages.success(request, _("Learnt: %(notation)s") % {"notation": pattern.notation})
    return redirect("settings_privacy")


@require_POST
@seated
def forget(request: SeatedRequest) -> HttpResponseBase:
    """Forget a number of our own."""
    actions.forget_reference(actor=request.membership, name=request.POST.get("name", ""), now=timezone.now())
    messages.success(request, _("Forgotten."))
    return redirect("settings_privacy")


@require_POST
@seated
def own_addresses(request: SeatedRequest) -> HttpResponseBase:
    """Say what of our own may stand in public."""
    form = OwnAddressesForm(request.POST)
    if form.is_valid():
        actions.set_own_addresses(
            actor=request.membership, addresses=form.cleaned_data["addresses"], now=timezone.now()
        )
        messages.success(request, _("Our own addresses are saved."))
    return redirect("settings_privacy")


def _privacy(request: SeatedRequest, form: ReferenceForm | None = None) -> HttpResponseBase:
    rules = privacy_of(request.membership.team)
    context = {
        "rules": rules,
        "form": form or ReferenceForm(),
        "own": OwnAddressesForm(initial={"addresses": rules.allow}),
        "manages": may(request.membership, Ability.MANAGE_ACCOUNTS),
    }
    return render(request, "settings/privacy.html", context, status=422 if form else 200)
