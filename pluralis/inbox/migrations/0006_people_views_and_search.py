"""People, views and search: tables, the words of every message by trigger, and leaner indexes of messages."""

import django.db.models.deletion
from django.db import migrations, models

import pluralis.inbox.models.search
import pluralis.teams.fields
import pluralis.teams.ids
from pluralis.teams.fields import same_team, team_key

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
TIES = (
    ("searchentry", "conversation", "inbox_conversation"),
    ("networksearch", "account", "teams_account"),
    ("networksearch", "made_by", "teams_membership"),
    ("contactfact", "contact", "inbox_contact"),
    ("contactfact", "made_by", "teams_membership"),
    ("formerhandle", "profile", "inbox_profile"),
    ("awaitedprofile", "contact", "inbox_contact"),
    ("contactjoin", "contact", "inbox_contact"),
    ("contactjoin", "other", "inbox_contact"),
    ("contactjoin", "made_by", "teams_membership"),
    ("savedview", "owner", "teams_membership"),
    ("column", "member", "teams_membership"),
    ("column", "view", "inbox_savedview"),
    ("readmark", "member", "teams_membership"),
    ("readmark", "conversation", "inbox_conversation"),
)


def index_what_is_there(apps, schema_editor):
    """Cut every stored text into words anew, so that messages of the version before are found too."""
    from pluralis.core.folding import fold
    from pluralis.core.searching import indexed

    messages = apps.get_model("inbox", "Message").objects.only("id", "text")
    batch = []
    for message in messages.iterator(chunk_size=500):
        message.search_text = indexed(message.text)
        batch.append(message)
        if len(batch) == 500:
            messages.bulk_update(batch, ["search_text"])
            batch = []
    messages.bulk_update(batch, ["search_text"])
    for name, source, target in (("Contact", "name", "search_name"), ("Profile", "handle", "search_handle")):
        rows = apps.get_model("inbox", name).objects
        for row in rows.exclude(**{source: ""}).iterator(chunk_size=500):
            rows.filter(id=row.id).update(**{target: fold(getattr(row, source))[:255]})
    # Rows that wait for a deferred check let no constraint be made either, and Django makes those after the last step.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0005_teamwork"),
        ("teams", "0005_duty_and_hours"),
    ]

    operations = [
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
            ],
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
                        choices=[("told", "They told us"), ("public", "It is public"), ("opt_in", "They agreed")],
                        max_length=16,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
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
                        choices=[("joined", "Joined"), ("separated", "Separated")], default="joined", max_length=16
                    ),
                ),
                ("profile_ids", models.JSONField(default=list)),
                ("brought", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
            ],
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
            ],
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
            ],
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
            ],
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
            ],
        ),
        migrations.AddField(
            model_name="contact",
            name="joined",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="contact",
            name="search_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
        migrations.AddField(
            model_name="conversation",
            name="kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="gap",
            name="found",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="gap",
            name="given_up_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="gap",
            name="place",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="gap",
            name="reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
        migrations.AddField(
            model_name="gap",
            name="tries",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="gap",
            name="try_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="edited_text",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="message",
            name="followed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="profile",
            name="gone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="profile",
            name="search_handle",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="conversations",
                to="teams.account",
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="team",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AlterField(
            model_name="message",
            name="account",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.account"),
        ),
        migrations.AlterField(
            model_name="message",
            name="conversation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="inbox.conversation",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="team",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["team", "search_name"],
                name="contacts_by_beginning",
                opclasses=["uuid_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["team", "-id"], name="contacts_newest"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["team", "-last_message_at", "-id"], name="conversations_of_every_state"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                fields=["account", "state", "-last_message_at", "-id"], name="conversations_of_account"
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["contact", "-last_message_at", "-id"], name="conversations_of_contact"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "resolved"), _negated=True),
                fields=["team", "state"],
                include=("assigned_to", "account"),
                name="conversations_at_work",
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                fields=["team", "search_handle"],
                name="profiles_by_beginning",
                opclasses=["uuid_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddField(
            model_name="awaitedprofile",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="awaited_profiles", to="inbox.contact"
            ),
        ),
        migrations.AddField(
            model_name="awaitedprofile",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddField(
            model_name="column",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="columns", to="teams.membership"
            ),
        ),
        migrations.AddField(
            model_name="column",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddField(
            model_name="contactfact",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="inbox.contact"
            ),
        ),
        migrations.AddField(
            model_name="contactfact",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="teams.membership"
            ),
        ),
        migrations.AddField(
            model_name="contactfact",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddField(
            model_name="contactjoin",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="joins", to="inbox.contact"
            ),
        ),
        migrations.AddField(
            model_name="contactjoin",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="teams.membership"
            ),
        ),
        migrations.AddField(
            model_name="contactjoin",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="joined_into", to="inbox.contact"
            ),
        ),
        migrations.AddField(
            model_name="contactjoin",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddField(
            model_name="formerhandle",
            name="profile",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="former_handles", to="inbox.profile"
            ),
        ),
        migrations.AddField(
            model_name="formerhandle",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddField(
            model_name="networksearch",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="searches", to="teams.account"
            ),
        ),
        migrations.AddField(
            model_name="networksearch",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="teams.membership"
            ),
        ),
        migrations.AddField(
            model_name="networksearch",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddField(
            model_name="readmark",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="read_marks", to="inbox.conversation"
            ),
        ),
        migrations.AddField(
            model_name="readmark",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="read_marks", to="teams.membership"
            ),
        ),
        migrations.AddField(
            model_name="readmark",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to="teams.membership",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="team",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddField(
            model_name="column",
            name="view",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="columns", to="inbox.savedview"
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="search_entries", to="inbox.conversation"
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="team",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="teams.team"),
        ),
        migrations.AddConstraint(
            model_name="awaitedprofile",
            constraint=models.UniqueConstraint(
                fields=("team", "network", "handle"), name="one_contact_awaits_a_handle"
            ),
        ),
        migrations.AddIndex(
            model_name="contactfact",
            index=models.Index(
                fields=["team", "folded"], name="facts_by_beginning", opclasses=["uuid_ops", "varchar_pattern_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="contactfact",
            constraint=models.UniqueConstraint(fields=("contact", "name"), name="one_fact_per_name"),
        ),
        migrations.AddConstraint(
            model_name="contactjoin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "joined")), fields=("other",), name="one_join_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="networksearch",
            constraint=models.UniqueConstraint(fields=("account", "stream"), name="one_search_per_stream"),
        ),
        migrations.AddConstraint(
            model_name="networksearch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("account", "words"), name="one_search_of_these_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="readmark",
            constraint=models.UniqueConstraint(fields=("conversation", "member"), name="one_mark_per_reader"),
        ),
        migrations.AddConstraint(
            model_name="column",
            constraint=models.UniqueConstraint(fields=("member", "view"), name="one_column_per_view"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["team", "-at", "-message"], name="search_newest"),
        ),
        team_key("inbox_savedview"),
        *(same_team(f"inbox_{table}", f"{column}_id", target) for table, column, target in TIES),
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.RunSQL(
            "CREATE INDEX inbox_words_found ON inbox_searchentry USING gin (words) WITH (fastupdate = off)",
            "DROP INDEX inbox_words_found",
        ),
        migrations.RunSQL(
            "CREATE INDEX contacts_by_tag ON inbox_contact USING gin (tags jsonb_path_ops)",
            "DROP INDEX contacts_by_tag",
        ),
        migrations.RunSQL(
            "DROP INDEX inbox_message_search",
            "CREATE INDEX inbox_message_search ON inbox_message USING gin (to_tsvector('simple', search_text))",
        ),
        # Last: rows that wait for a deferred check let no index be made.
        migrations.RunPython(index_what_is_there, migrations.RunPython.noop),
    ]
