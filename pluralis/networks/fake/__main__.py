"""``python -m pluralis.networks.fake``: the fake networks as a process, for the demo and the crash tests.

Prints one line of JSON when every port is open: the origins, the secret of the admin API, the brands. Ends on
SIGTERM, SIGINT, or when its standard input closes with ``--until-eof`` (so that no fake outlives its parent).
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pluralis.networks.fake.bluesky import FakeBluesky
from pluralis.networks.fake.clock import Clock
from pluralis.networks.fake.community import Community
from pluralis.networks.fake.keeping import Memory, UnreadableMemory
from pluralis.networks.fake.moods import Mood
from pluralis.networks.fake.network import FakeNetwork
from pluralis.networks.fake.server import TICK_SECONDS, FakeServer
from pluralis.networks.fake.x import FakeX

BRANDS = ("Norlune:Norlune", "NorluneCare:Norlune Care")


def options() -> argparse.ArgumentParser:
    """Return the command line."""
    parser = argparse.ArgumentParser(prog="python -m pluralis.networks.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the fake X (0: any free one)")
    parser.add_argument("--mastodon-port", type=int, help="port of the fake Mastodon server; left out: none")
    parser.add_argument("--bluesky-port", type=int, help="port of the fake Bluesky server; left out: none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="divide every wait of the fake by this")
    parser.add_argument("--brand", action="append", help="HANDLE:NAME, repeatable")
    parser.add_argument("--history", type=int, default=0, help="messages written over the last three days")
    parser.add_argument("--lively", type=float, default=0.0, help="messages a minute from now on")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--refuse-duplicates", action="store_true", help="refuse the same text twice, as X does")
    parser.add_argument("--limits", action="store_true", help="enforce X's rate limits")
    parser.add_argument("--tier", choices=("self-serve", "enterprise"), default="self-serve")
    parser.add_argument("--ledger", type=Path, help="folder for one ledger file per network")
    parser.add_argument("--state", type=Path, help="file that keeps the networks' worlds from one start to the next")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input closes")
    return parser


def build(chosen: argparse.Namespace, secret: str) -> list[FakeServer]:
    """Return the servers that were asked for, not started yet."""
    common: dict[str, Any] = {"seed": chosen.seed, "clock": Clock(scale=chosen.scale), "secret": secret}
    fake_x = FakeX(**common, ledger=_ledger(chosen, "x"), tier=chosen.tier, limits=chosen.limits)
    servers = [FakeServer(fake_x, chosen.port)]
    if chosen.mastodon_port is not None:
        servers.append(FakeServer(_mastodon(common, _ledger(chosen, "mastodon")), chosen.mastodon_port))
    if chosen.bluesky_port is not None:
        fake_bluesky = FakeBluesky(**common, ledger=_ledger(chosen, "bluesky"))
        servers.append(FakeServer(fake_bluesky, chosen.bluesky_port))
    for server in servers:
        settle(server.network, chosen)
    return servers


def _mastodon(common: dict[str, Any], ledger: Path | None) -> FakeNetwork:
    name = "pluralis.networks.fake.mastodon"
    if find_spec(name) is None:
        raise SystemExit("this build has no fake Mastodon server")
    network: FakeNetwork = import_module(name).FakeMastodon(**common, ledger=ledger)
    return network


def _ledger(chosen: argparse.Namespace, name: str) -> Path | None:
    return chosen.ledger / f"{name}.jsonl" if chosen.ledger else None


def settle(network: FakeNetwork, chosen: argparse.Namespace) -> None:
    """Put brands and people into a network."""
    pairs = (brand.partition(":") for brand in chosen.brand or BRANDS)
    brands = [
        network.world.add_profile(handle, name, role="brand", followers=48_200, bio="Calls, data, fibre.")
        for handle, _, name in pairs
    ]
    # Each network has talk of its own; with the same seed everybody would say everything twice.
    seed = f"{chosen.seed}/{network.name}"
    network.community = Community(network.world, brands, seed=seed, per_minute=chosen.lively)
    network.latency = chosen.latency * chosen.scale
    if chosen.refuse_duplicates:
        network.moods.add(Mood("duplicate", "post"))


def awaken(networks: Sequence[FakeNetwork], memory: Memory | None, history: int) -> None:
    """Let each network remember its world, or write the history of a new one."""
    known = memory.recall(networks) if memory else set()
    for network in networks:
        if network.name not in known and network.community:
            network.community.fill(history, within=timedelta(days=3))


def _wait_for_parent(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop."""
    chosen = options().parse_args(arguments)
    servers = build(chosen, os.environ.get("PLURALIS_FAKE_SECRET", ""))
    networks = [server.network for server in servers]
    memory = Memory(chosen.state) if chosen.state else None
    try:
        awaken(networks, memory, chosen.history)
    except UnreadableMemory as problem:
        raise SystemExit(str(problem)) from None
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    for server in servers:
        server.start()
    started: dict[str, Any] = {server.network.name: server.origin for server in servers}
    started["secrets"] = {server.network.name: server.network.secret for server in servers}
    sys.stdout.write(json.dumps(started) + "\n")
    sys.stdout.flush()
    if chosen.until_eof:
        threading.Thread(target=_wait_for_parent, args=(stop,), daemon=True).start()
    while not stop.wait(TICK_SECONDS if memory else None):
        if memory:
            memory.keep_when_due(networks)
    for server in servers:
        server.stop()
    if memory:
        memory.keep(networks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
