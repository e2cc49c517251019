"""`pluralis network`: the demo's fake networks on loopback; `pluralis up` starts it when DEMO=1."""

import argparse
import os
from typing import Any

from pluralis import cli

NEEDS_INSTANCE = True
_ORPHAN_SECONDS = 10


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("network", help="run the demo's fake networks on this machine")


def run(arguments: argparse.Namespace) -> int:
    """Run until told to stop; refused outside a demo."""
    from pluralis.config import last_resort
    from pluralis.config.environment import Environment
    from pluralis.networks.fake import standing
    from pluralis.networks.fake.__main__ import main

    environment = Environment.from_environ(os.environ)
    if not environment.demo:
        raise cli.CommandError("The fake networks belong to a demo. Set DEMO=1.")
    last_resort.end_with_parent(_ORPHAN_SECONDS)
    place = standing.ensure(environment.data_dir)
    ledger = environment.data_dir / "network"
    ledger.mkdir(exist_ok=True, mode=0o700)
    os.environ["PLURALIS_FAKE_SECRET"] = place.secret
    return main(standing.arguments(place, ledger))
