"""What the database itself keeps: the audit log is append-only, and rows point at their own team only."""

from django.db import migrations

from pluralis.teams.fields import append_only, same_team, team_key


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]

    operations = [
        append_only("teams_auditentry"),
        team_key("teams_membership"),
        team_key("teams_account"),
        same_team("teams_account", "member_id", "teams_membership"),
        same_team("teams_invitation", "invited_by_id", "teams_membership"),
        same_team("teams_oauthstate", "membership_id", "teams_membership"),
        same_team("teams_oauthstate", "account_id", "teams_account"),
    ]
