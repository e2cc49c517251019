"""Every address of the product, from the resolver and from the OpenAPI document, and how each is asked."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from tests.walk import sharing
from tests.walk.world import World

# What a form of the desk sends; a route that is not named here is sent an empty form.
FORMS: dict[str, dict[str, Any]] = {
    "switch_team": {"team": "$team_id"},
    "switch_account": {"account": "$account_id"},
    "choose_language": {"language": "fr"},
    "settings_profile": {"name": "A", "language": "en", "zone": "UTC", "theme": "dark"},
    "settings_change_team": {"name": "New", "language": "en", "zone": "UTC"},
    "settings_invite": {"email": "new@example.org", "role": "viewer"},
    "settings_member": {"role": "viewer", "initials": "XX"},
    "settings_account": {"kind": "support", "language": "", "zone": "UTC"},
    "settings_pause": {"paused": "1"},
    "settings_token_make": {"name": "New", "scopes": ["read"], "days": "30"},
    "welcome": {"name": "Another", "language": "en", "zone": "UTC"},
    "write": {"text": "A draft.", "key": "$client_key", "language": "en"},
    "read_card": {"url": "http://127.0.0.1/"},
    "write_preview": {"text": "A draft.", "accounts": ["$account_id"]},
    "write_post": {"text": "A change.", "revision": "1", "language": "en"},
    "describe": {"alt_text": "A field of teal"},
    "export_file": {"what": "posts", "kind": "csv", "first": "2030-01-01", "last": "2030-02-01"},
    "import_decide": {"fields": ["text", "when"], "zone": "UTC", "accounts": ["$account_id"]},
    "import_choose": {"row": "2", "chosen": "1"},
    "delivery_move": {"at": "2031-05-05T10:00"},
    "part_link": {"url": "https://x.example/i/status/1234567"},
    "bring_back": {"release": "$delivery_id"},
    "part_correct": {"text": "Other words."},
    "review_approve": {"comment": "Good."},
    "review_send_back": {"comment": "When?"},
    "review_comment": {"text": "A remark."},
    "review_link": {"recipient": "A client", "days": "3"},
    "settings_review": {"approvals": "1"},
    "write_when": {"when": "repeat", "repeat_every": "daily"},
    "repeat": {
        "accounts": ["$account_id"],
        "repeat_every": "daily",
        "repeat_from": "$starts_on",
        "repeat_time": "09:00",
        "repeat_zone": "UTC",
    },
    "repeat_occurrence": {"local": "$local", "do": "skip"},
    "repeat_texts": {"repeat_text": "Another text altogether."},
    "slots_add": {"days": ["0"], "times": "10:00"},
    "slot_move": {"weekday": "2", "time": "11:11"},
    "queue_move": {"delivery": "$queued_id", "do": "up"},
    "evergreen_mark": {"post": "$post_id", "account": "$account_id"},
    "evergreen_unmark": {"account": "$account_id"},
    "stop": {"reason": "a walk"},
    "part_over_budget": {"reason": "It must be public today."},
    "conversation_assign": {"member": "$member_id"},
    "view_save": {"query": "state=open", "name": "Another view"},
    "column_add": {"view": "$view_id"},
    "columns_order": {"column": ["$column_id"]},
    "column_move": {"to": "left"},
    "person_tag": {"add": "VIP"},
    "person_note": {"note": "Likes tea."},
    "person_fact": {"name": "Customer number", "value": "4711", "ground": "told"},
    "person_join": {"other": "$other_id"},
    "conversation_snooze": {"minutes": "60"},
    "conversation_answer": {"message": "$message_id", "text": "We open at nine.", "key": "$client_key"},
    "answer_preview": {"text": "We open at nine."},
    "conversation_hand_over": {"channel": "email", "days": "3"},
    "message_offer": {"about": "praise"},
    "offer_take": {"do": "decline"},
    "message_repost": {"account": "$account_id"},
    "contact_erase": {"word": "ERASE"},
    "contact_hold": {"reason": "A court case", "until": "2031-05-05"},
    "settings_retention": {"days": "90"},
}
FORMS |= sharing.FORMS
DRAFT = {"versions": [{"segments": [{"text": "A draft.", "media_ids": ["$media_id"]}]}], "language": "en"}
REPEAT = {"account_ids": ["$account_id"], "rule": "FREQ=DAILY", "zone": "UTC", "start": "$clock"}
# What a program sends, by operation of the OpenAPI document.
BODIES: dict[str, dict[str, Any]] = {
    "create_post": DRAFT,
    "save_post": DRAFT | {"revision": 1},
    "read_link_card": {"url": "http://127.0.0.1/"},
    "choose_bare_links": {"urls": []},
    "check_draft": DRAFT | {"account_ids": ["$account_id"]},
    "schedule_post": {"account_ids": ["$account_id"], "at": "$soon"},
    "submit_post": {"account_ids": ["$account_id"], "at": "$soon"},
    "bring_posts_back": {"delivery_ids": ["$delivery_id"], "do": "release"},
    "correct_part": {"text": "Other words."},
    "let_part_go_over_budget": {"reason": "It must be public today."},
    "set_budget": {"amount": "20.00"},
    "price_post": {"post_id": "$post_id", "account_ids": ["$account_id"]},
    "send_review_back": {"text": "When?"},
    "comment_review": {"text": "A remark."},
    "make_approval_link": {"recipient": "A client", "expires_at": "$soon"},
    "set_review_rule": {"approvals": 1},
    "move_delivery": {"at": "$soon"},
    "create_repeat": {"post_id": "$post_id"} | REPEAT,
    "preview_repeat": REPEAT,
    "change_repeat": REPEAT,
    "set_repeat_texts": {"texts": ["Another text altogether."]},
    "send_missed_repeat_time": {"local": "$local"},
    "skip_repeat_time": {"local": "$local"},
    "unskip_repeat_time": {"local": "$local"},
    "move_repeat_time": {"local": "$local", "at": "$soon"},
    "set_slots": {"slots": [{"weekday": 1, "time": "09:00"}]},
    "add_to_queue": {"account_ids": ["$account_id"]},
    "arrange_queue": {"delivery_ids": ["$queued_id"]},
    "mark_evergreen": {"post_id": "$post_id"},
    "describe_media": {"alt_text": "A field of teal"},
    "link_part": {"remote_id": "1234567", "url": "https://x.example/i/status/1234567"},
    "decide_import_columns": {"fields": ["text", "when"], "zone": "UTC", "account_ids": ["$account_id"]},
    "choose_import_rows": {"chosen": True},
    "assign_conversation": {"member_id": "$member_id"},
    "change_contact": {"tags": ["VIP"], "note": "Likes tea."},
    "keep_fact": {"name": "Customer number", "value": "4711", "ground": "told"},
    "join_contacts": {"contact_id": "$other_id"},
    "save_view": {"name": "Another view", "wanted": {"state": "open"}},
    "hand_over_conversation": {"channel": "email", "remind_at": "$soon"},
    "offer_message": {"about": "praise"},
    "repost_message": {"account_id": "$account_id"},
    "hold_contact": {"reason": "A court case", "until": "$soon"},
    "snooze_conversation": {"until": "$soon"},
    "answer_conversation": {"message_id": "$message_id", "text": "We open at nine.", "language": "en"},
}
BODIES |= sharing.BODIES
QUERIES = {
    "export": {"start": "$start", "end": "$end"},
    "list_deliveries": {"start": "$start", "end": "$end"},
    "read_repost": {"account": "$account_id"},
}


@dataclass(frozen=True, slots=True)
class Route:
    """One way to ask one address."""

    name: str
    method: str
    path: str
    api: bool = False

    @property
    def key(self) -> str:
        return f"{self.name} {self.method}"

    @property
    def names_an_object(self) -> bool:
        return "_id}" in self.path


def routes() -> list[Route]:
    """Return every address with every method that the walk tries."""
    return [*pages(), *operations()]


def pages() -> list[Route]:
    """Return every address of the resolver, the operations of the API left out, asked with GET and POST."""
    found = [
        (name, path) for name, path in _patterns(get_resolver()) if not path.startswith("api/") or name == "openapi"
    ]
    return [Route(name, method, path) for name, path in found for method in ("GET", "POST")]


def operations() -> list[Route]:
    """Return every operation of the OpenAPI document."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    return [
        Route(operation["operationId"], method.upper(), path.lstrip("/"), api=True)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def api_paths() -> set[str]:
    """Return the addresses of the API in the resolver, the document itself left out."""
    return {f"/{path}" for name, path in _patterns(get_resolver()) if path.startswith("api/") and name != "openapi"}


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = before + _plain(entry)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, path)
        else:
            yield entry.name or path, path


def _plain(entry: URLPattern | URLResolver) -> str:
    """Return a pattern with its parameters as ``{name}``, whether it is a path or a regular expression."""
    text = str(entry.pattern)
    text = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", text))
    return text.lstrip("^").removesuffix("$").removesuffix(r"\Z").replace(r"\-", "-")


def ask(world: World, route: Route, who: str) -> HttpResponseBase:
    """Ask as somebody; ids of Norlune's objects stand in the address and in the body."""
    client, address = world.clients[who], "/" + route.path.format_map(world.ids)
    if route.api:
        return _ask_api(world, client, route, address)
    if route.method == "GET":
        return client.get(address)
    if route.name == "pictures":
        return client.post(address, {"picture": world.ids["upload"]()})
    return client.post(address, world.fill(FORMS.get(route.name, {})))


def _ask_api(world: World, client: Client, route: Route, address: str) -> HttpResponseBase:
    if route.method == "GET":
        return client.get(address, world.fill(QUERIES.get(route.name, {})))
    headers = {"Idempotency-Key": "walk"}
    if route.name in ("upload_media", "start_import", "add_import_picture"):
        return client.post(address, {"file": world.ids["upload"]()}, headers=headers)
    body = json.dumps(world.fill(BODIES.get(route.name, {})))
    return client.generic(route.method, address, body, "application/json", headers=headers)


def outcome(response: HttpResponseBase) -> str:
    """Return a word for an answer: its status, or *in* for the way to the sign-in page."""
    location = response.headers.get("Location", "")
    return (
        "in" if response.status_code == 302 and location.startswith("/account/login") else str(response.status_code)
    )


def body_of(response: HttpResponseBase) -> bytes:
    """Return what an answer says, its headers included; a stream that does not end is not read here."""
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items() if name != "Location").encode()
    if getattr(response, "is_async", False):
        return head
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return head + content
