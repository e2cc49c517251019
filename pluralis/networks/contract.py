"""What a network is to the rest of Pluralis: one description, five small capabilities, plain values.

A connector is a class in ``networks/<name>/connector.py`` that has the methods of the capabilities it offers;
"does it support that?" is answered by ``isinstance(connector, Listens)``. Connectors hold no state between
calls, read no clock but the deadline they are given, never retry and never write to our database. Every failure
is one of the four instructions in :mod:`pluralis.networks.errors`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol, runtime_checkable

from pluralis.core.text import CountingRule
from pluralis.networks.deadline import Deadline
from pluralis.networks.media import Attachment as Attachment
from pluralis.networks.media import Card as Card
from pluralis.networks.media import CardLimits as CardLimits
from pluralis.networks.media import FilmLimits as FilmLimits
from pluralis.networks.media import Uploaded as Uploaded
from pluralis.networks.polls import Poll as Poll
from pluralis.networks.polls import PollLimits as PollLimits

Visibility = Literal["public", "unlisted", "private", "direct"]
Kind = Literal["mention", "reply", "quote", "direct", "search", "hashtag"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A network's own name for one post. ``extra`` holds what else it needs to answer it (cid, root, ...)."""

    remote_id: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One part, exactly as it is to stand on the network: frozen from the claim to the outcome.

    ``key`` was chosen by :meth:`Publishes.choose_key` when the part was scheduled. ``created_at`` is the
    instant of its first claim. ``reply_to`` and ``root`` place it in a thread; ``recipient`` (a profile's remote
    id) with visibility *direct* makes it a direct message.
    """

    text: str
    key: str
    created_at: datetime
    reply_to: Reference | None = None
    root: Reference | None = None
    quote: Reference | None = None
    attachments: tuple[Attachment, ...] = ()
    language: str | None = None
    visibility: Visibility = "public"
    recipient: str | None = None
    recipient_handle: str | None = None
    poll: Poll | None = None
    card: Card | None = None

    @property
    def files(self) -> tuple[Attachment, ...]:
        """Everything that must lie on the network before the part: the attachments, then the card's picture."""
        picture = self.card.picture if self.card is not None else None
        return self.attachments if picture is None else (*self.attachments, picture)


@dataclass(frozen=True, slots=True)
class RemotePost:
    """A post of ours as the network shows it. ``text`` is what it shows; :mod:`core.delivery` compares."""

    reference: Reference
    url: str
    text: str
    created_at: datetime | None
    reply_to_id: str | None = None
    media_count: int = 0
    visibility: Visibility = "public"


@dataclass(frozen=True, slots=True)
class Search:
    """What the network says when asked whether a part is there.

    ``posts`` are our own posts back to the asked instant, ``complete`` says that every page of that window was
    read. ``by_key`` says that the network looked the part up by its own key, so that one read settles it.
    ``deleted`` says that the network remembers such a post as taken down.
    """

    posts: tuple[RemotePost, ...]
    complete: bool
    by_key: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class RemoteProfile:
    """A person or company on a network, as far as the network tells us. Counts are ``None`` where it does not."""

    remote_id: str
    handle: str
    display_name: str = ""
    url: str = ""
    avatar_url: str = ""
    bio: str = ""
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """A picture or film in an incoming message: where it lies and its description."""

    url: str
    content_type: str = ""
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from outside. ``text`` is plain text: HTML is reduced by the connector, never passed on.

    ``conversation`` is the network's own name of the thread when it has one; ``in_reply_to_id`` and
    ``quoted_id`` are remote ids. ``recipient_id`` is set on direct messages. ``earlier`` are the ids that the same
    message had before its author changed it, where a network gives it another each time. A message of kind *search*
    or *hashtag* was looked for: its author did not write to us.
    """

    reference: Reference
    kind: Kind
    text: str
    author: RemoteProfile
    created_at: datetime
    url: str = ""
    in_reply_to_id: str | None = None
    quoted_id: str | None = None
    conversation: str | None = None
    media: tuple[RemoteMedia, ...] = ()
    language: str | None = None
    visibility: Visibility = "public"
    recipient_id: str | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that could not be read: after ``newer_than`` and before ``older_than`` (remote ids)."""

    newer_than: str | None
    older_than: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer to a poll, oldest message first.

    ``cursor`` is where to go on; it is stored in the same transaction as the messages. ``more`` says that newer
    messages wait behind this page; ``gap`` names what the network no longer gives.
    """

    messages: tuple[Incoming, ...]
    cursor: str | None
    more: bool = False
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class App:
    """The registration of Pluralis with a network or instance."""

    client_id: str
    client_secret: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """An account as a connector sees it: where, who, with which decrypted credentials.

    ``credentials`` never leave memory. ``settings`` are the account's non-secret choices (tier, dialect,
    instance limits as last read).
    """

    host: str
    profile_id: str
    handle: str
    credentials: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)
    app: App | None = None

    def __repr__(self) -> str:
        return f"Access({self.handle}@{self.host})"


@dataclass(frozen=True, slots=True)
class Grant:
    """Fresh credentials and, after connecting, the profile they belong to and the settings read with them."""

    credentials: Mapping[str, str]
    expires_at: datetime | None = None
    profile: RemoteProfile | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Grant(expires_at={self.expires_at})"


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One box of the connect form. ``label`` and ``help`` are message keys; ``secret`` hides what is typed."""

    name: str
    label: str
    help: str = ""
    secret: bool = True
    required: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What one post may hold: its counting rule, and pictures by number, bytes and length of description.

    ``film`` and ``poll`` are ``None`` where the network takes none from programs, ``card`` where it builds the card
    below a link itself, or shows none.
    """

    counting: CountingRule
    images: int
    image_bytes: int
    image_types: tuple[str, ...]
    alt_text: int
    film: FilmLimits | None = None
    poll: PollLimits | None = None
    card: CardLimits | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a call costs: ``amount`` in ``currency`` by the list of the day ``as_of``, and which line of it."""

    amount: Decimal
    currency: str
    as_of: date
    line: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the network forbids to programs: a page that is ready for a person to send with one click."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Relation:
    """How an account and a person stand to each other. ``None`` where the network does not tell before we try.

    ``may_message`` says whether a private message of ours would reach them now.
    """

    may_message: bool | None
    they_follow: bool | None = None
    we_follow: bool | None = None


@runtime_checkable
class Publishes(Protocol):
    """Can put a part on the network, and tell afterwards whether it is there."""

    def choose_key(self, now: datetime, entropy: bytes) -> str:
        """Return the key of a new part, from the scheduling instant and 16 random bytes; ``""`` if it has none."""
        ...

    def limits(self, access: Access | None) -> Limits:
        """Return the limits of this account, or of the network where no account is known yet. Reads nothing."""
        ...

    def hand_over(self, access: Access, outgoing: Outgoing) -> HandOver | None:
        """Return the page for a person when the account's tier forbids this part to programs, else ``None``."""
        ...

    def send(self, access: Access, outgoing: Outgoing, deadline: Deadline) -> RemotePost:
        """Write the part once, before ``deadline``. Raises any of the four instructions."""
        ...

    def find(self, access: Access, outgoing: Outgoing, since: datetime, deadline: Deadline) -> Search:
        """Look for the part among our own posts back to ``since``. Raises NotNow or Disconnected."""
        ...

    def delete(self, access: Access, reference: Reference, deadline: Deadline) -> None:
        """Take a post down; already gone is fine."""
        ...

    def remote_id_of(self, access: Access, url: str) -> str | None:
        """Return the remote id behind the page of one of the account's own posts, ``None`` for any other address.

        A person copied it from their browser. Reads nothing: whether such a post stands is not known.
        """
        ...


@runtime_checkable
class Uploads(Protocol):
    """Can take the pictures or the film of a part some minutes before its time.

    :meth:`Publishes.send` then takes them from :attr:`Attachment.uploaded`. When the network has lost one it
    publishes nothing and raises NotNow with ``upload_again``.
    """

    def upload(self, access: Access, outgoing: Outgoing, deadline: Deadline) -> tuple[Uploaded, ...]:
        """Put :attr:`Outgoing.files` on the network with their descriptions, and return them in order.

        Publishes nothing, so it may be repeated without harm. Raises NotNow, Refused or Disconnected.
        """
        ...


@runtime_checkable
class Edits(Protocol):
    """Can give a post that stands other words."""

    def edit(self, access: Access, reference: Reference, outgoing: Outgoing, deadline: Deadline) -> None:
        """Give a post of ours the words of ``outgoing`` and keep its pictures; the same words again change nothing.

        Raises Refused when it is gone or the network says no, NotNow or Disconnected else.
        """
        ...


@runtime_checkable
class Listens(Protocol):
    """Can read what others wrote to us."""

    streams: tuple[str, ...]

    def fetch(self, access: Access, stream: str, cursor: str | None, deadline: Deadline) -> Batch:
        """Return one page of ``stream`` after ``cursor`` (``None``: the newest page only)."""
        ...


@runtime_checkable
class Measures(Protocol):
    """Can read the figures of our own posts."""

    def snapshot(
        self, access: Access, references: Sequence[Reference], deadline: Deadline
    ) -> Mapping[str, Mapping[str, int]]:
        """Return figures by remote id: ``likes``, ``reshares``, ``replies``, ``impressions`` where known."""
        ...


@runtime_checkable
class Moderates(Protocol):
    """Can keep somebody away. ``actions`` lists which of mute, block, report, hide the API can do."""

    moderation: tuple[str, ...]

    def moderate(self, access: Access, action: str, profile_id: str, deadline: Deadline) -> None:
        """Do ``action`` to the profile. Doing it twice is the same as once."""
        ...

    def moderation_page(self, access: Access, action: str, profile: RemoteProfile) -> str:
        """Return the page where a person does what the API cannot."""
        ...


@runtime_checkable
class Reposts(Protocol):
    """Can show somebody else's public post among an account's own, in their words and under their name."""

    def repost(self, access: Access, reference: Reference, at: datetime, deadline: Deadline) -> None:
        """Repost a post, as done at ``at``. Doing it twice is as once. Raises any of the four instructions."""
        ...

    def take_back_repost(self, access: Access, reference: Reference, deadline: Deadline) -> None:
        """End a repost, whoever made it; where there is none, or the post is gone, that is fine.

        The id is enough: of a person who is erased no more is known.
        """
        ...

    def repost_page(self, access: Access, reference: Reference) -> str:
        """Return the page where a person, signed in as the account, does it or takes it back. Reads nothing."""
        ...


@runtime_checkable
class Relates(Protocol):
    """Knows to whom we may write privately, and how an answer can be for everyone.

    ``community_forms`` lists which of *dot_mention*, *question*, *quote_post* the network has, best first; what an
    account's tier forbids of it to programs is told by :meth:`Publishes.hand_over`. ``follow_opens`` says that
    following somebody lets the two write to each other privately.
    """

    community_forms: tuple[str, ...]
    follow_opens: bool

    def relation(self, access: Access, profile_id: str, deadline: Deadline) -> Relation:
        """Return how we stand to a profile. Raises NotNow, Disconnected, or Refused when it is gone."""
        ...

    def follow_page(self, access: Access, profile: RemoteProfile) -> str:
        """Return the page where a person follows the profile. Programs never follow: networks forbid it."""
        ...


@runtime_checkable
class Prices(Protocol):
    """Is paid by use, and can tell before sending what a part will cost."""

    def price(self, access: Access, outgoing: Outgoing) -> Price | None:
        """Return the price of sending the part, ``None`` when the account's contract is not known. Reads nothing."""
        ...


@runtime_checkable
class Connects(Protocol):
    """Can give us access to an account: by keys, and where ``oauth`` is true by OAuth 2.0 with PKCE."""

    oauth: bool
    fields: tuple[CredentialField, ...]

    def connect_with_keys(self, host: str, values: Mapping[str, str], deadline: Deadline) -> Grant:
        """Sign in with typed keys and return the grant with its profile. Refused names the wrong fields."""
        ...

    def register(self, host: str, redirect_uri: str, deadline: Deadline) -> App:
        """Register Pluralis with an instance, where instances are many. Raises Refused where it needs a person."""
        ...

    def authorise_url(self, host: str, app: App, redirect_uri: str, state: str, challenge: str) -> str:
        """Return the page to send the person to; ``challenge`` is the S256 PKCE challenge."""
        ...

    def exchange(self, host: str, app: App, redirect_uri: str, code: str, verifier: str, deadline: Deadline) -> Grant:
        """Turn the code of the callback into a grant with its profile."""
        ...

    def refresh(self, access: Access, deadline: Deadline) -> Grant:
        """Return fresh credentials. Disconnected when the old ones are spent; Unconfirmed when no answer came."""
        ...

    def read_profile(self, access: Access, deadline: Deadline) -> Grant:
        """Return the profile and the settings (instance limits, tier) as they are now, with the same credentials."""
        ...


class Connector(Publishes, Listens, Connects, Protocol):
    """The least a registered network offers. Measures, Moderates and Reposts are asked for with ``isinstance``."""


@dataclass(frozen=True, slots=True)
class Network:
    """One line of the registry: what the desk shows and which connector does the work.

    ``default_host`` is the API's origin; ``many_hosts`` says that the person names the instance. ``icon`` is a
    name in the desk's icon set; ``guide`` the README shown on the help page. ``same_text_days`` is how
    long the network forbids the same text on two accounts of one owner (0: it does not).
    ``repeats_need_own_text`` says that it forbids saying nearly the same again and again on one account: each time
    of a repeat then needs a text of its own, written by a person.
    """

    name: str
    title: str
    connector: Connector
    default_host: str
    many_hosts: bool
    icon: str
    guide: str
    same_text_days: int = 0
    repeats_need_own_text: bool = False
