"""`pluralis register-app`: keep the app that you made on a network's developer page, for signing in by OAuth."""

import argparse
import getpass
import os
import sys
from typing import Any

from pluralis import cli

NEEDS_INSTANCE = True


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("register-app", help="keep a network's client id and secret, for signing in there")
    parser.add_argument("network", help="a network's name, such as x")
    parser.add_argument("client_id")
    parser.add_argument("--host", default="", help="the instance; unset: the network's own address")


def run(arguments: argparse.Namespace) -> int:
    """Read the client secret from standard input (or ask for it) and keep both, sealed. A second time replaces."""
    from pluralis.cli.database import database_running

    secret = getpass.getpass("Client secret: ") if sys.stdin.isatty() else sys.stdin.readline()
    with database_running(os.environ):
        host = _keep(arguments, secret.strip())
    print(f"The app is kept for {host}. Accounts can now be connected there by signing in.")
    return 0


def _keep(arguments: argparse.Namespace, secret: str) -> str:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    django.setup()
    from pluralis.networks.contract import App
    from pluralis.networks.registry import network
    from pluralis.teams.actions import keep_app
    from pluralis.teams.queries import database_now

    try:
        host = arguments.host or network(arguments.network).default_host
    except KeyError as problem:
        raise cli.CommandError(str(problem.args[0])) from None
    if not host:
        raise cli.CommandError("This network has many instances: name one with --host https://...")
    keep_app(arguments.network, host, App(arguments.client_id, secret), database_now())
    return host
