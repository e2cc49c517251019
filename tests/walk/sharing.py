"""What the walk needs of working together: objects of each kind, and what forms and programs send."""

from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from pluralis.inbox.actions import WishedRule, add_note, add_rule, merge_conversations
from pluralis.inbox.actions.searches import WishedSearch, begin_search
from pluralis.inbox.models import Conversation
from pluralis.teams.actions import Stretch, Weekly, add_shifts, change_duty, leave_note
from pluralis.teams.models import Account, Membership

FORMS: dict[str, dict[str, Any]] = {
    "shifts_add": {"member": "$member_id", "weekdays": ["0"], "starts": "09:00", "ends": "17:00", "zone": "UTC"},
    "duty_change_add": {"member": "$member_id", "what": "off", "starts_at": "2035-05-05T09:00",
                        "ends_at": "2035-05-05T10:00"},
    "duty_note_add": {"text": "The shop is closed."},
    "member_languages": {"languages": "en fr"},
    "conversation_bulk": {"do": "resolve", "id": ["$conversation_id"]},
    "conversation_note": {"text": "Known since May."},
    "conversation_presence": {"doing": "looking"},
    "conversation_merge": {"other": "$other_conversation_id"},
    "conversation_split": {"message": ["$message_id"]},
    "conversation_snooze": {"later": "hour"},
    "settings_routing_add": {"simple": "1"},
    "settings_routing_move": {"up": "1"},
    "settings_search_begin": {"words": "#walked", "account": "$account_id"},
    "settings_search_change": {"do": "pause"},
    "settings_claims": {"minutes": "30"},
    "settings_hours": {"zone": "UTC", "day0": "09:00-18:00"},
    "settings_days_off": {"day": "2035-12-25", "name": "Closed"},
    "settings_alarm": {"minutes": "15"},
    "follow_back_decide": {"decision": "done"},
    "settings_initials": {"roles": ["agent"]},
    "settings_follow_team": {"what": "hours"},
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "set_duty": {"on": True},
    "add_shifts": {"member_id": "$member_id", "weekdays": [0], "starts": "09:00", "ends": "17:00", "zone": "UTC"},
    "change_roster": {"member_id": "$member_id", "starts_at": "$soon", "ends_at": "$end"},
    "leave_duty_note": {"text": "The shop is closed."},
    "replace_routing": {"rules": [{"language": "fr"}]},
    "set_hours": {"zone": "UTC", "week": [], "answer_minutes": 60, "resolve_minutes": None},
    "set_account_hours": {"zone": "UTC", "week": [], "answer_minutes": 60, "resolve_minutes": None},
    "sort_conversations": {"what": "resolve", "conversation_ids": ["$conversation_id"]},
    "begin_search": {"words": "#walked", "account_id": "$account_id"},
    "add_note": {"text": "Known since May."},
    "decide_follow_back": {"decision": "done"},
    "merge_conversation": {"into_id": "$other_conversation_id"},
    "split_conversation": {"message_ids": ["$message_id"]},
}


def share(alice: Membership, account: Account, conversation: Conversation, mark: str) -> dict[str, Any]:
    """Put a roster, a rule, notes and a merge in place; return their ids by the names that addresses use."""
    now = timezone.now()
    shift = add_shifts(actor=alice, member_id=alice.id, weekly=Weekly((0,), time(9), time(17), "UTC"), now=now)[0]
    stretch = Stretch(now + timedelta(days=3), now + timedelta(days=4))
    change = change_duty(actor=alice, member_id=alice.id, on=False, stretch=stretch, reason=f"Away {mark}", now=now)
    first, other = (
        Conversation.objects.create(team=account.team, account=account, contact=conversation.contact, key=f"w:{each}",
                                    excerpt=f"Again {mark}", last_message_at=now, created_at=now)
        for each in range(2)
    )  # fmt: skip
    merged = merge_conversations(actor=alice, conversation_id=first.id, into_id=conversation.id, now=now)
    return {
        "shift_id": shift.id,
        "change_id": change.id,
        "search_id": begin_search(actor=alice, wished=WishedSearch(account.id, f"words {mark}"), now=now).id,
        "rule_id": add_rule(actor=alice, wished=WishedRule(), now=now).id,
        "note_id": add_note(actor=alice, conversation_id=conversation.id, text=f"A note {mark}", now=now).id,
        "duty_note_id": leave_note(actor=alice, text=f"Hand over {mark}", now=now).id,
        "regrouping_id": merged.id,
        "other_conversation_id": other.id,
        "whose": account.id,
    }
