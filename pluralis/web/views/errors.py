"""Pages for what went wrong: they say what happened and what to do next, and never show a trace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The browser sent something that no page of ours sends."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person is signed in and may not come here."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page, or not for this person: the same answer for both."""
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """We failed. This page asks neither the session nor the database, as they may be what failed."""
    return HttpResponse(loader.render_to_string("errors/500.html"), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection did not match: an old tab, or another site that tried to press our buttons."""
    return render(request, "errors/csrf.html", status=403)
