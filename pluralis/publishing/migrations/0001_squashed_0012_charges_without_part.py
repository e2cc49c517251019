"""All tables of deliveries, parts, attempts, repeats and costs, and what the database itself keeps of them.

In one step for a database that has none of the replaced ones; tests/apps/config/test_squashed.py holds both equal.
The moves are those of ``core.states``; a test compares the trigger with the declaration.
"""

import datetime

import django.db.models.deletion
from django.db import migrations, models

import pluralis.core.delivery
import pluralis.core.states
import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import append_only, same_team, team_key
from pluralis.teams.tables import CreateTables

MOVES = """
    ('waiting','sending'), ('waiting','held'), ('waiting','missed'), ('waiting','cancelled'),
    ('sending','sent'), ('sending','refused'), ('sending','unconfirmed'), ('sending','waiting'), ('sending','held'),
    ('held','waiting'), ('held','missed'), ('held','cancelled'), ('held','sent'),
    ('refused','waiting'), ('refused','cancelled'),
    ('missed','waiting'), ('missed','cancelled'),
    ('unconfirmed','sent'), ('unconfirmed','waiting'), ('unconfirmed','cancelled'),
    ('sent','deleted')
"""
APPEND_ONLY = ("publishing_attempt", "publishing_attemptresult", "publishing_charge")
TEAM_KEYS = (
    "publishing_delivery",
    "publishing_part",
    "publishing_import",
    "publishing_importrow",
    "publishing_recurrence",
    "publishing_recurrencetext",
    "publishing_evergreen",
    "publishing_card",
)
TIES = (
    ("publishing_delivery", "post_id", "posts_post"),
    ("publishing_delivery", "account_id", "teams_account"),
    ("publishing_part", "delivery_id", "publishing_delivery"),
    ("publishing_part", "account_id", "teams_account"),
    ("publishing_attempt", "part_id", "publishing_part"),
    ("publishing_import", "created_by_id", "teams_membership"),
    ("publishing_importcontent", "imported_id", "publishing_import"),
    ("publishing_importrow", "imported_id", "publishing_import"),
    ("publishing_importrow", "post_id", "posts_post"),
    ("publishing_charge", "account_id", "teams_account"),
    ("publishing_charge", "part_id", "publishing_part"),
    ("publishing_budget", "account_id", "teams_account"),
    ("publishing_budget", "changed_by_id", "teams_membership"),
    ("publishing_correction", "part_id", "publishing_part"),
    ("publishing_correction", "asked_by_id", "teams_membership"),
    ("publishing_recurrence", "post_id", "posts_post"),
    ("publishing_recurrence", "responsible_id", "teams_membership"),
    ("publishing_recurrenceaccount", "recurrence_id", "publishing_recurrence"),
    ("publishing_recurrenceaccount", "account_id", "teams_account"),
    ("publishing_recurrencetext", "recurrence_id", "publishing_recurrence"),
    ("publishing_occurrence", "recurrence_id", "publishing_recurrence"),
    ("publishing_occurrence", "post_id", "posts_post"),
    ("publishing_occurrence", "text_id", "publishing_recurrencetext"),
    ("publishing_queueslot", "account_id", "teams_account"),
    ("publishing_evergreen", "account_id", "teams_account"),
    ("publishing_evergreen", "post_id", "posts_post"),
    ("publishing_evergreen", "responsible_id", "teams_membership"),
    ("publishing_queueddelivery", "account_id", "teams_account"),
    ("publishing_queueddelivery", "delivery_id", "publishing_delivery"),
    ("publishing_slotfill", "account_id", "teams_account"),
    ("publishing_slotfill", "evergreen_id", "publishing_evergreen"),
    ("publishing_overrun", "part_id", "publishing_part"),
    ("publishing_overrun", "member_id", "teams_membership"),
    ("publishing_part", "card_id", "publishing_card"),
    ("publishing_upload", "part_id", "publishing_part"),
    ("publishing_barelink", "post_id", "posts_post"),
)


class Migration(migrations.Migration):
    replaces = [
        ("publishing", "0001_initial"),
        ("publishing", "0002_rules"),
        ("publishing", "0003_no_rewriting"),
        ("publishing", "0004_imports_and_costs"),
        ("publishing", "0005_corrections"),
        ("publishing", "0006_repeats_and_slots"),
        ("publishing", "0007_overruns"),
        ("publishing", "0008_by_hand_by_choice"),
        ("publishing", "0009_ahead_of_time"),
        ("publishing", "0010_what_was_sent"),
        ("publishing", "0011_failed_uploads"),
        ("publishing", "0012_charges_without_part"),
    ]

    initial = True

    dependencies = [
        ("posts", "0001_squashed_0005_films_and_polls"),
        ("teams", "0001_squashed_0005_duty_and_hours"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Worker",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("host", models.CharField(max_length=255)),
                        ("pid", models.IntegerField()),
                        ("queues", models.CharField(max_length=255)),
                        ("version", models.CharField(max_length=32)),
                        ("started_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("client_key", models.CharField(max_length=96)),
                        ("planned_at", models.DateTimeField()),
                        ("zone", models.CharField(default="UTC", max_length=64)),
                        (
                            "missed_policy",
                            models.CharField(
                                choices=[("late", "Publish late"), ("ask", "Ask me"), ("skip", "Skip it")],
                                default="ask",
                                max_length=8,
                            ),
                        ),
                        ("late_limit", models.DurationField(default=datetime.timedelta(seconds=7200))),
                        ("post_revision", models.PositiveIntegerField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="teams.account",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="posts.post",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        ("by_hand", models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "client_key", "account"), name="one_delivery_per_client_key"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Instance",
                    fields=[
                        ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ("instance_id", models.UUIDField()),
                        ("quarantined_at", models.DateTimeField(blank=True, null=True)),
                        ("quarantine_reason", models.CharField(blank=True, max_length=64)),
                        ("backup_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_instance")],
                    },
                ),
                migrations.CreateModel(
                    name="StopOrder",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("ordered_at", models.DateTimeField()),
                        ("reason", models.TextField(blank=True)),
                        ("lifted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "ordered_by",
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
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("lifted_at__isnull", True)),
                                fields=("team",),
                                name="one_stop_order_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Import",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("client_key", models.CharField(max_length=64)),
                        ("file_name", models.CharField(max_length=255)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size_bytes", models.PositiveBigIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("mapping", "To be read"),
                                    ("checking", "Being checked"),
                                    ("checked", "Checked"),
                                    ("saving", "Being saved"),
                                    ("saved", "Saved"),
                                    ("undone", "Taken back"),
                                ],
                                default="mapping",
                                max_length=16,
                            ),
                        ),
                        ("shape", models.JSONField(blank=True, default=dict)),
                        ("choices", models.JSONField(blank=True, default=dict)),
                        ("pictures", models.JSONField(blank=True, default=dict)),
                        ("rows_total", models.PositiveIntegerField(default=0)),
                        ("rows_checked", models.PositiveIntegerField(default=0)),
                        ("rows_chosen", models.PositiveIntegerField(default=0)),
                        ("rows_saved", models.PositiveIntegerField(default=0)),
                        ("rows_failed", models.PositiveIntegerField(default=0)),
                        ("taken_back", models.JSONField(blank=True, default=dict)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["team", "-created_at"], name="imports_newest_first"),
                            models.Index(fields=["team", "sha256"], name="imports_of_one_file"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "client_key"), name="one_import_per_client_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRow",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("cells", models.JSONField(blank=True, default=list)),
                        ("plan", models.JSONField(blank=True, default=dict)),
                        ("problems", models.JSONField(blank=True, default=list)),
                        ("bad", models.BooleanField(default=False)),
                        ("chosen", models.BooleanField(default=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("pending", "Not saved"), ("saved", "Saved"), ("failed", "Not taken")],
                                default="pending",
                                max_length=8,
                            ),
                        ),
                        (
                            "imported",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="publishing.import",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="posts.post",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("imported", "number"), name="one_row_per_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Budget",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                        ("currency", models.CharField(max_length=3)),
                        ("warned_for", models.DateField(blank=True, null=True)),
                        ("overridden_for", models.DateField(blank=True, null=True)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="teams.account",
                            ),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "account"), name="one_budget_each", nulls_distinct=False
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportContent",
                    fields=[
                        (
                            "imported",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="content",
                                serialize=False,
                                to="publishing.import",
                            ),
                        ),
                        ("content", models.BinaryField()),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="Evergreen",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("resumed_at", models.DateTimeField()),
                        ("last_used_at", models.DateTimeField(blank=True, null=True)),
                        ("uses", models.PositiveIntegerField(default=0)),
                        ("waiting_code", models.CharField(blank=True, max_length=32)),
                        ("waiting_words", models.TextField(blank=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="evergreens",
                                to="teams.account",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="evergreens",
                                to="posts.post",
                            ),
                        ),
                        (
                            "responsible",
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
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "post"), name="one_evergreen_per_post")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QueuedDelivery",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                            ),
                        ),
                        (
                            "delivery",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="queued",
                                to="publishing.delivery",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="QueueSlot",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("weekday", models.PositiveSmallIntegerField()),
                        ("local_time", models.TimeField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="teams.account"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["weekday", "local_time"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "weekday", "local_time"), name="one_slot_per_time"
                            ),
                            models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="slot_weekday"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recurrence",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("client_key", models.CharField(max_length=96)),
                        ("rule", models.CharField(max_length=500)),
                        ("zone", models.CharField(max_length=64)),
                        ("starts_on", models.DateField()),
                        ("local_time", models.TimeField()),
                        ("exceptions", models.JSONField(blank=True, default=list)),
                        (
                            "missed_policy",
                            models.CharField(
                                choices=[("late", "Publish late"), ("ask", "Ask me"), ("skip", "Skip it")],
                                default=pluralis.core.delivery.MissedPolicy["SKIP"],
                                max_length=8,
                            ),
                        ),
                        ("late_limit", models.DurationField(default=datetime.timedelta(seconds=7200))),
                        ("override_reason", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("resumed_at", models.DateTimeField()),
                        ("decided_until", models.DateTimeField()),
                        ("paused_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("waiting_code", models.CharField(blank=True, max_length=32)),
                        ("waiting_words", models.TextField(blank=True)),
                        ("waiting_since", models.DateTimeField(blank=True, null=True)),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recurrences",
                                to="posts.post",
                            ),
                        ),
                        (
                            "responsible",
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True), ("paused_at__isnull", True)),
                                fields=["decided_until"],
                                name="recurrences_to_plan",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "client_key"), name="one_recurrence_per_client_key"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecurrenceAccount",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                            ),
                        ),
                        (
                            "recurrence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="seats",
                                to="publishing.recurrence",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("recurrence", "account"), name="one_seat_per_account")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecurrenceText",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("text", models.TextField()),
                        ("uses", models.PositiveIntegerField(default=0)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "recurrence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="texts",
                                to="publishing.recurrence",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("recurrence", "position"), name="one_text_per_position")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Occurrence",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("local", models.CharField(max_length=16)),
                        ("planned_at", models.DateTimeField()),
                        ("edge", models.CharField(blank=True, max_length=8)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("skipped", "Skipped"),
                                    ("missed", "Missed"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="planned",
                                max_length=12,
                            ),
                        ),
                        ("tries", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        (
                            "post",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="occurrences",
                                to="posts.post",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        (
                            "recurrence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="occurrences",
                                to="publishing.recurrence",
                            ),
                        ),
                        (
                            "text",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="publishing.recurrencetext",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["recurrence", "planned_at"], name="occurrences_in_order")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("recurrence", "local"), name="one_occurrence_per_local_time"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SlotFill",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("local", models.CharField(max_length=16)),
                        ("created_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                            ),
                        ),
                        (
                            "evergreen",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="publishing.evergreen",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "local"), name="one_fill_per_slot")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BareLink",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("url", models.CharField(max_length=2048)),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="bare_links",
                                to="posts.post",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("post", "url"), name="one_bare_link_per_address")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Card",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("url", models.CharField(max_length=2048)),
                        ("title", models.TextField(blank=True)),
                        ("description", models.TextField(blank=True)),
                        ("picture", models.FileField(blank=True, max_length=500, upload_to="cards/%Y/%m/")),
                        ("width", models.PositiveIntegerField(default=0)),
                        ("height", models.PositiveIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=200)),
                        ("read_at", models.DateTimeField()),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "url", "-read_at"], name="cards_by_link")],
                    },
                ),
                migrations.CreateModel(
                    name="Part",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("text", models.TextField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("sending", "sending"),
                                    ("sent", "sent"),
                                    ("refused", "refused"),
                                    ("unconfirmed", "unconfirmed"),
                                    ("held", "held"),
                                    ("missed", "missed"),
                                    ("cancelled", "cancelled"),
                                    ("deleted", "deleted"),
                                ],
                                default=pluralis.core.states.PartState["WAITING"],
                                max_length=16,
                            ),
                        ),
                        ("hold_reason", models.CharField(blank=True, max_length=16)),
                        ("reason", models.TextField(blank=True)),
                        ("planned_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("woken_for", models.DateTimeField(blank=True, null=True)),
                        ("is_reply", models.BooleanField(default=False)),
                        ("key", models.CharField(blank=True, max_length=64)),
                        ("tries", models.PositiveIntegerField(default=0)),
                        ("token", models.UUIDField(blank=True, null=True)),
                        ("claimed_at", models.DateTimeField(blank=True, null=True)),
                        ("first_claimed_at", models.DateTimeField(blank=True, null=True)),
                        ("in_doubt", models.BooleanField(default=False)),
                        ("look_again_at", models.DateTimeField(blank=True, null=True)),
                        ("by_hand_url", models.TextField(blank=True)),
                        ("remote_id", models.CharField(blank=True, max_length=500, null=True)),
                        ("remote", models.JSONField(blank=True, default=dict)),
                        ("url", models.TextField(blank=True)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("protocol", models.PositiveSmallIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="teams.account"
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="publishing.delivery",
                            ),
                        ),
                        (
                            "segment",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="posts.segment"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        (
                            "card",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="parts",
                                to="publishing.card",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")), fields=["due_at"], name="parts_due"
                            ),
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["account", "due_at"],
                                name="parts_due_of_account",
                            ),
                            models.Index(
                                condition=models.Q(("state", "sending")),
                                fields=["account"],
                                name="parts_on_their_way",
                            ),
                            models.Index(
                                condition=models.Q(("state", "unconfirmed")),
                                fields=["look_again_at"],
                                name="parts_in_doubt",
                            ),
                            models.Index(fields=["team", "planned_at"], name="parts_on_the_calendar"),
                            models.Index(
                                condition=models.Q(("card__isnull", False)), fields=["card"], name="parts_with_a_card"
                            ),
                            models.Index(
                                condition=models.Q(("sent_at__isnull", False)), fields=["sent_at"], name="parts_sent"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "remote_id"), name="one_part_per_remote_post"),
                            models.UniqueConstraint(fields=("delivery", "position"), name="one_part_per_position"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attempt",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("token", models.UUIDField(unique=True)),
                        ("worker", models.CharField(max_length=128)),
                        ("at", models.DateTimeField()),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attempts",
                                to="publishing.part",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AttemptResult",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("outcome", models.CharField(max_length=24)),
                        ("detail", models.JSONField(blank=True, default=dict)),
                        ("at", models.DateTimeField()),
                        (
                            "attempt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="results",
                                to="publishing.attempt",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Charge",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("line", models.CharField(max_length=64)),
                        ("amount", models.DecimalField(decimal_places=4, max_digits=12)),
                        ("currency", models.CharField(max_length=3)),
                        ("at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                            ),
                        ),
                        (
                            "part",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="charge",
                                to="publishing.part",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "at"], name="charges_of_a_month")],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("take_down", "Take down"), ("edit", "Change the words")], max_length=16
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("wanted", "On its way"), ("done", "Done"), ("refused", "Refused")],
                                default="wanted",
                                max_length=16,
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("before", models.TextField(blank=True)),
                        ("asked_at", models.DateTimeField()),
                        ("tries", models.PositiveIntegerField(default=0)),
                        ("next_at", models.DateTimeField()),
                        ("reason", models.TextField(blank=True)),
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
                        (
                            "part",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="corrections",
                                to="publishing.part",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.team"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "wanted")), fields=["next_at"], name="corrections_due"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "wanted")),
                                fields=("part",),
                                name="one_correction_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Overrun",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("reason", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "part",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="overrun",
                                to="publishing.part",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="Upload",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("content", models.CharField(blank=True, max_length=64)),
                        ("files", models.JSONField(blank=True, default=list)),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("token", models.UUIDField(blank=True, null=True)),
                        ("segment_id", models.UUIDField(blank=True, null=True)),
                        ("problem", models.TextField(blank=True)),
                        (
                            "part",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="upload",
                                to="publishing.part",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        ("failed_at", models.DateTimeField(blank=True, null=True)),
                        ("refused", models.BooleanField(db_default=False, default=False)),
                    ],
                ),
            ]
        ),
        *(append_only(table) for table in APPEND_ONLY),
        migrations.RunSQL(
            f"""
            CREATE FUNCTION publishing_part_moves() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF (OLD.state, NEW.state) NOT IN (VALUES {MOVES}) THEN
                RAISE EXCEPTION 'a part cannot go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER publishing_part_moves BEFORE UPDATE OF state ON publishing_part
              FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION publishing_part_moves();
            """,
            "DROP TRIGGER publishing_part_moves ON publishing_part; DROP FUNCTION publishing_part_moves();",
        ),
        # Where there is one role only (a server of one's own without the two roles) there is nothing to take.
        migrations.RunSQL(
            """
            DO $$ BEGIN
              IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pluralis_app') AND current_user <> 'pluralis_app' THEN
                REVOKE UPDATE, DELETE, TRUNCATE
                  ON publishing_attempt, publishing_attemptresult, teams_auditentry FROM pluralis_app;
              END IF;
            END $$
            """,
            """
            DO $$ BEGIN
              IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pluralis_app') AND current_user <> 'pluralis_app' THEN
                GRANT UPDATE, DELETE
                  ON publishing_attempt, publishing_attemptresult, teams_auditentry TO pluralis_app;
              END IF;
            END $$
            """,
        ),
        *(team_key(table) for table in TEAM_KEYS),
        *(same_team(*tie) for tie in TIES),
    ]
