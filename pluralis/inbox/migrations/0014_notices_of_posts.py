"""A notice may be about a planned post; the row is tied to the same team."""

import django.db.models.deletion
from django.db import migrations, models

from pluralis.teams.fields import same_team


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0013_searches_bounded"),
        ("publishing", "0011_failed_uploads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mentioned", "Mentioned"),
                    ("assigned", "Assigned"),
                    ("taken_over", "Taken Over"),
                    ("expired", "Expired"),
                    ("back", "Back"),
                    ("covering", "Covering"),
                    ("security", "Security"),
                    ("upload_refused", "Upload Refused"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="part",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="publishing.part",
            ),
        ),
        same_team("inbox_notice", "part_id", "publishing_part"),
    ]
