"""All tables of the inbox, the words of every message by trigger, and the ties of their rows to one team.

In one step for a database that has none of the replaced ones; tests/apps/config/test_squashed.py holds both equal.
What those did to rows is left out: here there are none.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import pluralis.core.states
import pluralis.inbox.models.search
import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import same_team, team_key
from pluralis.teams.tables import CreateTables

# An index of the language-free parser would cut words by other rules than those of pluralis.core.searching.
WORDS = """
CREATE FUNCTION inbox_words(team uuid, said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_to_tsvector(array_agg(right(team::text, 6) || left(word, 60))), ''::tsvector)
  FROM unnest(string_to_array(said, ' ')) AS word WHERE word <> ''
$$;

CREATE FUNCTION inbox_message_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO inbox_searchentry (message_id, team_id, conversation_id, at, words)
    SELECT id, team_id, conversation_id, created_at, inbox_words(team_id, search_text) FROM fresh
    ON CONFLICT (message_id) DO UPDATE
      SET conversation_id = excluded.conversation_id, at = excluded.at, words = excluded.words
      WHERE (inbox_searchentry.conversation_id, inbox_searchentry.at, inbox_searchentry.words)
        IS DISTINCT FROM (excluded.conversation_id, excluded.at, excluded.words);
  RETURN NULL;
END $$;

CREATE TRIGGER inbox_message_added AFTER INSERT ON inbox_message
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION inbox_message_written();
CREATE TRIGGER inbox_message_changed AFTER UPDATE ON inbox_message
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION inbox_message_written();
"""
NO_WORDS = """
DROP TRIGGER inbox_message_changed ON inbox_message;
DROP TRIGGER inbox_message_added ON inbox_message;
DROP FUNCTION inbox_message_written();
DROP FUNCTION inbox_words(uuid, text);
"""
TEAM_KEYS = (
    "inbox_contact",
    "inbox_profile",
    "inbox_conversation",
    "inbox_message",
    "inbox_routingrule",
    "inbox_alarm",
    "inbox_savedview",
    "inbox_incident",
    "inbox_networksearch",
)
TIES = (
    ("inbox_profile", "contact_id", "inbox_contact"),
    ("inbox_conversation", "account_id", "teams_account"),
    ("inbox_conversation", "contact_id", "inbox_contact"),
    ("inbox_conversation", "assigned_to_id", "teams_membership"),
    ("inbox_message", "account_id", "teams_account"),
    ("inbox_message", "conversation_id", "inbox_conversation"),
    ("inbox_message", "profile_id", "inbox_profile"),
    ("inbox_message", "part_id", "publishing_part"),
    ("inbox_message", "author_id", "teams_membership"),
    ("posts_post", "message_id", "inbox_message"),
    ("inbox_reply", "message_id", "inbox_message"),
    ("inbox_reply", "part_id", "publishing_part"),
    ("inbox_reply", "author_id", "teams_membership"),
    ("inbox_conversationlink", "source_id", "inbox_conversation"),
    ("inbox_conversationlink", "target_id", "inbox_conversation"),
    ("inbox_conversationlink", "made_by_id", "teams_membership"),
    ("inbox_handover", "conversation_id", "inbox_conversation"),
    ("inbox_handover", "made_by_id", "teams_membership"),
    ("inbox_handover", "closed_by_id", "teams_membership"),
    ("inbox_offer", "message_id", "inbox_message"),
    ("inbox_offer", "account_id", "teams_account"),
    ("inbox_offer", "offered_by_id", "teams_membership"),
    ("inbox_offer", "decided_by_id", "teams_membership"),
    ("inbox_unmasking", "conversation_id", "inbox_conversation"),
    ("inbox_unmasking", "member_id", "teams_membership"),
    ("inbox_legalhold", "contact_id", "inbox_contact"),
    ("inbox_legalhold", "made_by_id", "teams_membership"),
    ("inbox_legalhold", "lifted_by_id", "teams_membership"),
    ("inbox_readcount", "account_id", "teams_account"),
    ("inbox_routingrule", "account_id", "teams_account"),
    ("inbox_rulemember", "rule_id", "inbox_routingrule"),
    ("inbox_rulemember", "member_id", "teams_membership"),
    ("inbox_note", "conversation_id", "inbox_conversation"),
    ("inbox_note", "author_id", "teams_membership"),
    ("inbox_notice", "member_id", "teams_membership"),
    ("inbox_notice", "conversation_id", "inbox_conversation"),
    ("inbox_notice", "actor_id", "teams_membership"),
    ("inbox_trace", "conversation_id", "inbox_conversation"),
    ("inbox_trace", "actor_id", "teams_membership"),
    ("inbox_presence", "conversation_id", "inbox_conversation"),
    ("inbox_presence", "member_id", "teams_membership"),
    ("inbox_regrouping", "source_id", "inbox_conversation"),
    ("inbox_regrouping", "target_id", "inbox_conversation"),
    ("inbox_regrouping", "made_by_id", "teams_membership"),
    ("inbox_promise", "account_id", "teams_account"),
    ("inbox_promise", "conversation_id", "inbox_conversation"),
    ("inbox_promise", "answered_by_id", "teams_membership"),
    ("inbox_promise", "resolved_by_id", "teams_membership"),
    ("inbox_alarmrule", "account_id", "teams_account"),
    ("inbox_alarm", "account_id", "teams_account"),
    ("inbox_alarm", "conversation_id", "inbox_conversation"),
    ("inbox_alarmcall", "alarm_id", "inbox_alarm"),
    ("inbox_conversation", "merged_into_id", "inbox_conversation"),
    ("inbox_searchentry", "conversation_id", "inbox_conversation"),
    ("inbox_networksearch", "account_id", "teams_account"),
    ("inbox_networksearch", "made_by_id", "teams_membership"),
    ("inbox_contactfact", "contact_id", "inbox_contact"),
    ("inbox_contactfact", "made_by_id", "teams_membership"),
    ("inbox_formerhandle", "profile_id", "inbox_profile"),
    ("inbox_awaitedprofile", "contact_id", "inbox_contact"),
    ("inbox_contactjoin", "contact_id", "inbox_contact"),
    ("inbox_contactjoin", "other_id", "inbox_contact"),
    ("inbox_contactjoin", "made_by_id", "teams_membership"),
    ("inbox_savedview", "owner_id", "teams_membership"),
    ("inbox_column", "member_id", "teams_membership"),
    ("inbox_column", "view_id", "inbox_savedview"),
    ("inbox_readmark", "member_id", "teams_membership"),
    ("inbox_readmark", "conversation_id", "inbox_conversation"),
    ("inbox_profilerelation", "account_id", "teams_account"),
    ("inbox_profilerelation", "profile_id", "inbox_profile"),
    ("inbox_savedreply", "account_id", "teams_account"),
    ("inbox_savedreply", "changed_by_id", "teams_membership"),
    ("inbox_faqpage", "account_id", "teams_account"),
    ("inbox_faqentry", "account_id", "teams_account"),
    ("inbox_faqentry", "message_id", "inbox_message"),
    ("inbox_faqentry", "published_by_id", "teams_membership"),
    ("inbox_faqentry", "changed_by_id", "teams_membership"),
    ("inbox_answeredquestion", "account_id", "teams_account"),
    ("inbox_answeredquestion", "question_id", "inbox_message"),
    ("inbox_answeredquestion", "answer_id", "inbox_message"),
    ("inbox_correction", "message_id", "inbox_message"),
    ("inbox_correction", "member_id", "teams_membership"),
    ("inbox_lesson", "asked_by_id", "teams_membership"),
    ("inbox_distance", "contact_id", "inbox_contact"),
    ("inbox_distance", "set_by_id", "teams_membership"),
    ("inbox_distance", "ended_by_id", "teams_membership"),
    ("inbox_moderation", "account_id", "teams_account"),
    ("inbox_moderation", "profile_id", "inbox_profile"),
    ("inbox_moderation", "done_by_id", "teams_membership"),
    ("inbox_evidence", "contact_id", "inbox_contact"),
    ("inbox_evidence", "made_by_id", "teams_membership"),
    ("inbox_incident", "approved_by_id", "teams_membership"),
    ("inbox_incident", "opened_by_id", "teams_membership"),
    ("inbox_incidentconversation", "incident_id", "inbox_incident"),
    ("inbox_incidentconversation", "conversation_id", "inbox_conversation"),
    ("inbox_incidentconversation", "answered_by_id", "teams_membership"),
    ("inbox_messagerevision", "message_id", "inbox_message"),
    ("inbox_conversation", "found_by_id", "inbox_networksearch"),
    ("inbox_notice", "part_id", "publishing_part"),
    ("inbox_repost", "message_id", "inbox_message"),
    ("inbox_repost", "account_id", "teams_account"),
    ("inbox_repost", "reposted_by_id", "teams_membership"),
    ("inbox_repost", "taken_back_by_id", "teams_membership"),
    ("inbox_followback", "account_id", "teams_account"),
    ("inbox_followback", "profile_id", "inbox_profile"),
    ("inbox_followback", "decided_by_id", "teams_membership"),
)


class Migration(migrations.Migration):
    replaces = [
        ("inbox", "0001_initial"),
        ("inbox", "0002_rules"),
        ("inbox", "0003_replies"),
        ("inbox", "0004_read_counts"),
        ("inbox", "0005_teamwork"),
        ("inbox", "0006_people_views_and_search"),
        ("inbox", "0007_relations"),
        ("inbox", "0008_knowledge"),
        ("inbox", "0009_counted_by_index"),
        ("inbox", "0010_learning"),
        ("inbox", "0011_distance"),
        ("inbox", "0012_following_and_searches"),
        ("inbox", "0013_searches_bounded"),
        ("inbox", "0014_notices_of_posts"),
        ("inbox", "0015_reposts"),
        ("inbox", "0016_follow_backs"),
    ]

    initial = True

    dependencies = [
        ("posts", "0001_squashed_0005_films_and_polls"),
        ("publishing", "0001_squashed_0012_charges_without_part"),
        ("teams", "0001_squashed_0005_duty_and_hours"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=255)),
                        ("tags", models.JSONField(blank=True, default=list)),
                        ("note", models.TextField(blank=True)),
                        ("do_not_engage_until", models.DateTimeField(blank=True, null=True)),
                        ("do_not_engage_reason", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        ("joined", models.BooleanField(db_default=False, default=False)),
                        ("search_name", models.CharField(blank=True, db_default="", default="", max_length=255)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["team", "search_name"],
                                name="contacts_by_beginning",
                                opclasses=["uuid_ops", "varchar_pattern_ops"],
                            ),
                            models.Index(fields=["team", "-id"], name="contacts_newest"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Cursor",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("stream", models.CharField(max_length=32)),
                        ("value", models.TextField(blank=True, null=True)),
                        ("seen_until", models.DateTimeField(blank=True, null=True)),
                        ("polled_at", models.DateTimeField(blank=True, null=True)),
                        ("next_poll_at", models.DateTimeField(blank=True, null=True)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("reason", models.TextField(blank=True)),
                        (
                            "account",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.account"),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "stream"), name="one_cursor_per_stream")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Gap",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("stream", models.CharField(max_length=32)),
                        ("newer_than", models.CharField(blank=True, max_length=500)),
                        ("older_than", models.CharField(blank=True, max_length=500)),
                        ("noticed_at", models.DateTimeField()),
                        ("filled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.account"),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        ("found", models.PositiveIntegerField(db_default=0, default=0)),
                        ("given_up_at", models.DateTimeField(blank=True, null=True)),
                        ("place", models.TextField(blank=True, db_default="", default="")),
                        ("reason", models.CharField(blank=True, db_default="", default="", max_length=255)),
                        ("tries", models.PositiveIntegerField(db_default=0, default=0)),
                        ("try_at", models.DateTimeField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Profile",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("network", models.CharField(max_length=32)),
                        ("host", models.CharField(max_length=255)),
                        ("remote_id", models.CharField(max_length=255)),
                        ("handle", models.CharField(max_length=255)),
                        ("display_name", models.CharField(blank=True, max_length=255)),
                        ("url", models.CharField(blank=True, max_length=1000)),
                        ("avatar_url", models.CharField(blank=True, max_length=1000)),
                        ("bio", models.TextField(blank=True)),
                        ("followers", models.BigIntegerField(blank=True, null=True)),
                        ("following", models.BigIntegerField(blank=True, null=True)),
                        ("seen_at", models.DateTimeField()),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="profiles",
                                to="inbox.contact",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        ("gone_at", models.DateTimeField(blank=True, null=True)),
                        ("search_handle", models.CharField(blank=True, db_default="", default="", max_length=255)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["team", "search_handle"],
                                name="profiles_by_beginning",
                                opclasses=["uuid_ops", "varchar_pattern_ops"],
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "network", "host", "remote_id"), name="one_profile_per_team"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tombstone",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("erased_at", models.DateTimeField()),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "fingerprint"), name="one_tombstone")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegalHold",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("until", models.DateTimeField()),
                        ("made_at", models.DateTimeField()),
                        ("lifted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="legal_holds",
                                to="inbox.contact",
                            ),
                        ),
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
                            "made_by",
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
                                fields=("contact",),
                                name="one_legal_hold",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadCount",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("day", models.DateField()),
                        ("stream", models.CharField(max_length=32)),
                        ("calls", models.PositiveIntegerField(default=0)),
                        ("items", models.PositiveIntegerField(default=0)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "day", "stream"), name="one_count_per_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlarmRule",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                        ("outside_hours", models.BooleanField(default=False)),
                        ("mail_on_duty", models.BooleanField(default=False)),
                        ("mail_to", models.JSONField(blank=True, default=list)),
                        ("webhook_url", models.CharField(blank=True, max_length=1000)),
                        ("sealed_secret", models.BinaryField(blank=True, null=True)),
                        ("updated_at", models.DateTimeField()),
                        (
                            "account",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="alarm_rule",
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
                                name="one_alarm_rule_of_a_team",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoutingRule",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("kind", models.CharField(blank=True, max_length=16)),
                        ("private", models.BooleanField(blank=True, null=True)),
                        ("speakers_only", models.BooleanField(default=True)),
                        ("on_duty_only", models.BooleanField(default=True)),
                        ("most_load", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="teams.account"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["position", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="RuleMember",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.membership"
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="named",
                                to="inbox.routingrule",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("rule", "member"), name="one_naming_per_rule")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AwaitedProfile",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("network", models.CharField(max_length=32)),
                        ("handle", models.CharField(max_length=255)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="awaited_profiles",
                                to="inbox.contact",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "network", "handle"), name="one_contact_awaits_a_handle"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactFact",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("value", models.CharField(max_length=200)),
                        ("folded", models.CharField(max_length=200)),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("told", "They told us"),
                                    ("public", "It is public"),
                                    ("opt_in", "They agreed"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="inbox.contact"
                            ),
                        ),
                        (
                            "made_by",
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
                                fields=["team", "folded"],
                                name="facts_by_beginning",
                                opclasses=["uuid_ops", "varchar_pattern_ops"],
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("contact", "name"), name="one_fact_per_name")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactJoin",
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
                                choices=[("joined", "Joined"), ("separated", "Separated")],
                                default="joined",
                                max_length=16,
                            ),
                        ),
                        ("profile_ids", models.JSONField(default=list)),
                        ("brought", models.JSONField(default=dict)),
                        ("made_at", models.DateTimeField()),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="joins", to="inbox.contact"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="joined_into",
                                to="inbox.contact",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "joined")), fields=("other",), name="one_join_at_a_time"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormerHandle",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("handle", models.CharField(max_length=255)),
                        ("until", models.DateTimeField()),
                        (
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="former_handles",
                                to="inbox.profile",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="NetworkSearch",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("words", models.CharField(max_length=200)),
                        ("stream", models.CharField(max_length=32)),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="searches",
                                to="teams.account",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        ("labels", models.JSONField(blank=True, db_default=[], default=list)),
                        ("paused_at", models.DateTimeField(blank=True, null=True)),
                        ("most_a_day", models.PositiveIntegerField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "stream"), name="one_search_per_stream"),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("account", "words"),
                                name="one_search_of_these_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("key", models.CharField(max_length=500)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("waiting", "Waiting for them"),
                                    ("snoozed", "Later"),
                                    ("resolved", "Resolved"),
                                ],
                                default=pluralis.core.states.ConversationState["OPEN"],
                                max_length=16,
                            ),
                        ),
                        ("private", models.BooleanField(default=False)),
                        ("assigned_at", models.DateTimeField(blank=True, null=True)),
                        ("snoozed_until", models.DateTimeField(blank=True, null=True)),
                        ("label", models.CharField(blank=True, max_length=16)),
                        ("urgency", models.FloatField(default=0)),
                        ("personal_data", models.BooleanField(default=False)),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("excerpt", models.CharField(blank=True, max_length=280)),
                        ("message_count", models.PositiveIntegerField(default=0)),
                        ("waiting_since", models.DateTimeField(blank=True, null=True)),
                        ("last_message_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conversations",
                                to="teams.account",
                            ),
                        ),
                        (
                            "assigned_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="teams.membership",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="conversations",
                                to="inbox.contact",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                        ("acted_at", models.DateTimeField(blank=True, null=True)),
                        ("alarm_at", models.DateTimeField(blank=True, null=True)),
                        ("answer_due_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="merged",
                                to="inbox.conversation",
                            ),
                        ),
                        ("queue_reason", models.CharField(blank=True, db_default="", default="", max_length=32)),
                        ("resolve_due_at", models.DateTimeField(blank=True, null=True)),
                        ("kind", models.CharField(blank=True, db_default="", default="", max_length=16)),
                        (
                            "found_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="inbox.networksearch",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["team", "state", "-last_message_at", "-id"], name="conversations_newest"
                            ),
                            models.Index(
                                condition=models.Q(("answer_due_at__isnull", False), ("state", "open")),
                                fields=["team", "answer_due_at"],
                                name="conversations_by_promise",
                            ),
                            models.Index(
                                condition=models.Q(("alarm_at__isnull", False)),
                                fields=["alarm_at"],
                                name="conversations_to_ring",
                            ),
                            models.Index(
                                fields=["team", "-last_message_at", "-id"], name="conversations_of_every_state"
                            ),
                            models.Index(
                                fields=["account", "state", "-last_message_at", "-id"],
                                name="conversations_of_account",
                            ),
                            models.Index(
                                fields=["contact", "-last_message_at", "-id"], name="conversations_of_contact"
                            ),
                            models.Index(
                                condition=models.Q(("state", "resolved"), _negated=True),
                                fields=["team", "state"],
                                include=(
                                    "assigned_to",
                                    "account",
                                    "label",
                                    "language",
                                    "kind",
                                    "contact",
                                    "last_message_at",
                                    "id",
                                ),
                                name="conversations_counted",
                            ),
                            models.Index(
                                condition=models.Q(("found_by__isnull", False)),
                                fields=["found_by", "-last_message_at", "-id"],
                                name="conversations_found",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "key"), name="one_conversation_per_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("direction", models.CharField(default="in", max_length=4)),
                        ("kind", models.CharField(max_length=16)),
                        ("remote_id", models.CharField(blank=True, max_length=500, null=True)),
                        ("reference", models.JSONField(default=dict)),
                        ("in_reply_to_id", models.CharField(blank=True, max_length=500)),
                        ("text", models.TextField(blank=True)),
                        ("search_text", models.TextField(blank=True)),
                        ("url", models.CharField(blank=True, max_length=1000)),
                        ("media", models.JSONField(blank=True, default=list)),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("triage", models.JSONField(blank=True, default=dict)),
                        ("personal_data", models.JSONField(blank=True, default=list)),
                        ("created_at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.account"
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="teams.membership",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "part",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="publishing.part",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="inbox.profile",
                            ),
                        ),
                        ("masked_at", models.DateTimeField(blank=True, null=True)),
                        ("deleted_at", models.DateTimeField(blank=True, null=True)),
                        ("edited_at", models.DateTimeField(blank=True, null=True)),
                        ("edited_text", models.TextField(blank=True, db_default="", default="")),
                        ("followed_at", models.DateTimeField(blank=True, null=True)),
                        ("follow_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["conversation", "created_at", "id"], name="messages_in_order"),
                            models.Index(fields=["team", "-created_at"], name="messages_newest"),
                            models.Index(
                                condition=models.Q(("personal_data", []), _negated=True),
                                fields=["team", "created_at"],
                                name="messages_to_mask",
                            ),
                            models.Index(
                                condition=models.Q(("follow_at__isnull", False)),
                                fields=["account", "follow_at"],
                                name="messages_to_follow",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "remote_id"), name="one_message_per_remote_id")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConversationLink",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                choices=[("private", "Went on in private"), ("support", "Went on at support")],
                                max_length=16,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="went_on",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="came_from",
                                to="inbox.conversation",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "target"), name="one_link_of_two_conversations")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandOver",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "E-mail"),
                                    ("telephone", "Telephone"),
                                    ("appointment", "Appointment"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("case_number", models.CharField(max_length=32)),
                        ("remind_at", models.DateTimeField()),
                        ("made_at", models.DateTimeField()),
                        ("reminded_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="handed_over",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "made_by",
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
                                condition=models.Q(("closed_at__isnull", True), ("reminded_at__isnull", True)),
                                fields=["remind_at"],
                                name="cases_to_remind_of",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "case_number"), name="one_case_per_number"),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("conversation",),
                                name="one_open_case",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Offer",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "about",
                            models.CharField(
                                choices=[("support", "A question for support"), ("praise", "Praise worth repeating")],
                                max_length=16,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("taken", "Taken"), ("declined", "Declined")],
                                default="open",
                                max_length=16,
                            ),
                        ),
                        ("offered_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="teams.account"
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="inbox.message"
                            ),
                        ),
                        (
                            "offered_by",
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
                            models.Index(fields=["account", "state", "-offered_at"], name="offers_to_an_account")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("message", "account", "about"), name="one_offer_to_an_account"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
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
                                choices=[("private", "Private"), ("open", "Open"), ("community", "For everyone")],
                                max_length=16,
                            ),
                        ),
                        ("form", models.CharField(max_length=16)),
                        (
                            "proposed",
                            models.CharField(
                                choices=[("private", "Private"), ("open", "Open"), ("community", "For everyone")],
                                max_length=16,
                            ),
                        ),
                        ("reason", models.CharField(max_length=32)),
                        ("at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="replies",
                                to="inbox.message",
                            ),
                        ),
                        (
                            "part",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="as_reply",
                                to="publishing.part",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "-at"], name="replies_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="Unmasking",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("until", models.DateTimeField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="unmaskings",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.membership"),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["conversation", "member", "-until"], name="who_looked")],
                    },
                ),
                migrations.CreateModel(
                    name="Alarm",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("waiting_since", models.DateTimeField()),
                        ("raised_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.account"),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="alarms",
                                to="inbox.conversation",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["team", "raised_at"],
                                name="alarms_ringing",
                            ),
                            models.Index(fields=["team", "-raised_at"], name="alarms_newest"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("conversation",),
                                name="one_alarm_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlarmCall",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(choices=[("mail", "Mail"), ("webhook", "Webhook")], max_length=8),
                        ),
                        ("target", models.CharField(max_length=1000)),
                        (
                            "state",
                            models.CharField(
                                choices=[("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("tries", models.JSONField(default=list)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "alarm",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="inbox.alarm"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")), fields=["next_at"], name="alarm_calls_due"
                            ),
                            models.Index(fields=["team", "-created_at"], name="alarm_calls_newest"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("text", models.TextField()),
                        ("mentions", models.JSONField(blank=True, default=list)),
                        ("created_at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="inbox.conversation",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["created_at", "id"],
                        "indexes": [models.Index(fields=["conversation", "created_at"], name="notes_in_order")],
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
                        ("created_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to="teams.membership",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        (
                            "part",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.part",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("seen_at", None)),
                                fields=["member", "-created_at"],
                                name="notices_unseen",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Presence",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("doing", models.CharField(max_length=8)),
                        ("until", models.DateTimeField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="presences",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.membership"
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("conversation", "member"), name="one_presence_per_member")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Promise",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("label", models.CharField(blank=True, max_length=16)),
                        ("opened_at", models.DateTimeField()),
                        ("answer_due_at", models.DateTimeField(blank=True, null=True)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("answer_seconds", models.PositiveIntegerField(blank=True, null=True)),
                        ("resolve_due_at", models.DateTimeField(blank=True, null=True)),
                        ("resolved_at", models.DateTimeField(blank=True, null=True)),
                        ("resolve_seconds", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.account"),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="promises",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "resolved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "opened_at"], name="promises_by_opening")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("resolved_at", None)),
                                fields=("conversation",),
                                name="one_promise_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Regrouping",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(choices=[("merge", "Merge"), ("split", "Split")], max_length=8)),
                        ("message_ids", models.JSONField(default=list)),
                        ("note_ids", models.JSONField(default=list)),
                        ("before", models.JSONField(default=dict)),
                        ("made_at", models.DateTimeField()),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
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
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="left_by",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="joined_by",
                                to="inbox.conversation",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="Trace",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("kind", models.CharField(max_length=24)),
                        ("data", models.JSONField(blank=True, default=dict)),
                        ("at", models.DateTimeField()),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="traces",
                                to="inbox.conversation",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["at", "id"],
                        "indexes": [models.Index(fields=["conversation", "at"], name="traces_in_order")],
                    },
                ),
                migrations.CreateModel(
                    name="ReadMark",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("until", models.DateTimeField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="read_marks",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="read_marks",
                                to="teams.membership",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("conversation", "member"), name="one_mark_per_reader")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("wanted", models.JSONField(default=dict)),
                        ("position", models.PositiveIntegerField(default=0)),
                        ("made_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to="teams.membership",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="Column",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="columns",
                                to="teams.membership",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                        (
                            "view",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="columns",
                                to="inbox.savedview",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("member", "view"), name="one_column_per_view")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchEntry",
                    fields=[
                        (
                            "message",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search_entry",
                                serialize=False,
                                to="inbox.message",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("words", pluralis.inbox.models.search.VectorField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="search_entries",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["team", "-at", "-message"], name="search_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="ProfileRelation",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("may_message", models.BooleanField(null=True)),
                        ("they_follow", models.BooleanField(null=True)),
                        ("we_follow", models.BooleanField(null=True)),
                        ("seen_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.account"),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="relations",
                                to="inbox.profile",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("account", "profile"), name="one_relation")],
                    },
                ),
                migrations.CreateModel(
                    name="FaqPage",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("key", models.CharField(max_length=32, unique=True)),
                        ("open", models.BooleanField(default=False)),
                        ("introduction", models.JSONField(default=dict)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "account",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="faq_page",
                                to="teams.account",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="AnsweredQuestion",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("private", models.BooleanField(default=False)),
                        (
                            "terms",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), size=None
                            ),
                        ),
                        ("answered_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                            ),
                        ),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="inbox.message",
                            ),
                        ),
                        (
                            "question",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answered",
                                to="inbox.message",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fastupdate=False, fields=["terms"], name="answered_by_terms"
                            ),
                            models.Index(fields=["team", "-answered_at"], name="answered_newest"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FaqEntry",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("language", models.CharField(max_length=8)),
                        ("question", models.CharField(max_length=300)),
                        ("answer", models.TextField()),
                        (
                            "terms",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), default=list, size=None
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("published", "Public"), ("aside", "Put aside")],
                                default="draft",
                                max_length=16,
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="faq_entries",
                                to="teams.account",
                            ),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="inbox.message",
                            ),
                        ),
                        (
                            "published_by",
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
                                fields=["account", "state", "language", "-changed_at"], name="faq_of_account"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedReply",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("texts", models.JSONField(default=dict)),
                        ("used", models.PositiveIntegerField(default=0)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("put_aside_at", models.DateTimeField(blank=True, null=True)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_replies",
                                to="teams.account",
                            ),
                        ),
                        (
                            "changed_by",
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
                                condition=models.Q(("put_aside_at__isnull", True)),
                                fields=("team", "name"),
                                name="one_saved_reply_per_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TermCount",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("term", models.CharField(max_length=60)),
                        ("count", models.PositiveIntegerField(default=0)),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("team", "term"), name="one_count_per_term")],
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
                        ("proposed", models.CharField(max_length=16)),
                        ("label", models.CharField(max_length=16)),
                        ("corrected_at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, to="teams.membership"
                            ),
                        ),
                        (
                            "message",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="correction",
                                to="inbox.message",
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
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("file", models.FileField(max_length=500, upload_to="evidence/%Y/%m/")),
                        ("sha256", models.CharField(max_length=64)),
                        ("messages", models.PositiveIntegerField()),
                        ("made_at", models.DateTimeField()),
                        ("kept_until", models.DateTimeField()),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="evidence",
                                to="inbox.contact",
                            ),
                        ),
                        (
                            "made_by",
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
                        "ordering": ["-made_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Incident",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("text", models.TextField(blank=True)),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("approved_revision", models.PositiveIntegerField(blank=True, null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "opened_by",
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
                        "indexes": [models.Index(fields=["team", "-opened_at"], name="incidents_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentConversation",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "conversation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="incident",
                                to="inbox.conversation",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gathered",
                                to="inbox.incident",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                ),
                migrations.CreateModel(
                    name="Moderation",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[("mute", "Mute"), ("block", "Block"), ("report", "Report")], max_length=16
                            ),
                        ),
                        ("by_hand", models.BooleanField(default=False)),
                        ("done_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moderations",
                                to="inbox.profile",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "ordering": ["-done_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Distance",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("reason", models.CharField(max_length=500)),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="distances",
                                to="inbox.contact",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "set_by",
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
                                condition=models.Q(("ended_at", None)),
                                fields=["team", "until"],
                                name="distances_to_review",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("contact",),
                                name="one_distance_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageRevision",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("personal_data", models.JSONField(blank=True, default=list)),
                        ("seen_at", models.DateTimeField()),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="revisions",
                                to="inbox.message",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["seen_at", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("personal_data", []), _negated=True),
                                fields=["team", "seen_at"],
                                name="revisions_to_mask",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Repost",
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
                                choices=[("done", "Reposted"), ("taken_back", "Taken back")],
                                default="done",
                                max_length=16,
                            ),
                        ),
                        ("by_hand", models.BooleanField(default=False)),
                        ("reposted_at", models.DateTimeField()),
                        ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.account"
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reposts",
                                to="inbox.message",
                            ),
                        ),
                        (
                            "reposted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "taken_back_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-reposted_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "done")),
                                fields=("message", "account"),
                                name="one_standing_repost",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowBack",
                    fields=[
                        (
                            "id",
                            pluralis.teams.fields.IdField(
                                default=pluralis.teams.ids.new_id, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[("done", "Followed back"), ("dismissed", "Not this one")], max_length=16
                            ),
                        ),
                        ("decided_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_backs",
                                to="teams.account",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="teams.membership",
                            ),
                        ),
                        (
                            "profile",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_backs",
                                to="inbox.profile",
                            ),
                        ),
                        ("team", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["account", "-decided_at"], name="follow_decisions_newest")],
                        "constraints": [
                            models.UniqueConstraint(fields=("account", "profile"), name="one_follow_decision")
                        ],
                    },
                ),
            ]
        ),
        # Forgotten by the models since 0016; the column goes from the table with a later version.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="message", name="edited_text")]
        ),
        *(team_key(table) for table in TEAM_KEYS),
        *(same_team(*tie) for tie in TIES),
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.RunSQL(
            "CREATE INDEX inbox_words_found ON inbox_searchentry USING gin (words) WITH (fastupdate = off)",
            "DROP INDEX inbox_words_found",
        ),
        migrations.RunSQL(
            "CREATE INDEX contacts_by_tag ON inbox_contact USING gin (tags jsonb_path_ops)",
            "DROP INDEX contacts_by_tag",
        ),
    ]
