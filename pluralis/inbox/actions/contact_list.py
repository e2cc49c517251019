"""The company's own list of people comes in from CSV: tags and facts for who wrote, and who may write one day.

A row names a person by network and handle, or by a name alone. Without a column of grounds the file is refused:
every link from a profile to our books says why we may have it.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.folding import fold
from pluralis.inbox.actions.contacts import (
    LONGEST_FACT,
    LONGEST_FACT_NAME,
    LONGEST_NOTE,
    clean_tags,
    keep_fact,
)
from pluralis.inbox.models import AwaitedProfile, Contact, Ground, Profile
from pluralis.networks.registry import networks
from pluralis.teams import audit
from pluralis.teams.access import Ability, require
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Membership

MOST_ROWS = 20_000
MOST_BYTES = 5_000_000
OWN = ("network", "handle", "name", "tags", "note", "ground")


@dataclass(slots=True)
class Imported:
    """What became of a file: contacts brought up to date, made anew, and rows left out with their reasons."""

    found: int = 0
    made: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def import_contacts(*, actor: Membership, content: bytes, now: datetime) -> Imported:
    """Read a CSV of people. Rows that cannot be read are left out and named; the same file again changes nothing.

    Columns: ``network`` and ``handle``, or ``name``; ``tags`` parted by semicolons; ``note``; ``ground`` (told,
    public or opt_in); every other column is a fact under its own heading.
    """
    require(actor, Ability.ANSWER)
    rows = _rows(content)
    result = Imported()
    with transaction.atomic():
        for number, row in enumerate(rows, 2):
            try:
                _take(actor, row, result, now)
            except Invalid as error:
                result.refused.append((number, str(error.happened)))
        audit.note(
            "inbox.contacts.imported", team_id=actor.team_id, actor=actor, now=now,
            found=result.found, made=result.made, refused=len(result.refused),
        )  # fmt: skip
    cache.delete(f"tags:{actor.team_id}")
    return result


def _rows(content: bytes) -> list[dict[str, str]]:
    if len(content) > MOST_BYTES:
        raise Invalid("too_large", _("The file is too large."), next_step=_("Cut it into parts of 5 MB."))
    text = _decoded(content).replace("\x00", "")
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:4_000], ",;\t")
    except csv.Error:
        dialect = csv.excel
    reader = csv.DictReader(io.StringIO(text), dialect=dialect)
    heads = [fold(head) for head in reader.fieldnames or []]
    if not ({"handle", "name"} & set(heads)):
        raise Invalid("no_people", _("No column is called handle or name."),
                      next_step=_("Name the columns as the example does."))  # fmt: skip
    if "ground" not in heads:
        raise Invalid(
            "no_ground", _("No column says why we may know this."), kept=_("Nothing was changed."),
            next_step=_("Add a column “ground” with told, public or opt_in in each row."),
        )  # fmt: skip
    rows = [{str(head).strip(): _plain(value) for head, value in row.items() if head} for row in reader]
    if len(rows) > MOST_ROWS:
        raise Invalid("too_many_rows", _("The file has more than 20,000 rows."), next_step=_("Cut it into parts."))
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _plain(value: object) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from reckoning."""
    text = " ".join(value) if isinstance(value, list) else str(value or "")
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "\t", "\r") else text


def _take(actor: Membership, row: Mapping[str, str], result: Imported, now: datetime) -> None:
    own = {name: value for head, value in row.items() if (name := fold(head)) in OWN}
    ground = fold(own.get("ground", ""))
    if ground not in Ground.values:
        raise Invalid("no_ground", _("The ground is none of told, public, opt_in."))
    contact, made = _person(actor, own, now)
    result.made += made
    result.found += not made
    contact.tags = clean_tags([*contact.tags, *own.get("tags", "").split(";")])
    if own.get("note") and own["note"] not in contact.note:
        contact.note = "\n".join(filter(None, [contact.note, own["note"]]))[:LONGEST_NOTE]
    contact.save(update_fields=["tags", "note"])
    for head, value in row.items():
        if fold(head) not in OWN and value:
            name = " ".join(head.split())[:LONGEST_FACT_NAME]
            keep_fact(actor, contact, (name, " ".join(value.split())[:LONGEST_FACT], ground), now)


def _person(actor: Membership, own: Mapping[str, str], now: datetime) -> tuple[Contact, bool]:
    """Return the contact a row means, and whether it was made for it."""
    handle, name = fold(own.get("handle", "")).lstrip("@")[:255], own.get("name", "")[:255]
    if not handle:
        if not name:
            raise Invalid("nobody", _("The row names nobody."))
        return _by_name(actor, name, now)
    network = _network(own.get("network", ""))
    profile = Profile.objects.filter(team=actor.team_id, network=network, search_handle=handle).first()
    if profile is not None:
        return profile.contact, False
    awaited = AwaitedProfile.objects.filter(team=actor.team_id, network=network, handle=handle).first()
    if awaited is not None:
        return awaited.contact, False
    contact = _new(actor, name or handle, now)
    AwaitedProfile.objects.create(team_id=actor.team_id, contact=contact, network=network, handle=handle)
    return contact, True


def _by_name(actor: Membership, name: str, now: datetime) -> tuple[Contact, bool]:
    alike = list(Contact.objects.filter(team=actor.team_id, search_name=fold(name)[:255], joined=False)[:2])
    if len(alike) > 1:
        raise Invalid("several", _("Several people have this name: name the handle."))
    return (alike[0], False) if alike else (_new(actor, name, now), True)


def _new(actor: Membership, name: str, now: datetime) -> Contact:
    return Contact.objects.create(team_id=actor.team_id, name=name, search_name=fold(name)[:255], created_at=now)


def _network(said: str) -> str:
    wanted = fold(said)
    for name, network in networks().items():
        if wanted in (fold(name), fold(network.title)):
            return name
    raise Invalid("unknown_network", _("“%(name)s” is no network that Pluralis knows.") % {"name": said[:40]})
