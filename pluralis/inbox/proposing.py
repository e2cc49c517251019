"""Which kind of reply a message gets, read from what is stored. Nothing here writes or asks a network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from pluralis.core import language, privacy, replies
from pluralis.core.replies import CommunityForm, Measured, Proposal, Quoted, Situation
from pluralis.core.text import CountingRule, measure
from pluralis.inbox.models import Conversation, Message, ProfileRelation
from pluralis.inbox.reading import data_in
from pluralis.networks.contract import HandOver, Outgoing, Reference, Relates
from pluralis.teams.models import Account
from pluralis.teams.queries import network_of, privacy_of, public_access_of

LATELY = timedelta(days=7)
"""How far back the same question counts as asked lately."""

MOST_READ = 300
FRESH = timedelta(days=1)
"""How long what a network said of who may be written to is believed."""


@dataclass(frozen=True)
class Reading:
    """A message to be answered with all that a proposal needs. Three queries, whatever is asked of it afterwards."""

    message: Message
    account: Account
    unanswered: Sequence[Message]
    asked_lately: int
    relation: ProfileRelation | None

    def propose(self, draft: str = "") -> Proposal:
        """Return the proposed kind for the answer as it stands now. No query."""
        return replies.propose(self.situation(draft))

    def propose_privately(self) -> Proposal:
        """Return the private kind with its way out, whatever the rules would propose. No query."""
        situation = self.situation()
        private = replies.ReplyKind.PRIVATE
        return replace(replies.propose(situation), kind=private, way_out=replies.way_out(situation))

    def situation(self, draft: str = "") -> Situation:
        """Return the situation as the rules see it."""
        connector = network_of(self.account).connector
        return Situation(
            messages=[each.text for each in self.unanswered],
            language=self.message.language,
            given=[found for each in self.unanswered for found in data_in(each.text, each.personal_data)],
            draft=draft,
            answering=self._data_in_draft(draft),
            asked_lately=self.asked_lately,
            label=str(self.message.triage.get("label", "")),
            arrived_privately=self.message.kind == "direct",
            may_message=self.relation.may_message if self.relation else None,
            they_follow=self.relation.they_follow if self.relation else None,
            may_follow=isinstance(connector, Relates) and connector.follow_opens and not self.we_follow,
        )

    @property
    def we_follow(self) -> bool:
        """Whether we follow them already, as far as we know."""
        return bool(self.relation and self.relation.we_follow)

    @cached_property
    def forms(self) -> tuple[CommunityForm, ...]:
        """The forms of a reply for everyone that the network has, best first."""
        connector = network_of(self.account).connector
        named = connector.community_forms if isinstance(connector, Relates) else ("question",)
        return tuple(CommunityForm(each) for each in named)

    def in_form(self, form: CommunityForm, text: str) -> Measured:
        """Return a text in one of the forms for everyone, measured by the account's own limits. No query."""
        return community_text(self.account, self.message, form, text)

    def by_hand(self, form: CommunityForm, text: str) -> HandOver | None:
        """Return the page where a person must finish this form, where the tier keeps it from programs. No query."""
        quote = reference_of(self.message) if form is CommunityForm.QUOTE_POST else None
        outgoing = Outgoing(self.in_form(form, text).text, "", timezone.now(), quote=quote)
        return network_of(self.account).connector.hand_over(public_access_of(self.account), outgoing)

    def _data_in_draft(self, draft: str) -> Sequence[privacy.PersonalData]:
        if not draft.strip():
            return ()
        rules = privacy_of(self.account.team)
        code = language.identify(draft, prior=[self.message.language] if self.message.language else None).code
        return privacy.find(draft, language=code, references=rules.references, allow=rules.allow)


def read_for_answer(conversation: Conversation, message: Message, now: datetime) -> Reading:
    """Return what a proposal for an answer to ``message`` needs. Three queries."""
    return Reading(
        message=message,
        account=conversation.account,
        unanswered=_unanswered(conversation, message),
        asked_lately=asked_lately(message, now),
        relation=ProfileRelation.objects.filter(account=conversation.account, profile=message.profile_id).first(),
    )


def reading_of(
    conversation: Conversation,
    message: Message,
    now: datetime,
    unanswered: Sequence[Message],
    relation: ProfileRelation | None,
) -> Reading:
    """Return the same where what they wrote since our last answer and the relation are at hand. One query."""
    return Reading(message, conversation.account, unanswered or [message], asked_lately(message, now), relation)


def asked_lately(message: Message, now: datetime) -> int:
    """Return how many other people asked the same within the last days, among the newest messages. One query."""
    recent = Message.objects.filter(team=message.team_id, direction="in", created_at__gte=now - LATELY)
    others = recent.exclude(profile=message.profile_id).exclude(conversation=message.conversation_id)
    by_person: dict[object, str] = {}
    for profile_id, text in others.order_by("-created_at").values_list("profile_id", "text")[:MOST_READ]:
        by_person.setdefault(profile_id, text)
    return replies.count_alike(message.text, by_person.values())


def community_text(account: Account, message: Message, form: CommunityForm, text: str) -> Measured:
    """Return what a reply for everyone says on ``account``, and its length by the account's limits. No query."""
    handle = message.profile.handle if message.profile else ""
    quoted = Quoted(handle, message.text, data_in(message.text, message.personal_data))
    return replies.community_text(form, text, quoted, rule_of(account))


def measured(account: Account, text: str) -> Measured:
    """Return a plain text measured like the forms."""
    length = measure(text, rule_of(account))
    return Measured(text, length, max(0, length.left), length.left >= replies.room_to_share(rule_of(account)))


def rule_of(account: Account) -> CountingRule:
    """Return by what the account's texts are measured."""
    return network_of(account).connector.limits(public_access_of(account)).counting


def reference_of(message: Message) -> Reference | None:
    """Return the network's own reference of a message, ``None`` where it has none."""
    stored = message.reference
    return Reference(stored["remote_id"], stored.get("extra", {})) if stored.get("remote_id") else None


def _unanswered(conversation: Conversation, message: Message) -> list[Message]:
    """Return what they wrote since our last answer, oldest first; the message itself in any case. One query."""
    since: list[Message] = []
    newest = conversation.messages.order_by("-created_at", "-id")[:30]
    for each in newest:
        if each.direction == "out":
            break
        since.append(each)
    return since[::-1] if any(each.id == message.id for each in since) else [message]
