"""Programs read what the authors of messages changed and deleted."""

import pytest
from django.utils import timezone

from pluralis.inbox.actions import ingest
from pluralis.inbox.actions.following import record_looks
from pluralis.inbox.models import Message
from pluralis.networks.contract import Batch
from pluralis.networks.hearing import GONE, Standing
from pluralis.teams.models import Account
from tests.api.conftest import Program
from tests.apps.inbox.test_review import incoming

pytestmark = pytest.mark.django_db


def test_a_program_reads_former_words_and_that_a_message_is_gone(account: Account, alice: Program) -> None:
    ingest(account, "mentions", Batch((incoming(1), incoming(2, "And my router is warm.")), None), timezone.now())
    first, second = Message.objects.order_by("remote_id")
    record_looks(account, {first.id: Standing(text="All is well."), second.id: GONE}, timezone.now())
    (edited,) = alice.get(f"conversations/{first.conversation_id}").json()["messages"]
    assert (edited["text"], edited["former"]) == ("All is well.", [first.text])
    assert edited["edited_at"] is not None
    assert edited["deleted_at"] is None
    (gone,) = alice.get(f"conversations/{second.conversation_id}").json()["messages"]
    assert (gone["text"], gone["former"]) == ("", [])
    assert gone["deleted_at"] is not None
