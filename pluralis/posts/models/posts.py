"""What we write: posts, their versions per account, segments and pictures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class Media(models.Model):
    """A picture or film of the team's: checked by content, without its place of origin.

    ``seconds`` and ``codec`` are a film's; ``uncleaned`` says that it may still tell where it was taken.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    file = models.FileField(upload_to="media/%Y/%m/", max_length=500)
    content_type = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    alt_text = models.TextField(blank=True)
    decorative = models.BooleanField(default=False)
    seconds = models.FloatField(null=True, blank=True)
    codec = models.CharField(max_length=64, blank=True, default="", db_default="")
    uncleaned = models.BooleanField(default=False, db_default=False)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True)
    created_at = models.DateTimeField()

    @property
    def is_film(self) -> bool:
        """Whether it is a film and no picture."""
        return self.content_type.startswith("video/")


class PostState(models.TextChoices):
    """How far a post is before it goes on its road; what happens then is the state of its parts."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    DISCARDED = "discarded", _("Discarded")


class Post(models.Model):
    """Something we write. ``revision`` grows with every change, so that two browsers cannot overwrite each other."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    author = models.ForeignKey(Membership, models.SET_NULL, null=True)
    state = models.CharField(max_length=16, choices=PostState, default=PostState.DRAFT)
    client_key = models.CharField(max_length=64)
    language = models.CharField(max_length=8, blank=True)
    visibility = models.CharField(max_length=16, default="public")
    reply_to = models.JSONField(null=True, blank=True)
    quote = models.JSONField(null=True, blank=True)
    message_id = models.UUIDField(null=True, blank=True)
    recipient = models.JSONField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    approved_revision = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "client_key"], name="one_post_per_client_key")]
        indexes = [models.Index(fields=["team", "state", "-updated_at"], name="posts_by_state")]


class Version(models.Model):
    """The words for one account; with no account, the words for all that have none of their own."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    post = models.ForeignKey(Post, models.CASCADE, related_name="versions")
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "account"], name="one_version_per_account", nulls_distinct=False)
        ]


class Segment(models.Model):
    """One message of a version; several make a thread. ``poll`` holds what it asks (:class:`posts.drafts.Poll`)."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    version = models.ForeignKey(Version, models.CASCADE, related_name="segments")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    poll = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="one_segment_per_position")]
        ordering = ["position"]


class SegmentMedia(models.Model):
    """A picture in a segment."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="pictures")
    media = models.ForeignKey(Media, models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "position"], name="one_picture_per_position")]
        ordering = ["position"]
