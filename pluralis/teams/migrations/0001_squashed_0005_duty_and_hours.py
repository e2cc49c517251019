"""All tables of people, teams, accounts and the audit log, and what the database itself keeps of them.

In one step for a database that has none of the replaced ones; tests/apps/config/test_squashed.py holds both equal.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import append_only, same_team, team_key
from pluralis.teams.tables import CreateTables

APPEND_ONLY = ("teams_auditentry",)
TEAM_KEYS = ("teams_membership", "teams_account", "teams_shift", "teams_dutynote", "teams_servicehours")
TIES = (
    ("teams_account", "member_id", "teams_membership"),
    ("teams_invitation", "invited_by_id", "teams_membership"),
    ("teams_oauthstate", "membership_id", "teams_membership"),
    ("teams_oauthstate", "account_id", "teams_account"),
    ("teams_apitoken", "membership_id", "teams_membership"),
    ("teams_keptanswer", "membership_id", "teams_membership"),
    ("teams_shift", "member_id", "teams_membership"),
    ("teams_dutychange", "member_id", "teams_membership"),
    ("teams_dutychange", "made_by_id", "teams_membership"),
    ("teams_dutynote", "author_id", "teams_membership"),
    ("teams_dutynoteseen", "note_id", "teams_dutynote"),
    ("teams_dutynoteseen", "member_id", "teams_membership"),
    ("teams_servicehours", "account_id", "teams_account"),
)


class Migration(migrations.Migration):
    replaces = [
        ("teams", "0001_initial"),
        ("teams", "0002_rules"),
        ("teams", "0003_tokens"),
        ("teams", "0004_released_accounts"),
        ("teams", "0005_duty_and_hours"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        # The change log is replayed by transaction, not by id: a lower id may commit later.
        migrations.RunSQL(
            "CREATE FUNCTION pluralis_xid() RETURNS bigint LANGUAGE sql AS "
            "$$ SELECT pg_current_xact_id()::text::bigint $$",
            "DROP FUNCTION pluralis_xid()",
        ),
        CreateTables(
            [
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        (
                            "language",
                            models.CharField(
                                choices=[
                                    ("en", "English"),
                                    ("fr", "Français"),
                                    ("es", "Español"),
                                    ("ms", "Bahasa Melayu"),
                                ],
                                default="en",
                                max_length=8,
                            ),
                        ),
                        ("zone", models.CharField(default="UTC", max_length=64)),
                        ("demo", models.BooleanField(default=False)),
                        ("settings", models.JSONField(blank=True, default=dict)),
                        ("created_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                        ),
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("en", "English"),
                                    ("fr", "Français"),
                                    ("es", "Español"),
                                    ("ms", "Bahasa Melayu"),
                                ],
                                max_length=8,
                                verbose_name="language",
                            ),
                        ),
                        ("zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
                        (
                            "theme",
                            models.CharField(
                                choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")],
                                default="system",
                                max_length=8,
                                verbose_name="theme",
                            ),
                        ),
                        ("shortcuts", models.BooleanField(default=True, verbose_name="single-key shortcuts")),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "user",
                        "verbose_name_plural": "users",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AppRegistration",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("network", models.CharField(max_length=32)),
                        ("host", models.CharField(max_length=255)),
                        ("client_id", models.CharField(max_length=255)),
                        ("sealed", models.BinaryField()),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("network", "host"), name="one_app_per_host")],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("lead", "Lead"),
                                    ("writer", "Writer"),
                                    ("agent", "Agent"),
                                    ("employee", "Employee"),
                                    ("viewer", "Viewer"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("initials", models.CharField(blank=True, max_length=4)),
                        ("may_post_by_hand", models.BooleanField(default=False)),
                        ("on_duty_since", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="teams.team",
                            ),
                        ),
                        (
                            "languages",
                            models.JSONField(
                                blank=True, db_default=models.Value([], models.JSONField()), default=list
                            ),
                        ),
                        ("legend_name", models.BooleanField(db_default=False, default=False)),
                        ("roster_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "user"), name="one_membership_per_team")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Account",
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
                                choices=[
                                    ("main", "Main"),
                                    ("support", "Support"),
                                    ("event", "Event"),
                                    ("contest", "Contest"),
                                    ("employee", "Employee"),
                                ],
                                default="main",
                                max_length=16,
                            ),
                        ),
                        ("network", models.CharField(max_length=32)),
                        ("host", models.CharField(max_length=255)),
                        ("remote_id", models.CharField(max_length=255)),
                        ("handle", models.CharField(max_length=255)),
                        ("display_name", models.CharField(blank=True, max_length=255)),
                        ("profile_url", models.CharField(blank=True, max_length=1000)),
                        ("avatar_url", models.CharField(blank=True, max_length=1000)),
                        ("colour", models.CharField(blank=True, max_length=16)),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("zone", models.CharField(default="UTC", max_length=64)),
                        ("settings", models.JSONField(blank=True, default=dict)),
                        ("voice", models.JSONField(blank=True, default=dict)),
                        ("connected", models.BooleanField(default=True)),
                        ("disconnected_reason", models.TextField(blank=True)),
                        ("paused_at", models.DateTimeField(blank=True, null=True)),
                        ("quarantined_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="teams.membership",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="accounts", to="teams.team"
                            ),
                        ),
                        ("released_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["created_at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("released_at__isnull", True)),
                                fields=("network", "host", "remote_id"),
                                name="one_team_per_profile",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Credential",
                    fields=[
                        (
                            "account",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="credential",
                                serialize=False,
                                to="teams.account",
                            ),
                        ),
                        ("sealed", models.BinaryField()),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("refreshing_since", models.DateTimeField(blank=True, null=True)),
                        ("refreshing_token", models.UUIDField(blank=True, null=True)),
                        ("updated_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="OAuthState",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("state_hash", models.CharField(max_length=64, unique=True)),
                        ("session_hash", models.CharField(max_length=64)),
                        ("network", models.CharField(max_length=32)),
                        ("host", models.CharField(max_length=255)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("main", "Main"),
                                    ("support", "Support"),
                                    ("event", "Event"),
                                    ("contest", "Contest"),
                                    ("employee", "Employee"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("sealed_verifier", models.BinaryField()),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="teams.account"
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.membership"),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("lead", "Lead"),
                                    ("writer", "Writer"),
                                    ("agent", "Agent"),
                                    ("employee", "Employee"),
                                    ("viewer", "Viewer"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "invited_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.membership"),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="teams.team",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Change",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("xid", models.BigIntegerField(db_default=models.Func(arity=0, function="pluralis_xid"))),
                        ("topics", models.JSONField()),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "xid"], name="change_replay")],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("action", models.CharField(max_length=64)),
                        ("object_type", models.CharField(max_length=32)),
                        ("object_id", models.UUIDField(blank=True, null=True)),
                        ("data", models.JSONField(blank=True, default=dict)),
                        ("at", models.DateTimeField()),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "-id"], name="audit_newest_first")],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("hint", models.CharField(max_length=8)),
                        ("scopes", models.JSONField()),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("last_used_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tokens",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="teams.team"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="KeptAnswer",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("client_key", models.CharField(max_length=64)),
                        ("request_hash", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField()),
                        ("body", models.JSONField()),
                        ("at", models.DateTimeField()),
                        (
                            "membership",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.membership"),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("membership", "client_key"), name="one_answer_per_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DutyNote",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("text", models.TextField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="duty_notes",
                                to="teams.membership",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [models.Index(fields=["team", "-created_at"], name="duty_notes_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="DutyNoteSeen",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("seen_at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.membership"
                            ),
                        ),
                        (
                            "note",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="seen", to="teams.dutynote"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("note", "member"), name="one_reading_of_a_duty_note")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceHours",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("zone", models.CharField(default="UTC", max_length=64)),
                        ("week", models.JSONField(blank=True, default=list)),
                        ("closed", models.JSONField(blank=True, default=list)),
                        ("answer_minutes", models.PositiveIntegerField(blank=True, null=True)),
                        ("resolve_minutes", models.PositiveIntegerField(blank=True, null=True)),
                        ("updated_at", models.DateTimeField()),
                        (
                            "account",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="service_hours",
                                to="teams.account",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("account__isnull", True)),
                                fields=("team",),
                                name="one_row_of_hours_of_a_team",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Shift",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("weekday", models.PositiveSmallIntegerField()),
                        ("starts", models.TimeField()),
                        ("ends", models.TimeField()),
                        ("zone", models.CharField(max_length=64)),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="shifts",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to="teams.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["weekday", "starts", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="DutyChange",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("on", models.BooleanField()),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("swap_id", models.UUIDField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="duty_changes",
                                to="teams.membership",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["starts_at", "id"],
                        "indexes": [models.Index(fields=["team", "ends_at"], name="duty_changes_by_end")],
                    },
                ),
            ]
        ),
        *(append_only(table) for table in APPEND_ONLY),
        *(team_key(table) for table in TEAM_KEYS),
        *(same_team(*tie) for tie in TIES),
    ]
