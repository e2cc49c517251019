"""Bluesky: exactly once by record keys of our own.

The key of a part is chosen when it is scheduled, its record is written with "must not exist yet", so a second send
after a lost answer can neither double nor overwrite: it is told that the record is there, reads it and compares.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pluralis import failpoints
from pluralis.core.text import counting_rule
from pluralis.core.text.facets import facets
from pluralis.networks.bluesky import incoming, records
from pluralis.networks.bluesky.client import POSTS, Client, InvalidSwap, Record, Session, Unknown
from pluralis.networks.bluesky.messages import find_message, send_message
from pluralis.networks.bluesky.overhearing import APP_VIEW, CHAT_SERVICE, BlueskyOverhears
from pluralis.networks.bluesky.relating import read_relation
from pluralis.networks.bluesky.reposting import BlueskyReposts
from pluralis.networks.contract import (
    Access,
    App,
    Attachment,
    Batch,
    CardLimits,
    CredentialField,
    FilmLimits,
    Gap,
    Grant,
    HandOver,
    Limits,
    Outgoing,
    Reference,
    Relation,
    RemotePost,
    RemoteProfile,
    Search,
    Uploaded,
)
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused, Unconfirmed
from pluralis.networks.hearing import Older
from pluralis.networks.transport import check_host, sendable
from pluralis.networks.uploads import lost_is_not_now

BLOCKS = "app.bsky.graph.block"
# The message service and the moderation service are reached through the server; both are settings of an account.
REPORT_SERVICE = "did:plc:ar7c4by46qjdydhdevvrndac#atproto_labeler"
IMAGE_BYTES = 1_000_000  # app.bsky.embed.images, maxSize
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
IMAGES = 4
# app.bsky.embed.video: MP4 of at most 100 MB; the network's own service takes three minutes.
FILM = FilmLimits(100_000_000, 180, ("video/mp4",), described=True)
EPOCH = datetime.fromtimestamp(0, UTC)  # connectors read no clock; nobody is shown when a block was made
ALT_TEXT = 2_000  # what the network's own client allows
# app.bsky.embed.external: the picture as large as any other; the words have no limit there, so these are ours.
CARD = CardLimits(300, 1_000, IMAGE_BYTES)
KEPT_SECONDS = 3_600  # atproto.com/specs/blob: servers keep a blob that no record names for at least an hour
# The server takes any bytes under any name: JPEG, PNG, GIF and WebP begin so.
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF")
IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")


class BlueskyConnector(BlueskyOverhears, BlueskyReposts):
    """Publishes, listens, measures, moderates, reposts and connects by app password."""

    streams: tuple[str, ...] = ("mentions", "messages")
    read_back: tuple[str, ...] = ("mentions",)
    moderation: tuple[str, ...] = ("mute", "block", "report")
    community_forms: tuple[str, ...] = ("quote_post", "question", "dot_mention")
    follow_opens = False
    oauth = False
    fields: tuple[CredentialField, ...] = (
        CredentialField("identifier", "Handle", "For example: brand.bsky.social", secret=False),
        CredentialField(
            "password", "App password", "Made under Settings, Privacy and security, App passwords; never the main one"
        ),
    )

    # Publishes.

    def choose_key(self, now: datetime, entropy: bytes) -> str:
        """Return a record key (TID)."""
        return records.make_key(now, entropy)

    def limits(self, access: Access | None) -> Limits:
        """Return what a post may hold: 300 graphemes and 3,000 bytes, four pictures of one megabyte or a film.

        No card is built here: the link's card is part of the record.
        """
        return Limits(counting_rule("graphemes"), IMAGES, IMAGE_BYTES, IMAGE_TYPES, ALT_TEXT, FILM, card=CARD)

    def hand_over(self, access: Access, outgoing: Outgoing) -> HandOver | None:
        """Return ``None``: the network forbids nothing to programs that a person may do."""
        return None

    def send(self, access: Access, outgoing: Outgoing, deadline: Deadline) -> RemotePost:
        """Write the record under its own key; a record that is already there and equal counts as sent."""
        if outgoing.poll is not None:
            raise Refused("Bluesky has no polls", {"poll": "not possible"})
        client = _client(access, deadline)
        if outgoing.visibility == "direct":
            return send_message(client, _chat(access), outgoing)
        with _unknown_refused("the post that this one answers or quotes is gone", "reply_to"):
            record = self._record(client, access, outgoing)
        try:
            with lost_is_not_now(outgoing):
                cid = client.put_new_record(access.profile_id, POSTS, outgoing.key, record)
        except InvalidSwap:
            return _already_there(client, access, outgoing.key, record)
        uri = f"at://{access.profile_id}/{POSTS}/{outgoing.key}"
        return records.remote_post(Record(uri, cid, record))

    def upload(self, access: Access, outgoing: Outgoing, deadline: Deadline) -> tuple[Uploaded, ...]:
        """Upload the pictures, the film or the picture of the card as blobs; the same bytes have the same name."""
        blobs = _upload(_client(access, deadline), outgoing.files)
        return tuple(Uploaded({"blob": blob}, KEPT_SECONDS) for blob in blobs)

    def _record(self, client: Client, access: Access, outgoing: Outgoing) -> dict[str, Any]:
        """Read what the record needs from the network and make it; nothing of this publishes anything."""
        # A byte order mark in front is lost on the server, and every place in the text would move with it.
        outgoing = replace(outgoing, text=sendable(outgoing.text).lstrip(BYTE_ORDER_MARK))
        found = facets(outgoing.text)
        dids = _resolve(client, (facet.value.lower() for facet in found if facet.kind == "mention"))
        complete = replace(
            outgoing,
            reply_to=_complete(client, outgoing.reply_to),
            quote=_complete(client, outgoing.quote),
        )
        if outgoing.files:
            failpoints.reach("send.before_upload")
            blobs = _upload(client, outgoing.files)
            failpoints.reach("send.after_upload")
        else:
            blobs = []
        try:
            return records.make_record(complete, found, blobs, dids)
        except ValueError as error:
            raise Refused(f"the links of this text could not be placed: {error}", {"text": str(error)}) from error

    def find(self, access: Access, outgoing: Outgoing, since: datetime, deadline: Deadline) -> Search:
        """Ask for the record by its key: one read settles it. Direct messages have no key and are searched."""
        client = _client(access, deadline)
        if outgoing.visibility == "direct":
            return find_message(client, _chat(access), access.profile_id, outgoing, since)
        try:
            record = client.get_record(access.profile_id, POSTS, outgoing.key)
        except Unknown:
            return Search((), complete=True, by_key=True)
        except Refused as error:
            raise NotNow(error.reason) from error
        return Search((records.remote_post(record),), complete=True, by_key=True)

    def delete(self, access: Access, reference: Reference, deadline: Deadline) -> None:
        """Take a post down; one that is gone already is fine."""
        repo, _, key = reference.remote_id.removeprefix("at://").partition(f"/{POSTS}/")
        if repo != access.profile_id or not key:
            raise Refused("only posts of the account itself can be taken down")
        _client(access, deadline).delete_record(repo, POSTS, key)

    def remote_id_of(self, access: Access, url: str) -> str | None:
        """Return the URI of a post from its page for people, if it is the account's own."""
        return records.uri_of_page(access.profile_id, access.handle, url)

    # Listens.

    def fetch(self, access: Access, stream: str, cursor: str | None, deadline: Deadline) -> Batch:
        """Return one page of mentions, replies and quotes, or of direct messages."""
        client = _client(access, deadline)
        if stream == "messages" and access.settings.get("direct_messages") == "no":
            return Batch((), cursor)
        if stream == "messages":
            return incoming.fetch_messages(client, _chat(access), access.profile_id, cursor)
        return incoming.fetch_mentions(client, cursor)

    def fetch_older(self, access: Access, stream: str, gap: Gap, place: str, deadline: Deadline) -> Older:
        """Return one page of the notifications that a gap left out."""
        return incoming.fetch_older(_client(access, deadline), gap, place)

    # Measures.

    def snapshot(
        self, access: Access, references: Sequence[Reference], deadline: Deadline
    ) -> Mapping[str, Mapping[str, int]]:
        """Return likes, reshares and replies; the network tells no impressions."""
        views = _client(access, deadline).posts([reference.remote_id for reference in references])
        return {str(view["uri"]): _figures(view) for view in views if "uri" in view}

    # Relates.

    def relation(self, access: Access, profile_id: str, deadline: Deadline) -> Relation:
        """Return who follows whom, and whether the message service would take a message of ours."""
        allowed = access.settings.get("direct_messages") != "no"
        return read_relation(_client(access, deadline), _chat(access), profile_id, direct_messages=allowed)

    def follow_page(self, access: Access, profile: RemoteProfile) -> str:
        """Return the profile's page, with its button."""
        return self.moderation_page(access, "follow", profile)

    # Moderates.

    def moderate(self, access: Access, action: str, profile_id: str, deadline: Deadline) -> None:
        """Mute, block or report. A block is a record whose key follows from the DID, so twice is once."""
        client = _client(access, deadline)
        if action == "mute":
            client.mute(profile_id)
        elif action == "report":
            client.report(profile_id, access.settings.get("report_service") or REPORT_SERVICE, "")
        elif action == "block":
            block = {
                "$type": BLOCKS,
                "subject": profile_id,
                "createdAt": records.stamp(EPOCH),
            }
            key = records.key_for(f"{BLOCKS} {profile_id}")
            with contextlib.suppress(InvalidSwap):
                client.put_new_record(access.profile_id, BLOCKS, key, block, marks=None)
        else:
            raise Refused(f"Bluesky has no way to {action} somebody")

    def moderation_page(self, access: Access, action: str, profile: RemoteProfile) -> str:
        """Return the profile's page, from whose menu a person can do all of it."""
        return f"https://bsky.app/profile/{profile.remote_id}"

    # Connects.

    def connect_with_keys(self, host: str, values: Mapping[str, str], deadline: Deadline) -> Grant:
        """Sign in once with an app password and keep the session."""
        origin = check_host(host, deadline)
        identifier = values.get("identifier", "").strip().lstrip("@").lower()
        password = values.get("password", "").strip()
        if not identifier or not password:
            raise Refused("handle and app password are both needed", {"identifier": "needed", "password": "needed"})
        try:
            session = Client(origin, deadline).create_session(identifier, password)
        except (Disconnected, Unknown, Refused) as error:
            wrong = "handle and app password do not belong together on this server"
            raise Refused(wrong, {"identifier": wrong, "password": wrong}) from error
        if session.scope == "access":
            main = "this is the account's main password: make an app password, which can be taken back by itself"
            raise Refused(main, {"password": main})
        settings = _usable_server(session.pds, origin, deadline)
        settings["direct_messages"] = "no" if session.scope == "appPass" else "yes"
        grant = _grant(session, password)
        access = Access(origin, session.did, session.handle, grant.credentials, settings)
        return self.read_profile(access, deadline, expires_at=grant.expires_at)

    def register(self, host: str, redirect_uri: str, deadline: Deadline) -> App:
        """Refused: accounts are connected by app password."""
        raise Refused("Bluesky accounts are connected by handle and app password")

    def authorise_url(self, host: str, app: App, redirect_uri: str, state: str, challenge: str) -> str:
        """Refused: accounts are connected by app password."""
        raise Refused("Bluesky accounts are connected by handle and app password")

    def exchange(self, host: str, app: App, redirect_uri: str, code: str, verifier: str, deadline: Deadline) -> Grant:
        """Refused: accounts are connected by app password."""
        raise Refused("Bluesky accounts are connected by handle and app password")

    def refresh(self, access: Access, deadline: Deadline) -> Grant:
        """Trade the refresh token; when it is spent, sign in once more with the app password."""
        client = Client(_server(access), deadline)
        password = access.credentials.get("password", "")
        try:
            return _grant(client.refresh_session(access.credentials["refresh"]), password)
        except (NotNow, Disconnected) as error:
            if isinstance(error, NotNow) and not error.refresh:
                raise
            if not password:
                raise Disconnected("the session has ended: connect the account again") from error
        try:
            return _grant(client.create_session(access.profile_id, password), password)
        except (Refused, Unknown) as error:
            raise Disconnected("the app password was taken back: connect the account again") from error

    def read_profile(self, access: Access, deadline: Deadline, *, expires_at: datetime | None = None) -> Grant:
        """Return the profile as the app view shows it, or what the server itself knows where there is none."""
        settings = {**access.settings, APP_VIEW: "yes"}
        try:
            profile = incoming.read_profile(_client(access, deadline).profile(access.profile_id))
        except (NotNow, Refused, Unknown) as error:
            if isinstance(error, NotNow) and error.refresh:
                raise
            settings[APP_VIEW] = "no"
            profile = RemoteProfile(access.profile_id, access.handle, url=f"https://bsky.app/profile/{access.handle}")
        return Grant(access.credentials, expires_at, profile, settings)


def _already_there(client: Client, access: Access, key: str, record: Mapping[str, Any]) -> RemotePost:
    """Return the post under our key when it is ours to the last field; else a person must look at both."""
    try:
        standing = client.get_record(access.profile_id, POSTS, key)
    except (NetworkError, Unknown) as error:
        raise Unconfirmed("a post stands under this key but could not be read") from error
    if not records.is_ours(record, standing.value):
        theirs, ours = str(standing.value.get("text", "")), str(record["text"])
        raise Unconfirmed(f"another text stands under this post's key: “{theirs}”; ours is “{ours}”")
    return records.remote_post(standing)


def _server(access: Access) -> str:
    return access.settings.get("pds") or access.host


def _client(access: Access, deadline: Deadline) -> Client:
    return Client(_server(access), deadline, access.credentials.get("access", ""))


def _chat(access: Access) -> str:
    return access.settings.get("chat_service") or CHAT_SERVICE


def _grant(session: Session, password: str) -> Grant:
    credentials = {"access": session.access, "refresh": session.refresh, "password": password}
    return Grant(credentials, session.expires_at)


def _usable_server(named: str, typed: str, deadline: Deadline) -> dict[str, str]:
    """Return as settings the server that the identity document names, if it is another and we may go there."""
    try:
        server = check_host(named, deadline) if named else typed
    except Refused:
        return {}
    return {} if server == typed else {"pds": server}


def _complete(client: Client, reference: Reference | None) -> Reference | None:
    """Return the reference with its cid and the root of its thread, read from the network where they lack.

    It is read in any case: the server would take an answer to a post that is gone. Raises Unknown then.
    """
    if reference is None:
        return None
    repo, collection, key = reference.remote_id.removeprefix("at://").split("/")
    try:
        record = client.get_record(repo, collection, key)
    except NotNow as error:
        if error.refresh or not reference.extra.get("cid"):
            raise
        return reference
    return reference if reference.extra.get("cid") else records.reference(record.uri, record.cid, record.value)


def _resolve(client: Client, handles: Iterable[str]) -> dict[str, str]:
    """Return DIDs by handle; who cannot be resolved is left out and stays plain text."""
    found = {}
    for handle in dict.fromkeys(handles):
        with contextlib.suppress(Unknown, Refused):
            found[handle] = _asked_twice(client, handle)
    return found


def _asked_twice(client: Client, handle: str) -> str:
    """Resolve a handle, and once more when no answer came: a post need not be late for one lost question."""
    try:
        return client.resolve_handle(handle)
    except NotNow as error:
        if error.until is not None or error.refresh:
            raise
    return client.resolve_handle(handle)


def _upload(client: Client, attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    for attachment in (each for each in attachments if not _known(each)):
        (_check_film if attachment.is_film else _check_picture)(attachment)
    return [_known(attachment) or _upload_one(client, attachment) for attachment in attachments]


def _known(attachment: Attachment) -> dict[str, Any]:
    """Return the blob that was uploaded ahead; ``{}`` when it was not."""
    return dict((attachment.uploaded or {}).get("blob") or {})


def _check_picture(attachment: Attachment) -> None:
    if len(attachment.content) > IMAGE_BYTES:
        raise Refused("a picture is larger than one megabyte", {"attachments": "too large"})
    if not attachment.content.startswith(SIGNATURES):
        raise Refused("a file is no picture that Bluesky shows", {"attachments": "no picture"})


def _check_film(attachment: Attachment) -> None:
    if attachment.size > FILM.bytes:
        raise Refused("the film is larger than 100 megabytes", {"attachments": "too large"})
    with attachment.open() as stream:
        if attachment.content_type not in FILM.types or stream.read(8)[4:] != b"ftyp":
            raise Refused("a file is no film that Bluesky shows", {"attachments": "no film"})


def _upload_one(client: Client, attachment: Attachment) -> dict[str, Any]:
    with attachment.open() as stream:
        return client.upload_blob(stream if attachment.is_film else attachment.content, attachment.content_type)


@contextlib.contextmanager
def _unknown_refused(reason: str, field: str) -> Iterator[None]:
    try:
        yield
    except (Unknown, ValueError) as error:
        raise Refused(reason, {field: reason}) from error


def _figures(view: Mapping[str, Any]) -> dict[str, int]:
    named = {"likes": "likeCount", "reshares": "repostCount", "replies": "replyCount"}
    return {ours: view[theirs] for ours, theirs in named.items() if isinstance(view.get(theirs), int)}
