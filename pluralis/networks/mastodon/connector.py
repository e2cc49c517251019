"""Mastodon and the servers that speak its API: exactly once by looking, with the server's key as a courtesy.

The idempotency key spares a double where a server honours it; others ignore it, so nothing here relies on it. After
a doubt our own timeline is read first (``find``), page by page over the whole window.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from pluralis import failpoints
from pluralis.core.matching import WINDOW
from pluralis.core.text import canonical, counting_rule
from pluralis.networks.contract import (
    Access,
    App,
    Attachment,
    Batch,
    CredentialField,
    FilmLimits,
    Gap,
    Grant,
    HandOver,
    Limits,
    Outgoing,
    PollLimits,
    Reference,
    Relation,
    RemotePost,
    RemoteProfile,
    Search,
    Uploaded,
)
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NotNow, Refused
from pluralis.networks.hearing import Older
from pluralis.networks.mastodon import incoming
from pluralis.networks.mastodon.client import MastodonClient, Unknown, is_id
from pluralis.networks.mastodon.overhearing import MastodonOverhears
from pluralis.networks.mastodon.reading import (
    DEFAULTS,
    FILM_TYPES,
    IMAGE_TYPES,
    domain_of,
    id_of_page,
    moment,
    read_post,
    read_profile,
    read_settings,
)
from pluralis.networks.mastodon.reposting import MastodonReposts
from pluralis.networks.transport import Answer, Json, check_host, sendable

SCOPES = "read write:statuses write:media write:mutes write:blocks write:reports"
MOST_PAGES = 25  # of 40: a thousand own posts within one window of doubt
MOST_SOURCES = 40  # texts of our own that are asked for in one look
KEPT_SECONDS = 86_400  # Mastodon removes an upload that no status shows after a day (MediaAttachment, vacuum)


class MastodonConnector(MastodonOverhears, MastodonReposts):
    """Publishes, listens, measures, moderates, reposts and connects by OAuth or a token of the person's own."""

    streams: tuple[str, ...] = ("mentions", "messages")
    read_back: tuple[str, ...] = ("mentions",)
    moderation: tuple[str, ...] = ("mute", "block", "report")
    community_forms: tuple[str, ...] = ("dot_mention", "question", "quote_post")
    follow_opens = False
    oauth = True
    fields: tuple[CredentialField, ...] = (
        CredentialField("access_token", "Access token", "From Preferences, Development, of the account itself"),
    )

    # Publishes.

    def choose_key(self, now: datetime, entropy: bytes) -> str:
        """Return an idempotency key."""
        return entropy.hex()

    def limits(self, access: Access | None) -> Limits:
        """Return what the account's instance allows, as last read; Mastodon's own numbers before that."""
        settings = access.settings if access is not None else {}
        told = {name: int(settings.get(name) or default) for name, default in DEFAULTS.items()}
        counting = counting_rule(
            "characters", limit=told["max_characters"], url_length=told["characters_reserved_per_url"]
        )
        types = tuple((settings.get("image_types") or IMAGE_TYPES).split())
        images = told["max_media_attachments"]
        films = tuple(settings.get("film_types", FILM_TYPES).split())
        film = FilmLimits(told["video_size_limit"], None, films, described=True) if films else None
        return Limits(
            counting, images, told["image_size_limit"], types, told["description_limit"], film, _poll_limits(told)
        )

    def hand_over(self, access: Access, outgoing: Outgoing) -> HandOver | None:
        """Return ``None``: instances forbid nothing to programs that a person may do."""
        return None

    def send(self, access: Access, outgoing: Outgoing, deadline: Deadline) -> RemotePost:
        """Publish a status. The answer's own visibility is returned, so that a wider one is noticed."""
        client = _client(access, deadline)
        body = _body(access, outgoing)
        with _unknown_refused("the picture was not kept by the instance", "attachments"):
            media = _upload(client, outgoing.attachments)
        if media:
            body["media_ids"] = media
        with _unknown_refused("the post that this one answers is gone", "reply_to"):
            answer = client.create_status(body, outgoing.key)
        post = answer.parse(read_post)
        return _without_prefix(post, access, outgoing)

    def upload(self, access: Access, outgoing: Outgoing, deadline: Deadline) -> tuple[Uploaded, ...]:
        """Upload the pictures or the film with their descriptions, and wait until the instance has worked them."""
        client = _client(access, deadline)
        with _unknown_refused("the picture was not kept by the instance", "attachments"):
            return tuple(
                Uploaded({"id": client.upload(attachment)}, KEPT_SECONDS) for attachment in outgoing.attachments
            )

    def find(self, access: Access, outgoing: Outgoing, since: datetime, deadline: Deadline) -> Search:
        """Return our own posts back to five minutes before ``since``; complete when the whole window was read."""
        client = _client(access, deadline)
        start = since - WINDOW
        found: list[Json] = []
        before: str | None = None
        complete = False
        with _read_only():
            for _ in range(MOST_PAGES):
                page = client.own_statuses(access.profile_id, before)
                found += [item for item in page.items if _is_own_writing(item) and not _is_older(item, start)]
                complete = page.older is None or any(_is_older(item, start) for item in page.items)
                if complete or page.older == before:
                    break
                before = page.older
            posts = _with_sources(client, found, access, outgoing)
        return Search(posts, complete)

    def delete(self, access: Access, reference: Reference, deadline: Deadline) -> None:
        """Take a status down; one that is gone already is fine."""
        with contextlib.suppress(Unknown):
            _client(access, deadline).delete_status(reference.remote_id)

    def edit(self, access: Access, reference: Reference, outgoing: Outgoing, deadline: Deadline) -> None:
        """Give a status other words; its pictures stand only if they are named again."""
        client = _client(access, deadline)
        with _unknown_refused("the post is gone", "text"):
            status = client.status(reference.remote_id)
            pictures = [str(each["id"]) for each in status.get("media_attachments") or [] if is_id(each.get("id"))]
            body = {"status": _prefix(access, outgoing) + sendable(outgoing.text), "media_ids": pictures}
            language = outgoing.language or status.get("language")
            client.edit_status(reference.remote_id, body | ({"language": language} if language else {}))

    def remote_id_of(self, access: Access, url: str) -> str | None:
        """Return the id of a status from its page on the account's own instance, if it is the account's own."""
        return id_of_page(access, url)

    # Listens.

    def fetch(self, access: Access, stream: str, cursor: str | None, deadline: Deadline) -> Batch:
        """Return one page of notifications that are messages, or of private conversations."""
        client = _client(access, deadline)
        read = incoming.fetch_messages if stream == "messages" else incoming.fetch_mentions
        with _read_only():
            return read(client, access, cursor)

    def fetch_older(self, access: Access, stream: str, gap: Gap, place: str, deadline: Deadline) -> Older:
        """Return one page of the notifications that a gap left out."""
        with _read_only():
            return incoming.fetch_older(_client(access, deadline), access, gap, place)

    # Measures.

    def snapshot(
        self, access: Access, references: Sequence[Reference], deadline: Deadline
    ) -> Mapping[str, Mapping[str, int]]:
        """Return likes, reshares and replies of each post that still stands; instances count no impressions."""
        client = _client(access, deadline)
        figures: dict[str, Mapping[str, int]] = {}
        for reference in references:
            with contextlib.suppress(Unknown):
                figures[reference.remote_id] = _figures(client.status(reference.remote_id))
        return figures

    # Relates.

    def relation(self, access: Access, profile_id: str, deadline: Deadline) -> Relation:
        """Return who follows whom. Anybody can be written to privately, unless they block us."""
        with _read_only(), _unknown_refused("this account is gone", "profile"):
            told = _client(access, deadline).relationship(profile_id)
        shut = (told.get("blocked_by"), told.get("domain_blocking"), told.get("blocking"))
        may = None if not told else True not in shut
        return Relation(may, _flag(told.get("followed_by")), _flag(told.get("following")))

    def follow_page(self, access: Access, profile: RemoteProfile) -> str:
        """Return the profile as our own instance shows it, with its button."""
        return self.moderation_page(access, "follow", profile)

    # Moderates.

    def moderate(self, access: Access, action: str, profile_id: str, deadline: Deadline) -> None:
        """Mute, block, or report to the people who run the instance."""
        client = _client(access, deadline)
        if action not in self.moderation:
            raise Refused(f"Mastodon has no way to {action} somebody")
        with _unknown_refused("this account is gone", "profile"):
            if action == "report":
                client.report(profile_id)
            else:
                client.keep_away(action, profile_id)

    def moderation_page(self, access: Access, action: str, profile: RemoteProfile) -> str:
        """Return the profile as our own instance shows it, where its menu works."""
        origin = MastodonClient(access.host, Deadline.after(0)).origin
        return f"{origin}/@{quote(profile.handle, safe='@')}" if profile.handle else profile.url

    # Connects.

    def connect_with_keys(self, host: str, values: Mapping[str, str], deadline: Deadline) -> Grant:
        """Connect by an access token that the person made under Development."""
        token = str(values.get("access_token") or "").strip()
        if not token:
            raise Refused("the access token is missing", {"access_token": "needed"})
        access = Access(check_host(host, deadline), "", "", {"access_token": token})
        try:
            return self.read_profile(access, deadline)
        except Disconnected as error:
            raise Refused(error.reason, {"access_token": error.reason}) from error
        except Refused as error:
            raise Refused("no Mastodon server answers there", {"host": "no Mastodon server"}) from error

    def register(self, host: str, redirect_uri: str, deadline: Deadline) -> App:
        """Register Pluralis with an instance. Refused with the field ``host`` where that is no such server."""
        client = MastodonClient(check_host(host, deadline), deadline)
        try:
            return client.register_app(redirect_uri, SCOPES)
        except (Refused, Disconnected) as error:
            raise Refused(f"no Mastodon server answers there: {error}", {"host": "no Mastodon server"}) from error

    def authorise_url(self, host: str, app: App, redirect_uri: str, state: str, challenge: str) -> str:
        """Return the instance's page of consent (authorization code with PKCE, S256)."""
        asked = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{MastodonClient(host, Deadline.after(0)).origin}/oauth/authorize?{urlencode(asked, quote_via=quote)}"

    def exchange(self, host: str, app: App, redirect_uri: str, code: str, verifier: str, deadline: Deadline) -> Grant:
        """Turn the code into a token and read whose it is."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "scope": SCOPES,
        }
        grant = _granted(MastodonClient(host, deadline).token(app, fields))
        known = self.read_profile(Access(host, "", "", grant.credentials, app=app), deadline)
        return Grant(grant.credentials, grant.expires_at, known.profile, known.settings)

    def refresh(self, access: Access, deadline: Deadline) -> Grant:
        """Renew a token that ends; most never do, and then it is only looked at."""
        renewal = access.credentials.get("refresh_token")
        if not renewal or access.app is None:
            return Grant(access.credentials, profile=self.read_profile(access, deadline).profile)
        fields = {"grant_type": "refresh_token", "refresh_token": renewal}
        try:
            return _granted(MastodonClient(access.host, deadline).token(access.app, fields), former=renewal)
        except Refused as error:
            raise Disconnected(f"the instance no longer lets us in: {error.reason}") from error

    def read_profile(self, access: Access, deadline: Deadline) -> Grant:
        """Return whose token it is and what the instance allows now."""
        client = _client(access, deadline)
        settings = read_settings(client.instance(), client.origin)
        account = client.own_account()
        try:
            profile = read_profile(account, settings["domain"])
        except KeyError as error:
            raise NotNow("the instance told no account") from error
        return Grant(access.credentials, None, profile, {**access.settings, **settings})


def _client(access: Access, deadline: Deadline) -> MastodonClient:
    return MastodonClient(access.host, deadline, access.credentials.get("access_token", ""))


def _body(access: Access, outgoing: Outgoing) -> dict[str, Any]:
    """Return the body of a new status. ``scheduled_at`` is never used: other servers publish at once."""
    body: dict[str, Any] = {
        "status": _prefix(access, outgoing) + sendable(outgoing.text),
        "visibility": outgoing.visibility,
    }
    if outgoing.reply_to is not None:
        body["in_reply_to_id"] = outgoing.reply_to.remote_id
    if outgoing.quote is not None:
        body["quoted_status_id"] = outgoing.quote.remote_id
    if outgoing.language:
        body["language"] = outgoing.language
    if outgoing.poll is not None:
        poll = outgoing.poll
        body["poll"] = {"options": list(poll.options), "expires_in": poll.minutes * 60, "multiple": poll.multiple}
    return body


def _poll_limits(told: Mapping[str, int]) -> PollLimits:
    """Return what the instance tells of polls (seconds there, minutes here)."""
    shortest, longest = -(-told["min_expiration"] // 60), told["max_expiration"] // 60
    return PollLimits(told["max_options"], told["max_characters_per_option"], shortest, longest, multiple=True)


def _prefix(access: Access, outgoing: Outgoing) -> str:
    """Return the mention that must stand in front: only who is named is told, and a direct post goes to the named."""
    handle = outgoing.recipient_handle if outgoing.visibility == "direct" else None
    if not handle and outgoing.reply_to is not None:
        handle = outgoing.reply_to.extra.get("handle")
    if not handle:
        if outgoing.visibility == "direct":
            raise Refused("a direct message needs somebody to go to", {"recipient": "missing"})
        return ""
    name = handle.lstrip("@").removesuffix(f"@{domain_of(access)}")
    own = access.handle.lstrip("@").partition("@")[0]
    named = f"@{name}".casefold() in outgoing.text.casefold()
    return "" if named or name.casefold() == own.casefold() else f"@{name} "


def _without_prefix(post: RemotePost, access: Access, outgoing: Outgoing) -> RemotePost:
    """Return the post without the mention that we put in front of the text."""
    prefix = _prefix(access, outgoing)
    if not prefix or not post.text.casefold().startswith(prefix.casefold()):
        return post
    return RemotePost(
        post.reference,
        post.url,
        post.text[len(prefix) :],
        post.created_at,
        post.reply_to_id,
        post.media_count,
        post.visibility,
    )


def _upload(client: MastodonClient, attachments: Sequence[Attachment]) -> list[str]:
    if not attachments:
        return []
    failpoints.reach("send.before_upload")
    media = [_kept(client, attachment) or client.upload(attachment) for attachment in attachments]
    failpoints.reach("send.after_upload")
    failpoints.reach("send.after_metadata")
    return media


def _kept(client: MastodonClient, attachment: Attachment) -> str:
    """Return the id of what was uploaded ahead if the instance still has it, else ``""``.

    It is asked: many versions leave out a picture they do not find and publish the words alone.
    """
    media_id = str((attachment.uploaded or {}).get("id") or "")
    return media_id if media_id and client.keeps(media_id) else ""


def _is_own_writing(status: Json) -> bool:
    return is_id(status.get("id")) and not status.get("reblog")


def _is_older(status: Json, start: datetime) -> bool:
    at = moment(status.get("created_at"))
    return at is not None and at < start


def _with_sources(
    client: MastodonClient, statuses: Sequence[Json], access: Access, outgoing: Outgoing
) -> tuple[RemotePost, ...]:
    """Return our posts with the text as it was written, asked for where what is shown differs from ours."""
    wanted = canonical(sendable(outgoing.text))
    left = MOST_SOURCES
    posts = []
    for status in statuses:
        post = _without_prefix(read_post(status), access, outgoing)
        if canonical(post.text) != wanted and left > 0:
            left -= 1
            source = client.source(post.reference.remote_id)
            post = post if source is None else _without_prefix(read_post(status, source), access, outgoing)
        posts.append(post)
    return tuple(posts)


@contextlib.contextmanager
def _unknown_refused(reason: str, field: str) -> Iterator[None]:
    try:
        yield
    except Unknown as error:
        raise Refused(f"{reason}: {error}", {field: reason}) from error


@contextlib.contextmanager
def _read_only() -> Iterator[None]:
    """A look that is refused or leads nowhere has told nothing: try again later."""
    try:
        yield
    except Refused as error:
        raise NotNow(f"the instance did not tell: {error}") from error


def _flag(value: Json) -> bool | None:
    return value if isinstance(value, bool) else None


def _figures(status: Json) -> dict[str, int]:
    named = {"likes": "favourites_count", "reshares": "reblogs_count", "replies": "replies_count"}
    return {ours: status[theirs] for ours, theirs in named.items() if isinstance(status.get(theirs), int)}


def _granted(answer: Answer, former: str = "") -> Grant:
    def read(body: Json) -> tuple[dict[str, str], float | None]:
        if not isinstance(body["access_token"], str) or not body["access_token"]:
            raise ValueError("no token")
        tokens = {"access_token": body["access_token"]}
        renewal = body.get("refresh_token") or former
        seconds = body.get("expires_in")
        return tokens | ({"refresh_token": renewal} if renewal else {}), float(seconds) if seconds else None

    tokens, seconds = answer.parse(read)
    told = answer.date()
    return Grant(tokens, told + timedelta(seconds=seconds) if told and seconds else None)
