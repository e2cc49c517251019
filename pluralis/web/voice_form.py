"""The forms about what an account says and what nobody should: its voice, and the company's own numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pluralis.core.findings import Severity
from pluralis.core.voice.profile import DEFAULT_SEVERITIES
from pluralis.teams.models import LANGUAGES
from pluralis.web.states import SEVERITIES
from pluralis.web.words import RULE_NAMES

ARROW = "->"
LONGEST_LIST = 500


class LinesField(forms.CharField):
    """A list, one entry a line. ``clean`` returns each entry once, in order."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}), **options)

    def clean(self, value: Any) -> list[str]:
        lines = [one.strip() for one in super().clean(value).splitlines()]
        return list(dict.fromkeys(one for one in lines if one))[:LONGEST_LIST]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value


class PairsField(LinesField):
    """A map, one ``said -> instead`` a line."""

    def clean(self, value: Any) -> dict[str, str]:  # type: ignore[override]
        pairs = {}
        for line in super().clean(value):
            said, arrow, instead = (one.strip() for one in line.partition(ARROW))
            if not (said and arrow and instead):
                raise forms.ValidationError(_("Write each line as: word -> better word"))
            pairs[said] = instead
        return pairs

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{said} {ARROW} {instead}" for said, instead in value.items())
        return value


class VoiceForm(forms.Form):
    """How one account speaks. Empty fields keep what suits its part to play."""

    persona = forms.BooleanField(
        label=_("One named person speaks here"), required=False,
        help_text=_("Then “I” is right. Otherwise the account speaks as “we”."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages it speaks"), choices=LANGUAGES, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox"}),
    )  # fmt: skip
    sign_off = forms.CharField(label=_("Every text ends with"), max_length=80, required=False)
    emoji = forms.ChoiceField(
        label=_("Emoji"), required=False,
        choices=[("any", _("As many as you like")), ("few", _("At most two")), ("none", _("None"))],
    )  # fmt: skip
    hashtags = forms.ChoiceField(
        label=_("Hashtags"), required=False,
        choices=[
            ("any", _("As many as you like")), ("few", _("At most two")), ("none", _("None")),
            ("required", _("At least one")),
        ],
    )  # fmt: skip
    banned = LinesField(label=_("Words it never says"), help_text=_("One a line."))
    preferred = PairsField(label=_("Words it says instead"), help_text=_("One a line: client -> customer"))
    allowed = LinesField(
        label=_("Names in which “my” is not the writer"), help_text=_("One a line, such as My Norlune.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        severities = (self.initial or {}).get("severities", {})
        levels = [(one.value, SEVERITIES[one.value].label) for one in Severity]
        for rule, usual in DEFAULT_SEVERITIES.items():
            self.fields[f"rule_{rule}"] = forms.ChoiceField(
                label=RULE_NAMES[rule], choices=levels, required=False, initial=severities.get(rule, usual.value)
            )

    @property
    def rules(self) -> list[forms.BoundField]:
        """The fields of the single rules, to be shown together."""
        return [self[name] for name in self.fields if name.startswith("rule_")]

    def chosen(self) -> dict[str, Any]:
        """Return the voice as it is stored: what is as usual is left out, so that it follows the part to play."""
        typed = dict(self.cleaned_data)
        severities = {rule: typed.pop(f"rule_{rule}") or usual.value for rule, usual in DEFAULT_SEVERITIES.items()}
        typed["severities"] = {rule: word for rule, word in severities.items() if word != DEFAULT_SEVERITIES[rule]}
        return {name: value for name, value in typed.items() if value and value != "any"}


class ReferenceForm(forms.Form):
    """A number of the company's own, taught by example."""

    name = forms.CharField(
        label=_("What it is called"), max_length=80, help_text=_("Such as contract, order or claim number.")
    )
    samples = LinesField(
        label=_("Two or three examples"),
        required=True,
        help_text=_("One a line, as customers write them. They are not kept."),
    )


class OwnAddressesForm(forms.Form):
    """What of our own may stand in public."""

    addresses = LinesField(
        label=_("Our own addresses and numbers"),
        help_text=_("One a line: help@norlune.example, @norlune.example for all of a domain, a hotline, a shop."),
    )
