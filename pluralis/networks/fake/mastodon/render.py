"""The entities of the Mastodon API (docs.joinmastodon.org/entities), made from the fake's world."""

import html
import re
from datetime import datetime
from typing import Any

from pluralis.networks.fake.world import MENTION, Media, Post, PrivateMessage, Profile, World

Written = Post | PrivateMessage
_LINKED = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,:;!?'()])|(?<![\w/])@(?P<name>[A-Za-z0-9_]+)(?:@(?P<domain>[\w.:-]*\w))?"
    r"|(?<![\w&/])#(?P<tag>\w*[^\W\d]\w*)"
)
SHOWN = 30  # characters of a link that are seen


def instant(at: datetime) -> str:
    """Return an instant as the API writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


class Renderer:
    """Words the entities of one instance."""

    def __init__(self, world: World, origin: str) -> None:
        self.world = world
        self.origin = origin
        self.domain = origin.partition("://")[2]

    def account(self, profile: Profile) -> dict[str, Any]:
        """Return an Account."""
        picture = f"{self.origin}/avatars/{profile.id}.png"
        return {
            "id": profile.id,
            "username": profile.handle,
            "acct": profile.handle,
            "display_name": profile.name,
            "locked": False,
            "bot": False,
            "discoverable": True,
            "group": False,
            "created_at": instant(profile.created_at.replace(hour=0, minute=0, second=0, microsecond=0)),
            "note": f"<p>{html.escape(profile.bio)}</p>",
            "url": f"{self.origin}/@{profile.handle}",
            "uri": f"{self.origin}/users/{profile.handle}",
            "avatar": picture,
            "avatar_static": picture,
            "header": picture,
            "header_static": picture,
            "followers_count": profile.followers,
            "following_count": profile.following,
            "statuses_count": profile.posts,
            "last_status_at": None,
            "emojis": [],
            "fields": [],
        }

    def status(self, written: Written) -> dict[str, Any]:
        """Return a Status; a private message is one with visibility direct that names its recipient."""
        parent = self.find(written.draft.reply_to) if isinstance(written, Post) else None
        author = self.world.profiles[author_of(written)]
        uri = f"{self.origin}/users/{author.handle}/statuses/{written.id}"
        return {
            "id": written.id,
            "created_at": instant(written.created_at),
            "in_reply_to_id": parent.id if parent else None,
            "in_reply_to_account_id": author_of(parent) if parent else None,
            "sensitive": False,
            "spoiler_text": written.draft.warning if isinstance(written, Post) else "",
            "visibility": visibility_of(written),
            "language": (written.draft.language if isinstance(written, Post) else None) or author.language,
            "uri": uri,
            "url": f"{self.origin}/@{author.handle}/{written.id}",
            "replies_count": written.replies if isinstance(written, Post) else 0,
            "reblogs_count": written.reshares if isinstance(written, Post) else 0,
            "favourites_count": written.likes if isinstance(written, Post) else 0,
            "edited_at": instant(written.edited_at) if isinstance(written, Post) and written.edited_at else None,
            "favourited": False,
            "reblogged": False,
            "muted": False,
            "bookmarked": False,
            "content": self.content(self.source(written)),
            "reblog": None,
            "application": {"name": "Pluralis", "website": None},
            "account": self.account(author),
            "media_attachments": [self.media(self.world.media[one]) for one in media_of(written)],
            "mentions": [self._mention(one) for one in self.named(written)],
            "tags": [],
            "emojis": [],
            "card": None,
            "poll": self._poll(written),
        } | self._quote(written)

    def _poll(self, written: Written) -> dict[str, Any] | None:
        if not isinstance(written, Post) or not written.draft.poll:
            return None
        options = [{"title": one, "votes_count": 0} for one in written.draft.poll]
        return {"id": written.id, "expired": False, "multiple": False, "votes_count": 0, "options": options}

    def _quote(self, written: Written) -> dict[str, Any]:
        quoted = self.find(written.draft.quote_of) if isinstance(written, Post) else None
        return {"quote": {"state": "accepted", "quoted_status": self.status(quoted)}} if quoted else {}

    def find(self, remote_id: str | None) -> Written | None:
        """Return what stands under an id, public or private."""
        post = self.world.posts.get(remote_id or "")
        if post is not None:
            return None if post.deleted else post
        return self.world.messages.get(remote_id or "")

    def source(self, written: Written) -> str:
        """Return the text as its author wrote it."""
        if isinstance(written, Post):
            return written.text
        return f"@{self.world.profiles[written.recipient_id].handle} {written.text}"

    def named(self, written: Written) -> list[Profile]:
        """Return those whom the text names, who are the only ones that are told."""
        found = [self.world.find_profile(handle) for handle in MENTION.findall(self.source(written))]
        return list({profile.id: profile for profile in found if profile}.values())

    def _mention(self, profile: Profile) -> dict[str, Any]:
        url = f"{self.origin}/@{profile.handle}"
        return {"id": profile.id, "username": profile.handle, "url": url, "acct": profile.handle}

    def media(self, media: Media) -> dict[str, Any]:
        """Return a MediaAttachment; without address while the server works on it."""
        url = f"{self.origin}/media/{media.id}" if media.ready else None
        size = {"width": media.width, "height": media.height, "size": f"{media.width}x{media.height}"}
        return {
            "id": media.id,
            "type": "video" if media.content_type.startswith("video/") else "image",
            "url": url,
            "preview_url": url,
            "remote_url": None,
            "text_url": None,
            "meta": {"original": size, "small": size} if media.width else {},
            "description": media.alt_text or None,
            "blurhash": None,
        }

    def content(self, text: str) -> str:
        """Return a text as the HTML that Mastodon makes of it: paragraphs, line breaks, links with hidden parts."""
        paragraphs = [one for one in re.split(r"\n{2,}", text.strip()) if one]
        shown = (self._paragraph(one).replace("\n", "<br />") for one in paragraphs)
        return "".join(f"<p>{one}</p>" for one in shown)

    def _paragraph(self, text: str) -> str:
        pieces, at = [], 0
        for match in _LINKED.finditer(text):
            pieces += [html.escape(text[at : match.start()], quote=False), self._linked(match)]
            at = match.end()
        return "".join([*pieces, html.escape(text[at:], quote=False)])

    def _linked(self, match: re.Match[str]) -> str:
        if match["url"]:
            return _link(match["url"])
        if match["tag"]:
            tag = html.escape(match["tag"])
            return f'<a href="{self.origin}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
        profile = self.world.find_profile(match["name"])
        if profile is None or match["domain"] not in (None, self.domain):
            return html.escape(match[0])
        link = f'<a href="{self.origin}/@{profile.handle}" class="u-url mention">@<span>{profile.handle}</span></a>'
        return f'<span class="h-card" translate="no">{link}</span>'


def _link(url: str) -> str:
    """Return Mastodon's link: the scheme and what is beyond 30 characters are there, but not seen."""
    scheme = re.match(r"https?://(www\.)?", url)
    start = scheme.end() if scheme else 0
    seen, rest = url[start : start + SHOWN], url[start + SHOWN :]
    kind = "ellipsis" if rest else ""
    spans = (
        f'<span class="invisible">{html.escape(url[:start])}</span><span class="{kind}">{html.escape(seen)}</span>'
        f'<span class="invisible">{html.escape(rest)}</span>'
    )
    return f'<a href="{html.escape(url)}" target="_blank" rel="nofollow noopener" translate="no">{spans}</a>'


def author_of(written: Written) -> str:
    """Return who wrote it."""
    return written.author_id if isinstance(written, Post) else written.sender_id


def visibility_of(written: Written) -> str:
    """Return who may see it."""
    return written.draft.visibility if isinstance(written, Post) else "direct"


def media_of(written: Written) -> tuple[str, ...]:
    """Return the ids of its pictures."""
    return written.draft.media if isinstance(written, Post) else written.media
