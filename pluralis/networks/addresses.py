"""Where a request may go: origins taken apart strictly, addresses checked, exceptions named one by one.

A stranger can name a host (an instance, a picture, a preview), so every name is resolved once, every address it
gives is checked, and the connection goes to a checked address and nowhere else. The only way into a private
network is an *exact origin* (scheme, host and port) that the operator has allowed; there is no general switch.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import idna

from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Refused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"https": 443, "http": 80}

# Python's own ``is_global`` misses these: addresses that carry another address inside (the IPv6 forms), and the
# metadata service that one large cloud keeps at a public address.
_NEVER = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)

_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.ASCII)
_LABELLED_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)


class ForbiddenAddress(Refused):
    """The name leads where a stranger must not send us; ``fields["host"]`` says it in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, {"host": reason})


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host in its ASCII form, and port. ``str()`` gives it as a browser writes it."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @classmethod
    def parse(cls, text: str) -> "Origin":
        """Take an origin apart. Raises :class:`ForbiddenAddress` on anything but ``scheme://host[:port][/]``."""
        parts = _split(text)
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ForbiddenAddress(f"{text[:80]!r} is more than a server's address")
        return cls.of_url(text)

    @classmethod
    def typed(cls, text: str) -> "Origin":
        """Take apart what a person types for a server: ``Example.social`` means ``https://example.social``."""
        bare = text.strip()
        return cls.parse(bare if "://" in bare else f"https://{bare}")

    @classmethod
    def of_url(cls, url: str) -> "Origin":
        """Return the origin of a whole URL. Raises :class:`ForbiddenAddress` on user names, odd hosts or schemes."""
        parts = _split(url)
        if parts.scheme not in PORTS:
            raise ForbiddenAddress(f"only http and https addresses can be read, not {parts.scheme[:20]!r}")
        if "@" in parts.netloc or "\\" in url:
            raise ForbiddenAddress("an address with a user name in it is not followed")
        try:
            port = parts.port
        except ValueError as error:
            raise ForbiddenAddress(f"{parts.netloc[:80]!r} has no valid port") from error
        return cls(parts.scheme, ascii_host(parts.hostname or ""), PORTS[parts.scheme] if port is None else port)


def _split(text: str) -> SplitResult:
    if any(ord(mark) <= 0x20 or ord(mark) == 0x7F for mark in text) or len(text) > 2048:
        raise ForbiddenAddress("the address holds blanks or control characters, or is too long")
    try:
        return urlsplit(text)
    except ValueError as error:
        raise ForbiddenAddress(f"{text[:80]!r} is not an address") from error


def ascii_host(host: str) -> str:
    """Return ``host`` as it is asked for on the wire: lower case, IDNA (UTS 46), no trailing dot.

    IP addresses pass in their canonical form. Raises :class:`ForbiddenAddress` on empty and malformed names, and
    on numbers that only a lenient resolver takes for an address (``0x7f.1``, ``2130706433``).
    """
    literal = _literal(host)
    if literal is not None:
        return str(literal)
    try:
        name = idna.encode(host, uts46=True).decode("ascii").lower().rstrip(".") if host else ""
    except (idna.IDNAError, UnicodeError):
        name = host.lower().rstrip(".") if host.isascii() else ""
    if not _HOST.fullmatch(name) or len(name) > 253:
        raise ForbiddenAddress(f"{host[:80]!r} is not the name of a server")
    literal = _literal(name)
    if literal is not None:
        return str(literal)
    if _LABELLED_NUMBER.fullmatch(name.rsplit(".", 1)[-1]):
        raise ForbiddenAddress(f"{host[:80]!r} is not the name of a server")
    return name


def _literal(host: str) -> Address | None:
    if "%" in host:  # a zone (fe80::1%eth0) means something on one machine only
        return None
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Say whether ``address`` lies on the public internet, looking inside IPv6 forms that carry an IPv4 one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.scope_id is not None:
            return False
    if any(address in block for block in _NEVER if block.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


_private_origins: frozenset[str] = frozenset()


def allow_private_origins(origins: Iterable[str]) -> frozenset[str]:
    """From now on let exactly these origins be on private addresses, plain http and any port included.

    For the operator's settings (an instance inside the company) and for the demo's own fake. Returns what was
    allowed before, so that a test can put it back.
    """
    global _private_origins
    before = _private_origins
    _private_origins = frozenset(str(Origin.parse(origin)) for origin in origins)
    return before


def is_allowed_private(origin: Origin) -> bool:
    """Say whether the operator has named exactly this origin."""
    return str(origin) in _private_origins


def check_origin(origin: Origin, *, plain: bool = False) -> None:
    """Refuse what no address could make right: an odd port, or http where ``plain`` is not granted."""
    if is_allowed_private(origin):
        return
    if origin.scheme != "https" and not plain:
        raise ForbiddenAddress(f"{origin.host} must be reached by https")
    if origin.port != PORTS[origin.scheme]:
        raise ForbiddenAddress(f"port {origin.port} of {origin.host} is not the port of a web server")


def resolve(origin: Origin, deadline: Deadline) -> tuple[str, ...]:
    """Return the addresses of ``origin`` in the resolver's order, every one of them allowed.

    One bad address spoils the name: a name that answers half in private is somebody's trick. Raises
    :class:`ForbiddenAddress`, or NotNow when the name is unknown or the answer late.
    """
    found = _look_up(origin, deadline)
    if not found:
        raise NotNow(f"the server {origin.host} has no address")
    if not is_allowed_private(origin):
        for address in found:
            if not is_public(ipaddress.ip_address(address)):
                raise ForbiddenAddress(f"{origin.host} leads into a private network ({address})")
    return found


def _look_up(origin: Origin, deadline: Deadline) -> tuple[str, ...]:
    """Resolve in a thread of its own: the system's resolver has no time-out that we could set."""
    if _literal(origin.host) is not None:
        return (origin.host,)
    answer: list[tuple[str, ...] | OSError | UnicodeError] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
            answer.append(tuple(dict.fromkeys(str(row[4][0]) for row in rows)))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(max(0.0, deadline.remaining))
    if not answer:
        raise NotNow(f"the name {origin.host} was not resolved in time")
    if isinstance(answer[0], tuple):
        return answer[0]
    raise NotNow(f"the server {origin.host} was not found") from answer[0]
