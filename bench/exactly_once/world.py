"""The world of the runs: networks in their own processes, accounts in the database, the fork server, the ledger."""

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2

from bench.exactly_once.children import Forge
from bench.exactly_once.plan import MOODS, NETWORKS, REAL, Run
from bench.exactly_once.real import RealServer

BRANDS = 28
"""Accounts of each network, and so the most runs of one network at a time."""


@dataclass
class Fakes:
    """The fake networks as a process, and their admin API."""

    origins: dict[str, str]
    secrets: dict[str, str]
    process: subprocess.Popen[str]
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(trust_env=False, timeout=60))

    @classmethod
    def start(cls, scale: float, latency: float = 0.0) -> "Fakes":
        """Start the fakes; every wait of theirs is divided by ``scale``."""
        words = [sys.executable, "-m", "pluralis.networks.fake", "--port", "0", "--mastodon-port", "0"]
        words += ["--bluesky-port", "0", "--until-eof", "--seed", "3", "--scale", str(scale)]
        words += ["--latency", str(latency)]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        return cls({name: said[name] for name in NETWORKS}, said["secrets"], process)

    def ask(self, network: str, method: str, path: str, body: Any = None) -> Any:
        """Call the admin API of one fake."""
        headers = {"Fake-Secret": self.secrets[network]}
        answer = self.client.request(method, f"{self.origins[network]}/_fake/{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def forget(self) -> None:
        """Empty the ledgers and end every mood."""
        for name in self.origins:
            self.ask(name, "DELETE", "ledger")
        self.forget_moods()

    def forget_moods(self) -> None:
        """End every mood."""
        for name in self.origins:
            self.ask(name, "DELETE", "moods")

    def open_account(self, network: str, handle: str) -> dict[str, str]:
        """Return fresh keys of an account, made on first use."""
        opened = self.ask(network, "POST", "accounts", {"handle": handle, "role": "brand"})
        return dict(opened["credentials"])

    def set_mood(self, run: Run, handle: str) -> None:
        """Let the network be in the run's mood, for its account alone."""
        for mood in MOODS[run.mood]:
            self.ask(run.network, "POST", "moods", {**mood, "account": handle})

    def lose(self, network: str, handle: str, name: str) -> None:
        """Lose the next answer (*drop*) or the next request (*drop_before*) of an account's writes."""
        mood = {"name": name, "endpoint": "post", "times": 1, "account": handle}
        self.ask(network, "POST", "moods", mood)

    def sent(self, network: str, after: int = 0) -> list[dict[str, Any]]:
        """Return the posts that a fake accepted since it was told to forget, as its ledger has them."""
        return list(self.ask(network, "GET", f"ledger?action=post&after={after}")["entries"])

    def standing(self, network: str) -> list[dict[str, Any]]:
        """Return the id, account and text of each post that a fake accepted: the oracle."""
        entries = self.sent(network)
        return [
            {"id": each["remote_id"], "account": each["account"], "text": str(each["detail"].get("text", ""))}
            for each in entries
        ]

    def take_down(self, network: str, remote_id: str) -> None:
        """Delete a post by hand, past the API."""
        self.ask(network, "DELETE", f"posts/{remote_id}")

    def stop(self) -> None:
        """End the process."""
        self.client.close()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)


@dataclass
class World:
    """Everything the runs need, with the accounts by network."""

    fakes: Fakes
    real: RealServer | None
    forge: Forge
    alice: Any
    accounts: dict[str, list[Any]]
    cluster: Any
    spent: set[Any] = field(default_factory=set)
    """Accounts whose keys were traded or lost, and must be connected again before the next run."""

    @classmethod
    def build(cls, scale: float, cluster: Any, stack: ExitStack, *, real: bool = False) -> "World":
        """Start the networks, found a team, connect its accounts, start the fork server."""
        fakes = Fakes.start(1 / scale)
        stack.callback(fakes.stop)
        server = stack.enter_context(RealServer()) if real else None
        import django

        django.setup()
        from pluralis.networks.addresses import allow_private_origins

        origins = [*fakes.origins.values(), *([server.origin] if server else [])]
        allow_private_origins(origins)
        os.environ["BENCH_ORIGINS"] = ",".join(origins)
        alice, accounts = _people_and_accounts(fakes, server)
        drop_connections()
        forge = Forge()
        stack.callback(forge.stop)
        return cls(fakes, server, forge, alice, accounts, cluster)

    def place(self, network: str) -> "Fakes | RealServer":
        """Return where a network is asked and its moods are set."""
        if network == REAL:
            assert self.real is not None
            return self.real
        return self.fakes

    def forget(self) -> None:
        """Empty every ledger and end every mood."""
        self.fakes.forget()
        if self.real:
            self.real.forget()

    def crash_database(self) -> None:
        """Kill PostgreSQL with all its connections, at once, and bring it back."""
        os.kill(self.cluster.pid, signal.SIGKILL)
        self.cluster._process.wait()
        self.cluster.start()
        drop_connections()


def drop_connections() -> None:
    """Let go of every connection of this process, advisory locks included."""
    from django.db import connections

    from pluralis.teams.locks import locks

    for each in connections.all():
        each.close()
        each.close_pool()
    locks.close()


def grant_of(place: "Fakes | RealServer", account: Any, network: str) -> Any:
    """Return a connection of an account by fresh keys, as a person makes it in the settings."""
    from pluralis.networks.deadline import Deadline
    from pluralis.networks.registry import network as registered

    connector = registered(account.network).connector
    keys = place.open_account(network, handle_of(account))
    names = [each.name for each in connector.fields]
    values = {name: keys[name] for name in names if name in keys}
    return connector.connect_with_keys(account.host, values, Deadline.after(30)), keys


def handle_of(account: Any) -> str:
    """Return the handle under which a network knows an account."""
    return str(account.handle).removesuffix(".test").partition("@")[0]


def _people_and_accounts(fakes: Fakes, real: RealServer | None) -> tuple[Any, dict[str, list[Any]]]:
    from django.utils import timezone

    from pluralis.teams.actions import found_team
    from pluralis.teams.models import User

    user = User.objects.create_user(email="alice@example.org", name="Alice")
    alice = found_team(user=user, name="Norlune", language="en", zone="UTC", now=timezone.now())
    accounts = {name: _connect(alice, fakes, name, name, origin) for name, origin in fakes.origins.items()}
    if real:
        accounts[REAL] = _connect(alice, real, REAL, "bluesky", real.origin)
    return alice, accounts


def _connect(alice: Any, place: Fakes | RealServer, name: str, network: str, origin: str) -> list[Any]:
    from django.utils import timezone

    from pluralis.networks.contract import App
    from pluralis.teams.actions import Wish, connect_with_keys, keep_app

    accounts = []
    for number in range(BRANDS):
        keys = place.open_account(name, f"brand{number}")
        wish = Wish(network, origin)
        accounts.append(connect_with_keys(actor=alice, wish=wish, values=keys, now=timezone.now()))
        if "client_id" in keys and number == 0:
            keep_app(network, origin, App(keys["client_id"], keys.get("client_secret", "")), timezone.now())
    return accounts
