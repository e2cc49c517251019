"""A search on a network brings at most so many posts a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0012_following_and_searches"),
    ]

    operations = [
        migrations.AddField(
            model_name="networksearch",
            name="most_a_day",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
