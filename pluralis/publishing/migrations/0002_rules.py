"""What the database itself keeps: legal moves of parts, append-only attempts, rows of one team.

The moves are those of ``core.states``; a test compares the trigger with the declaration.
"""

from django.db import migrations

from pluralis.teams.fields import append_only, same_team, team_key

MOVES = """
    ('waiting','sending'), ('waiting','held'), ('waiting','missed'), ('waiting','cancelled'),
    ('sending','sent'), ('sending','refused'), ('sending','unconfirmed'), ('sending','waiting'), ('sending','held'),
    ('held','waiting'), ('held','missed'), ('held','cancelled'), ('held','sent'),
    ('refused','waiting'), ('refused','cancelled'),
    ('missed','waiting'), ('missed','cancelled'),
    ('unconfirmed','sent'), ('unconfirmed','waiting'), ('unconfirmed','cancelled'),
    ('sent','deleted')
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial"), ("posts", "0002_rules")]

    operations = [
        append_only("publishing_attempt"),
        append_only("publishing_attemptresult"),
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
        *(team_key(f"publishing_{table}") for table in ("delivery", "part")),
        same_team("publishing_delivery", "post_id", "posts_post"),
        same_team("publishing_delivery", "account_id", "teams_account"),
        same_team("publishing_part", "delivery_id", "publishing_delivery"),
        same_team("publishing_part", "account_id", "teams_account"),
        same_team("publishing_attempt", "part_id", "publishing_part"),
    ]
