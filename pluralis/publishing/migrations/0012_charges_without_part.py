"""A write that is no post, such as a repost, is charged too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0011_failed_uploads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="charge",
            name="part",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="charge",
                to="publishing.part",
            ),
        ),
    ]
