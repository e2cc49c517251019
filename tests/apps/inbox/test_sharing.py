"""One inbox, several people: claims, take-over, expiry, notes, merge and split, promises and figures."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pluralis.core.ics import DayOff
from pluralis.inbox import actions
from pluralis.inbox.actions import Bulk, WishedRule, do_many, ingest
from pluralis.inbox.actions.promising import keep_answered
from pluralis.inbox.actions.routing import route
from pluralis.inbox.models import Conversation, Notice, Presence, Promise, Regrouping, Trace
from pluralis.inbox.queries.service_times import figures
from pluralis.inbox.queries.teamwork import in_time, notes_of, others_here, traces_of
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.teams.actions import WishedHours, change_languages, close_on, set_duty, set_hours
from pluralis.teams.errors import ActionError, Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, make_user

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WORK = [[["09:00", "18:00"]]] * 5 + [[], []]


def message(number: int, text: str = "My line is down.", at: datetime | None = None, **more: object) -> Incoming:
    author = RemoteProfile(
        remote_id=str(more.pop("by", 77)), handle="dana", display_name="Dana", url="https://x.example/d"
    )
    return Incoming(reference=Reference(str(number)), kind=str(more.pop("kind", "mention")), author=author, text=text,
                    url=f"https://x.example/{number}", created_at=at or timezone.now(), **more)  # type: ignore[arg-type]  # fmt: skip


def hear(account: Account, *messages: Incoming, now: datetime | None = None) -> Conversation:
    ingest(account, "mentions", Batch(messages, None), now or timezone.now())
    return Conversation.objects.order_by("-created_at", "-id")[0]


@contextmanager
def refused(code: str, kind: type[ActionError]) -> Iterator[None]:
    with pytest.raises(kind) as error:
        yield
    assert error.value.code == code


def kinds(conversation: Conversation) -> list[str]:
    return list(conversation.traces.order_by("at", "id").values_list("kind", flat=True))


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run calls in threads that begin together; an error is an outcome."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait()
        try:
            return call()
        except Conflict as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as people:
        return list(people.map(run, calls))


# Claims


def test_of_many_who_claim_at_once_exactly_one_gets_it_round_after_round(cast: Cast, account: Account) -> None:
    """12 people, 15 rounds, with expiry in between: REVIEW asks for one winner each time."""
    seats = [cast.alice, cast.bob] + [
        Membership.objects.create(team=cast.alice.team, user=make_user(f"Agent{number}"), role=Role.AGENT,
                                  created_at=timezone.now())
        for number in range(10)
    ]  # fmt: skip
    found, now = hear(account, message(1)), timezone.now()
    for round_number in range(15):
        at = now + round_number * 2 * HOUR
        outcomes = at_once(*(
            (lambda seat=seat, at=at: actions.claim_conversation(actor=seat, conversation_id=found.id, now=at))  # type: ignore[misc]
            for seat in seats
        ))  # fmt: skip
        won = [each for each in outcomes if isinstance(each, Conversation)]
        found.refresh_from_db()
        assert len(won) == 1 and found.assigned_to_id == won[0].assigned_to_id
        assert actions.expire_claims(now=at + 61 * MINUTE) == 1
        found.refresh_from_db()
        assert found.assigned_to_id is None


def test_taking_over_leaves_a_trace_and_tells_who_had_it(cast: Cast, account: Account) -> None:
    found, now = hear(account, message(1)), timezone.now()
    this = {"conversation_id": found.id, "now": now}
    actions.claim_conversation(actor=cast.bob, **this)
    with refused("already_claimed", Conflict):
        actions.claim_conversation(actor=cast.alice, **this)
    actions.claim_conversation(actor=cast.alice, **this, take_over=True)
    assert kinds(found) == ["claimed", "taken_over"]
    assert found.traces.get(kind="taken_over").data == {"holder": str(cast.bob.id)}
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.actor) == (cast.bob, "taken_over", cast.alice)


def test_of_two_who_take_over_at_once_one_is_told(cast: Cast, account: Account) -> None:
    siti = Membership.objects.create(team=cast.alice.team, user=make_user("Siti"), role=Role.AGENT,
                                     created_at=timezone.now())  # fmt: skip
    found, now = hear(account, message(1)), timezone.now()
    actions.claim_conversation(actor=cast.bob, conversation_id=found.id, now=now)
    for _round in range(5):
        this = {"conversation_id": found.id, "now": now, "take_over": True}
        outcomes = at_once(
            lambda this=this: actions.claim_conversation(actor=cast.alice, **this),
            lambda this=this: actions.claim_conversation(actor=siti, **this),
        )
        found.refresh_from_db()
        assert found.assigned_to_id in (cast.alice.id, siti.id)
        # Whoever came second either saw the first one and was refused, or took over from them in full sight.
        assert any(isinstance(each, Conversation) for each in outcomes)
        assert found.traces.filter(kind="taken_over", actor=found.assigned_to).exists()
        actions.assign_conversation(actor=cast.alice, conversation_id=found.id, membership_id=cast.bob.id, now=now)


@pytest.mark.parametrize(
    ("acts", "kept"),
    [("nothing", False), ("note", True), ("typing", True), ("looking", False), ("they_write", False)],
)
def test_a_claim_goes_back_when_its_holder_does_nothing(cast: Cast, account: Account, acts: str, kept: bool) -> None:
    found, now = hear(account, message(1)), timezone.now()
    actions.claim_conversation(actor=cast.bob, conversation_id=found.id, now=now)
    later = now + 40 * MINUTE
    if acts == "note":
        actions.add_note(actor=cast.bob, conversation_id=found.id, text="Looking.", now=later)
    elif acts in ("typing", "looking"):
        actions.be_present(actor=cast.bob, conversation_id=found.id, doing=acts, now=later)
    elif acts == "they_write":
        hear(account, message(2, "Hello?", in_reply_to_id="1"), now=later)
    assert actions.expire_claims(now=now + 59 * MINUTE) == 0
    assert actions.expire_claims(now=now + 61 * MINUTE) == (0 if kept else 1)
    found.refresh_from_db()
    assert (found.assigned_to_id == cast.bob.id) is kept
    if not kept:
        assert (kinds(found)[-1], found.queue_reason) == ("expired", "expired")
        assert Notice.objects.get(kind="expired").member == cast.bob


def test_a_team_chooses_how_long_a_claim_lasts(cast: Cast, account: Account) -> None:
    found, now = hear(account, message(1)), timezone.now()
    actions.claim_conversation(actor=cast.bob, conversation_id=found.id, now=now)
    actions.set_claim_minutes(actor=cast.alice, minutes=0, now=now)
    assert actions.expire_claims(now=now + timedelta(days=30)) == 0
    actions.set_claim_minutes(actor=cast.alice, minutes=5, now=now)
    assert actions.expire_claims(now=now + 6 * MINUTE) == 1
    with pytest.raises(Forbidden):
        actions.set_claim_minutes(actor=cast.bob, minutes=5, now=now)
    with pytest.raises(Invalid):
        actions.set_claim_minutes(actor=cast.alice, minutes=-1, now=now)


def test_nothing_is_handed_to_somebody_who_may_not_answer(cast: Cast, account: Account) -> None:
    viewer = Membership.objects.create(team=cast.alice.team, user=make_user("Vera"), role=Role.VIEWER,
                                       created_at=timezone.now())  # fmt: skip
    found = hear(account, message(1))
    with refused("cannot_answer", Invalid):
        actions.assign_conversation(
            actor=cast.bob, conversation_id=found.id, membership_id=viewer.id, now=timezone.now()
        )
    with pytest.raises(NotFound):
        actions.assign_conversation(actor=cast.bob, conversation_id=found.id, membership_id=cast.charlie.id,
                                    now=timezone.now())  # fmt: skip


# Routing


def test_without_rules_a_conversation_waits_with_the_team(cast: Cast, account: Account) -> None:
    found = hear(account, message(1))
    assert (found.assigned_to_id, found.queue_reason, kinds(found)) == (None, "", [])


def test_a_new_conversation_goes_to_whoever_is_on_duty(cast: Cast, account: Account) -> None:
    actions.add_rule(actor=cast.alice, wished=WishedRule(), now=timezone.now())
    found = hear(account, message(1))
    assert (found.assigned_to_id, kinds(found)) == (cast.bob.id, ["routed"])
    set_duty(actor=cast.bob, on=False, now=timezone.now())
    other = hear(account, message(2, by=78))
    assert (other.assigned_to_id, other.queue_reason, kinds(other)) == (None, "nobody_on_duty", ["queued"])
    set_duty(actor=cast.alice, on=True, now=timezone.now())
    found.waiting_since = None
    found.save()
    again = hear(account, message(3, "Still down.", in_reply_to_id="1"))
    again = Conversation.objects.get(id=found.id)
    assert again.assigned_to_id == cast.alice.id, "who is off duty does not keep what begins to wait anew"


def test_routing_asks_the_same_few_queries_however_many_come(cast: Cast, account: Account) -> None:
    actions.add_rule(actor=cast.alice, wished=WishedRule(), now=timezone.now())
    numbers = []
    for size in (2, 40):
        batch = [message(1000 * size + number, by=1000 * size + number) for number in range(size)]
        with CaptureQueriesContext(connection) as seen:
            hear(account, *batch)
        numbers.append(len(seen))
    assert numbers[1] <= numbers[0], numbers


def test_what_comes_is_shared_out_evenly_and_by_language(cast: Cast, account: Account) -> None:
    now = timezone.now()
    siti = Membership.objects.create(team=cast.alice.team, user=make_user("Siti"), role=Role.AGENT, on_duty_since=now,
                                     created_at=now)  # fmt: skip
    change_languages(actor=cast.alice, member_id=cast.bob.id, languages=["en"], now=now)
    change_languages(actor=cast.alice, member_id=siti.id, languages=["en", "fr"], now=now)
    actions.add_rule(actor=cast.alice, wished=WishedRule(), now=now)
    french = [message(each, "Bonjour, ma ligne ne marche plus depuis hier soir.", by=each) for each in range(4)]
    english = [message(each, "Hello, my line has been down since yesterday.", by=each) for each in range(10, 26)]
    hear(account, *french, *english)
    held = {seat: Conversation.objects.filter(assigned_to=seat) for seat in (cast.bob, siti)}
    assert not held[cast.bob].filter(language="fr").exists()
    assert [each.count() for each in held.values()] == [10, 10]


def test_what_may_be_malay_or_indonesian_goes_to_whoever_answers_in_malay(cast: Cast, account: Account) -> None:
    now = timezone.now()
    change_languages(actor=cast.alice, member_id=cast.bob.id, languages=["ms"], now=now)
    actions.add_rule(actor=cast.alice, wished=WishedRule(), now=now)
    found = hear(account, message(1))
    found.assigned_to, found.language = None, "ms/id"
    route(account, [found], now)
    assert found.assigned_to_id == cast.bob.id
    found.assigned_to, found.language = None, "fr"
    route(account, [found], now)
    assert (found.assigned_to_id, found.queue_reason) == (None, "nobody_speaks")


def test_only_a_lead_of_the_team_makes_rules(cast: Cast, account: Account) -> None:
    now = timezone.now()
    for wished in (WishedRule(member_ids=(cast.charlie.id,)),):
        with pytest.raises(NotFound):
            actions.add_rule(actor=cast.alice, wished=wished, now=now)
    with pytest.raises(Forbidden):
        actions.replace_rules(actor=cast.bob, wished=[WishedRule()], now=now)
    rules = actions.replace_rules(actor=cast.alice, wished=[WishedRule("fr"), WishedRule("en")], now=now)
    assert [each.language for each in rules] == ["fr", "en"]
    with pytest.raises(NotFound):
        actions.remove_rule(actor=cast.charlie, rule_id=rules[0].id, now=now)


# Notes, presence, what is read


def test_a_note_is_the_teams_own_and_stands_in_time(cast: Cast, account: Account) -> None:
    found, now = hear(account, message(1)), timezone.now()
    actions.add_note(actor=cast.bob, conversation_id=found.id, text="@alice and @Charlie, look", now=now)
    assert list(Notice.objects.values_list("member", flat=True)) == [cast.alice.id]
    entries = in_time(list(found.messages.all()), notes_of(found), traces_of(found))
    assert [each.kind for each in entries] == ["message", "note"]
    for wrong in ("", "  \x00 "):
        with pytest.raises(Invalid):
            actions.add_note(actor=cast.bob, conversation_id=found.id, text=wrong, now=now)
    with pytest.raises(NotFound):
        actions.add_note(actor=cast.charlie, conversation_id=found.id, text="hm", now=now)


def test_presence_expires_by_itself_and_only_a_difference_is_told(cast: Cast, account: Account) -> None:
    found, now = hear(account, message(1)), timezone.now()

    def here(doing: str, after: int) -> bool:
        at = now + timedelta(seconds=after)
        return actions.be_present(actor=cast.bob, conversation_id=found.id, doing=doing, now=at)

    assert [here("looking", 0), here("looking", 20), here("typing", 25), here("typing", 30), here("looking", 50)] == [
        True, False, True, False, True,
    ]  # fmt: skip
    assert [str(each.member.user) for each in others_here(cast.alice, found, now + timedelta(seconds=94))] == ["Bob"]
    assert others_here(cast.alice, found, now + timedelta(seconds=96)) == []
    assert here("looking", 200), "after it expired, coming back is a difference"
    assert here("gone", 201) and not Presence.objects.exists()


# Merge and split


def two(account: Account) -> tuple[Conversation, Conversation]:
    first = hear(account, message(1, "My line is down."))
    return first, hear(account, message(2, "And the router is warm."))


def test_what_is_merged_stays_together_and_comes_apart_as_it_was(cast: Cast, account: Account) -> None:
    first, second = two(account)
    now = timezone.now()
    actions.claim_conversation(actor=cast.bob, conversation_id=second.id, now=now)
    made = actions.merge_conversations(actor=cast.bob, conversation_id=second.id, into_id=first.id, now=now)
    first.refresh_from_db()
    assert (first.messages.count(), first.message_count, first.assigned_to_id) == (2, 2, cast.bob.id)
    hear(account, message(3, "Hello?", conversation="2"))
    assert first.messages.count() == 3 or second.messages.count() == 0, "what follows arrives in the other"
    actions.undo_regrouping(actor=cast.alice, regrouping_id=made.id, now=now + MINUTE)
    second.refresh_from_db()
    assert (second.messages.count(), second.state, second.assigned_to_id) == (1, "open", cast.bob.id)
    actions.undo_regrouping(actor=cast.alice, regrouping_id=made.id, now=now + MINUTE)
    assert second.messages.count() == 1, "twice is once"


def test_what_is_split_is_a_conversation_of_its_own_until_it_is_taken_back(cast: Cast, account: Account) -> None:
    found = hear(account, message(1))
    hear(account, message(2, "Another thing: my bill.", in_reply_to_id="1"))
    ids = list(found.messages.order_by("created_at").values_list("id", flat=True))
    now = timezone.now()
    for wrong in ([], ids):
        with refused("nothing_to_split", Invalid):
            actions.split_conversation(actor=cast.bob, conversation_id=found.id, message_ids=wrong, now=now)
    made = actions.split_conversation(actor=cast.bob, conversation_id=found.id, message_ids=ids[1:], now=now)
    assert (made.target.messages.get().text, found.messages.count()) == ("Another thing: my bill.", 1)
    hear(account, message(3, "The bill is from May.", in_reply_to_id="2"))
    assert made.target.messages.count() == 2, "an answer to a moved message follows it"
    actions.undo_regrouping(actor=cast.bob, regrouping_id=made.id, now=now + MINUTE)
    assert (found.messages.count(), made.target.messages.count()) == (3, 0)


def test_what_must_not_be_mixed_is_not_merged(cast: Cast, account: Account) -> None:
    public = hear(account, message(1))
    private = hear(account, message(2, kind="direct"))
    now = timezone.now()
    with refused("private_and_public", Invalid):
        actions.merge_conversations(actor=cast.bob, conversation_id=private.id, into_id=public.id, now=now)
    with refused("same_conversation", Invalid):
        actions.merge_conversations(actor=cast.bob, conversation_id=public.id, into_id=public.id, now=now)
    with pytest.raises(NotFound):
        actions.merge_conversations(actor=cast.charlie, conversation_id=private.id, into_id=public.id, now=now)
    assert not Regrouping.objects.exists()


def test_two_who_merge_crosswise_make_one_of_two_and_not_none(cast: Cast, account: Account) -> None:
    first, second = two(account)
    now = timezone.now()
    outcomes = at_once(
        lambda: actions.merge_conversations(actor=cast.alice, conversation_id=first.id, into_id=second.id, now=now),
        lambda: actions.merge_conversations(actor=cast.bob, conversation_id=second.id, into_id=first.id, now=now),
    )
    assert sum(isinstance(each, Conflict) for each in outcomes) == 1
    assert sorted([first.messages.count(), second.messages.count()]) == [0, 2]


def test_one_refusal_among_many_stops_none_of_the_others(cast: Cast, account: Account) -> None:
    first, second = two(account)
    now = timezone.now()
    actions.claim_conversation(actor=cast.alice, conversation_id=first.id, now=now)
    outcome = do_many(actor=cast.bob, conversation_ids=[first.id, second.id], bulk=Bulk("claim"), now=now)
    assert (outcome.done, [str(error.code) for _id, error in outcome.refused]) == ([second.id], ["already_claimed"])
    for bulk in (Bulk("explode"), Bulk("assign"), Bulk("snooze")):
        with pytest.raises(Invalid):
            do_many(actor=cast.bob, conversation_ids=[first.id], bulk=bulk, now=now)
    with pytest.raises(Invalid):
        do_many(actor=cast.bob, conversation_ids=[], bulk=Bulk("claim"), now=now)


# Promises


MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)  # 09:00 in Paris


@pytest.fixture
def promising(cast: Cast, account: Account) -> Account:
    account.created_at = MONDAY - timedelta(days=30)
    account.save()
    wished = WishedHours("Europe/Paris", WORK, answer_minutes=60, resolve_minutes=9 * 60)
    set_hours(actor=cast.alice, account_id=None, wished=wished, now=MONDAY)
    return account


def test_who_writes_in_the_evening_is_promised_an_answer_next_morning(cast: Cast, promising: Account) -> None:
    evening = MONDAY + 9.5 * HOUR  # 18:30
    found = hear(promising, message(1, at=evening), now=evening)
    assert found.answer_due_at == MONDAY + timedelta(days=1) + HOUR
    assert found.resolve_due_at == MONDAY + timedelta(days=1) + 9 * HOUR


def test_a_day_off_moves_what_is_due_at_once(cast: Cast, promising: Account) -> None:
    evening = MONDAY + 9.5 * HOUR
    found = hear(promising, message(1, at=evening), now=evening)
    close_on(actor=cast.alice, account_id=None, days=[DayOff(MONDAY.date() + timedelta(days=1), "Off")], now=evening)
    found.refresh_from_db()
    assert found.answer_due_at == MONDAY + timedelta(days=2) + HOUR


def test_an_answer_keeps_the_promise_and_the_figures_know_it(cast: Cast, promising: Account) -> None:
    found = hear(promising, message(1, at=MONDAY), now=MONDAY)
    late = hear(promising, message(2, at=MONDAY, by=78), now=MONDAY)
    open_one = hear(promising, message(3, at=MONDAY, by=79), now=MONDAY)
    keep_answered(found, cast.bob, MONDAY + 30 * MINUTE, MONDAY + 30 * MINUTE)
    keep_answered(late, cast.alice, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))
    actions.resolve_conversation(actor=cast.bob, conversation_id=found.id, now=MONDAY + 2 * HOUR)
    found.refresh_from_db()
    assert (found.answer_due_at, found.resolve_due_at) == (None, None)
    whole = figures(cast.alice, "whole", MONDAY - HOUR, MONDAY + HOUR, now=MONDAY + timedelta(days=2))[0]
    assert (whole.count, whole.answered, whole.resolved) == (3, 2, 1)
    # Open time: half an hour, and nine hours from Monday morning until Tuesday morning.
    assert (whole.answer_median, whole.answer_p90) == ((1800 + 32400) / 2, 1800 + 0.9 * (32400 - 1800))
    assert (whole.answer_promised, whole.answer_kept, whole.answer_share) == (3, 1, 1 / 3)
    assert (whole.resolve_median, whole.resolve_kept) == (7200, 1)
    before_due = figures(cast.alice, "whole", MONDAY - HOUR, MONDAY + HOUR, now=MONDAY + 59 * MINUTE)[0]
    assert before_due.answer_promised == 2, "who may still be answered in time counts for neither"
    by = {each.key: each for each in figures(cast.alice, "member", MONDAY - HOUR, MONDAY + HOUR, now=MONDAY + HOUR)}
    assert (by[cast.bob.id].answer_share, by[cast.alice.id].answer_share) == (1.0, 0.0)
    assert figures(cast.charlie, "whole", MONDAY - HOUR, MONDAY + HOUR, now=MONDAY) == []
    assert open_one.promises.get().answered_at is None


def test_a_resolution_taken_back_lets_them_wait_as_before(cast: Cast, promising: Account) -> None:
    found = hear(promising, message(1, at=MONDAY), now=MONDAY)
    due = found.answer_due_at
    for move in (actions.resolve_conversation, actions.reopen_conversation):
        move(actor=cast.bob, conversation_id=found.id, now=MONDAY + MINUTE)
    found.refresh_from_db()
    assert (found.state, found.waiting_since, found.answer_due_at) == ("open", MONDAY, due)
    assert Promise.objects.get().resolved_at is None


def test_putting_off_keeps_no_promise(cast: Cast, promising: Account) -> None:
    found = hear(promising, message(1, at=MONDAY), now=MONDAY)
    actions.claim_conversation(actor=cast.bob, conversation_id=found.id, now=MONDAY)
    actions.snooze_conversation(actor=cast.bob, conversation_id=found.id, until=MONDAY + 3 * HOUR, now=MONDAY)
    assert actions.wake_snoozed(now=MONDAY + 2 * HOUR) == 0
    assert actions.wake_snoozed(now=MONDAY + 3 * HOUR) == 1
    found.refresh_from_db()
    assert (found.state, found.waiting_since, found.answer_due_at) == ("open", MONDAY, MONDAY + HOUR)
    assert Notice.objects.get().kind == Notice.Kind.BACK


def test_every_dealing_is_in_the_audit_log(cast: Cast, account: Account) -> None:
    found, now = hear(account, message(1)), timezone.now()
    actions.claim_conversation(actor=cast.bob, conversation_id=found.id, now=now)
    actions.add_note(actor=cast.bob, conversation_id=found.id, text="x", now=now)
    actions.release_conversation(actor=cast.bob, conversation_id=found.id, now=now)
    actions.release_conversation(actor=cast.bob, conversation_id=found.id, now=now)
    written = AuditEntry.objects.filter(team=cast.bob.team, action__startswith="inbox.")
    assert list(written.order_by("id").values_list("action", flat=True)) == [
        "inbox.conversation.claimed", "inbox.note.written", "inbox.conversation.released",
    ]  # fmt: skip
    assert Trace.objects.count() == 2
