"""Shapes of what a month costs, its budgets, and what a post would add."""

from typing import Any

from rest_framework import serializers

from pluralis.api.shapes.common import InstantField

MONEY: dict[str, Any] = {"max_digits": 16, "decimal_places": 4}


class ReadsShape(serializers.Serializer):
    """What was read this month: answered calls, messages, and their price at most (null: not known)."""

    calls = serializers.IntegerField()
    items = serializers.IntegerField()
    price = serializers.DecimalField(**MONEY, allow_null=True)


class PollPlanShape(serializers.Serializer):
    """How often to look for messages at the lowest price: minutes for each hour of the week from Monday 00:00."""

    zone = serializers.CharField()
    minutes = serializers.ListField(child=serializers.IntegerField())
    answer_minutes = serializers.IntegerField(help_text="The promise it keeps.")
    calls = serializers.IntegerField(help_text="Of a month, over all streams.")
    calls_now = serializers.IntegerField(help_text="As the account stands.")
    applied = serializers.BooleanField()


class SpendingShape(serializers.Serializer):
    """A month so far: spent, planned until its end, and its budget (null: no limit)."""

    spent = serializers.DecimalField(**MONEY, help_text="For what was sent and for what was read.")
    writes = serializers.DecimalField(**MONEY, help_text="How much of it for what was sent.")
    reads = serializers.DecimalField(**MONEY, help_text="How much of it for what was read, at most.")
    scheduled = serializers.DecimalField(**MONEY)
    budget = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    warns = serializers.BooleanField(help_text="Four fifths of the budget are spent.")
    stops = serializers.BooleanField(
        help_text="All of it is spent: what costs more is held, messages are looked for once an hour, searches rest."
    )
    falls_short = serializers.DecimalField(**MONEY, help_text="What all that is planned would cost beyond it.")


class AccountCostShape(serializers.Serializer):
    """The month of one account on a network that is paid by use."""

    account_id = serializers.UUIDField()
    handle = serializers.CharField()
    writes = serializers.IntegerField()
    planned = serializers.IntegerField()
    currency = serializers.CharField()
    spending = SpendingShape()
    reads = ReadsShape(allow_null=True)
    poll_plan = PollPlanShape(allow_null=True)


class CostsShape(serializers.Serializer):
    """The month, by UTC, of every account that is paid by use, and of the team."""

    month = serializers.DateTimeField(help_text="The month's first instant.")
    accounts = AccountCostShape(many=True)
    team = SpendingShape()


class BudgetShape(serializers.Serializer):
    """How much a month may cost; no account means the whole team, no amount means no limit."""

    account_id = serializers.UUIDField(allow_null=True, default=None)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    currency = serializers.RegexField("^[A-Z]{3}$", default="USD")


class PostCostAskedShape(serializers.Serializer):
    """A saved post, where it would go, and when (left out: now)."""

    post_id = serializers.UUIDField()
    account_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=100)
    at = InstantField(required=False)


class PostPriceShape(serializers.Serializer):
    """What a post costs on one account; 0 where sending is free."""

    account_id = serializers.UUIDField()
    price = serializers.DecimalField(**MONEY)


class ShortfallShape(serializers.Serializer):
    """A budget that would be passed; without an account it is the team's."""

    account_id = serializers.SerializerMethodField()
    over = serializers.DecimalField(**MONEY)
    currency = serializers.CharField()

    def get_account_id(self, one: Any) -> str | None:
        """Return the account's id."""
        return str(one.account.id) if one.account else None


class PostCostShape(serializers.Serializer):
    """The price for each account, and the budgets that would be passed with all that is planned."""

    prices = PostPriceShape(many=True)
    shortfalls = ShortfallShape(many=True)


class OverBudgetShape(serializers.Serializer):
    """Why it goes out all the same."""

    reason = serializers.CharField(min_length=8, max_length=500)
