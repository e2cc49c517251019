"""What the database itself keeps: rows of one team, and an index for searching folded text."""

from django.db import migrations

from pluralis.teams.fields import same_team, team_key


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("publishing", "0002_rules")]

    operations = [
        *(team_key(f"inbox_{table}") for table in ("contact", "profile", "conversation", "message")),
        same_team("inbox_profile", "contact_id", "inbox_contact"),
        same_team("inbox_conversation", "account_id", "teams_account"),
        same_team("inbox_conversation", "contact_id", "inbox_contact"),
        same_team("inbox_conversation", "assigned_to_id", "teams_membership"),
        same_team("inbox_message", "account_id", "teams_account"),
        same_team("inbox_message", "conversation_id", "inbox_conversation"),
        same_team("inbox_message", "profile_id", "inbox_profile"),
        same_team("inbox_message", "part_id", "publishing_part"),
        same_team("inbox_message", "author_id", "teams_membership"),
        same_team("posts_post", "message_id", "inbox_message"),
        migrations.RunSQL(
            "CREATE INDEX inbox_message_search ON inbox_message USING gin (to_tsvector('simple', search_text))",
            "DROP INDEX inbox_message_search",
        ),
    ]
