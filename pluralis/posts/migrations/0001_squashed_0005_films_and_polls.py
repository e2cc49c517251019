"""All tables of posts, their media and their review, and the ties of their rows to one team.

In one step for a database that has none of the replaced ones; tests/apps/config/test_squashed.py holds both equal.
"""

import datetime

import django.db.models.deletion
from django.db import migrations, models

import pluralis.core.review
import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import same_team, team_key
from pluralis.teams.tables import CreateTables

TEAM_KEYS = ("posts_media", "posts_post", "posts_version", "posts_segment", "posts_review", "posts_approvallink")
TIES = (
    ("posts_media", "created_by_id", "teams_membership"),
    ("posts_post", "author_id", "teams_membership"),
    ("posts_version", "post_id", "posts_post"),
    ("posts_version", "account_id", "teams_account"),
    ("posts_segment", "version_id", "posts_version"),
    ("posts_segmentmedia", "segment_id", "posts_segment"),
    ("posts_segmentmedia", "media_id", "posts_media"),
    ("posts_revision", "post_id", "posts_post"),
    ("posts_revision", "saved_by_id", "teams_membership"),
    ("posts_review", "post_id", "posts_post"),
    ("posts_review", "submitted_by_id", "teams_membership"),
    ("posts_reviewaccount", "review_id", "posts_review"),
    ("posts_reviewaccount", "account_id", "teams_account"),
    ("posts_approvallink", "review_id", "posts_review"),
    ("posts_approvallink", "created_by_id", "teams_membership"),
    ("posts_verdict", "review_id", "posts_review"),
    ("posts_verdict", "member_id", "teams_membership"),
    ("posts_verdict", "link_id", "posts_approvallink"),
    ("posts_comment", "post_id", "posts_post"),
    ("posts_comment", "member_id", "teams_membership"),
    ("posts_notice", "member_id", "teams_membership"),
    ("posts_notice", "review_id", "posts_review"),
    ("posts_override", "post_id", "posts_post"),
    ("posts_override", "member_id", "teams_membership"),
)


class Migration(migrations.Migration):
    replaces = [
        ("posts", "0001_initial"),
        ("posts", "0002_rules"),
        ("posts", "0003_quote"),
        ("posts", "0004_review"),
        ("posts", "0005_films_and_polls"),
    ]

    initial = True

    dependencies = [
        ("teams", "0001_squashed_0005_duty_and_hours"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Media",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("file", models.FileField(max_length=500, upload_to="media/%Y/%m/")),
                        ("content_type", models.CharField(max_length=64)),
                        ("size_bytes", models.PositiveBigIntegerField()),
                        ("width", models.PositiveIntegerField()),
                        ("height", models.PositiveIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("alt_text", models.TextField(blank=True)),
                        ("decorative", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        ("codec", models.CharField(blank=True, db_default="", default="", max_length=64)),
                        ("seconds", models.FloatField(blank=True, null=True)),
                        ("uncleaned", models.BooleanField(db_default=False, default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name="Post",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("approved", "Approved"),
                                    ("scheduled", "Scheduled"),
                                    ("discarded", "Discarded"),
                                ],
                                default="draft",
                                max_length=16,
                            ),
                        ),
                        ("client_key", models.CharField(max_length=64)),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("visibility", models.CharField(default="public", max_length=16)),
                        ("reply_to", models.JSONField(blank=True, null=True)),
                        ("message_id", models.UUIDField(blank=True, null=True)),
                        ("recipient", models.JSONField(blank=True, null=True)),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("approved_revision", models.PositiveIntegerField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        ("quote", models.JSONField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "state", "-updated_at"], name="posts_by_state")],
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "client_key"), name="one_post_per_client_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Version",
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
                                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="teams.account"
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="posts.post"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("post", "account"), name="one_version_per_account", nulls_distinct=False
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Segment",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("text", models.TextField(blank=True)),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="segments",
                                to="posts.version",
                            ),
                        ),
                        ("poll", models.JSONField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "position"), name="one_segment_per_position")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SegmentMedia",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("media", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="posts.media")),
                        (
                            "segment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="posts.segment",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("segment", "position"), name="one_picture_per_position")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("text", models.TextField()),
                        ("revision", models.PositiveIntegerField()),
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="posts.post"
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
                        "ordering": ["at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Override",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("revision", models.PositiveIntegerField()),
                        ("name", models.CharField(max_length=120)),
                        ("reason", models.TextField()),
                        ("rules", models.JSONField()),
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
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="overrides", to="posts.post"
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.team"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Review",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("revision", models.PositiveIntegerField()),
                        ("covered_revision", models.PositiveIntegerField(blank=True, null=True)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    (
                                        pluralis.core.review.ReviewState["OPEN"],
                                        pluralis.core.review.ReviewState["OPEN"],
                                    ),
                                    (
                                        pluralis.core.review.ReviewState["APPROVED"],
                                        pluralis.core.review.ReviewState["APPROVED"],
                                    ),
                                    (
                                        pluralis.core.review.ReviewState["SENT_BACK"],
                                        pluralis.core.review.ReviewState["SENT_BACK"],
                                    ),
                                    (
                                        pluralis.core.review.ReviewState["WITHDRAWN"],
                                        pluralis.core.review.ReviewState["WITHDRAWN"],
                                    ),
                                    (
                                        pluralis.core.review.ReviewState["CHANGED"],
                                        pluralis.core.review.ReviewState["CHANGED"],
                                    ),
                                ],
                                default=pluralis.core.review.ReviewState["OPEN"],
                                max_length=16,
                            ),
                        ),
                        ("submitted_at", models.DateTimeField()),
                        ("note", models.TextField(blank=True)),
                        ("wished_at", models.DateTimeField(blank=True, null=True)),
                        ("zone", models.CharField(default="UTC", max_length=64)),
                        ("missed_policy", models.CharField(default="ask", max_length=8)),
                        ("late_limit", models.DurationField(default=datetime.timedelta(seconds=7200))),
                        ("same_text", models.BooleanField(default=False)),
                        ("trouble", models.CharField(blank=True, max_length=64)),
                        ("trouble_words", models.TextField(blank=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="posts.post"
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
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
                        "indexes": [models.Index(fields=["team", "state", "-submitted_at"], name="reviews_by_state")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("post",),
                                name="one_open_review_per_post",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
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
                                    ("asked", "asks for your approval"),
                                    ("approved", "approved your post"),
                                    ("sent_back", "sent your post back"),
                                    ("mentioned", "mentioned you"),
                                    ("commented", "commented on your post"),
                                    ("not_planned", "approved it, but it could not be planned"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_name", models.CharField(max_length=120)),
                        ("at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.membership"
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.team"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="posts.review"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["member", "-at"], name="notices_newest_first")],
                    },
                ),
                migrations.CreateModel(
                    name="ApprovalLink",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("recipient", models.CharField(max_length=120)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        ("tries", models.PositiveIntegerField(default=0)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.team"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="posts.review"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ReviewAccount",
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
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="wishes", to="posts.review"
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
                        "constraints": [
                            models.UniqueConstraint(fields=("review", "account"), name="one_wish_per_account")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Revision",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("revision", models.PositiveIntegerField()),
                        ("content", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("saved_at", models.DateTimeField()),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="posts.post"
                            ),
                        ),
                        (
                            "saved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
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
                        "constraints": [
                            models.UniqueConstraint(fields=("post", "revision"), name="one_wording_per_revision")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Verdict",
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
                                choices=[("approved", "Approved"), ("changes", "Sent back")], max_length=16
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("comment", models.TextField(blank=True)),
                        ("override_reason", models.TextField(blank=True)),
                        ("at", models.DateTimeField()),
                        (
                            "link",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="verdicts",
                                to="posts.approvallink",
                            ),
                        ),
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
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="verdicts",
                                to="posts.review",
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
                        "ordering": ["at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "approved")),
                                fields=("review", "member"),
                                name="one_approval_per_member",
                            ),
                            models.UniqueConstraint(fields=("link",), name="one_answer_per_link"),
                        ],
                    },
                ),
            ]
        ),
        *(team_key(table) for table in TEAM_KEYS),
        *(same_team(*tie) for tie in TIES),
    ]
