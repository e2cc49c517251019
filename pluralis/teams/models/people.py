"""People, teams, accounts and credentials, who is on duty, and what was done in the team's name."""

from typing import ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pluralis.teams.fields import IdField

LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español"), ("ms", "Bahasa Melayu")]


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person who signs in. What they may do is decided per team, by their role."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    id = IdField()
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=LANGUAGES, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc, assignment]

    def __str__(self) -> str:
        return self.name or self.email


class Team(models.Model):
    """One company (or one agency's client). Another team's data does not exist."""

    id = IdField()
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, choices=LANGUAGES, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    demo = models.BooleanField(default=False)
    settings = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member is in a team. What each may do stands in ``access.py``."""

    OWNER = "owner", _("Owner")
    LEAD = "lead", _("Lead")
    WRITER = "writer", _("Writer")
    AGENT = "agent", _("Agent")
    EMPLOYEE = "employee", _("Employee")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """A person in a team."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    initials = models.CharField(max_length=4, blank=True)
    may_post_by_hand = models.BooleanField(default=False)
    on_duty_since = models.DateTimeField(null=True, blank=True)
    # The last change of the roster that was followed; what a person chose after it stands until the next one.
    roster_at = models.DateTimeField(null=True, blank=True)
    languages = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    legend_name = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_team")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Invitation(models.Model):
    """A seat kept for an e-mail address; the token in the link is stored hashed."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, models.CASCADE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)


class AccountKind(models.TextChoices):
    """The part an account plays."""

    MAIN = "main", _("Main")
    SUPPORT = "support", _("Support")
    EVENT = "event", _("Event")
    CONTEST = "contest", _("Contest")
    EMPLOYEE = "employee", _("Employee")


class Account(models.Model):
    """A profile we publish from. Bound for ever to the network's own id of the profile."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="accounts")
    kind = models.CharField(max_length=16, choices=AccountKind, default=AccountKind.MAIN)
    network = models.CharField(max_length=32)
    host = models.CharField(max_length=255)
    remote_id = models.CharField(max_length=255)
    handle = models.CharField(max_length=255)
    display_name = models.CharField(max_length=255, blank=True)
    profile_url = models.CharField(max_length=1000, blank=True)
    avatar_url = models.CharField(max_length=1000, blank=True)
    colour = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=8, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    voice = models.JSONField(default=dict, blank=True)
    connected = models.BooleanField(default=True)
    disconnected_reason = models.TextField(blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    quarantined_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "host", "remote_id"],
                name="one_team_per_profile",
                condition=models.Q(released_at__isnull=True),
            ),
        ]
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"@{self.handle}"


class Credential(models.Model):
    """The sealed keys of one account. ``refreshing_*`` is the claim of the one refresh in flight."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="credential")
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    refreshing_since = models.DateTimeField(null=True, blank=True)
    refreshing_token = models.UUIDField(null=True, blank=True)
    updated_at = models.DateTimeField()


class AppRegistration(models.Model):
    """The registration of this installation with a network or instance."""

    id = IdField()
    network = models.CharField(max_length=32)
    host = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "host"], name="one_app_per_host")]


class OAuthState(models.Model):
    """One walk to a network and back: single use, ten minutes, bound to who asked for what."""

    id = IdField()
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    team = models.ForeignKey(Team, models.CASCADE)
    membership = models.ForeignKey(Membership, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True)
    network = models.CharField(max_length=32)
    host = models.CharField(max_length=255)
    kind = models.CharField(max_length=16, choices=AccountKind)
    sealed_verifier = models.BinaryField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class AuditEntry(models.Model):
    """What was done in the team's name: append-only, ids and hashes, no message text."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, models.CASCADE, db_constraint=False)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, db_constraint=False)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=32)
    object_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "-id"], name="audit_newest_first")]


class Change(models.Model):
    """One line of the change log that live pages replay: which topics of a team changed in which transaction."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, models.CASCADE, db_constraint=False)
    xid = models.BigIntegerField(db_default=models.Func(function="pluralis_xid", arity=0))
    topics = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["team", "xid"], name="change_replay")]


class Scope(models.TextChoices):
    """What a token may do besides what its member's role allows: a program gets no more than it needs."""

    READ = "read", _("Read")
    WRITE = "write", _("Write and sort")
    PUBLISH = "publish", _("Publish and answer")


class ApiToken(models.Model):
    """A program's way in, as one member of one team. Only the hash is stored; ``hint`` is the token's end."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="tokens")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What a creating command of the API answered, for 24 hours, under its member's ``Idempotency-Key``."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    membership = models.ForeignKey(Membership, models.CASCADE)
    client_key = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "client_key"], name="one_answer_per_key")]
