"""`pluralis password`: give a person a new random password, for whoever is locked out without mail."""

import argparse
import os
import secrets
from typing import Any

from pluralis import cli

NEEDS_INSTANCE = True


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("password", help="give a person a new random password, said once")
    parser.add_argument("email")


def run(arguments: argparse.Namespace) -> int:
    """Set the password, end the person's sessions by it, and print it once."""
    from pluralis.cli.database import database_running

    with database_running(os.environ):
        password = _set_new_password(arguments.email)
    print(f"The new password of {arguments.email} is {password} (said only this once).")
    return 0


def _set_new_password(email: str) -> str:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    django.setup()
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.filter(email=email.lower()).first()
    if user is None:
        raise cli.CommandError(f"Nobody signs in as {email}. Nothing was changed.")
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    # Sessions carry a hash of the password, so all of them end.
    user.save(update_fields=["password"])
    return password
