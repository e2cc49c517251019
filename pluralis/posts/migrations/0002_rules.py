"""What the database itself keeps: rows point at their own team only."""

from django.db import migrations

from pluralis.teams.fields import same_team, team_key


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial"), ("teams", "0002_rules")]

    operations = [
        *(team_key(f"posts_{table}") for table in ("media", "post", "version", "segment")),
        same_team("posts_media", "created_by_id", "teams_membership"),
        same_team("posts_post", "author_id", "teams_membership"),
        same_team("posts_version", "post_id", "posts_post"),
        same_team("posts_version", "account_id", "teams_account"),
        same_team("posts_segment", "version_id", "posts_version"),
        same_team("posts_segmentmedia", "segment_id", "posts_segment"),
        same_team("posts_segmentmedia", "media_id", "posts_media"),
    ]
