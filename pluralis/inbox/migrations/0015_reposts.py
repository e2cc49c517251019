"""What accounts reposted; each row tied to one team."""

import django.db.models.deletion
from django.db import migrations, models

import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import same_team

TIES = (
    ("message_id", "inbox_message"),
    ("account_id", "teams_account"),
    ("reposted_by_id", "teams_membership"),
    ("taken_back_by_id", "teams_membership"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0014_notices_of_posts"),
        ("teams", "0005_duty_and_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name="Repost",
            fields=[
                (
                    "id",
                    pluralis.teams.fields.IdField(
                        default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "Reposted"), ("taken_back", "Taken back")], default="done", max_length=16
                    ),
                ),
                ("by_hand", models.BooleanField(default=False)),
                ("reposted_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reposts", to="inbox.message"
                    ),
                ),
                (
                    "reposted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="teams.membership",
                    ),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="teams.membership",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
                ),
            ],
            options={
                "ordering": ["-reposted_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done")),
                        fields=("message", "account"),
                        name="one_standing_repost",
                    )
                ],
            },
        ),
        *(same_team("inbox_repost", *tie) for tie in TIES),
    ]
