"""What is made ready before a part's time: cards below links, and media that lie on the network already."""

from django.db import models

from pluralis.posts.models import Post
from pluralis.publishing.models.parts import Part
from pluralis.teams.fields import IdField
from pluralis.teams.models import Team


class Card(models.Model):
    """What a page said of itself when it was read: shown below a link where the network builds no card itself.

    Never changed: reading the page again makes another, so that a part sent twice is the same record twice.
    ``problem`` says why there is none; such a row is why the page is not asked again at once.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    url = models.CharField(max_length=2048)
    title = models.TextField(blank=True)
    description = models.TextField(blank=True)
    picture = models.FileField(upload_to="cards/%Y/%m/", max_length=500, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "url", "-read_at"], name="cards_by_link")]


class BareLink(models.Model):
    """A link of a post below which its writer wants no card."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    post = models.ForeignKey(Post, models.CASCADE, related_name="bare_links")
    url = models.CharField(max_length=2048)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "url"], name="one_bare_link_per_address")]


class Upload(models.Model):
    """The pictures or the film of a part as they lie on the network already, until ``expires_at``.

    ``content`` names what was uploaded: it serves no other; ``segment_id`` is whose it was. While the lock of
    ``token`` is held somebody uploads. ``problem`` says why the last try did not work, ``refused`` that the network
    said no for good.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    part = models.OneToOneField(Part, models.CASCADE, related_name="upload")
    content = models.CharField(max_length=64, blank=True)
    files = models.JSONField(default=list, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    segment_id = models.UUIDField(null=True, blank=True)
    problem = models.TextField(blank=True)
    refused = models.BooleanField(default=False, db_default=False)
    failed_at = models.DateTimeField(null=True, blank=True)
