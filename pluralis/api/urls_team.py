"""Addresses of the API about working together."""

from django.urls import path

from pluralis.api.views import audit, duty, follow_backs, teamwork

urlpatterns = [
    path("duty", duty.Duty.as_view(), name="api_duty"),
    path("duty/shifts", duty.Shifts.as_view(), name="api_shifts"),
    path("duty/shifts/<uuid:shift_id>/remove", duty.RemoveShift.as_view(), name="api_shift_remove"),
    path("duty/changes", duty.DutyChanges.as_view(), name="api_duty_changes"),
    path("duty/changes/<uuid:change_id>/remove", duty.RemoveDutyChange.as_view(), name="api_duty_change_remove"),
    path("duty/notes", duty.DutyNotes.as_view(), name="api_duty_notes"),
    path("audit", audit.AuditLog.as_view(), name="api_audit"),
    path("routing", teamwork.Routing.as_view(), name="api_routing"),
    path("alarms", teamwork.Alarms.as_view(), name="api_alarms"),
    path("answer-times", teamwork.AnswerTimes.as_view(), name="api_answer_times"),
    path("hours", teamwork.Hours.as_view(), name="api_hours"),
    path("accounts/<uuid:account_id>/hours", teamwork.AccountHours.as_view(), name="api_account_hours"),
    path("accounts/<uuid:account_id>/follow-backs", follow_backs.FollowBacks.as_view(), name="api_follow_backs"),
    path("accounts/<uuid:account_id>/follow-backs/ask", follow_backs.AskFollowBacks.as_view(), name="api_follow_ask"),
    path(
        "accounts/<uuid:account_id>/follow-backs/<uuid:profile_id>",
        follow_backs.OneFollowBack.as_view(),
        name="api_follow_back",
    ),
    path("conversations/bulk", teamwork.ManyAtOnce.as_view(), name="api_conversations_bulk"),
    path("conversations/<uuid:conversation_id>/notes", teamwork.Notes.as_view(), name="api_notes"),
    path("conversations/<uuid:conversation_id>/merge", teamwork.Merge.as_view(), name="api_merge"),
    path("conversations/<uuid:conversation_id>/split", teamwork.Split.as_view(), name="api_split"),
    path("regroupings/<uuid:regrouping_id>/undo", teamwork.UndoRegrouping.as_view(), name="api_regrouping_undo"),
]
