"""What X forbids to programs on its self-serve tiers, and the page where a person does it (X changelog, 2026).

A reply is allowed only to somebody who summoned the account: named it in the post, or quoted one of its posts.
Naming strangers, and quoting, are not allowed either. Enterprise customers are not concerned.
"""

import re
from urllib.parse import quote

from pluralis.networks.contract import Access, Outgoing
from pluralis.networks.x.reading import web_origin

# A dot in front makes it no less a mention: ".@name" is how a reply is shown to everybody.
MENTION = re.compile(r"(?<![\w/])@(\w{1,15})")


def forbidden(access: Access, outgoing: Outgoing) -> str:
    """Return why a program may not do this on the account's tier, ``""`` when it may, or when X must decide.

    An account without the setting ``tier`` counts as self-serve. A reply whose target tells nothing about who
    summoned whom is left to X: a refusal costs nothing.
    """
    if access.settings.get("tier") == "enterprise" or outgoing.visibility == "direct":
        return ""
    if outgoing.quote is not None and outgoing.quote.extra.get("own") != "yes":
        return "X lets programs quote other people's posts only on its enterprise tier"
    if outgoing.reply_to is not None and outgoing.reply_to.extra.get("summoned") == "no":
        return "X lets programs answer only people who mentioned or quoted the account"
    strangers = [handle for handle in MENTION.findall(outgoing.text) if not _is_known(handle, access, outgoing)]
    if strangers:
        return f"X lets programs mention only people who wrote to the account first, not @{strangers[0]}"
    return ""


def _is_known(handle: str, access: Access, outgoing: Outgoing) -> bool:
    """Whether it is ourselves, or the one we answer."""
    known = {access.handle.casefold()}
    if outgoing.reply_to is not None:
        known.add(outgoing.reply_to.extra.get("author_handle", "").casefold())
    return handle.casefold() in known


def intent_link(access: Access, outgoing: Outgoing) -> str:
    """Return the page that opens X with the text ready; pictures cannot travel in it."""
    text = outgoing.text
    if outgoing.quote is not None:
        text = f"{text} {web_origin(access.host)}/i/status/{outgoing.quote.remote_id}".strip()
    asked = {"text": text}
    if outgoing.reply_to is not None:
        asked["in_reply_to"] = outgoing.reply_to.remote_id
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
    return f"{web_origin(access.host)}/intent/post?{query}"
