"""Apps, the page of consent, and tokens: OAuth 2.0 with PKCE (RFC 6749, RFC 7636) as Mastodon has them."""

import base64
import hashlib
import html
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.mastodon.asking import fields_of
from pluralis.networks.fake.world import Profile

if TYPE_CHECKING:
    from pluralis.networks.fake.mastodon.network import FakeMastodon


@dataclass(slots=True)
class FakeApp:
    """A registered app."""

    client_id: str
    client_secret: str
    name: str
    redirect_uris: tuple[str, ...]
    scopes: str


@dataclass(slots=True)
class Consent:
    """A person's yes, waiting to be exchanged for a token."""

    profile_id: str
    client_id: str
    redirect_uri: str
    challenge: str
    scope: str


@dataclass(slots=True)
class SignIn:
    """The apps and tokens of one fake instance. Tokens do not expire here, as on the real one."""

    KEPT: ClassVar[tuple[str, ...]] = ("apps", "consents", "tokens")

    network: "FakeMastodon"
    apps: dict[str, FakeApp] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def issue(self, profile: Profile) -> str:
        """Return a fresh token for a profile."""
        token = secrets.token_urlsafe(32)
        self.tokens[token] = profile.id
        return token

    def asker(self, request: Request) -> Profile | None:
        """Return the profile whose token a request carries."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        return self.network.world.profiles.get(self.tokens.get(token, ""))

    def register(self, request: Request) -> Response:
        """Register an app."""
        asked = fields_of(request)
        uris = asked.get("redirect_uris", "")
        listed = tuple(uris) if isinstance(uris, list) else tuple(str(uris).split())
        if not asked.get("client_name") or not listed:
            return self.network.refusal(422, "Validation failed: Redirect URI must be an absolute URI.")
        scopes = str(asked.get("scopes") or "read")
        made = FakeApp(secrets.token_urlsafe(32), secrets.token_urlsafe(32), asked["client_name"], listed, scopes)
        self.apps[made.client_id] = made
        return Response.of_json(
            {
                "id": str(len(self.apps)),
                "name": made.name,
                "website": asked.get("website"),
                "scopes": scopes.split(),
                "redirect_uri": "\n".join(listed),
                "redirect_uris": list(listed),
                "client_id": made.client_id,
                "client_secret": made.client_secret,
                "client_secret_expires_at": 0,
                "vapid_key": "",
            }
        )

    def ask(self, request: Request) -> Response:
        """Show the page on which a person lets an app in."""
        asked = dict(request.query)
        problem = self._wrong(asked)
        if problem:
            return Response.of_html(f"<h1>An error has occurred</h1><p>{html.escape(problem)}</p>", 400)
        brands = [one for one in self.network.world.profiles.values() if one.role == "brand"]
        options = "".join(
            f'<option value="{one.id}">@{html.escape(one.handle)} · {html.escape(one.name)}</option>'
            for one in brands
        )
        name = html.escape(self.apps[asked["client_id"]].name)
        return Response.of_html(CONSENT.format(options=options, asked=html.escape(urlencode(asked)), name=name))

    def _wrong(self, asked: dict[str, str]) -> str:
        app = self.apps.get(asked.get("client_id", ""))
        if app is None:
            return "Client authentication failed due to unknown client."
        if asked.get("redirect_uri") not in app.redirect_uris:
            return "The redirect uri included is not valid."
        if asked.get("response_type") != "code":
            return "The authorization server does not support this response type."
        if set(asked.get("scope", "read").split()) - set(app.scopes.split()):
            return "The requested scope is invalid, unknown, or malformed."
        return (
            "" if asked.get("code_challenge_method", "S256") == "S256" else "The code challenge method must be S256."
        )

    def answer(self, request: Request) -> Response:
        """Take the person's yes or no and send them back to the app."""
        form = request.form()
        asked = dict(parse_qsl(form.get("asked", "")))
        if self._wrong(asked) or form.get("profile") not in self.network.world.profiles:
            return Response.of_html("<h1>An error has occurred</h1>", 400)
        back, state = asked["redirect_uri"], asked.get("state", "")
        if form.get("answer") != "approve":
            return Response.redirect(f"{back}?{urlencode({'error': 'access_denied', 'state': state})}")
        code = secrets.token_urlsafe(24)
        challenge, scope = asked.get("code_challenge", ""), asked.get("scope", "read")
        self.consents[code] = Consent(form["profile"], asked["client_id"], back, challenge, scope)
        return Response.redirect(f"{back}?{urlencode({'code': code, 'state': state})}")

    def token(self, request: Request) -> Response:
        """Exchange a code once, for the app and with the verifier that it was asked with."""
        asked = fields_of(request)
        app = self.apps.get(str(asked.get("client_id", "")))
        if app is None or app.client_secret != asked.get("client_secret"):
            return _oauth_error(401, "invalid_client", "Client authentication failed due to unknown client.")
        if asked.get("grant_type") == "client_credentials":
            return Response.of_json(_token(secrets.token_urlsafe(32), app.scopes, self.network))
        consent = self.consents.pop(str(asked.get("code", "")), None)
        if consent is None or consent.client_id != app.client_id or not _fits(consent, asked):
            return _oauth_error(
                400, "invalid_grant", "The provided authorization grant is invalid, expired, revoked."
            )
        profile = self.network.world.profiles[consent.profile_id]
        self.network.accept(request, profile, "token", "")
        return Response.of_json(_token(self.issue(profile), consent.scope, self.network))

    def revoke(self, request: Request) -> Response:
        """Take a token back."""
        self.tokens.pop(str(fields_of(request).get("token", "")), None)
        return Response.of_json({})


def _token(token: str, scope: str, network: "FakeMastodon") -> dict[str, Any]:
    created_at = int(network.clock.now().timestamp())
    return {"access_token": token, "token_type": "Bearer", "scope": scope, "created_at": created_at}


def _fits(consent: Consent, asked: dict[str, Any]) -> bool:
    digest = hashlib.sha256(str(asked.get("code_verifier", "")).encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (not consent.challenge or made == consent.challenge) and asked.get("redirect_uri") == consent.redirect_uri


def _oauth_error(status: int, code: str, text: str) -> Response:
    return Response.of_json({"error": code, "error_description": text}, status)


CONSENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorize {name}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}}
button,select{{font:inherit;padding:.5rem 1rem}}</style>
<h1>{name} would like permission to access your account</h1>
<form method="post"><input type="hidden" name="asked" value="{asked}">
<p><label>Account <select name="profile">{options}</select></label></p>
<p><button name="answer" value="approve">Authorize</button>
<button name="answer" value="deny">Deny</button></p></form>
<p><small>This is the fake Mastodon of the Pluralis demo. Nothing leaves this computer.</small></p></html>"""
