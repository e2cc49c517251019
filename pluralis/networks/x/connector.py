"""X to the rest of Pluralis: publishes, listens, measures, moderates, reposts, connects."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from pluralis.core.text import counting_rule
from pluralis.networks.contract import (
    Access,
    App,
    Batch,
    CredentialField,
    Gap,
    Grant,
    HandOver,
    Limits,
    Outgoing,
    Poll,
    PollLimits,
    Price,
    Reference,
    Relation,
    RemotePost,
    RemoteProfile,
    Search,
    Uploaded,
)
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, Refused
from pluralis.networks.hearing import Older
from pluralis.networks.metering import CHEAPER
from pluralis.networks.transport import Answer
from pluralis.networks.uploads import lost_is_not_now
from pluralis.networks.x import finding, media, polling, tiers
from pluralis.networks.x.client import XClient, ask_token, uses_user_keys
from pluralis.networks.x.dialect import USER_FIELDS, Row
from pluralis.networks.x.overhearing import XOverhears
from pluralis.networks.x.pricing import LINKED, price_of_reads
from pluralis.networks.x.pricing import price as price_of
from pluralis.networks.x.reading import (
    id_of_page,
    post_url,
    read_figures,
    read_profile,
    safe_id,
    web_origin,
)
from pluralis.networks.x.refusals import refusal_of_read, refusal_of_refresh, refusal_of_write
from pluralis.networks.x.relating import read_relation
from pluralis.networks.x.reposting import XReposts

SCOPES = "tweet.read tweet.write users.read offline.access dm.read dm.write mute.write media.write"
PAGE = 100
PREMIUM = "premium"
LONG_POSTS = ("Premium", "PremiumPlus")
ALT_TEXT = 1000
# docs.x.com/x-api/posts/create-post: 2 to 4 options of 25 characters, 5 minutes to 7 days, one choice.
POLL = PollLimits(4, 25, 5, 7 * 24 * 60, multiple=False)
# Four times X's longest text: room for addresses, which X counts shorter than they are. Beyond it nothing is sent,
# so that megabytes do not tie up the road out.
MOST_CHARACTERS = 100_000


class XConnector(XOverhears, XReposts):
    """All of X behind the contract. Holds no state.

    Settings of an account: ``dialect`` (*tweet* or *post*), ``tier`` (*self-serve* or *enterprise*), ``premium``
    (*yes* for long posts), ``upload`` (*chunked* to send pictures in pieces).
    """

    streams: tuple[str, ...] = ("mentions", "messages")
    read_back: tuple[str, ...] = ("mentions", "messages")
    moderation: tuple[str, ...] = ("mute",)
    community_forms: tuple[str, ...] = ("dot_mention", "question", "quote_post")
    follow_opens = True
    oauth = True
    fields: tuple[CredentialField, ...] = (
        CredentialField("consumer_key", "API key", "From the app's page in X's developer console"),
        CredentialField("consumer_secret", "API key secret"),
        CredentialField("access_token", "Access token", "Of the account itself, with read, write and messages"),
        CredentialField("access_token_secret", "Access token secret"),
    )

    # Publishes

    def choose_key(self, now: datetime, entropy: bytes) -> str:
        """Return ``""``: X knows no key for a post."""
        return ""

    def limits(self, access: Access | None) -> Limits:
        """Return weighted 280, or 25,000 for a premium account; four pictures of 5 MB, or one film of 140 seconds."""
        long = access is not None and access.settings.get(PREMIUM) == "yes"
        counting = counting_rule("premium" if long else "weighted")
        types = ("image/jpeg", "image/png", "image/gif", "image/webp")
        return Limits(counting, 4, media.MOST_BYTES, types, ALT_TEXT, media.FILM, POLL)

    def hand_over(self, access: Access, outgoing: Outgoing) -> HandOver | None:
        """Return the intent link for what the account's tier forbids to programs."""
        reason = tiers.forbidden(access, outgoing)
        return HandOver(tiers.intent_link(access, outgoing), reason) if reason else None

    def send(self, access: Access, outgoing: Outgoing, deadline: Deadline) -> RemotePost:
        """Upload the pictures, then create the post or private message once."""
        forbidden = tiers.forbidden(access, outgoing)
        if forbidden:
            raise Refused(forbidden, by_hand=True)
        if len(outgoing.text) > MOST_CHARACTERS:
            raise Refused("The text is far too long for X", {"text": "is far too long"})
        client = XClient(access, deadline)
        media_ids = media.upload_all(client, outgoing)
        write = _send_message if outgoing.visibility == "direct" else _send_post
        with lost_is_not_now(outgoing):
            return write(client, outgoing, media_ids)

    def upload(self, access: Access, outgoing: Outgoing, deadline: Deadline) -> tuple[Uploaded, ...]:
        """Upload and describe the pictures or the film; X keeps them for a day."""
        return media.upload_ahead(XClient(access, deadline), outgoing)

    def find(self, access: Access, outgoing: Outgoing, since: datetime, deadline: Deadline) -> Search:
        """Return our own posts, or messages to the recipient, back to five minutes before ``since``."""
        client = XClient(access, deadline)
        search = finding.find_message if outgoing.visibility == "direct" else finding.find_post
        return search(client, outgoing, since)

    def delete(self, access: Access, reference: Reference, deadline: Deadline) -> None:
        """Take a post down; X says *not deleted* for one that is gone, which is fine."""
        answer = XClient(access, deadline).change("DELETE", f"/2/tweets/{safe_id(reference.remote_id)}")
        if not answer.ok and answer.status not in (404, 410):
            raise refusal_of_write(answer, access)

    def remote_id_of(self, access: Access, url: str) -> str | None:
        """Return the id of a post from its page on X, if the page is the account's own."""
        return id_of_page(access.host, access.handle, url)

    # Listens

    def fetch(self, access: Access, stream: str, cursor: str | None, deadline: Deadline) -> Batch:
        """Return everything of ``stream`` since ``cursor``, at most the 800 mentions that X keeps."""
        return polling.fetch(XClient(access, deadline), stream, cursor)

    def fetch_older(self, access: Access, stream: str, gap: Gap, place: str, deadline: Deadline) -> Older:
        """Return one page of what a gap left out. X shows mentions as far back as the latest 800."""
        return polling.fetch_older(XClient(access, deadline), stream, gap, place)

    # Measures

    def snapshot(
        self, access: Access, references: Sequence[Reference], deadline: Deadline
    ) -> Mapping[str, Mapping[str, int]]:
        """Return the public figures; posts that are gone are left out."""
        client = XClient(access, deadline)
        figures: dict[str, Mapping[str, int]] = {}
        for start in range(0, len(references), PAGE):
            ids = ",".join(safe_id(one.remote_id) for one in references[start : start + PAGE])
            answer = client.read("/2/tweets", {"ids": ids} | client.dialect.figures)
            if not answer.ok:
                raise refusal_of_read(answer, access)
            figures |= answer.parse(
                lambda body: {str(row["id"]): read_figures(row) for row in body.get("data") or ()}
            )
        return figures

    # Relates

    def relation(self, access: Access, profile_id: str, deadline: Deadline) -> Relation:
        """Return who follows whom and whether they take our messages, as X says it."""
        return read_relation(XClient(access, deadline), safe_id(profile_id))

    def follow_page(self, access: Access, profile: RemoteProfile) -> str:
        """Return the person's profile, whose button a person presses."""
        return self.moderation_page(access, "follow", profile)

    # Prices

    def price(self, access: Access, outgoing: Outgoing) -> Price | None:
        """Return what sending the part costs by X's dated list, ``None`` for an enterprise contract."""
        return price_of(outgoing, access.settings)

    def cheaper_by_hand(self, access: Access, outgoing: Outgoing) -> HandOver | None:
        """Return the intent link for a post with a link, which costs a program over ten times as much as one without.

        Pictures cannot travel in it, so a post with pictures has none.
        """
        price = self.price(access, outgoing)
        if price is None or price.line != LINKED or outgoing.attachments:
            return None
        return HandOver(tiers.intent_link(access, outgoing), CHEAPER)

    def price_of_reads(self, access: Access, stream: str, items: int) -> Price | None:
        """Return what reading a stream's messages costs by X's dated list; an answer without any is free."""
        return price_of_reads(stream, items, access.settings)

    # Moderates

    def moderate(self, access: Access, action: str, profile_id: str, deadline: Deadline) -> None:
        """Mute a profile. X has no address for blocking and reporting: see :meth:`moderation_page`."""
        if action not in self.moderation:
            raise Refused(f"X lets only a person {action}", by_hand=True)
        body = {"target_user_id": safe_id(profile_id)}
        answer = XClient(access, deadline).change("POST", f"/2/users/{access.profile_id}/muting", body)
        if not answer.ok:
            raise refusal_of_write(answer, access)

    def moderation_page(self, access: Access, action: str, profile: RemoteProfile) -> str:
        """Return the person's profile, whose menu has block, mute and report."""
        return f"{web_origin(access.host)}/{quote(profile.handle, safe='')}"

    # Connects

    def connect_with_keys(self, host: str, values: Mapping[str, str], deadline: Deadline) -> Grant:
        """Sign in with OAuth 1.0a user keys."""
        credentials = {field.name: str(values.get(field.name) or "").strip() for field in self.fields}
        missing = {name: "is needed" for name, value in credentials.items() if not value}
        if missing:
            raise Refused("Some keys are missing", missing)
        try:
            return self.read_profile(Access(host, "", "", credentials), deadline)
        except Disconnected as wrong:
            raise Refused(wrong.reason, dict.fromkeys(credentials, wrong.reason)) from wrong

    def register(self, host: str, redirect_uri: str, deadline: Deadline) -> App:
        """X needs a person to register an app in its developer console."""
        raise Refused("Create an app in X's developer console and enter its client id here")

    def authorise_url(self, host: str, app: App, redirect_uri: str, state: str, challenge: str) -> str:
        """Return X's consent page (authorization code with PKCE, S256)."""
        asked = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{web_origin(host)}/i/oauth2/authorize?{urlencode(asked, quote_via=quote)}"

    def exchange(self, host: str, app: App, redirect_uri: str, code: str, verifier: str, deadline: Deadline) -> Grant:
        """Turn the code into tokens and read whose they are."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        grant = _granted(ask_token(host, app, form, deadline))
        access = Access(host, "", "", grant.credentials, app=app)
        known = self.read_profile(access, deadline)
        return Grant(grant.credentials, grant.expires_at, known.profile, known.settings)

    def refresh(self, access: Access, deadline: Deadline) -> Grant:
        """Use the refresh token, which works once. User keys never expire and come back as they are."""
        if uses_user_keys(access.credentials):
            return Grant(access.credentials)
        token = access.credentials.get("refresh_token")
        if not token or access.app is None:
            raise Disconnected("X gave no way to renew the sign-in")
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return _granted(ask_token(access.host, access.app, form, deadline), former=token)

    def read_profile(self, access: Access, deadline: Deadline) -> Grant:
        """Return whose keys these are, and ``premium`` where X says that the account may write long."""
        answer = XClient(access, deadline).read("/2/users/me", {"user.fields": f"{USER_FIELDS},subscription_type"})
        if not answer.ok:
            raise refusal_of_read(answer, access)
        profile = answer.parse(lambda body: read_profile(body["data"], access.host))
        long = answer.parse(lambda body: body["data"].get("subscription_type") in LONG_POSTS)
        return Grant(access.credentials, profile=profile, settings={PREMIUM: "yes"} if long else {})


def _storable(text: str) -> str:
    """Return a text that can be written as UTF-8: an unpaired surrogate becomes U+FFFD, NUL goes."""
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text).replace("\x00", "")


def _send_post(client: XClient, outgoing: Outgoing, media_ids: list[str]) -> RemotePost:
    body: dict[str, object] = {"text": _storable(outgoing.text)} if outgoing.text or not media_ids else {}
    if outgoing.reply_to:
        body["reply"] = {"in_reply_to_tweet_id": safe_id(outgoing.reply_to.remote_id)}
    if outgoing.quote:
        body["quote_tweet_id"] = safe_id(outgoing.quote.remote_id)
    if media_ids:
        body["media"] = {"media_ids": media_ids}
    if outgoing.poll:
        body["poll"] = _poll(outgoing.poll)
    answer = client.create("/2/tweets", body)
    if not answer.ok:
        raise refusal_of_write(answer, client.access)
    remote_id = answer.parse(lambda body: _created(body["data"]["id"]))
    return _sent(client.access, outgoing, remote_id, answer)


def _poll(poll: Poll) -> dict[str, object]:
    """Return the poll as X takes it; one that it would not take is not asked for."""
    answers = 2 <= len(poll.options) <= POLL.options and all(0 < len(one) <= POLL.characters for one in poll.options)
    if not answers or poll.multiple or not POLL.least_minutes <= poll.minutes <= POLL.most_minutes:
        raise Refused("The poll does not fit X", {"poll": "does not fit"})
    return {"options": list(poll.options), "duration_minutes": poll.minutes}


def _send_message(client: XClient, outgoing: Outgoing, media_ids: list[str]) -> RemotePost:
    if not outgoing.recipient:
        raise Refused("A private message needs somebody to go to", {"recipient": "is needed"})
    body: dict[str, object] = {"text": _storable(outgoing.text)} if outgoing.text or not media_ids else {}
    if media_ids:
        body["attachments"] = [{"media_id": media_id} for media_id in media_ids]
    answer = client.create(f"/2/dm_conversations/with/{safe_id(outgoing.recipient)}/messages", body)
    if not answer.ok:
        raise refusal_of_write(answer, client.access)
    remote_id = answer.parse(lambda body: _created(body["data"]["dm_event_id"]))
    return _sent(client.access, outgoing, remote_id, answer)


def _created(remote_id: object) -> str:
    if not re.fullmatch(r"[0-9]{1,19}", str(remote_id)):
        raise ValueError("no id")
    return str(remote_id)


def _sent(access: Access, outgoing: Outgoing, remote_id: str, answer: Answer) -> RemotePost:
    direct = outgoing.visibility == "direct"
    url = f"{web_origin(access.host)}/messages" if direct else post_url(access.host, access.handle, remote_id)
    return RemotePost(
        reference=Reference(remote_id, {"own": "yes"}),
        url=url,
        text=outgoing.text,
        created_at=answer.date(),
        reply_to_id=outgoing.reply_to.remote_id if outgoing.reply_to and not direct else None,
        media_count=len(outgoing.attachments),
        visibility="direct" if direct else "public",
    )


def _granted(answer: Answer, former: str = "") -> Grant:
    """Return the tokens of an answer. ``former`` stays when X sends no new refresh token."""
    if not answer.ok:
        raise refusal_of_refresh(answer)

    def read(body: Row) -> dict[str, str]:
        if not isinstance(body["access_token"], str) or not body["access_token"]:
            raise ValueError("no token")
        return {"access_token": body["access_token"], "refresh_token": body.get("refresh_token") or former}

    tokens = answer.parse(read)
    seconds = answer.parse(lambda body: float(body.get("expires_in") or 7200))
    return Grant(tokens, expires_at=_expiry(answer, seconds))


def _expiry(answer: Answer, seconds: float) -> datetime | None:
    told = answer.date()
    return told + timedelta(seconds=seconds) if told else None
