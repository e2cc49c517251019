"""What was decided about followers.

What a message said before its author changed it has had rows of its own since 0012. The column that was meant for it
is forgotten here and goes from the table with a later version: the version before this one still reads it.
"""

import django.db.models.deletion
from django.db import migrations, models

import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import same_team

TIES = (
    ("account_id", "teams_account"),
    ("profile_id", "inbox_profile"),
    ("decided_by_id", "teams_membership"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0015_reposts"),
        ("teams", "0005_duty_and_hours"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="message", name="edited_text")]
        ),
        migrations.CreateModel(
            name="FollowBack",
            fields=[
                (
                    "id",
                    pluralis.teams.fields.IdField(
                        default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[("done", "Followed back"), ("dismissed", "Not this one")], max_length=16
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow_backs", to="teams.account"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="teams.membership",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow_backs", to="inbox.profile"
                    ),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
            ],
            options={
                "indexes": [models.Index(fields=["account", "-decided_at"], name="follow_decisions_newest")],
                "constraints": [models.UniqueConstraint(fields=("account", "profile"), name="one_follow_decision")],
            },
        ),
        *(same_team("inbox_followback", column, target) for column, target in TIES),
    ]
