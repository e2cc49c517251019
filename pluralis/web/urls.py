"""Addresses of the desk. A page that is not listed here does not exist, and the rail does not show it."""

from django.urls import path

from pluralis.web.views import frame, settings

urlpatterns = [
    path("", frame.home, name="home"),
    path("desk/team", frame.switch_team, name="switch_team"),
    path("desk/account", frame.switch_account, name="switch_account"),
    path("desk/duty", frame.duty, name="duty"),
    path("desk/language", frame.choose_language, name="choose_language"),
    path("desk/theme", frame.choose_theme, name="choose_theme"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile", settings.profile, name="settings_profile"),
    path("settings/team", settings.settings, name="settings_team"),
    path("settings/accounts", settings.settings, name="settings_accounts"),
]
