"""Take from the role the program runs as what append-only rows never need; the trigger guards them as well.

Where there is one role only (a server of one's own without the two roles) there is nothing to take.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_rules"), ("teams", "0003_tokens")]

    operations = [
        migrations.RunSQL(
            """
            DO $$ BEGIN
              IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pluralis_app') AND current_user <> 'pluralis_app' THEN
                REVOKE UPDATE, DELETE, TRUNCATE
                  ON publishing_attempt, publishing_attemptresult, teams_auditentry FROM pluralis_app;
              END IF;
            END $$
            """,
            """
            DO $$ BEGIN
              IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pluralis_app') AND current_user <> 'pluralis_app' THEN
                GRANT UPDATE, DELETE
                  ON publishing_attempt, publishing_attemptresult, teams_auditentry TO pluralis_app;
              END IF;
            END $$
            """,
        ),
    ]
