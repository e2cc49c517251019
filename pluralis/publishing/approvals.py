"""Whether an account asks for approval, whether a post has it, and whose word counts."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from pluralis.core.review import ReviewRule, ReviewState, Voter, counts, missing
from pluralis.posts.models import Post, Review, Revision, Verdict
from pluralis.teams.access import Ability, may
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account, Membership


def rule_of(account: Account) -> ReviewRule:
    """Return what the account asks for before a post goes out. No query."""
    return ReviewRule.from_dict(account.settings.get("review"))


def unapproved(post: Post, accounts: Iterable[Account], actor: Membership | None) -> list[Account]:
    """Return the accounts on which the post, as it stands, may not go out without somebody's word first.

    Answers to people are never held up. Where people may approve their own words and one approval is enough, the
    actor's own pressing of the button is that approval. One query, none where no account asks.
    """
    asking = [one for one in accounts if rule_of(one).approvals and post.message_id is None]
    if not asking:
        return []
    given = Review.objects.filter(post=post, state=ReviewState.APPROVED, covered_revision=post.revision)
    approved = set(given.values_list("wishes__account_id", flat=True))
    return [one for one in asking if one.id not in approved and not _alone_enough(rule_of(one), actor)]


def _alone_enough(rule: ReviewRule, actor: Membership | None) -> bool:
    if actor is None or rule.approvals > 1 or not rule.own:
        return False
    return counts(rule, Voter(str(actor.id), may(actor, Ability.APPROVE), wrote=True))


def check_approved(post: Post, accounts: Sequence[Account], actor: Membership) -> None:
    """Raise :class:`Conflict` for a post that somebody else must see first."""
    asking = unapproved(post, accounts, actor)
    if asking:
        raise Conflict(
            "needs_approval",
            _("Posts on %(accounts)s need an approval first.")
            % {"accounts": ", ".join(f"@{one.handle}" for one in asking)},
            kept=_("Your post is kept as a draft."),
            next_step=_("Hand it in for review; once approved it goes out by itself at the time you wish."),
        )


def voters_of(review: Review) -> list[Voter]:
    """Return everybody who approved the request. Four queries at most."""
    wrote = writers_of(review)
    given = review.verdicts.filter(kind=Verdict.Kind.APPROVED).select_related("member")
    return [_voter(verdict, wrote) for verdict in given if verdict.member_id or verdict.link_id]


def _voter(verdict: Verdict, wrote: set[UUID]) -> Voter:
    if verdict.member is None:
        return Voter(f"link:{verdict.link_id}", by_link=True)
    return as_voter(verdict.member, wrote)


def as_voter(member: Membership, wrote: set[UUID]) -> Voter:
    """Return a member as somebody who approves. No query."""
    return Voter(str(member.id), may(member, Ability.APPROVE), member.id in wrote)


def writers_of(review: Review) -> set[UUID]:
    """Return who wrote the words under review: the author, and who changed them since the last approval.

    Two queries.
    """
    before = Review.objects.filter(post=review.post_id, covered_revision__lt=review.revision)
    last = before.aggregate(last=Max("covered_revision"))["last"] or 0
    changed = Revision.objects.filter(post=review.post_id, revision__gt=last, revision__lte=review.revision)
    found = set(changed.exclude(saved_by=None).values_list("saved_by_id", flat=True))
    if not last and review.post.author_id:
        found.add(review.post.author_id)
    return found


def rules_of(review: Review) -> dict[str, ReviewRule]:
    """Return the rule of every account that is wished for. One query."""
    return {str(one.account_id): rule_of(one.account) for one in review.wishes.select_related("account")}


def still_missing(review: Review) -> dict[str, int]:
    """Return by account how many approvals are still needed. Five queries."""
    return missing(rules_of(review), voters_of(review))


def may_decide(member: Membership, review: Review) -> bool:
    """Say whether a member's word counts on any of the accounts. Three queries."""
    voter = as_voter(member, writers_of(review))
    return any(counts(rule, voter) for rule in rules_of(review).values())
