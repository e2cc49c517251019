"""The page for a form whose protection did not match. Django shows the other error pages by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An old tab, or another site that tried to press our buttons: say what was kept, and not why, to either."""
    return render(request, "errors/csrf.html", status=403)
