"""What every case of the contract suite does: send a part, and look it up by the product's own comparison."""

from pluralis.core.matching import Sample, is_same
from pluralis.networks.contract import Outgoing, RemotePost
from tests.networks.harness import Harness, soon


def sample(found: RemotePost) -> Sample:
    return Sample(found.text, found.reply_to_id, found.media_count, found.created_at)


def sample_of(outgoing: Outgoing) -> Sample:
    target = outgoing.reply_to.remote_id if outgoing.reply_to else None
    return Sample(outgoing.text, target, len(outgoing.attachments))


def look(harness: Harness, outgoing: Outgoing) -> list[str]:
    """Return the ids of our posts that are this part, by the product's own comparison."""
    search = harness.connector.find(harness.access, outgoing, outgoing.created_at, soon())
    if search.by_key:
        return [post.reference.remote_id for post in search.posts]
    assert search.complete
    return [post.reference.remote_id for post in search.posts if is_same(sample_of(outgoing), sample(post))]


def send(harness: Harness, outgoing: Outgoing, seconds: float = 10.0) -> RemotePost:
    return harness.connector.send(harness.access, outgoing, soon(seconds * harness.slowness))
