"""The fake networks as a lasting part of a demo: the same ports and the same secret at every start.

The product remembers where an account lives, so the ports are chosen once and kept, with the secret, in
`network.json` (0600) beside the demo's data. Their worlds and keys outlive a stop in `network/worlds`.
"""

import json
import secrets
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pluralis.config.files import write_private
from pluralis.networks.fake.server import LOOPBACK

FILE = "network.json"
WORLDS = "worlds"
NETWORKS = ("x", "mastodon")
_HISTORY = 120
_MESSAGES_A_MINUTE = 4.0


@dataclass(frozen=True)
class Standing:
    """Where each fake network listens on loopback, and the secret of its admin API."""

    ports: dict[str, int]
    secret: str

    @property
    def origins(self) -> dict[str, str]:
        """Return ``http://127.0.0.1:PORT`` by network name."""
        return {name: f"http://{LOOPBACK}:{port}" for name, port in self.ports.items()}


def available() -> list[str]:
    """Return the networks that have a fake in this build."""
    return [name for name in NETWORKS if find_spec(f"pluralis.networks.fake.{name}")]


def read(data_dir: Path) -> Standing | None:
    """Return the demo's networks, or None when this instance has no demo."""
    path = data_dir / FILE
    if not path.exists():
        return None
    found = json.loads(path.read_text())
    return Standing({name: int(port) for name, port in found["ports"].items()}, str(found["secret"]))


def ensure(data_dir: Path) -> Standing:
    """Return the demo's networks, with ports chosen for those that have none yet."""
    known = read(data_dir) or Standing({}, secrets.token_urlsafe(32))
    new = [name for name in available() if name not in known.ports]
    if new:
        known = Standing(known.ports | dict(zip(new, _free_ports(len(new)), strict=True)), known.secret)
        write_private(data_dir / FILE, json.dumps({"ports": known.ports, "secret": known.secret}, indent=1))
    return known


def arguments(standing: Standing, ledger: Path) -> list[str]:
    """Return the words for ``python -m pluralis.networks.fake`` that run a lively demo."""
    words = ["--port", str(standing.ports["x"]), "--history", str(_HISTORY), "--lively", str(_MESSAGES_A_MINUTE)]
    if "mastodon" in standing.ports:
        words += ["--mastodon-port", str(standing.ports["mastodon"])]
    return [*words, "--ledger", str(ledger), "--state", str(ledger / WORLDS)]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in sockets]
