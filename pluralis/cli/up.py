"""`pluralis up`: everything on one machine under one supervisor.

The embedded database, migrations, the demo on a first start, then the demo's network, web and worker. The
address is printed only when `/healthz` says that every part is well.
"""

import argparse
import os
import signal
import socket
import subprocess
import time
from contextlib import ExitStack
from typing import Any

from pluralis import cli
from pluralis.cli.database import forget_workers, start_embedded
from pluralis.cli.main import commands
from pluralis.config import migrated, state
from pluralis.config.asking import ask_health
from pluralis.config.embedded.system_user import dies_with_parent
from pluralis.config.environment import Environment
from pluralis.config.files import write_private
from pluralis.config.supervisor import Program, ProgramFailed, Supervisor, pluralis_command

NEEDS_INSTANCE = True
# How to sign in to a new demo, with its random password; written by `pluralis demo`, shown once, then removed.
SIGN_IN_NOTE = "sign-in.txt"
_HEALTHY_WITHIN_SECONDS = 90.0


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("up", help="run everything on this machine")


def run(arguments: argparse.Namespace) -> int:
    """Start everything, say where it is, and stop it cleanly on Ctrl-C."""
    started_at = time.monotonic()
    data_dir = state.data_dir_of(os.environ)
    state.prepare(data_dir, os.environ)
    supervisor = Supervisor(say)
    with ExitStack() as stack:
        stack.enter_context(state.sole_use(data_dir))
        supervisor.listen_to_signals()
        environment = _ready_environment(supervisor, stack)
        stack.callback(supervisor.stop)
        try:
            _start_programs(supervisor, environment)
            if _wait_until_well(supervisor, environment):
                _welcome(environment, time.monotonic() - started_at)
            supervisor.run()
        except ProgramFailed as problem:
            raise cli.CommandError(str(problem)) from None
        finally:
            say("Stopping. What was planned stays planned.")
    say("Stopped.")
    return 0


def say(sentence: str) -> None:
    print(sentence, flush=True)


def _ready_environment(supervisor: Supervisor, stack: ExitStack) -> Environment:
    """Start the database, bring its tables up to date, fill a demo; return the settings all of it runs with."""
    if not os.environ.get("DATABASE_URL"):
        cluster = start_embedded(os.environ)
        stack.callback(cluster.stop)
        supervisor.watch("PostgreSQL", cluster.alive)
        forget_workers(cluster)
    environment = Environment.from_environ(os.environ)
    _refuse_a_taken_port(environment)
    if not (environment.embedded and migrated.is_noted(environment.data_dir)):
        say("Bringing the tables up to date.")
        _run_to_the_end("migrate")
        migrated.note(environment.data_dir)
    return environment


def _run_to_the_end(*words: str) -> str:
    """Run one of our commands and return what it printed; raises CommandError with its last words."""
    answer = subprocess.run(  # noqa: S603 - our own command
        pluralis_command(*words),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        # Ctrl-C must not cut a migration in the middle; it is waited for, then everything stops.
        start_new_session=True,
        preexec_fn=dies_with_parent(signal.SIGTERM),
    )
    if answer.returncode:
        raise cli.CommandError(f"{words[0]} failed:\n{(answer.stderr or answer.stdout)[-3000:]}")
    return answer.stdout


def _start_programs(supervisor: Supervisor, environment: Environment) -> None:
    """Start the demo's network first: the demo's accounts live on it."""
    if environment.demo:
        _start(supervisor, environment, "network")
        _wait_for_network(supervisor, environment)
        _seed_demo_once(environment)
    for name in ("web", "worker"):
        _start(supervisor, environment, name)


def _start(supervisor: Supervisor, environment: Environment, name: str) -> None:
    log = environment.data_dir / "logs" / f"{name}.log"
    supervisor.start(Program(name, pluralis_command(name), _environ_of(environment), log))


def _wait_for_network(supervisor: Supervisor, environment: Environment) -> None:
    """Wait until every port of the demo's network is open."""
    from pluralis.networks.fake import standing

    waiting = set(standing.ensure(environment.data_dir).ports.values())
    while waiting and supervisor.pause(0.05):
        supervisor.check()
        waiting = {port for port in waiting if not _is_open(port)}


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _seed_demo_once(environment: Environment) -> None:
    """Fill a new instance with the demo; the note is written last, so a cut seeding is done again."""
    note = environment.data_dir / "demo"
    if not note.exists() and "demo" in commands():
        say("Setting up the demo.")
        _run_to_the_end("demo")
        write_private(note, "seeded\n")


def _environ_of(environment: Environment) -> dict[str, str]:
    """Return what the children get: our own variables, with what was worked out made plain."""
    return dict(os.environ) | {
        "PLURALIS_DATA_DIR": str(environment.data_dir),
        "PYTHONUNBUFFERED": "1",
        # glibc gives each thread an arena of its own; two keep a server of many threads small.
        "MALLOC_ARENA_MAX": "2",
    }


def _wait_until_well(supervisor: Supervisor, environment: Environment) -> bool:
    """Ask `/healthz` until every part is well; False when somebody stops us first."""
    give_up = time.monotonic() + _HEALTHY_WITHIN_SECONDS
    parts: dict[str, str | None] = {"web": "does not answer yet"}
    while supervisor.pause(0.1):
        supervisor.check()
        parts = ask_health(environment.port, environment.site_url) or parts
        if not any(parts.values()):
            return True
        if time.monotonic() > give_up:
            wrong = "\n".join(f"  {name}: {problem}" for name, problem in parts.items() if problem)
            raise cli.CommandError(
                f"Not everything is well after {_HEALTHY_WITHIN_SECONDS:.0f} s, so it was stopped; data are kept.\n"
                f"{wrong}\nLogs: {environment.data_dir / 'logs'}"
            )
    return False


def _welcome(environment: Environment, seconds: float) -> None:
    say(f"\n  Pluralis is ready after {seconds:.1f} s:  {environment.site_url}\n")
    note = environment.data_dir / SIGN_IN_NOTE
    if note.exists():
        email, _, password = note.read_text().strip().partition("\n")
        say(f"  Sign in as {email} with the password {password} (said only this once).")
        note.unlink()
    elif environment.demo:
        say("  Sign in as before. A forgotten password: pluralis password E-MAIL")
    else:
        say("  The first person who signs up there becomes the owner; after that, people are invited.")
    say(f"  Data: {environment.data_dir}   Stop: Ctrl-C\n")


def _refuse_a_taken_port(environment: Environment) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.bind, environment.port))
        except OSError as problem:
            raise cli.CommandError(
                f"Port {environment.port} cannot be used ({problem.strerror}). Nothing was started. "
                "Choose another: PORT=8001 make up"
            ) from None
