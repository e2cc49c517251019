"""Count from an index alone what saved views commonly ask for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0008_knowledge"),
        ("teams", "0005_duty_and_hours"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversations_at_work",
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "resolved"), _negated=True),
                fields=["team", "state"],
                include=("assigned_to", "account", "label", "language", "kind", "contact", "last_message_at", "id"),
                name="conversations_counted",
            ),
        ),
    ]
