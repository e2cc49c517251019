"""Addresses of working together: duty, notes, who is here, routing, promised times, alarms, the public legend."""

from django.urls import path

from pluralis.web.views import duty, figures, legend, settings_answering, settings_routing, teamwork

urlpatterns = [
    path("duty", duty.roster, name="roster"),
    path("duty/shifts", duty.add_shifts, name="shifts_add"),
    path("duty/shifts/<uuid:shift_id>/remove", duty.remove_shift, name="shift_remove"),
    path("duty/changes", duty.add_change, name="duty_change_add"),
    path("duty/changes/<uuid:change_id>/remove", duty.remove_change, name="duty_change_remove"),
    path("duty/notes", duty.leave_note, name="duty_note_add"),
    path("duty/notes/<uuid:duty_note_id>/read", duty.read_note, name="duty_note_read"),
    path("duty/languages/<uuid:member_id>", duty.languages, name="member_languages"),
    path("inbox/bulk", teamwork.bulk, name="conversation_bulk"),
    path("inbox/alarms", teamwork.alarms, name="alarms"),
    path("inbox/times", figures.figures, name="service_times"),
    path("inbox/notices", teamwork.notices, name="notices"),
    path("inbox/notices/seen", teamwork.see_notices, name="notices_seen"),
    path("inbox/notes/<uuid:note_id>/remove", teamwork.note_remove, name="note_remove"),
    path("inbox/regroupings/<uuid:regrouping_id>/undo", teamwork.undo_regrouping, name="regrouping_undo"),
    path("inbox/<uuid:conversation_id>/notes", teamwork.note, name="conversation_note"),
    path("inbox/<uuid:conversation_id>/presence", teamwork.presence, name="conversation_presence"),
    path("inbox/<uuid:conversation_id>/merge", teamwork.merge, name="conversation_merge"),
    path("inbox/<uuid:conversation_id>/split", teamwork.split, name="conversation_split"),
    path("settings/profile/legend", settings_answering.own_name, name="settings_legend_name"),
    path("settings/routing", settings_routing.routing, name="settings_routing"),
    path("settings/routing/add", settings_routing.add, name="settings_routing_add"),
    path("settings/routing/claims", settings_routing.claims, name="settings_claims"),
    path("settings/routing/<uuid:rule_id>/move", settings_routing.move, name="settings_routing_move"),
    path("settings/routing/<uuid:rule_id>/remove", settings_routing.remove, name="settings_routing_remove"),
    path("settings/answering", settings_answering.answering, name="settings_answering"),
    path("settings/answering/<str:whose>/hours", settings_answering.hours, name="settings_hours"),
    path("settings/answering/<str:whose>/days", settings_answering.days, name="settings_days_off"),
    path("settings/answering/<str:whose>/alarm", settings_answering.alarm, name="settings_alarm"),
    path("settings/answering/<str:whose>/initials", settings_answering.initials, name="settings_initials"),
    path("settings/answering/<str:whose>/follow", settings_answering.follow, name="settings_follow_team"),
    path("settings/answering/<str:whose>", settings_answering.one, name="settings_answering_one"),
    path("legend/<str:key>", legend.legend, name="legend"),
]
