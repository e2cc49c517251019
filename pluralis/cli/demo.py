"""`pluralis demo`: fill a new instance with a company, its people, accounts and plans, on the fake networks.

Everything goes through the same actions as a person's work; only the people's passwords are made here, printed
once and kept nowhere in clear.
"""

import argparse
import json
import os
import secrets
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from pluralis import cli

NEEDS_INSTANCE = True
COMPANY, ZONE = "Norlune", "Europe/Paris"
SIGN_IN_NOTE = "sign-in.txt"


@dataclass(frozen=True)
class Plan:
    """A post of the demo: hours from now (wall clock of the company), accounts by kind, texts, a version or draft."""

    days: int
    hour: int
    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    language: str = "en"
    minute: int = 0


PLANS = (
    Plan(0, 0, ("main",), ("We are here for you, in English, French, Spanish and Malay. Write to us at any time.",)),
    Plan(
        0,
        0,
        ("main",),
        ("Fibre reaches Sète and Agde this month: we connect the first 2,000 homes on Monday.",),
        minute=1,
    ),
    Plan(
        1,
        9,
        ("main",),
        ("Nous ouvrons samedi notre boutique de Nantes. Venez nous voir !",),
        "fr",
        30,
    ),
    Plan(1, 17, ("support",), ("Our lines are open until 20:00 today. Write to us here, or read our help pages.",)),
    Plan(
        2,
        11,
        ("main",),
        (
            "Travelling this winter? Three things we check before we leave. A thread.",
            "1. Roaming: inside the EU our plans work as at home. Elsewhere we tell you the price first.",
            "2. Lost phone: note your IMEI (dial *#06#) and keep it away from the phone. We block it within minutes.",
            "3. Voicemail: call it once before you go, and you will not pay to listen to it abroad.",
        ),
    ),
    Plan(3, 10, ("main",), ("Este jueves hablamos en directo de la fibra rural. ¿Qué quieren saber?",), "es"),
    Plan(4, 15, ("main",), ("Kami sedia membantu sepanjang cuti sekolah, setiap hari hingga 10 malam.",), "ms"),
    Plan(6, 9, ("support",), ("Planned work on Sunday 02:00-04:00 in Lyon 3e. We will say here when it is done.",)),
    Plan(
        9,
        12,
        ("main",),
        ("Behind the counter: how our support team trains before the first answer.",),
    ),
)
DRAFTS = (
    ("Je vous rappelle que la boutique de Lyon sera fermée lundi.", "fr"),
    ("I'm thrilled to announce our new family plan!", "en"),
)


def add_parser(subparsers: Any) -> None:
    subparsers.add_parser("demo", help="fill a new instance with a company on the fake networks")


def run(arguments: argparse.Namespace) -> int:
    """Seed once; a second run on the same instance is refused."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    django.setup()
    from django.conf import settings

    if not settings.DEMO:
        raise cli.CommandError("Set DEMO=1 first: a demo never mixes with real accounts.")
    seed(settings.ENVIRONMENT.data_dir)
    return 0


def seed(data_dir: Any) -> None:
    """Make the company with everything in it, or nothing: one transaction, and the note last."""
    from django.db import transaction

    from pluralis.config.files import write_private
    from pluralis.networks.fake import standing
    from pluralis.teams.models import Team
    from pluralis.teams.queries import database_now

    if Team.objects.filter(demo=True).exists():
        raise cli.CommandError("This instance has its demo already.")
    password = secrets.token_urlsafe(9)
    with transaction.atomic():
        now = database_now()
        alice = _people(password, now)
        accounts = _accounts(alice, standing.ensure(data_dir), now)
        _posts(alice, accounts, now)
    write_private(data_dir / SIGN_IN_NOTE, f"alice@norlune.example\n{password}\n")


def _people(password: str, now: datetime) -> Any:
    from allauth.account.models import EmailAddress

    from pluralis.core.folding import fold
    from pluralis.teams.actions import found_team
    from pluralis.teams.models import Membership, Role, User

    def person(name: str, language: str) -> Any:
        # Browsers take only ASCII before the @.
        email = f"{fold(name.split()[0])}@norlune.example"
        user = User.objects.create_user(email=email, password=password, name=name, language=language, zone=ZONE)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user

    alice = found_team(user=person("Alice Morel", "en"), name=COMPANY, language="en", zone=ZONE, now=now, demo=True)
    for name, role, initials, language in (
        ("Bob Keller", Role.AGENT, "BK", "en"),
        ("Chloé Renard", Role.WRITER, "CR", "fr"),
        ("Siti Rahman", Role.AGENT, "SR", "ms"),
    ):
        Membership.objects.create(
            team=alice.team, user=person(name, language), role=role, initials=initials, created_at=now,
            on_duty_since=now if name.startswith("Bob") else None,
        )  # fmt: skip
    return alice


def _accounts(alice: Any, place: Any, now: datetime) -> dict[str, Any]:
    """Connect the company's profiles on each fake network with keys, as a person does."""
    from pluralis.teams.actions import Wish, change_account, connect_with_keys

    profiles = [("x", "Norlune", "Norlune", "main"), ("x", "NorluneCare", "Norlune Care", "support")]
    if "mastodon" in place.ports:
        profiles.append(("mastodon", "norlune", "Norlune", "main"))
    found: dict[str, Any] = {}
    for network, handle, name, kind in profiles:
        values = _open_profile(place, network, handle, name)
        wish = Wish(network, place.origins[network], kind)
        account = connect_with_keys(actor=alice, wish=wish, values=values, now=now)
        settings = {**account.settings, "poll_seconds": 5}
        change_account(actor=alice, account_id=account.id, now=now, settings=settings, display_name=name)
        found.setdefault(f"{kind}:{network}", account)
    return found


def _open_profile(place: Any, network: str, handle: str, name: str) -> dict[str, str]:
    """Ask the fake network for keys of a profile, by its admin address."""
    request = urllib.request.Request(  # noqa: S310 - the demo's own loopback address
        f"{place.origins[network]}/_fake/accounts",
        data=json.dumps({"handle": handle, "name": name, "role": "brand"}).encode(),
        headers={"Fake-Secret": place.secret, "Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as answer:
        return dict(json.load(answer)["credentials"])


def _posts(alice: Any, accounts: dict[str, Any], now: datetime) -> None:
    from pluralis.posts.actions import create_post
    from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
    from pluralis.publishing import actions

    def draft(texts: tuple[str, ...], language: str) -> Draft:
        return Draft((DraftVersion(tuple(DraftSegment(text) for text in texts)),), language=language)

    for text, language in DRAFTS:
        create_post(actor=alice, draft=draft((text,), language), client_key=str(uuid4()), now=now)
    for plan in PLANS:
        key = str(uuid4())
        post = create_post(actor=alice, draft=draft(plan.texts, plan.language), client_key=key, now=now)
        ids = [account.id for name, account in accounts.items() if name.split(":")[0] in plan.kinds]
        at = _instant(plan, now)
        when = actions.Plan(at=at, zone=ZONE)
        actions.schedule_post(actor=alice, post_id=post.id, account_ids=ids, plan=when, client_key=key, now=now)


def _instant(plan: Plan, now: datetime) -> datetime:
    """Return the plan's wall clock in the company's zone; day 0 hour 0 means minutes from now."""
    if plan.days == plan.hour == 0:
        return now + timedelta(minutes=plan.minute)
    local = now.astimezone(ZoneInfo(ZONE)) + timedelta(days=plan.days)
    return local.replace(hour=plan.hour, minute=plan.minute, second=0, microsecond=0)
