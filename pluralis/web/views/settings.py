"""Settings of a person: profile, language, zone, light and dark, keys."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pluralis.teams import actions
from pluralis.web.forms import ProfileForm
from pluralis.web.gates import SeatedRequest, seated

PROFILE_FIELDS = ("name", "language", "zone", "theme", "shortcuts")


@seated
def settings(request: SeatedRequest) -> HttpResponseBase:
    """The door to the settings: one's own profile comes first."""
    return redirect("settings_profile")


@seated
def profile(request: SeatedRequest) -> HttpResponseBase:
    """Read and change one's own profile."""
    form = ProfileForm(request.POST or None, initial=_profile_of(request))
    if request.method == "POST" and form.is_valid():
        actions.change_profile(actor=request.user, now=timezone.now(), **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your profile is saved."))
        return redirect("settings_profile")
    return render(request, "settings/profile.html", {"form": form})


def _profile_of(request: HttpRequest) -> dict[str, object]:
    values = {name: getattr(request.user, name) for name in PROFILE_FIELDS}
    return values | {"language": values["language"] or translation.get_language()}
