"""The two sets of names of X API v2, in one place.

X's description 2.167 says *post* (``post.fields``, ``referenced_posts``) where 2.159, X's prose and most clients
say *tweet*. We ask in the dialect of the account's setting ``dialect`` (*tweet* unless it says *post*) and read
answers in both. Bodies of requests have the older names in both descriptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """What to ask for posts, users and private messages, and under which names."""

    name: str

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> "Dialect":
        """Return the dialect an account is set to."""
        return cls("post" if settings.get("dialect") == "post" else "tweet")

    @property
    def own_posts(self) -> dict[str, str]:
        """Parameters that make an own post comparable."""
        return self._posts("author_id") if self.name == "post" else self._posts("")

    @property
    def mentions(self) -> dict[str, str]:
        """Parameters that make an incoming post readable, with its author and pictures."""
        return self._posts("author_id,attachments.media_keys") | {
            "user.fields": USER_FIELDS,
            "media.fields": "alt_text,preview_image_url,type,url",
        }

    @property
    def figures(self) -> dict[str, str]:
        """Parameters that ask for the public figures of posts."""
        return {f"{self.name}.fields": "public_metrics"}

    @property
    def messages(self) -> dict[str, str]:
        """Parameters that make a private message readable. 2.167 gives the sender as an expansion only."""
        fields = "attachments,created_at,dm_conversation_id,event_type,id,text"
        if self.name == "tweet":
            fields += ",participant_ids,sender_id"
        return {
            "dm_event.fields": fields,
            "event_types": "MessageCreate",
            "expansions": "sender_id,attachments.media_keys",
            "user.fields": USER_FIELDS,
            "media.fields": "alt_text,preview_image_url,type,url",
        }

    def _posts(self, expansions: str) -> dict[str, str]:
        fields = "attachments,conversation_id,created_at,entities,lang"
        if self.name == "post":
            wanted = f"{expansions},in_reply_to_user_id,referenced_posts"
            return {"post.fields": f"{fields},note_post", "expansions": wanted.strip(",")}
        more = "author_id,in_reply_to_user_id,note_tweet,referenced_tweets"
        asked = {"tweet.fields": f"{fields},{more}"}
        return asked | ({"expansions": expansions} if expansions else {})


USER_FIELDS = "created_at,description,profile_image_url,public_metrics"


def either(row: Row, newer: str, older: str) -> Any:
    """Return a field by whichever of its names the answer has, else ``None``."""
    return row.get(newer, row.get(older))
