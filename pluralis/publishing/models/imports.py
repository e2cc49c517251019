"""Files of posts that were handed in: how they were read, their rows, and what became of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.posts.models import Post
from pluralis.teams.fields import IdField
from pluralis.teams.models import Membership, Team


class ImportState(models.TextChoices):
    """How far an import is. Nothing of it is a post before *saving*."""

    MAPPING = "mapping", _("To be read")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    SAVING = "saving", _("Being saved")
    SAVED = "saved", _("Saved")
    UNDONE = "undone", _("Taken back")


class Import(models.Model):
    """One file of posts.

    ``shape`` is how the file was read (encoding, delimiter, columns), ``choices`` what the person decided (which
    column is what, the order of day and month, the zone, the accounts), ``pictures`` the team's pictures by the
    names the file uses.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True)
    client_key = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    state = models.CharField(max_length=16, choices=ImportState, default=ImportState.MAPPING)
    shape = models.JSONField(default=dict, blank=True)
    choices = models.JSONField(default=dict, blank=True)
    pictures = models.JSONField(default=dict, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_checked = models.PositiveIntegerField(default=0)
    rows_chosen = models.PositiveIntegerField(default=0)
    rows_saved = models.PositiveIntegerField(default=0)
    rows_failed = models.PositiveIntegerField(default=0)
    taken_back = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "client_key"], name="one_import_per_client_key")]
        indexes = [
            models.Index(fields=["team", "-created_at"], name="imports_newest_first"),
            models.Index(fields=["team", "sha256"], name="imports_of_one_file"),
        ]


class ImportContent(models.Model):
    """The file itself, until it is saved: another encoding can be tried without handing it in again."""

    imported = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="content")
    team = models.ForeignKey(Team, models.CASCADE)
    content = models.BinaryField()


class ImportRow(models.Model):
    """One row: its cells as they stood, what was read from them, every problem, and the post it became.

    ``number`` is the row's number as a spreadsheet shows it. ``problems`` are ``[column, code, values]``.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Not saved")
        SAVED = "saved", _("Saved")
        FAILED = "failed", _("Not taken")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    imported = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)
    bad = models.BooleanField(default=False)
    chosen = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="one_row_per_number")]
        ordering = ["number"]
