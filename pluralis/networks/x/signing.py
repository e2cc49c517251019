"""OAuth 1.0a request signing (RFC 5849) with HMAC-SHA1, which X still asks for with user keys."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Keys:
    """The app's key pair and the account's token pair."""

    consumer_key: str
    consumer_secret: str
    token: str
    token_secret: str

    @classmethod
    def of(cls, credentials: Mapping[str, str]) -> "Keys":
        """Read them from credentials; ``KeyError`` names a missing one."""
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        return cls(*(credentials[name] for name in names))

    def __repr__(self) -> str:
        return "Keys(...)"


def encode(text: str) -> str:
    """Percent-encode as section 3.6 demands: everything but letters, digits and ``-._~``."""
    return quote(text, safe="-._~")


def base_string(method: str, url: str, pairs: Pairs) -> str:
    """Return the text that is signed (section 3.4.1): method, address without query, sorted parameters."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    address = f"{parts.scheme.lower()}://{host}{port}{parts.path or '/'}"
    everything = [*pairs, *parse_qsl(parts.query, keep_blank_values=True)]
    ordered = sorted((encode(name), encode(value)) for name, value in everything)
    normal = "&".join(f"{name}={value}" for name, value in ordered)
    return "&".join((method.upper(), encode(address), encode(normal)))


def signature(text: str, consumer_secret: str, token_secret: str) -> str:
    """Return the base64 HMAC-SHA1 of a base string (section 3.4.2)."""
    key = f"{encode(consumer_secret)}&{encode(token_secret)}".encode()
    return base64.b64encode(hmac.new(key, text.encode(), hashlib.sha1).digest()).decode()


def authorization(keys: Keys, method: str, url: str, *, nonce: str = "", timestamp: int | None = None) -> str:
    """Return the Authorization header of one request.

    Only the query is signed: X's bodies are JSON or multipart, which section 3.4.1.3.1 leaves out. Nonce and time
    are drawn here unless a test gives them; the time is the one clock this connector reads, for X checks it.
    """
    own = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_nonce": nonce or secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time()) if timestamp is None else timestamp),
        "oauth_token": keys.token,
        "oauth_version": "1.0",
    }
    text = base_string(method, url, own.items())
    own["oauth_signature"] = signature(text, keys.consumer_secret, keys.token_secret)
    return "OAuth " + ", ".join(f'{encode(name)}="{encode(value)}"' for name, value in sorted(own.items()))
