"""Signing what we send to a webhook, so that its receiver knows that it is from us, whole, and new."""

import hashlib
import hmac

TOLERANCE_SECONDS = 300


def signature(secret: str, at: int, body: bytes) -> str:
    """Return the value of the header: ``t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hex>``."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def is_genuine(header: str, secret: str, body: bytes, now: int) -> bool:
    """Say whether a header fits a body and is at most five minutes old or ahead: what a receiver should do."""
    fields = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    at = fields.get("t", "")
    if not (at.isascii() and at.isdigit() and len(at) < 12) or abs(now - int(at)) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(signature(secret, int(at), body), f"t={at},v1={fields.get('v1', '')}")
