"""Who asks: OAuth 1.0a signatures (RFC 5849) and OAuth 2.0 with PKCE (RFC 6749, RFC 7636) as X has them."""

import base64
import hashlib
import hmac
import html
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import Profile

if TYPE_CHECKING:
    from pluralis.networks.fake.x.network import FakeX

TOKEN_SECONDS = 7200


@dataclass(slots=True)
class UserKeys:
    """The four keys of OAuth 1.0a for one account."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str
    profile_id: str


@dataclass(slots=True)
class Consent:
    """A person's yes to an app, waiting to be exchanged for tokens."""

    profile_id: str
    client_id: str
    redirect_uri: str
    challenge: str
    scope: str


@dataclass(slots=True)
class SignIn:
    """The tokens of one fake X. ``client_id`` and ``client_secret`` are its one app."""

    KEPT: ClassVar[tuple[str, ...]] = ("keys", "access", "refresh", "consents")

    network: "FakeX"
    client_id: str = "fake-client"
    client_secret: str = "fake-client-secret"  # noqa: S105 (the fake's own app, known to all)
    keys: dict[str, UserKeys] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, tuple[str, str]] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)

    def issue_keys(self, profile: Profile) -> UserKeys:
        """Return fresh OAuth 1.0a keys for a profile."""
        secret = [secrets.token_urlsafe(18) for _ in range(3)]
        token = f"{profile.id}-{secrets.token_urlsafe(12)}"
        issued = UserKeys("fake-consumer-key", "fake-consumer-secret", token, secret[2], profile.id)
        self.keys[token] = issued
        return issued

    def issue_tokens(self, profile_id: str, scope: str) -> dict[str, object]:
        """Return a fresh pair of OAuth 2.0 tokens, as the token endpoint answers."""
        access, refresh = secrets.token_urlsafe(30), secrets.token_urlsafe(30)
        self.access[access] = profile_id
        self.refresh[refresh] = (profile_id, scope)
        return {
            "token_type": "bearer",
            "expires_in": TOKEN_SECONDS,
            "access_token": access,
            "scope": scope,
            "refresh_token": refresh,
        }

    def claimed(self, request: Request) -> str:
        """Return the profile id a request claims to be from, without proof; ``""`` when it claims none."""
        header = request.headers.get("authorization", "")
        if header.startswith("Bearer "):
            return self.access.get(header.removeprefix("Bearer ").strip(), "")
        keys = self.keys.get(_oauth1(header).get("oauth_token", ""))
        return keys.profile_id if keys else ""

    def proven(self, request: Request) -> Profile | None:
        """Return the profile that really asks, ``None`` when the token or signature is wrong."""
        header = request.headers.get("authorization", "")
        if header.startswith("OAuth ") and not self._signed(request, _oauth1(header)):
            return None
        return self.network.world.profiles.get(self.claimed(request))

    def _signed(self, request: Request, sent: dict[str, str]) -> bool:
        keys = self.keys.get(sent.get("oauth_token", ""))
        if keys is None or keys.consumer_key != sent.get("oauth_consumer_key"):
            return False
        host = request.headers.get("host", "")
        offered = sent.get("oauth_signature", "")
        expected = [sign(request, f"{scheme}://{host}", sent, keys) for scheme in ("http", "https")]
        return any(hmac.compare_digest(offered, one) for one in expected)

    # OAuth 2.0

    def ask(self, request: Request) -> Response:
        """Show the page on which a person lets an app in."""
        asked = dict(request.query)
        if asked.get("client_id") != self.client_id or asked.get("code_challenge_method") != "S256":
            return Response.of_html("<h1>Something went wrong</h1><p>You weren't able to give access.</p>", 400)
        options = "".join(
            f'<option value="{profile.id}">@{html.escape(profile.handle)} · {html.escape(profile.name)}</option>'
            for profile in self.network.world.profiles.values()
            if profile.role == "brand"
        )
        return Response.of_html(CONSENT.format(options=options, asked=html.escape(urlencode(asked))))

    def answer(self, request: Request) -> Response:
        """Take the person's yes or no and send them back to the app."""
        form = request.form()
        asked = dict(parse_qsl(form.get("asked", "")))
        back = asked.get("redirect_uri", "")
        if asked.get("client_id") != self.client_id or not back.startswith(("http://", "https://")):
            return Response.of_html("<h1>Something went wrong</h1>", 400)
        if form.get("answer") != "approve":
            return Response.redirect(
                f"{back}?{urlencode({'error': 'access_denied', 'state': asked.get('state', '')})}"
            )
        code = secrets.token_urlsafe(24)
        challenge, scope = asked.get("code_challenge", ""), asked.get("scope", "")
        self.consents[code] = Consent(form["profile"], self.client_id, back, challenge, scope)
        return Response.redirect(f"{back}?{urlencode({'state': asked.get('state', ''), 'code': code})}")

    def token(self, request: Request) -> Response:
        """Exchange a code, or a refresh token that was not used before."""
        form = request.form()
        if not self._is_app(request, form):
            return _oauth_error(401, "unauthorized_client", "Missing valid authorization header")
        if form.get("grant_type") == "refresh_token":
            spent = self.refresh.pop(form.get("refresh_token", ""), None)
            if spent is None:
                return _oauth_error(400, "invalid_request", "Value passed for the token was invalid.")
            return self._granted(request, *spent)
        consent = self.consents.pop(form.get("code", ""), None)
        if consent is None or not _pkce_fits(consent, form):
            return _oauth_error(400, "invalid_request", "Value passed for the authorization code was invalid.")
        return self._granted(request, consent.profile_id, consent.scope)

    def _granted(self, request: Request, profile_id: str, scope: str) -> Response:
        profile = self.network.world.profiles[profile_id]
        self.network.accept(request, profile, "token", "")
        return Response.of_json(self.issue_tokens(profile_id, scope), cache_control="no-store")

    def _is_app(self, request: Request, form: dict[str, str]) -> bool:
        header = request.headers.get("authorization", "")
        if header.startswith("Basic "):
            pair = base64.b64decode(header.removeprefix("Basic ")).decode("utf-8", "replace")
            return pair == f"{quote(self.client_id)}:{quote(self.client_secret)}"
        return form.get("client_id") == self.client_id and not self.client_secret


def _pkce_fits(consent: Consent, form: dict[str, str]) -> bool:
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return made == consent.challenge and form.get("redirect_uri") == consent.redirect_uri


def _oauth_error(status: int, code: str, text: str) -> Response:
    return Response.of_json({"error": code, "error_description": text}, status)


def _oauth1(header: str) -> dict[str, str]:
    pairs = (piece.strip().partition("=") for piece in header.removeprefix("OAuth ").split(","))
    return {unquote(name): unquote(value.strip('"')) for name, _, value in pairs}


def sign(request: Request, origin: str, sent: dict[str, str], keys: UserKeys) -> str:
    """Return the HMAC-SHA1 signature of a request (RFC 5849, 3.4), written apart from the connector's own."""
    pairs = [(name, value) for name, value in sent.items() if name not in ("oauth_signature", "realm")]
    pairs += request.query
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        pairs += list(request.form().items())
    encoded = sorted((quote(name, "~"), quote(value, "~")) for name, value in pairs)
    normal = "&".join(f"{name}={value}" for name, value in encoded)
    address = f"{origin}{urlsplit(request.target).path}"
    base = "&".join(quote(piece, "~") for piece in (request.method.upper(), address, normal))
    key = f"{quote(keys.consumer_secret, '~')}&{quote(keys.access_token_secret, '~')}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


CONSENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorize Pluralis</title>
<style>body{{font:16px/1.5 sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}}
button,select{{font:inherit;padding:.5rem 1rem}}</style>
<h1>Pluralis wants to access your account</h1>
<form method="post"><input type="hidden" name="asked" value="{asked}">
<p><label>Account <select name="profile">{options}</select></label></p>
<p><button name="answer" value="approve">Approve</button>
<button name="answer" value="deny">Cancel</button></p></form>
<p><small>This is the fake X of the Pluralis demo. Nothing leaves this computer.</small></p></html>"""
