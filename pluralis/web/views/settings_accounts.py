"""Settings of accounts: which we publish from, the part each plays, and the way back when one is disconnected."""

from urllib.parse import urlsplit

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.networks.contract import Network
from pluralis.networks.registry import networks
from pluralis.publishing.approvals import rule_of
from pluralis.teams import actions
from pluralis.teams.access import Ability, access_account, accounts_of, may
from pluralis.teams.actions import Wish
from pluralis.teams.errors import Invalid, NotFound
from pluralis.teams.models import Account, AccountKind
from pluralis.web.forms import AccountForm, HostForm, keys_form
from pluralis.web.gates import SeatedRequest, seated


@seated
def accounts(request: SeatedRequest) -> HttpResponseBase:
    """All accounts of the team, with the network, the part and whether we are let in."""
    context = {"accounts": accounts_of(request.membership), "connects": may(request.membership, Ability.WRITE)}
    return render(request, "settings/accounts.html", context)


@seated
def account(request: SeatedRequest, account_id: str) -> HttpResponseBase:
    """One account: its part, language and zone; pause, and connecting again."""
    found = access_account(request.membership, account_id)
    form = AccountForm(
        request.POST or None, initial={"kind": found.kind, "language": found.language, "zone": found.zone}
    )
    if request.method == "POST" and form.is_valid():
        actions.change_account(actor=request.membership, account_id=found.id, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("@%(handle)s is saved.") % {"handle": found.handle})
        return redirect("settings_account", found.id)
    context = {
        "account": found,
        "form": form,
        "manages": may(request.membership, Ability.MANAGE_ACCOUNTS),
        "review_rule": rule_of(found),
        "pauses": may(request.membership, Ability.STOP),
        "owns": may(request.membership, Ability.MANAGE_ACCOUNTS) or found.member_id == request.membership.id,
    }
    return render(request, "settings/account.html", context)


@require_POST
@seated
def pause(request: SeatedRequest, account_id: str) -> HttpResponseBase:
    """Hold everything this account would send, or let it go on."""
    paused = request.POST.get("paused") == "1"
    found = access_account(request.membership, account_id)
    actions.pause_account(actor=request.membership, account_id=found.id, paused=paused, now=timezone.now())
    said = _("@%(handle)s is paused. Nothing of it goes out.") if paused else _("@%(handle)s goes on.")
    messages.success(request, said % {"handle": found.handle})
    return redirect("settings_account", found.id)


@require_POST
@seated
def disconnect(request: SeatedRequest, account_id: str) -> HttpResponseBase:
    """Forget the keys of an account; connecting it again brings all back."""
    found = actions.disconnect_by_hand(actor=request.membership, account_id=account_id, now=timezone.now())
    messages.success(
        request, _("@%(handle)s is disconnected, and its keys are forgotten.") % {"handle": found.handle}
    )
    return redirect("settings_account", found.id)


@require_POST
@seated
def release(request: SeatedRequest, account_id: str) -> HttpResponseBase:
    """Give a profile up, so that another team may connect it."""
    found = actions.release_profile(actor=request.membership, account_id=account_id, now=timezone.now())
    messages.success(request, _("@%(handle)s is given up. Its history stays.") % {"handle": found.handle})
    return redirect("settings_accounts")


@seated
@reauthentication_required  # type: ignore[untyped-decorator]
def choose(request: SeatedRequest) -> HttpResponseBase:
    """Connecting begins with the network."""
    return render(request, "settings/connect_choose.html", {"networks": networks().values()})


@seated
@reauthentication_required  # type: ignore[untyped-decorator]
def connect(request: SeatedRequest, network_name: str) -> HttpResponseBase:
    """Connect an account of one network by its own sign-in page, by keys, or again after it was disconnected."""
    network = networks().get(network_name)
    if network is None:
        raise NotFound("network")
    again = _again(request, network)
    place = HostForm(
        request.POST if "place" in request.POST else None,
        initial={
            "host": again.host if again else network.default_host,
            "kind": again.kind if again else _kinds(request)[0],
        },
    )
    _narrow(place, request, network, again)
    keys = keys_form(network.connector.fields, request.POST if "keys" in request.POST else None)
    if request.method == "POST" and place.is_valid():
        wish = _wish(network, place, again)
        if "keys" not in request.POST:
            if left := _leave(request, wish, place):
                return left
        elif keys.is_valid() and (made := _connect_with_keys(request, wish, keys)):
            return _connected(request, made)
    context = {"network": network, "place": place, "keys": keys, "again": again}
    return render(request, "settings/connect.html", context, status=422 if request.method == "POST" else 200)


@seated
def callback(request: SeatedRequest) -> HttpResponseBase:
    """Where a network sends the person back to. Its words are never shown: anybody can write them into a link."""
    if "code" not in request.GET or "state" not in request.GET:
        response = render(request, "settings/connect_refused.html", status=400)
    else:
        made = actions.finish_oauth(
            actor=request.membership,
            state=request.GET["state"],
            code=request.GET["code"],
            session_key=request.session.session_key or "",
            redirect_uri=_redirect_uri(),
            now=timezone.now(),
        )
        response = _connected(request, made)
    # The address of this page holds a code; it must not travel on.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _again(request: SeatedRequest, network: Network) -> Account | None:
    """Return the account to connect again, when the address names one of this network."""
    wanted = request.GET.get("account")
    if not wanted:
        return None
    found = access_account(request.membership, wanted, Ability.MANAGE_ACCOUNTS)
    if found.network != network.name:
        raise NotFound("account")
    return found


def _kinds(request: SeatedRequest) -> list[str]:
    """An employee connects their own account; all parts are for owners and leads."""
    return AccountKind.values if may(request.membership, Ability.MANAGE_ACCOUNTS) else [AccountKind.EMPLOYEE]


def _narrow(place: HostForm, request: SeatedRequest, network: Network, again: Account | None) -> None:
    """Leave out what is not asked: the instance where there is one only, the part where it stands."""
    place.fields["kind"].choices = [(kind.value, kind.label) for kind in AccountKind if kind in _kinds(request)]  # type: ignore[attr-defined]
    if not network.many_hosts:
        place.fields["host"].required = False
        place.fields["host"].widget = forms.HiddenInput()
    if again:
        place.fields["kind"].required = False
        place.fields["kind"].widget = forms.HiddenInput()
        place.fields["host"].disabled = True


def _wish(network: Network, place: HostForm, again: Account | None) -> Wish:
    if again:
        return Wish(network.name, again.host, again.kind, again.id)
    host = origin_of(place.cleaned_data["host"]) if network.many_hosts else network.default_host
    return Wish(network.name, host, place.cleaned_data["kind"])


def origin_of(typed: str) -> str:
    """Return the origin a person means by ``mastodon.social``, ``@me@mastodon.social`` or a pasted address."""
    words = typed.strip().rstrip("/")
    name = words if "://" in words else words.rpartition("@")[2]
    parts = urlsplit(name if "://" in name else f"https://{name}")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _connect_with_keys(request: SeatedRequest, wish: Wish, keys: forms.Form) -> Account | None:
    """Try the typed keys; what the network says about a field stands beside it."""
    values = {name: value for name, value in keys.cleaned_data.items() if value}
    try:
        return actions.connect_with_keys(actor=request.membership, wish=wish, values=values, now=timezone.now())
    except Invalid as error:
        for name, text in error.fields.items():
            keys.add_error(name if name in keys.fields else None, str(text))
        keys.add_error(None, str(error))
        return None


def _leave(request: SeatedRequest, wish: Wish, place: HostForm) -> HttpResponseBase | None:
    """Name where the way leads and go there: our policy lets no form send a person to another site directly.

    ``None`` when the instance cannot be reached; why stands beside its name in the form.
    """
    try:
        url = actions.begin_oauth(
            actor=request.membership,
            wish=wish,
            session_key=request.session.session_key or "",
            redirect_uri=_redirect_uri(),
            now=timezone.now(),
        )
    except Invalid as error:
        place.add_error("host", str(error))
        return None
    return render(request, "settings/connect_leave.html", {"url": url, "host": urlsplit(url).netloc})


def _redirect_uri() -> str:
    return settings.SITE_URL + reverse("connect_callback")


def _connected(request: SeatedRequest, made: Account) -> HttpResponse:
    messages.success(request, _("@%(handle)s is connected.") % {"handle": made.handle})
    return redirect("settings_account", made.id)
