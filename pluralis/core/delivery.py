"""What happens to a part: may it be sent, what follows from an outcome, is it proven absent.

Everything here is a decision over plain values. The instants come from the database's clock; nothing is read,
written or measured. The rules are those of ``docs/explanation/promises.md``.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from pluralis.core.states import HoldReason, PartState

GRACE = timedelta(minutes=5)
"""A part that is at most this late is simply sent: a burst or a restart, not an outage."""

THREAD_PATIENCE = timedelta(minutes=15)
"""The rest of a thread is not sent this long after the part before it without asking (a broken thread)."""

FIRST_BACK_OFF = timedelta(seconds=15)
LAST_BACK_OFF = timedelta(minutes=15)


class MissedPolicy(StrEnum):
    """What a post wants when its time passed while nobody could send it."""

    LATE = "late"
    ASK = "ask"
    SKIP = "skip"


class OutcomeKind(StrEnum):
    """How one attempt ended, in the words of the four instructions, or *sent*."""

    SENT = "sent"
    NOT_NOW = "not_now"
    REFUSED = "refused"
    DISCONNECTED = "disconnected"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What must be known, inside the claim's transaction, to decide whether a part may be sent now."""

    state: PartState
    due_at: datetime
    planned_at: datetime
    missed_policy: MissedPolicy
    late_limit: timedelta
    connected: bool = True
    paused: bool = False
    stopped: bool = False
    quarantined: bool = False
    account_busy: bool = False
    unchanged: bool = True
    is_reply: bool = False
    before_state: PartState | None = None
    before_sent_at: datetime | None = None
    by_hand: bool = False
    over_budget: bool = False


class Act(StrEnum):
    """What the claim does with a part."""

    SEND = "send"
    HOLD = "hold"
    MISS = "miss"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about a due part. ``reason`` is a hold reason or a message key."""

    act: Act
    reason: str = ""


SEND = Verdict(Act.SEND)
OVER_BUDGET = Verdict(Act.HOLD, HoldReason.OVER_BUDGET)


def may_send(facts: PartFacts, now: datetime) -> Verdict:
    """Look again, at the last moment, whether a part may go out.

    Returns *leave* when there is nothing to do (moved, done, another part of the account is on its way), *hold*
    or *miss* with the reason a person reads, else *send*.
    """
    if facts.state is not PartState.WAITING or facts.due_at > now:
        return Verdict(Act.LEAVE, "not_due")
    held = _hold_reason(facts, now)
    if held is not None:
        return Verdict(Act.HOLD, held)
    if facts.before_state is not None and facts.before_state is not PartState.SENT:
        return Verdict(Act.LEAVE, "before_not_sent")
    if facts.account_busy:
        return Verdict(Act.LEAVE, "account_busy")
    # Only now: a person could not place a thread's part under one that is not out yet.
    if facts.by_hand:
        return Verdict(Act.HOLD, HoldReason.BY_HAND)
    verdict = _lateness(facts, now)
    return OVER_BUDGET if verdict is SEND and facts.over_budget else verdict


def _hold_reason(facts: PartFacts, now: datetime) -> HoldReason | None:
    checks = (
        (facts.quarantined, HoldReason.RESTORED),
        (facts.stopped, HoldReason.STOPPED),
        (not facts.connected, HoldReason.DISCONNECTED),
        (facts.paused, HoldReason.PAUSED),
        (not facts.unchanged, HoldReason.CHANGED),
        (_thread_broken(facts, now), HoldReason.THREAD_BROKEN),
    )
    return next((reason for found, reason in checks if found), None)


def _thread_broken(facts: PartFacts, now: datetime) -> bool:
    if facts.before_state in (PartState.REFUSED, PartState.CANCELLED, PartState.DELETED):
        return True
    if facts.before_sent_at is None:
        return False
    # Planned after the part before was out: a person has seen the broken thread and wants it to go on.
    return now - max(facts.before_sent_at, facts.planned_at) > THREAD_PATIENCE


def _lateness(facts: PartFacts, now: datetime) -> Verdict:
    """Apply the post's own rule for being late; answers to people are always sent, late or not."""
    late = now - facts.planned_at
    if late <= GRACE or facts.is_reply or facts.before_state is not None:
        return SEND
    if facts.missed_policy is MissedPolicy.LATE and late <= facts.late_limit:
        return SEND
    return Verdict(Act.MISS, {"late": "too_late", "ask": "ask", "skip": "skipped"}[facts.missed_policy])


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended. ``until`` is the network's word for *not now*; ``duplicate`` its word for a twin."""

    kind: OutcomeKind
    reason: str = ""
    until: datetime | None = None
    duplicate: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """What to record after an attempt: the state, why, and when to try again (only for *waiting*)."""

    state: PartState
    reason: str = ""
    due_at: datetime | None = None
    hold_reason: HoldReason | None = None


def advance(outcome: Outcome, *, in_doubt: bool, tries: int, jitter: float, now: datetime) -> Next:
    """Return what follows from ``outcome``.

    ``in_doubt`` says that an earlier attempt was never cleared up: then a "duplicate" refusal means that the
    part may be there, not that it is refused. ``tries`` counts the attempts so far and ``jitter`` (0..1) spreads
    the back-off.
    """
    match outcome.kind:
        case OutcomeKind.SENT:
            return Next(PartState.SENT)
        case OutcomeKind.NOT_NOW:
            return Next(PartState.WAITING, outcome.reason, _again_at(outcome, tries, jitter, now))
        case OutcomeKind.DISCONNECTED:
            return Next(PartState.HELD, outcome.reason, hold_reason=HoldReason.DISCONNECTED)
        case OutcomeKind.REFUSED if outcome.duplicate and in_doubt:
            return Next(PartState.UNCONFIRMED, outcome.reason)
        case OutcomeKind.REFUSED if outcome.by_hand:
            return Next(PartState.HELD, outcome.reason, hold_reason=HoldReason.BY_HAND)
        case OutcomeKind.REFUSED:
            return Next(PartState.REFUSED, outcome.reason)
        case _:
            return Next(PartState.UNCONFIRMED, outcome.reason)


def _again_at(outcome: Outcome, tries: int, jitter: float, now: datetime) -> datetime:
    if outcome.until is not None and outcome.until > now:
        return outcome.until + jitter * timedelta(seconds=5)
    return now + back_off(tries, jitter)


def back_off(tries: int, jitter: float) -> timedelta:
    """Return how long to wait after ``tries`` refusals: 15 s doubling to 15 min, half of it spread by ``jitter``."""
    doublings = min(max(tries - 1, 0), 10)
    step = min(FIRST_BACK_OFF * (1 << doublings), LAST_BACK_OFF)
    return step / 2 + step / 2 * jitter


@dataclass(frozen=True, slots=True)
class Times:
    """The spans of the protocol; the crash tests shorten all of them by one common factor.

    ``send`` is the total deadline of a call, ``settle`` what must pass after it before absence can be proven,
    ``between_reads`` lies between the two readings that prove it. A part in doubt is first looked up after
    ``first_look``; nobody else looks while somebody does, for ``look_lease``. A timeline that cannot be read for
    ``give_up`` is shown to a person.
    """

    send: timedelta = timedelta(seconds=30)
    settle: timedelta = timedelta(seconds=120)
    between_reads: timedelta = timedelta(seconds=60)
    give_up: timedelta = timedelta(minutes=30)
    first_look: timedelta = timedelta(seconds=2)
    look_lease: timedelta = timedelta(seconds=60)

    def scaled(self, factor: float) -> "Times":
        """Return every span multiplied by ``factor``."""
        return Times(*(getattr(self, each.name) * factor for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the network after a doubt: when, whether it saw the whole window, and what it saw.

    ``found`` counts our own posts that match, ``near`` those that match almost: those prove nothing.
    ``owner_dead`` says that the attempt's owner was known to be dead before the reading began.
    """

    read_at: datetime
    complete: bool
    found: int = 0
    near: int = 0
    by_key: bool = False
    deleted: bool = False
    owner_dead: bool = True

    @property
    def saw_something(self) -> bool:
        """Whether there was anything that is or may be the part."""
        return bool(self.found or self.near or self.deleted)


class Judgement(StrEnum):
    """What a doubt has become."""

    FOUND = "found"
    ABSENT = "absent"
    LOOK_AGAIN = "look_again"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part in doubt: whether its owner is dead, when it was claimed, and every reading since, oldest first.

    ``duplicate`` says that the network refused the last attempt as a twin of something that already stands,
    ``readable`` whether the network could be read just now: only then is the last reading this look's own.
    """

    owner_dead: bool
    claimed_at: datetime
    readings: tuple[Reading, ...] = ()
    duplicate: bool = False
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Resolution:
    """What to do about a doubt; ``at`` says when to look again."""

    judgement: Judgement
    reason: str = ""
    at: datetime | None = None


def resolve_doubt(doubt: Doubt, times: Times, now: datetime) -> Resolution:
    """Decide between *found*, proven *absent*, *look again* and *ask a person*.

    Absence needs all of: owner dead; time-out and settle time passed on the database's clock; two complete
    readings after that, ``between_reads`` apart, without a candidate. A reading from before the owner's death
    proves nothing, and the timeline gets its settle time after it: a frozen owner may have woken and written just
    before it died. What the network called a twin is never sent again. A network that looks parts up by their own
    key settles it with one reading, and sending again under that key cannot double.

    A look that saw nothing decides nothing: an earlier reading may have been written down by a process that was
    killed before it acted on it, and what it saw is not at hand.
    """
    if not doubt.readable:
        return _look_again(doubt, times, now)
    last = doubt.readings[-1] if doubt.readings else None
    if last is not None and last.found == 1:
        return Resolution(Judgement.FOUND)
    if last is not None and last.saw_something:
        return Resolution(Judgement.ASK, "several" if last.found > 1 else "near" if last.near else "deleted")
    if not doubt.owner_dead:
        return Resolution(Judgement.LOOK_AGAIN, "owner_alive", now + times.between_reads)
    if last is not None and last.by_key and last.complete:
        return _absent(doubt)
    return _prove_absence(doubt, times, now)


def _absent(doubt: Doubt) -> Resolution:
    """Nothing of ours stands there. If the network says otherwise, sending again would only go round in circles."""
    return Resolution(Judgement.ASK, "duplicate") if doubt.duplicate else Resolution(Judgement.ABSENT)


def _prove_absence(doubt: Doubt, times: Times, now: datetime) -> Resolution:
    _settled_at, clean = _clean_readings(doubt, times)
    if len(clean) >= 2 and clean[-1] - clean[0] >= times.between_reads:
        return _absent(doubt)
    return _look_again(doubt, times, now)


def _look_again(doubt: Doubt, times: Times, now: datetime) -> Resolution:
    """Return when to look next, or ask a person when the network could not be read for too long."""
    settled_at, clean = _clean_readings(doubt, times)
    if now - settled_at > times.give_up and not clean:
        return Resolution(Judgement.ASK, "unreadable", now + times.give_up)
    last = doubt.readings[-1] if doubt.readings else None
    if last is None or last.saw_something:
        # Nothing could be read yet, or what was seen is not at hand. Finding the post needs no settling, so wait as
        # long again as it has waited.
        waited = max(now - doubt.claimed_at, times.first_look)
        return Resolution(Judgement.LOOK_AGAIN, "settling", now + min(waited, times.between_reads / 4))
    start = clean[0] + times.between_reads if clean else settled_at
    return Resolution(Judgement.LOOK_AGAIN, "settling", max(start, now + times.between_reads / 4))


def _clean_readings(doubt: Doubt, times: Times) -> tuple[datetime, list[datetime]]:
    """Return from when on a reading counts towards absence, and when those that count were made."""
    after_death = [each for each in doubt.readings if each.owner_dead]
    settled_at = doubt.claimed_at + times.send + times.settle
    if after_death:
        settled_at = max(settled_at, after_death[0].read_at + times.settle)
    clean = (each for each in after_death if each.complete and not each.saw_something)
    return settled_at, [each.read_at for each in clean if each.read_at >= settled_at]
