"""Which answers are signed with ^initials: by a rule of the account, and never against its voice."""

from dataclasses import dataclass

from pluralis.core import voice
from pluralis.core.findings import Severity
from pluralis.core.initials import signed
from pluralis.posts.queries.drafts import voice_of
from pluralis.teams.models import Account, Membership, Role


@dataclass(frozen=True, slots=True)
class InitialsRule:
    """Whose answers are signed: those of ``roles``; privately too where ``private`` says so."""

    roles: tuple[str, ...] = ()
    private: bool = True


def initials_rule(account: Account) -> InitialsRule:
    """Return the rule of an account; without one nothing is signed. No query."""
    stored = account.settings.get("initials")
    if not isinstance(stored, dict):
        return InitialsRule()
    roles = tuple(role for role in stored.get("roles", []) if role in Role.values)
    return InitialsRule(roles, bool(stored.get("private", True)))


def initials_for(account: Account, actor: Membership, *, private: bool) -> str:
    """Return the initials that an answer of this person carries, empty for none. No query."""
    rule = initials_rule(account)
    if actor.role not in rule.roles or (private and not rule.private):
        return ""
    return actor.initials.strip().upper()


def signed_text(text: str, account: Account, actor: Membership, *, private: bool = False) -> str:
    """Return an answer as it goes out: with ^initials behind it, unless the account's voice would forbid that.

    Forbidden means that the signed text breaks a rule of the voice (a sign-off that must stand last, a word it never
    says) which the text alone keeps. What is returned is what is counted and checked. No query.
    """
    initials = initials_for(account, actor, private=private)
    longer = signed(text, initials)
    if longer == text:
        return text
    return text if _broken(longer, account) - _broken(text, account) else longer


def _broken(text: str, account: Account) -> set[str]:
    """Return the rules of the voice that a text breaks so that it would be stopped or looked at again."""
    found = voice.check(text, language=account.language or None, profile=voice_of(account)).findings
    return {each.rule for each in found if each.severity is not Severity.HINT}
