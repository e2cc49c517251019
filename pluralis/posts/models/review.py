"""Review: every wording a post had, who asked for approval, who said what, and links for people without a seat."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.core.review import ReviewState
from pluralis.posts.models.posts import Post
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class Revision(models.Model):
    """A wording a post had: who saved it when. Kept for *what changed since it was approved*."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    saved_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "revision"], name="one_wording_per_revision")]


class Review(models.Model):
    """A request for approval of one wording of a post, with the time and the accounts that are wished for.

    ``covered_revision`` is the wording the approval holds for: the one asked for, or a later one that differs in
    white space and capitals alone where all its accounts allow that. ``trouble`` says why an approved post is not
    on its road.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="reviews")
    revision = models.PositiveIntegerField()
    covered_revision = models.PositiveIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=[(one, one) for one in ReviewState], default=ReviewState.OPEN)
    submitted_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField()
    note = models.TextField(blank=True)
    wished_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    missed_policy = models.CharField(max_length=8, default="ask")
    late_limit = models.DurationField(default=timedelta(hours=2))
    same_text = models.BooleanField(default=False)
    trouble = models.CharField(max_length=64, blank=True)
    trouble_words = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], name="one_open_review_per_post", condition=models.Q(state="open")
            )
        ]
        indexes = [models.Index(fields=["team", "state", "-submitted_at"], name="reviews_by_state")]


class ReviewAccount(models.Model):
    """An account on which a post under review shall go out."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="wishes")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "account"], name="one_wish_per_account")]


class ApprovalLink(models.Model):
    """A way for somebody without a seat to read one wording and answer. Its words are stored hashed."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    recipient = models.CharField(max_length=120)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)


class Verdict(models.Model):
    """What somebody said of a request: a member, or somebody who came by a link."""

    class Kind(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES = "changes", _("Sent back")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="verdicts")
    kind = models.CharField(max_length=16, choices=Kind)
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    link = models.ForeignKey(ApprovalLink, models.SET_NULL, null=True, related_name="verdicts")
    name = models.CharField(max_length=120)
    comment = models.TextField(blank=True)
    override_reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "member"], name="one_approval_per_member", condition=models.Q(kind="approved")
            ),
            models.UniqueConstraint(fields=["link"], name="one_answer_per_link"),
        ]
        ordering = ["at", "id"]


class Comment(models.Model):
    """What somebody remarked about a post while it was reviewed."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    text = models.TextField()
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Notice(models.Model):
    """Something a member should hear of; shown until it is read, mailed where a mail server is configured."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("asks for your approval")
        APPROVED = "approved", _("approved your post")
        SENT_BACK = "sent_back", _("sent your post back")
        MENTIONED = "mentioned", _("mentioned you")
        COMMENTED = "commented", _("commented on your post")
        NOT_PLANNED = "not_planned", _("approved it, but it could not be planned")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    review = models.ForeignKey(Review, models.CASCADE, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "-at"], name="notices_newest_first")]


class Override(models.Model):
    """Why a post went out although a rule stops it: who said so, in their own words."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="overrides")
    revision = models.PositiveIntegerField()
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    reason = models.TextField()
    rules = models.JSONField()
    at = models.DateTimeField()
