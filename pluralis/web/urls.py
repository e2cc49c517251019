"""Addresses of the desk. A page that is not listed here does not exist, and the rail does not show it."""

from django.urls import path

from pluralis.web.views import frame, settings, settings_accounts, settings_team, welcome

urlpatterns = [
    path("", frame.home, name="home"),
    path("desk/team", frame.switch_team, name="switch_team"),
    path("desk/account", frame.switch_account, name="switch_account"),
    path("desk/duty", frame.duty, name="duty"),
    path("desk/language", frame.choose_language, name="choose_language"),
    path("desk/theme", frame.choose_theme, name="choose_theme"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile", settings.profile, name="settings_profile"),
    path("settings/team", settings_team.team, name="settings_team"),
    path("settings/team/change", settings_team.change_team, name="settings_change_team"),
    path("settings/team/invite", settings_team.invite, name="settings_invite"),
    path("settings/team/invitations/<uuid:invitation_id>/withdraw", settings_team.withdraw, name="settings_withdraw"),
    path("settings/team/members/<uuid:member_id>", settings_team.member, name="settings_member"),
    path("settings/team/members/<uuid:member_id>/remove", settings_team.remove, name="settings_remove_member"),
    path("settings/accounts", settings_accounts.accounts, name="settings_accounts"),
    path("settings/accounts/connect", settings_accounts.choose, name="settings_connect"),
    path("settings/accounts/callback", settings_accounts.callback, name="connect_callback"),
    path("settings/accounts/connect/<str:network_name>", settings_accounts.connect, name="settings_connect_network"),
    path("settings/accounts/<uuid:account_id>", settings_accounts.account, name="settings_account"),
    path("settings/accounts/<uuid:account_id>/pause", settings_accounts.pause, name="settings_pause"),
    path("welcome", welcome.welcome, name="welcome"),
    path("invitations/<str:token>", welcome.invitation, name="invitation"),
]
