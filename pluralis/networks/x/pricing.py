"""What a call costs on X's pay-per-use tier, from the dated list beside this file."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pluralis.core.text import entities
from pluralis.networks.contract import Outgoing, Price

FILE = Path(__file__).with_name("prices.json")


@cache
def _list() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def _priced(line: str, count: int = 1) -> Price:
    prices = _list()
    return Price(Decimal(prices[line]) * count, prices["currency"], date.fromisoformat(prices["as_of"]), line)


LINKED = "create_post_with_url"


def price(outgoing: Outgoing, settings: Mapping[str, str] | None = None) -> Price | None:
    """Return what sending a part costs, ``None`` for an enterprise account, whose contract we do not know.

    A private message and a post each have their price; a post with a web address is dear whatever else it is;
    a reply to somebody who summoned the account is cheapest.
    """
    if (settings or {}).get("tier") == "enterprise":
        return None
    if outgoing.visibility == "direct":
        return _priced("create_message")
    if any(entity.kind == "url" for entity in entities(outgoing.text)):
        return _priced(LINKED)
    if outgoing.reply_to is not None and outgoing.reply_to.extra.get("summoned") == "yes":
        return _priced("create_summoned_reply")
    return _priced("create_post")


def price_of_repost(settings: Mapping[str, str], *, back: bool = False) -> Price | None:
    """Return what reposting costs (an *interaction* of X's list), or taking one back; ``None`` for enterprise."""
    return None if settings.get("tier") == "enterprise" else _priced("delete" if back else "create_interaction")


STREAMS = {"mentions": "read_own", "messages": "read_message", "looks": "read_post", "relations": "read_user"}
"""By which line each stream is charged: mentions are the account's own data, a look at one of them is not."""
SEARCHES = "search:"


def price_of_reads(stream: str, items: int, settings: Mapping[str, str] | None = None) -> Price | None:
    """Return what ``items`` of a stream cost at most, ``None`` for an enterprise account or an unknown stream."""
    line = "read_post" if stream.startswith(SEARCHES) else STREAMS.get(stream)
    if (settings or {}).get("tier") == "enterprise" or line is None:
        return None
    return price_of_reading(line, items)


def price_of_reading(line: str, count: int) -> Price:
    """Return what reading ``count`` items of one ``line`` (``read_own``, ``read_post``, ...) costs at most.

    X charges the same item once per UTC day.
    """
    if not line.startswith("read_"):
        raise KeyError(line)
    return _priced(line, count)
