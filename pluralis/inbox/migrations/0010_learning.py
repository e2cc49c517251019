"""Corrections of labels, and what was learnt from them; each row tied to one team."""

import django.db.models.deletion
from django.db import migrations, models

import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import same_team


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0009_counted_by_index"),
        ("teams", "0005_duty_and_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    pluralis.teams.fields.IdField(
                        default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("proposed", models.CharField(max_length=16)),
                ("label", models.CharField(max_length=16)),
                ("corrected_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="correction", to="inbox.message"
                    ),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
            ],
            options={
                "indexes": [models.Index(fields=["team", "-corrected_at"], name="corrections_newest")],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    pluralis.teams.fields.IdField(
                        default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("overlay", models.JSONField(blank=True, null=True)),
                ("in_use", models.BooleanField(default=False)),
                ("examples", models.PositiveIntegerField(default=0)),
                ("held_back", models.PositiveIntegerField(default=0)),
                ("before", models.FloatField(default=0)),
                ("after", models.FloatField(default=0)),
                ("reference_before", models.FloatField(default=0)),
                ("reference_after", models.FloatField(default=0)),
                ("refusal", models.CharField(blank=True, max_length=16)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="teams.membership",
                    ),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
            ],
            options={
                "indexes": [models.Index(fields=["team", "-asked_at"], name="lessons_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("in_use", True)), fields=("team",), name="one_lesson_in_use"
                    )
                ],
            },
        ),
        same_team("inbox_correction", "message_id", "inbox_message"),
        same_team("inbox_correction", "member_id", "teams_membership"),
        same_team("inbox_lesson", "asked_by_id", "teams_membership"),
    ]
