"""What a team knows to say: saved replies, questions answered before, and the public page of them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.inbox.models.conversations import Message
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team

EVERY_QUESTION = ""
"""Under this term every answered question is counted, so that nobody counts rows to know how many there are."""


class SavedReply(models.Model):
    """Words to answer with, in one or more languages: ``texts`` by language code, with placeholders in braces."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="saved_replies")
    name = models.CharField(max_length=80)
    texts = models.JSONField(default=dict)
    used = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    put_aside_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"],
                name="one_saved_reply_per_name",
                condition=models.Q(put_aside_at__isnull=True),
            )
        ]


class FaqPage(models.Model):
    """The public page of an account's answers. ``key`` is its address; while it is not ``open`` nobody finds it."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.OneToOneField(Account, models.CASCADE, related_name="faq_page")
    key = models.CharField(max_length=32, unique=True)
    open = models.BooleanField(default=False)
    introduction = models.JSONField(default=dict)
    changed_at = models.DateTimeField()


class FaqEntry(models.Model):
    """A question and its answer for everybody. Only what a person published stands on the page."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Public")
        PUT_ASIDE = "aside", _("Put aside")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="faq_entries")
    language = models.CharField(max_length=8)
    question = models.CharField(max_length=300)
    answer = models.TextField()
    terms = ArrayField(models.CharField(max_length=60), default=list)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    published_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "state", "language", "-changed_at"], name="faq_of_account")]


class AnsweredQuestion(models.Model):
    """A question that came in and the answer that stands on the network; ``terms`` are what it is about."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    question = models.OneToOneField(Message, models.CASCADE, related_name="answered")
    answer = models.ForeignKey(Message, models.CASCADE, related_name="answers")
    language = models.CharField(max_length=8, blank=True)
    private = models.BooleanField(default=False)
    terms = ArrayField(models.CharField(max_length=60))
    answered_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["terms"], name="answered_by_terms", fastupdate=False),
            models.Index(fields=["team", "-answered_at"], name="answered_newest"),
        ]


class TermCount(models.Model):
    """In how many answered questions of a team a term occurs: the rarer, the more it tells."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, models.CASCADE)
    term = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "term"], name="one_count_per_term")]
