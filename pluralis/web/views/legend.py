"""The public legend of an account: whose initials are whose. No session, and no name that nobody agreed to."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from pluralis.teams.legends import legend_of


def legend(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show the initials that answers of an account are signed with."""
    found = legend_of(key)
    if found is None:
        raise Http404
    response = render(request, "legend.html", {"account": found.account, "entries": found.entries})
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
