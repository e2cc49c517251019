"""Settings of an account's approval: how many it asks for, and whose count."""

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pluralis.core.review import MOST_APPROVALS, ReviewRule
from pluralis.publishing.approvals import rule_of
from pluralis.teams import actions
from pluralis.teams.access import Ability, access_account, may
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Membership
from pluralis.teams.queries import members_of
from pluralis.web.gates import SeatedRequest, seated


class ReviewRuleForm(forms.Form):
    """What an account asks for before a post goes out on it."""

    approvals = forms.IntegerField(
        min_value=0, max_value=MOST_APPROVALS, label=gettext_lazy("How many approvals"),
        help_text=gettext_lazy("0: posts go out without. Answers to people are never held up."),
    )  # fmt: skip
    members = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Whose approval counts"),
        help_text=gettext_lazy("Nobody chosen: every owner and lead."),
    )  # fmt: skip
    own = forms.BooleanField(
        required=False, label=gettext_lazy("People may approve their own words"),
        help_text=gettext_lazy("Without this, whoever wrote or changed a text asks somebody else."),
    )  # fmt: skip
    trivial = forms.BooleanField(
        required=False, label=gettext_lazy("White space and capitals keep an approval"),
        help_text=gettext_lazy("Every other change asks again."),
    )  # fmt: skip

    def __init__(self, seats: list[Membership], *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (str(seat.id), f"{seat.user} · {seat.get_role_display()}") for seat in seats
        ]


@seated
def rule(request: SeatedRequest, account_id: str) -> HttpResponseBase:
    """How many approvals a post needs on one account."""
    found = access_account(request.membership, account_id)
    kept = rule_of(found)
    seats = members_of(request.membership.team_id)
    form = ReviewRuleForm(seats, request.POST or None, initial=kept.to_dict())
    if request.method == "POST" and form.is_valid():
        wanted = ReviewRule.from_dict(form.cleaned_data)
        try:
            actions.set_review_rule(actor=request.membership, account_id=found.id, rule=wanted, now=timezone.now())
        except Invalid as error:
            form.add_error("members" if "members" in error.fields else None, str(error))
        else:
            messages.success(request, _("The approval of @%(handle)s is saved.") % {"handle": found.handle})
            return redirect("settings_account", found.id)
    context = {"account": found, "form": form, "manages": may(request.membership, Ability.MANAGE_ACCOUNTS)}
    return render(request, "settings/review.html", context, status=422 if request.method == "POST" else 200)
