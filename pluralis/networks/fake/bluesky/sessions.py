"""Signing in by app password, and tokens that end."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pluralis.networks.fake.bluesky.naming import did_of, handle_of
from pluralis.networks.fake.http import Request, Response
from pluralis.networks.fake.world import Profile

if TYPE_CHECKING:
    from pluralis.networks.fake.bluesky.network import FakeBluesky

ACCESS_SECONDS = 7200
REFRESH_SECONDS = 60 * 86400


@dataclass(slots=True)
class Token:
    """A token: whose, until when (seconds of the fake's clock), and with which app password it was had."""

    profile_id: str
    ends: float
    password: str


@dataclass(slots=True)
class Sessions:
    """The app passwords and tokens of one fake server."""

    KEPT: ClassVar[tuple[str, ...]] = ("passwords", "access", "refresh")

    network: "FakeBluesky"
    passwords: dict[str, str] = field(default_factory=dict)
    access: dict[str, Token] = field(default_factory=dict)
    refresh: dict[str, Token] = field(default_factory=dict)

    def issue_password(self, profile: Profile) -> str:
        """Return a fresh app password."""
        letters = secrets.token_hex(8)
        password = "-".join(letters[start : start + 4] for start in range(0, 16, 4))
        self.passwords[password] = profile.id
        return password

    def create(self, request: Request) -> Response:
        """Sign in."""
        asked = request.json()
        profile = self.network.world.profiles.get(self.passwords.get(str(asked.get("password")), ""))
        names = {handle_of(profile), did_of(profile.id)} if profile else set()
        if profile is None or asked.get("identifier") not in names:
            return self.network.refusal(401, "Invalid identifier or password", "AuthenticationRequired")
        return Response.of_json(self._opened(profile, str(asked["password"])))

    def renew(self, request: Request) -> Response:
        """Trade a refresh token, once."""
        spent = self.refresh.pop(_bearer(request), None)
        if spent is None or spent.ends < self._now() or spent.password not in self.passwords:
            return self.network.refusal(400, "Token has been revoked", "ExpiredToken")
        profile = self.network.world.profiles[spent.profile_id]
        self.network.accept(request, profile, "token", "")
        return Response.of_json(self._opened(profile, spent.password))

    def _opened(self, profile: Profile, password: str) -> dict[str, Any]:
        access, refresh = self._token(profile, ACCESS_SECONDS), self._token(profile, REFRESH_SECONDS)
        self.access[access] = Token(profile.id, self._now() + ACCESS_SECONDS, password)
        self.refresh[refresh] = Token(profile.id, self._now() + REFRESH_SECONDS, password)
        return {
            "did": did_of(profile.id),
            "handle": handle_of(profile),
            "accessJwt": access,
            "refreshJwt": refresh,
            "active": True,
        }

    def _token(self, profile: Profile, seconds: float) -> str:
        claims = {"scope": "com.atproto.appPassPrivileged", "sub": did_of(profile.id), "exp": self._now() + seconds}
        claims["jti"] = secrets.token_hex(8)
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return f"eyJhbGciOiJIUzI1NiJ9.{payload}.{secrets.token_urlsafe(16)}"

    def asker(self, request: Request) -> Profile | None:
        """Return whose access token the request carries, spent or not."""
        token = self.access.get(_bearer(request))
        return self.network.world.profiles.get(token.profile_id) if token else None

    def check(self, request: Request) -> Response | None:
        """Return why the request may not go on, ``None`` when it may."""
        token = self.access.get(_bearer(request))
        if not request.headers.get("authorization"):
            return self.network.refusal(401, "Authentication Required", "AuthMissing")
        if token is None:
            return self.network.refusal(400, "Token could not be verified", "InvalidToken")
        if token.ends < self._now():
            return self.network.refusal(400, "Token has expired", "ExpiredToken")
        return None

    def _now(self) -> float:
        return self.network.clock.now().timestamp()


def _bearer(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ").strip()
