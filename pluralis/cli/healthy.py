"""`pluralis healthy`: ask the web server of this machine how it is; for containers and monitors."""

import argparse
import os
from typing import Any


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("healthy", help="ask this machine's web server whether every part is well")


def run(arguments: argparse.Namespace) -> int:
    """Print one line for each part that is not well; exit 0 when all are."""
    from pluralis.config.asking import ask_health
    from pluralis.config.environment import as_port, as_site

    port = as_port(os.environ.get("PORT") or "8000")
    parts = ask_health(port, as_site(os.environ.get("SITE_URL") or f"http://localhost:{port}"))
    if parts is None:
        print("web: does not answer")
        return 1
    for name, problem in parts.items():
        if problem:
            print(f"{name}: {problem}")
    return int(any(parts.values()))
