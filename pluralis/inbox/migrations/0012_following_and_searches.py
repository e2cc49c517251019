"""Messages are looked at again on their networks, and words are looked for; each row tied to one team."""

import django.db.models.deletion
from django.db import migrations, models

import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import same_team, team_key

# What came lately is looked at again too; the rest is when somebody opens it.
FOLLOW = """
UPDATE inbox_message SET follow_at = now()
WHERE direction = 'in' AND remote_id IS NOT NULL AND kind <> 'direct' AND created_at > now() - interval '14 days'
"""
TIES = (
    ("inbox_messagerevision", "message_id", "inbox_message"),
    ("inbox_conversation", "found_by_id", "inbox_networksearch"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0011_distance"),
        ("publishing", "0008_by_hand_by_choice"),
        ("teams", "0005_duty_and_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageRevision",
            fields=[
                (
                    "id",
                    pluralis.teams.fields.IdField(
                        default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("personal_data", models.JSONField(blank=True, default=list)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["seen_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="found_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="inbox.networksearch",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="follow_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="networksearch",
            name="labels",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="networksearch",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("found_by__isnull", False)),
                fields=["found_by", "-last_message_at", "-id"],
                name="conversations_found",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("follow_at__isnull", False)),
                fields=["account", "follow_at"],
                name="messages_to_follow",
            ),
        ),
        migrations.AddField(
            model_name="messagerevision",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="inbox.message"
            ),
        ),
        migrations.AddField(
            model_name="messagerevision",
            name="team",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddIndex(
            model_name="messagerevision",
            index=models.Index(
                condition=models.Q(("personal_data", []), _negated=True),
                fields=["team", "seen_at"],
                name="revisions_to_mask",
            ),
        ),
        team_key("inbox_networksearch"),
        *(same_team(*tie) for tie in TIES),
    ]
