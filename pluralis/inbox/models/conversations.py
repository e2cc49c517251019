"""What comes in: messages in conversations, and the contacts who wrote them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.core.states import ConversationState
from pluralis.publishing.models import Part
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team

CONVERSATION_STATES = [
    (ConversationState.OPEN.value, _("Open")),
    (ConversationState.WAITING.value, _("Waiting for them")),
    (ConversationState.SNOOZED.value, _("Later")),
    (ConversationState.RESOLVED.value, _("Resolved")),
]


class Contact(models.Model):
    """An outside person or company, as this team knows them."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    name = models.CharField(max_length=255, blank=True)
    search_name = models.CharField(max_length=255, default="", db_default="", blank=True)
    tags = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)
    do_not_engage_until = models.DateTimeField(null=True, blank=True)
    do_not_engage_reason = models.TextField(blank=True)
    joined = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["team", "search_name"],
                name="contacts_by_beginning",
                opclasses=["uuid_ops", "varchar_pattern_ops"],
            ),
            models.Index(fields=["team", "-id"], name="contacts_newest"),
        ]


class Profile(models.Model):
    """A contact on one network."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="profiles")
    network = models.CharField(max_length=32)
    host = models.CharField(max_length=255)
    remote_id = models.CharField(max_length=255)
    handle = models.CharField(max_length=255)
    search_handle = models.CharField(max_length=255, default="", db_default="", blank=True)
    display_name = models.CharField(max_length=255, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    avatar_url = models.CharField(max_length=1000, blank=True)
    bio = models.TextField(blank=True)
    followers = models.BigIntegerField(null=True, blank=True)
    following = models.BigIntegerField(null=True, blank=True)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "network", "host", "remote_id"], name="one_profile_per_team")
        ]
        indexes = [
            models.Index(
                fields=["team", "search_handle"],
                name="profiles_by_beginning",
                opclasses=["uuid_ops", "varchar_pattern_ops"],
            )
        ]


class Conversation(models.Model):
    """Messages that belong together, on one account.

    ``answer_due_at`` is when an answer is promised, reckoned in the account's open hours; empty while nobody waits
    for us, or nothing is promised. A conversation is *late* when ``state`` is open and ``answer_due_at`` has passed
    (index ``conversations_by_promise``). ``alarm_at`` is when it rings, empty once it has. ``acted_at`` is the last
    thing its holder did; ``queue_reason`` says why nobody was given it.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="conversations", db_index=False)
    key = models.CharField(max_length=500)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="conversations")
    state = models.CharField(max_length=16, choices=CONVERSATION_STATES, default=ConversationState.OPEN)
    private = models.BooleanField(default=False)
    kind = models.CharField(max_length=16, default="", db_default="", blank=True)
    assigned_to = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    label = models.CharField(max_length=16, blank=True)
    urgency = models.FloatField(default=0)
    personal_data = models.BooleanField(default=False)
    language = models.CharField(max_length=8, blank=True)
    excerpt = models.CharField(max_length=280, blank=True)
    message_count = models.PositiveIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True, blank=True)
    last_message_at = models.DateTimeField()
    created_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(null=True, blank=True)
    resolve_due_at = models.DateTimeField(null=True, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    queue_reason = models.CharField(max_length=32, blank=True, default="", db_default="")
    found_by = models.ForeignKey("inbox.NetworkSearch", models.SET_NULL, null=True, blank=True, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_conversation_per_key")]
        indexes = [
            models.Index(fields=["team", "state", "-last_message_at", "-id"], name="conversations_newest"),
            models.Index(fields=["team", "-last_message_at", "-id"], name="conversations_of_every_state"),
            models.Index(fields=["account", "state", "-last_message_at", "-id"], name="conversations_of_account"),
            models.Index(fields=["contact", "-last_message_at", "-id"], name="conversations_of_contact"),
            models.Index(
                fields=["team", "state"],
                name="conversations_counted",
                include=["assigned_to", "account", "label", "language", "kind", "contact", "last_message_at", "id"],
                condition=~models.Q(state=ConversationState.RESOLVED.value),
            ),
            models.Index(
                fields=["team", "answer_due_at"],
                name="conversations_by_promise",
                condition=models.Q(state="open", answer_due_at__isnull=False),
            ),
            models.Index(
                fields=["alarm_at"], name="conversations_to_ring", condition=models.Q(alarm_at__isnull=False)
            ),
            models.Index(
                fields=["found_by", "-last_message_at", "-id"],
                name="conversations_found",
                condition=models.Q(found_by__isnull=False),
            ),
        ]


class Message(models.Model):
    """Anything that came in, and our own answers beside it (``direction`` *out*, with their part).

    ``follow_at`` is when the network is asked next whether it still stands as it did, empty when no more;
    ``followed_at`` when it was asked last. ``edited_at`` is when its author changed it: what it said before is a
    ``MessageRevision``. ``deleted_at`` is when we saw that it is gone: from then on nothing of its words is kept.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, db_index=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages", db_index=False)
    profile = models.ForeignKey(Profile, models.SET_NULL, null=True, blank=True)
    part = models.OneToOneField(Part, models.SET_NULL, null=True, blank=True)
    author = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True)
    direction = models.CharField(max_length=4, default="in")
    kind = models.CharField(max_length=16)
    remote_id = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001 - unique only where known
    reference = models.JSONField(default=dict)
    in_reply_to_id = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    url = models.CharField(max_length=1000, blank=True)
    media = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=8, blank=True)
    triage = models.JSONField(default=dict, blank=True)
    personal_data = models.JSONField(default=list, blank=True)
    masked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)
    follow_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "remote_id"], name="one_message_per_remote_id")]
        indexes = [
            models.Index(fields=["conversation", "created_at", "id"], name="messages_in_order"),
            models.Index(fields=["team", "-created_at"], name="messages_newest"),
            models.Index(
                fields=["team", "created_at"], name="messages_to_mask", condition=~models.Q(personal_data=[])
            ),
            models.Index(
                fields=["account", "follow_at"],
                name="messages_to_follow",
                condition=models.Q(follow_at__isnull=False),
            ),
        ]


class Cursor(models.Model):
    """How far a stream of an account has been read. Stored in the transaction that stores its messages."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE)
    stream = models.CharField(max_length=32)
    value = models.TextField(null=True, blank=True)  # noqa: DJ001 - no cursor yet differs from an empty one
    seen_until = models.DateTimeField(null=True, blank=True)
    polled_at = models.DateTimeField(null=True, blank=True)
    next_poll_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "stream"], name="one_cursor_per_stream")]


class Gap(models.Model):
    """A stretch that could not be read, until it is."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE)
    stream = models.CharField(max_length=32)
    newer_than = models.CharField(max_length=500, blank=True)
    older_than = models.CharField(max_length=500, blank=True)
    noticed_at = models.DateTimeField()
    place = models.TextField(default="", db_default="", blank=True)
    found = models.PositiveIntegerField(default=0, db_default=0)
    tries = models.PositiveIntegerField(default=0, db_default=0)
    try_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=255, default="", db_default="", blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)


class Tombstone(models.Model):
    """The keyed hash of an erased message or person, so that a later poll does not bring them back."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    fingerprint = models.CharField(max_length=64)
    erased_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "fingerprint"], name="one_tombstone")]
