"""The form that begins a search on a network."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pluralis.inbox.actions.searches import GREATEST_A_DAY, LEAST_A_DAY, LONGEST, MOST_A_DAY
from pluralis.inbox.queries.searches import SearchPlace
from pluralis.web.words import LABELS


class SearchForm(forms.Form):
    """What is looked for, through which account, what of it waits for an answer, and how much it may bring."""

    words = forms.CharField(
        label=_("Words or a hashtag"), max_length=LONGEST,
        help_text=_("A word behind # is a hashtag. Several words are found only together."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "#"}),
    )  # fmt: skip
    account = forms.ChoiceField(label=_("Look through"))
    labels = forms.MultipleChoiceField(
        label=_("Waits for an answer when it is"), required=False, choices=list(LABELS.items()),
        help_text=_("What is not chosen is only shown: it never counts as open or late."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox"}),
    )  # fmt: skip
    most_a_day = forms.IntegerField(
        label=_("At most so many posts a day"), min_value=LEAST_A_DAY, max_value=GREATEST_A_DAY, required=False,
        initial=MOST_A_DAY, help_text=_("Where reading has its price. Then it rests until midnight (UTC)."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[SearchPlace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = [each for each in places if each.forms]
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            (str(each.account.id), f"@{each.account.handle}") for each in usable
        ]
        if not any(each.has_price for each in usable):
            del self.fields["most_a_day"]
