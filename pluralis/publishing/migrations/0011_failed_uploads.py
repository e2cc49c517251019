"""What became of an upload ahead of its time: refused for good or not, and since when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0010_what_was_sent"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="failed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="refused",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
