"""A released account keeps its row for the history and gives its profile up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0003_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(model_name="account", name="one_team_per_profile"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at__isnull", True)),
                fields=("network", "host", "remote_id"),
                name="one_team_per_profile",
            ),
        ),
    ]
