"""Asking a web server of ours on this machine how it is."""

import json
import urllib.error
import urllib.request
from urllib.parse import urlsplit

# A proxy of the machine's environment has no business between us and our own web server.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask_health(port: int, site_url: str, seconds: float = 5) -> dict[str, str | None] | None:
    """Return `/healthz`'s parts, with what is wrong or None; None when there is no answer at all."""
    site = urlsplit(site_url)
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": site.netloc})
    if site.scheme == "https":
        request.add_header("X-Forwarded-Proto", "https")
    try:
        with _opener.open(request, timeout=seconds) as answer:
            return dict(json.load(answer)["parts"])
    except urllib.error.HTTPError as refusal:
        return _parts_of(refusal)
    except (OSError, ValueError, KeyError):
        return None


def _parts_of(refusal: urllib.error.HTTPError) -> dict[str, str | None]:
    try:
        return dict(json.load(refusal)["parts"])
    except (ValueError, KeyError, TypeError):
        return {"web": f"answers {refusal.code}"}
