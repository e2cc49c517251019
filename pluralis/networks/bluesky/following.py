"""Looking again at posts of others, and looking for words: both are answered by the app view behind the server."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from pluralis.networks.bluesky.client import PAGE, POSTS, Client, Unknown
from pluralis.networks.bluesky.incoming import gathered, is_deleted, read_view, turned_back
from pluralis.networks.bluesky.records import parent_of, quoted_by
from pluralis.networks.contract import Batch, Gap, Incoming, Kind, Reference
from pluralis.networks.errors import Refused
from pluralis.networks.hearing import GONE, Older, SearchTerms, Standing
from pluralis.networks.transport import Json

_MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError)


def look_again(client: Client, uris: Sequence[str]) -> dict[str, Standing]:
    """Return how posts stand. What the app view leaves out is asked for in its repository: only then is it gone."""
    views = {str(view.get("uri")): view for view in client.posts(uris)}
    found: dict[str, Standing] = {}
    for uri in uris:
        standing = _standing(views[uri]) if uri in views else _sought(client, uri)
        if standing is not None:
            found[uri] = standing
    return found


def _standing(view: Json) -> Standing | None:
    try:
        message = read_view(view, "mention")
    except _MISSHAPEN:
        return None
    if message is None:
        return None
    return Standing(text=message.text, media=message.media, language=message.language, reference=message.reference)


def _sought(client: Client, uri: str) -> Standing | None:
    """Return *gone* when the author's repository holds the post no more; what else hides it is not told."""
    repo, _, key = uri.removeprefix("at://").partition(f"/{POSTS}/")
    try:
        client.get_record(repo, POSTS, key)
    except Unknown:
        return GONE
    except Refused:
        return None
    return None


def look_again_privately(client: Client, service: str, references: Iterable[Reference]) -> dict[str, Standing]:
    """Return how direct messages stand on our side, those among the newest hundred of their conversation.

    One call for each conversation. Words never change there. Who deletes a message deletes it for themselves alone
    (``chat.bsky.convo.deleteMessageForSelf``), so *gone* is what our own side shows no longer; nothing is said of a
    conversation that the service does not open to us. Raises NotNow.
    """
    asked: dict[str, set[str]] = {}
    for one in references:
        if one.extra.get("conversation"):
            asked.setdefault(one.extra["conversation"], set()).add(one.remote_id)
    found: dict[str, Standing] = {}
    for conversation, ids in asked.items():
        try:
            read = partial(_standings, ids)
            found |= client.chat_query(service, "getMessages", read, convoId=conversation, limit=str(PAGE))
        except Refused:
            continue
    return found


def _standings(ids: set[str], body: Json) -> dict[str, Standing]:
    shown = {str(item["id"]): item for item in body["messages"] if str(item.get("id")) in ids}
    return {
        remote_id: GONE if is_deleted(item) else Standing(text=str(item.get("text", "")))
        for remote_id, item in shown.items()
    }


def search(client: Client, own_did: str, terms: SearchTerms, cursor: str | None) -> Batch:
    """Return what was found since ``cursor``, oldest first; ``None`` reads the newest page only."""
    return gathered(_turn(client, terms), _reader(own_did, terms), cursor)


def search_older(client: Client, own_did: str, terms: SearchTerms, gap: Gap, place: str) -> Older:
    """Return one page of what a gap left out of a search."""
    return turned_back(_turn(client, terms), _reader(own_did, terms), gap, place)


def _turn(client: Client, terms: SearchTerms) -> Callable[[str | None], tuple[list[Json], str | None]]:
    asked = {"q": f"#{terms.words}", "tag": terms.words} if terms.form == "hashtag" else {"q": terms.words}
    return lambda page: client.search_posts(page, **asked)


def _reader(own_did: str, terms: SearchTerms) -> Callable[[Json], Incoming | None]:
    def read(item: Json) -> Incoming | None:
        try:
            found = read_view(item, _kind(item, own_did, terms))
        except _MISSHAPEN:
            return None
        return None if found is None or found.author.remote_id == own_did else found

    return read


def _kind(item: Json, own_did: str, terms: SearchTerms) -> Kind:
    """Return how the post concerns us, as a notification would tell it, else that it was looked for."""
    record, ours = item["record"], f"at://{own_did}/"
    if str(parent_of(record) or "").startswith(ours):
        return "reply"
    if str(quoted_by(record) or "").startswith(ours):
        return "quote"
    features = [one for facet in record.get("facets") or () for one in facet.get("features") or ()]
    return "mention" if any(one.get("did") == own_did for one in features) else terms.kind
