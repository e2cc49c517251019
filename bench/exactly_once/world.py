"""The world of the runs: fakes in their own process, accounts in the database, the fork server, the ledger."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2

BRANDS = 40


@dataclass
class Fakes:
    """The fake networks as a process, and their admin API."""

    origins: dict[str, str]
    secrets: dict[str, str]
    process: subprocess.Popen[str]
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(trust_env=False, timeout=20))

    @classmethod
    def start(cls, scale: float, latency: float = 0.0) -> "Fakes":
        """Start the fake X and the fake Mastodon; every wait of theirs is divided by ``scale``."""
        words = [sys.executable, "-m", "pluralis.networks.fake", "--port", "0", "--mastodon-port", "0"]
        words += ["--scale", str(scale), "--until-eof", "--seed", "3", "--latency", str(latency)]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        origins = {name: said[name] for name in ("x", "mastodon")}
        return cls(origins, said["secrets"], process)

    def ask(self, network: str, method: str, path: str, body: Any = None) -> Any:
        """Call the admin API of one fake."""
        headers = {"Fake-Secret": self.secrets[network]}
        answer = self.client.request(method, f"{self.origins[network]}/_fake/{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def sent(self, network: str, after: int = 0) -> list[dict[str, Any]]:
        """Return the posts that a fake accepted: the oracle."""
        return self.ask(network, "GET", f"ledger?action=post&after={after}")["entries"]

    def stop(self) -> None:
        """End the process."""
        self.client.close()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


class Forge:
    """The fork server as seen from the runs."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.exactly_once.forge"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ,
        )  # fmt: skip
        self._rest = b""
        self.living: dict[str, int] = {}
        self.frozen: dict[str, int] = {}
        self.ended: dict[str, int] = {}
        self._read(timeout=60)

    def order(self, run: str, job: str, part_id: str, failpoint: str, action: str) -> None:
        """Have a child do a job and meet its end at a fail-point."""
        assert self._process.stdin is not None
        self.ended.pop(run, None)
        line = {"run": run, "job": job, "part": part_id, "failpoint": failpoint, "action": action}
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        self._process.stdin.flush()

    def wait(self, run: str) -> int:
        """Return the signal that struck a run's child, 0 for none; frozen is SIGSTOP (19)."""
        until = time.monotonic() + 60
        while run not in self.ended and run not in self.frozen:
            self._read(timeout=1)
            if time.monotonic() > until:
                raise TimeoutError(f"run {run} neither ended nor stopped")
        return 19 if run in self.frozen else self.ended[run]

    def wake(self, run: str) -> None:
        """Let a frozen child go on."""
        os.kill(self.frozen.pop(run), signal.SIGCONT)

    def lives(self, run: str) -> bool:
        """Say whether a run's child has not ended yet."""
        self._read(timeout=0)
        return run in self.living

    def _read(self, timeout: float) -> None:
        """Take in what the fork server has said."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while select.select([descriptor], [], [], timeout)[0]:
            heard = os.read(descriptor, 65536)
            if not heard:
                raise RuntimeError("the fork server has ended")
            *lines, self._rest = (self._rest + heard).split(b"\n")
            for line in lines:
                self._hear(json.loads(line))
            timeout = 0

    def _hear(self, said: dict[str, Any]) -> None:
        if "ready" in said:
            return
        run = said["run"]
        if said.get("stopped"):
            self.frozen[run] = said["pid"]
        elif "ended" in said:
            self.ended[run] = said["ended"]
            self.living.pop(run, None)
        else:
            self.living[run] = said["pid"]

    def stop(self) -> None:
        """End the fork server and its children."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)


@dataclass
class World:
    """Everything the runs need, with the accounts by network."""

    fakes: Fakes
    forge: Forge
    alice: Any
    accounts: dict[str, list[Any]]
    tokens: dict[str, dict[str, dict[str, str]]]

    @classmethod
    def build(cls, scale: float, stack: ExitStack) -> "World":
        """Start the fakes, found a team, connect its accounts, start the fork server."""
        fakes = Fakes.start(1 / scale)
        stack.callback(fakes.stop)
        import django

        django.setup()
        from pluralis.networks.addresses import allow_private_origins

        allow_private_origins(fakes.origins.values())
        os.environ["BENCH_ORIGINS"] = ",".join(fakes.origins.values())
        alice, accounts, tokens = _people_and_accounts(fakes)
        from django.db import connections

        connections.close_all()
        forge = Forge()
        stack.callback(forge.stop)
        return cls(fakes, forge, alice, accounts, tokens)


def _people_and_accounts(fakes: Fakes) -> tuple[Any, dict[str, list[Any]], dict[str, dict[str, dict[str, str]]]]:
    from django.utils import timezone

    from pluralis.networks.contract import App
    from pluralis.teams.actions import Wish, connect_with_keys, found_team, keep_app
    from pluralis.teams.models import User

    user = User.objects.create_user(email="alice@example.org", name="Alice")
    alice = found_team(user=user, name="Norlune", language="en", zone="UTC", now=timezone.now())
    accounts: dict[str, list[Any]] = {}
    tokens: dict[str, dict[str, dict[str, str]]] = {}
    for network, origin in fakes.origins.items():
        accounts[network], tokens[network] = [], {}
        for number in range(BRANDS):
            opened = fakes.ask(network, "POST", "accounts", {"handle": f"brand{number}", "role": "brand"})
            keys = opened["credentials"]
            wish = Wish(network, origin)
            account = connect_with_keys(actor=alice, wish=wish, values=keys, now=timezone.now())
            accounts[network].append(account)
            tokens[network][str(account.id)] = keys
            if "client_id" in keys and number == 0:
                keep_app(network, origin, App(keys["client_id"], keys.get("client_secret", "")), timezone.now())
    return alice, accounts, tokens
