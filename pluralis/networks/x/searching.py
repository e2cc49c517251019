"""X's recent search: the last seven days, newest first, read into batches like the mentions."""

from collections.abc import Iterable
from dataclasses import replace

from pluralis.networks.contract import Batch, Gap, Incoming
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.hearing import Older, SearchTerms
from pluralis.networks.x.client import XClient
from pluralis.networks.x.dialect import Row
from pluralis.networks.x.polling import BEGINNING, PAGE, Cursor, Pages, batch_of, gap_of, page_of, read_pages, within
from pluralis.networks.x.reading import Included, names, read_odd_mention
from pluralis.networks.x.reading import mentions as mentioned_in
from pluralis.networks.x.refusals import refusal_of_read

PATH = "/2/tweets/search/recent"
MOST_PAGES = 5  # of 100: what a busy hashtag brings beyond it is a gap, which is read back page by page
FIRST = 10  # the least X gives: a search begins with little, for every post has its price


def search(client: XClient, terms: SearchTerms, cursor: str | None) -> Batch:
    """Return what was found since ``cursor``, oldest first; ``None`` reads the ten newest only.

    X takes no ``since_id`` older than a week: it is then read anew, with a gap for what lies between.
    """
    known = Cursor.parse(cursor) if cursor else None
    if known is None:
        pages = read_pages(client, PATH, _asked(client, terms) | {"max_results": str(FIRST)}, most=1)
        return batch_of(_messages(client, terms, pages), pages.rows, None, None)
    pages, whole = _since(client, terms, known)
    messages = _messages(client, terms, pages)
    lacking = pages.rows and not (whole and pages.complete)
    gap = gap_of(known, pages.rows, withheld=pages.withheld) if lacking else None
    return batch_of(messages, pages.rows, known, gap)


def _since(client: XClient, terms: SearchTerms, known: Cursor) -> tuple[Pages, bool]:
    """Return the pages since a cursor, and whether they reach back to it."""
    asked = _asked(client, terms) | {"max_results": str(PAGE)}
    try:
        return read_pages(client, PATH, asked | {"since_id": str(known.since)}, most=MOST_PAGES), True
    except (Refused, NotNow) as error:
        if "since_id" not in error.reason:
            raise
    return read_pages(client, PATH, asked, most=1), False


def search_older(client: XClient, terms: SearchTerms, gap: Gap, place: str) -> Older:
    """Return one page of what a gap left out, as far back as X searches; ``place`` is X's own name of the page."""
    known = int(gap.newer_than or BEGINNING)
    asked = _asked(client, terms) | {"max_results": str(PAGE)}
    asked |= {"until_id": gap.older_than} if gap.older_than else {}
    asked |= {"pagination_token": place} if place else {}
    answer = client.read(PATH, asked)
    if not answer.ok:
        raise refusal_of_read(answer, client.access)
    rows, carried, token, _claimed = answer.parse(lambda body: page_of(body, client.access.host))
    wanted = [(row, carried) for row in rows if within(int(row["id"]), known, gap.older_than)]
    messages = _read(client, terms, wanted)
    met = any(int(row["id"]) <= known for row in rows)
    return Older(tuple(messages[one] for one in sorted(messages, key=int)), token, met=met, ended=not token)


def _asked(client: XClient, terms: SearchTerms) -> dict[str, str]:
    words = f"#{terms.words}" if terms.form == "hashtag" else f"({terms.words})"
    return {"query": f"{words} -is:retweet -from:{client.access.handle}"} | client.dialect.mentions


def _messages(client: XClient, terms: SearchTerms, pages: Pages) -> dict[str, Incoming]:
    return _read(client, terms, zip(pages.rows, pages.included, strict=True))


def _read(client: XClient, terms: SearchTerms, rows: Iterable[tuple[Row, Included]]) -> dict[str, Incoming]:
    us = {"id": client.access.profile_id, "handle": client.access.handle}
    found = {}
    for row, carried in rows:
        if str(row.get("author_id")) == us["id"]:
            continue
        message = read_odd_mention(row, carried, us)
        to_us = message.kind != "mention" or names(mentioned_in(row), us["handle"])
        found[str(row["id"])] = message if to_us else replace(message, kind=terms.kind)
    return found
