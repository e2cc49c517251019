"""Who may come in to a view, and how the errors of the actions become answers that tell what to do next."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from pluralis.teams.errors import ActionError, Conflict, Invalid
from pluralis.teams.models import Membership, User

View = Callable[..., HttpResponseBase]


class SignedRequest(HttpRequest):
    """A request that passed :func:`signed_in`: ``user`` is the person."""

    user: User


class SeatedRequest(SignedRequest):
    """A request that passed :func:`seated`: ``membership`` is the person's seat."""

    membership: Membership


def signed_in(view: View) -> View:
    """Let only people in who are signed in; the others go to the sign-in page and come back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(_afterwards(request))
        return answered(view, request, *args, **kwargs)

    return guarded


def seated(view: View) -> View:
    """Let only members of a team in; who has none yet is led to the page that makes one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(_afterwards(request))
        if getattr(request, "membership", None) is None:
            return redirect("welcome")
        return answered(view, request, *args, **kwargs)

    return guarded


def _afterwards(request: HttpRequest) -> str:
    """Return where to go on after signing in: the page asked for, or the one whose form came too late."""
    address = request.get_full_path()
    return address if request.method == "GET" else back(request, address)


def answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Call the view; an error of an action becomes a page, or a toast where a fragment was asked for."""
    try:
        return view(request, *args, **kwargs)
    except ActionError as error:
        return refusal(request, error)


def refusal(request: HttpRequest, error: ActionError) -> HttpResponse:
    """Show what happened, what was kept and what to do next.

    A form that is out of date or a move that came too late goes back to where it came from with a toast; all
    else is a page of its own.
    """
    if request.headers.get("HX-Request"):
        response = render(request, "components/refusal.html", {"error": error}, status=error.status)
        response.headers["HX-Reswap"] = "none"
        response.headers["HX-Trigger"] = toast_header(str(error), "bad")
        return response
    if isinstance(error, Conflict | Invalid) and request.method == "POST":
        messages.error(request, str(error))
        return redirect(back(request))
    return render(request, "errors/refusal.html", {"error": error}, status=error.status)


def toast_header(text: str, kind: str = "good") -> str:
    """Return the value of ``HX-Trigger`` that shows a toast: kinds are info, good, warn and bad."""
    # Header values are Latin-1; the escapes of JSON keep every language whole.
    return json.dumps({"toast": {"text": text, "kind": kind}})


def back(request: HttpRequest, otherwise: str = "/") -> str:
    """Return the address in the form's ``next`` when it is one of ours, else ``otherwise``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted else otherwise
