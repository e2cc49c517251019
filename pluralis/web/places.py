"""The places of the rail. A place is shown once its address exists: there are no dead links."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext_lazy

from pluralis.teams.access import Ability


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail: ``name`` of its address, ``key`` after ``g``, ``needs`` the ability that opens it."""

    name: str
    label: Any
    icon: str
    key: str
    needs: Ability | None = None


_LEADS = Ability.MANAGE_ACCOUNTS

PLACES = (
    Place("write", pgettext_lazy("place of the desk", "Write"), "square-pen", "w", Ability.WRITE),
    Place("reviews", pgettext_lazy("place of the desk", "Review"), "eye", "r"),
    Place("calendar", pgettext_lazy("place of the desk", "Calendar"), "calendar-days", "c"),
    Place("inbox", pgettext_lazy("place of the desk", "Inbox"), "inbox", "i", Ability.VIEW),
    Place("columns", pgettext_lazy("place of the desk", "Columns"), "columns-3", "l", Ability.VIEW),
    Place("people", pgettext_lazy("place of the desk", "People"), "users-round", "p", Ability.VIEW),
    Place("insights", pgettext_lazy("place of the desk", "Insights"), "gauge", "n", Ability.VIEW),
    Place("campaigns", pgettext_lazy("place of the desk", "Campaigns"), "megaphone", "m", Ability.VIEW),
    Place("settings", pgettext_lazy("place of the desk", "Settings"), "settings", "s"),
)

SETTINGS_PLACES = (
    Place("settings_profile", pgettext_lazy("page of the settings", "Your profile"), "circle-user", ""),
    Place("mfa_index", pgettext_lazy("page of the settings", "Sign-in and security"), "shield-check", ""),
    Place("account_email", pgettext_lazy("page of the settings", "E-mail addresses"), "mail", ""),
    Place("settings_accounts", pgettext_lazy("page of the settings", "Accounts"), "plug", ""),
    Place("settings_replies", pgettext_lazy("page of the settings", "Saved replies"), "bookmark", ""),
    Place("settings_faq", pgettext_lazy("page of the settings", "FAQ"), "message-circle-question-mark", ""),
    Place("settings_sorting", pgettext_lazy("page of the settings", "Sorting"), "sparkles", ""),
    Place("settings_costs", pgettext_lazy("page of the settings", "Costs"), "coins", ""),
    Place("settings_privacy", pgettext_lazy("page of the settings", "Personal data"), "fingerprint", ""),
    Place("settings_answering", pgettext_lazy("page of the settings", "Hours and alarms"), "clock", "", Ability.VIEW),
    Place("settings_searches", pgettext_lazy("page of the settings", "Searches"), "search", "", Ability.VIEW),
    Place("settings_routing", pgettext_lazy("page of the settings", "Routing"), "corner-down-left", "", Ability.VIEW),
    Place("settings_team", pgettext_lazy("page of the settings", "Team and members"), "users-round", ""),
    Place("settings_audit", pgettext_lazy("page of the settings", "Audit log"), "history", "", _LEADS),
    Place("settings_tokens", pgettext_lazy("page of the settings", "API tokens"), "key-round", ""),
)


def url_or_none(name: str) -> str | None:
    """Return the address of a page, or ``None`` where this version has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
