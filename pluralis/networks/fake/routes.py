"""The addresses of a protocol."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from pluralis.networks.fake.http import Request, Response

Handler = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the protocol. ``name`` is the endpoint's name for moods and ledger.

    ``pattern`` is a path with ``{captures}``.
    """

    name: str
    method: str
    pattern: str
    handle: Handler

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the captures when a request for ``path`` (decoded) is for this route."""
        if method != self.method:
            return None
        found = _shape(self.pattern).fullmatch(path)
        return found.groupdict() if found else None


def find_route(routes: Sequence[Route], request: Request) -> Route | None:
    """Return the first route that ``request`` is for, and leave its captures in the request."""
    path = request.path
    for route in routes:
        captures = route.match(request.method, path)
        if captures is not None:
            request.captures = captures
            return route
    return None


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    fixed, *rest = re.split(r"\{(\w+)\}", pattern)
    captures = (f"(?P<{name}>[^/]+){re.escape(text)}" for name, text in zip(rest[::2], rest[1::2], strict=True))
    return re.compile(re.escape(fixed) + "".join(captures))
